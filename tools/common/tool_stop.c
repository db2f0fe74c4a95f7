/* SPDX-License-Identifier: BSD-3-Clause */
#include <errno.h>
#include <signal.h>
#include <stddef.h>

#include "tool.h"
#include "tool_stop.h"

atomic_bool tool_stop;

const int tool_stop_signals[TOOL_STOP_SIGNALS] = {SIGINT, SIGTERM, SIGHUP};

#define PATIENCE_NS 1000000000ULL

static atomic_int number;
static atomic_ullong first_ns;

static void
on_signal(int signal_number)
{
	uint64_t now = xnvme_timer_now_ns(); /* clock_gettime() is async-signal-safe */

	if (!atomic_load(&number)) {
		atomic_store(&first_ns, now);
		atomic_store(&number, signal_number);
		atomic_store(&tool_stop, true);
	} else if (now - atomic_load(&first_ns) >= PATIENCE_NS) {
		signal(signal_number, SIG_DFL);
		raise(signal_number); /* delivered when this handler returns */
	}
}

bool
tool_stop_heeds(int signal_number)
{
	struct sigaction now;

	return signal_number != SIGHUP || sigaction(SIGHUP, NULL, &now) ||
	       now.sa_handler != SIG_IGN;
}

void
tool_stop_catch(void)
{
	struct sigaction act = {.sa_handler = on_signal, .sa_flags = SA_RESTART};

	for (size_t i = 0; i < TOOL_STOP_SIGNALS; ++i) {
		if (tool_stop_heeds(tool_stop_signals[i])) {
			sigaction(tool_stop_signals[i], &act, NULL);
		}
	}
}

const char *
tool_stop_signal(void)
{
	switch (atomic_load(&number)) {
	case 0:
		return NULL;
	case SIGINT:
		return "SIGINT";
	case SIGTERM:
		return "SIGTERM";
	default:
		return "SIGHUP";
	}
}

int
tool_stop_report(const char *undone)
{
	const char *name = tool_stop_signal();

	return name ? xnvme_cli_refuse(-EINTR, "stopped by %s: %s", name, undone) : 0;
}
