/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Ending early: SIGINT, SIGTERM and SIGHUP ask a long piece of work to stop, so that it can say how
 * far it came. One more signal, a second later or more, ends the program at once: timeout(1) and
 * terminals send the first of them to a process and to its group, which are two.
 */
#ifndef TOOLS_TOOL_STOP_H
#define TOOLS_TOOL_STOP_H

#include <stdatomic.h>

/* Set by the first signal; work that fails may set it, too */
extern atomic_bool tool_stop;

/* From now on the signals set tool_stop */
void tool_stop_catch(void);

/* "SIGINT", ...: the signal that came; NULL: none */
const char *tool_stop_signal(void);

/* 0 when no signal came; otherwise reports that it did, with what is left undone, and returns
 * -EINTR */
int tool_stop_report(const char *undone);

#endif /* TOOLS_TOOL_STOP_H */
