/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Early termination: SIGINT, SIGTERM and SIGHUP request a long operation to stop, so that it can
 * report its progress. Another signal, at least a second later, terminates the program immediately.
 * The delay is needed since timeout(1) and terminals may send a signal twice: to the process and to
 * its group.
 * SIGHUP stays ignored in a program that was started so, by nohup(1). SIGINT does not: a shell
 * without job control ignores it in what it starts in the background, where scripts send it.
 */
#ifndef TOOLS_TOOL_STOP_H
#define TOOLS_TOOL_STOP_H

#include <stdatomic.h>
#include <stdbool.h>

enum { TOOL_STOP_SIGNALS = 3 };

extern const int tool_stop_signals[TOOL_STOP_SIGNALS];

/* Set by the first signal; a failed operation may set it, too */
extern atomic_bool tool_stop;

/* false: SIGHUP, and the program was started with it ignored */
bool tool_stop_heeds(int signal_number);

/* Install the signal handlers that set tool_stop */
void tool_stop_catch(void);

/* The name of the received signal, "SIGINT", ...; NULL: none */
const char *tool_stop_signal(void);

/* Returns 0 if no signal was received; otherwise reports it, with the work left undone, and returns
 * -EINTR */
int tool_stop_report(const char *undone);

#endif /* TOOLS_TOOL_STOP_H */
