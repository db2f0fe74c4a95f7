/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * nvmevirt serve: export virtual SSDs to other processes until a signal arrives.
 */
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../common/tool_stop.h"
#include "nvmevirt.h"

enum { SERVERS_MAX = 64, URI_NBYTES = 4096, END_WITHIN_S = 10 };

const char nvmevirt_serve_usage[] =
	"Usage: nvmevirt serve [--poll] --vfio-user PATH SSD [--vfio-user PATH SSD ...]\n"
	"\n"
	"Offer virtual SSDs on vfio-user sockets, each an NVMe controller on PCIe, until\n"
	"SIGINT, SIGTERM or SIGHUP (not with nohup(1)). One client at a time for each; when it\n"
	"goes, however it goes, the SSD and what is on it stay for the next one.\n"
	"\n"
	"  --vfio-user PATH  the socket for the SSD that follows\n"
	"  --poll            doorbells are memory and a thread watches them: fastest, and\n"
	"                    one processor is busy for each SSD. Without it an idle SSD\n"
	"                    takes no processor time. Counts for the SSDs that follow.\n"
	"  SSD               a preset (see: nvmevirt presets), FILE.toml, or either with\n"
	"                    ,key=value\n"
	"\n"
	"Clients: xnvme info vfio-user:PATH; QEMU 10.1 or newer, guest memory shared:\n"
	"  -object memory-backend-memfd,id=m,size=1G,share=on -machine memory-backend=m\n"
	"  -device '{\"driver\":\"vfio-user-pci\",\"socket\":"
	"{\"type\":\"unix\",\"path\":\"PATH\"}}'\n";

struct serving {
	struct nvmevirt_server *servers[SERVERS_MAX];
	uint32_t count;
};

static int
wrong(const char *what)
{
	fprintf(stderr, "nvmevirt serve: %s\n\n%s", what, nvmevirt_serve_usage);
	return 2;
}

static int
serve_one(struct serving *serving, const char *path, const char *ssd, uint32_t flags)
{
	char uri[URI_NBYTES];
	const char *scheme = strncmp(ssd, "virt:", 5) ? "virt:" : "";
	int err;

	if ((size_t)snprintf(uri, sizeof(uri), "%s%s", scheme, ssd) >= sizeof(uri)) {
		return wrong("the name of the SSD is too long");
	}
	err = nvmevirt_serve_vfio_user(uri, path, flags, &serving->servers[serving->count]);
	if (err) {
		nvmevirt_fail("serving", err);
		return EXIT_FAILURE;
	}
	serving->count += 1;
	printf("%s: %s\n", path, ssd);
	fflush(stdout);
	return 0;
}

static int
serve_all(struct serving *serving, int argc, char **argv)
{
	uint32_t flags = 0;

	for (int i = 1; i < argc; ++i) {
		int err;

		if (!strcmp(argv[i], "--poll")) {
			flags |= NVMEVIRT_SERVE_POLL;
			continue;
		}
		if (strcmp(argv[i], "--vfio-user") != 0) {
			return wrong("every SSD needs a socket: --vfio-user PATH SSD");
		}
		if (i + 2 >= argc) {
			return wrong("--vfio-user wants a path and an SSD");
		}
		if (serving->count == SERVERS_MAX) {
			return wrong("too many SSDs for one process");
		}
		err = serve_one(serving, argv[i + 1], argv[i + 2], flags);
		if (err) {
			return err;
		}
		i += 2;
	}
	return serving->count ? 0 : wrong("nothing to serve");
}

/* Waits for the signal to terminate. The process then exits within END_WITHIN_S seconds, even if
 * starting or stopping a server hangs: the media are then in the same state as after kill -9. */
struct ending {
	sigset_t signals;
	sem_t asked;
};

static void *
wait_for_end(void *arg)
{
	static const char late[] = "nvmevirt serve: a server does not stop; ending without it\n";
	struct ending *ending = arg;
	int signal;

	sigwait(&ending->signals, &signal);
	sem_post(&ending->asked);
	sleep(END_WITHIN_S);
	(void)!write(STDERR_FILENO, late, sizeof(late) - 1);
	_exit(EXIT_FAILURE);
}

int
nvmevirt_serve_main(int argc, char **argv)
{
	static struct ending ending; /* static, since the thread outlives this function */
	struct serving serving = {.count = 0};
	pthread_t thread;
	int rc;

	/* block the signals before any thread starts, so that all threads inherit the mask */
	sigemptyset(&ending.signals);
	for (size_t i = 0; i < TOOL_STOP_SIGNALS; ++i) {
		if (tool_stop_heeds(tool_stop_signals[i])) { /* a blocked one is not ignored */
			sigaddset(&ending.signals, tool_stop_signals[i]);
		}
	}
	pthread_sigmask(SIG_BLOCK, &ending.signals, NULL);
	sem_init(&ending.asked, 0, 0);
	rc = pthread_create(&thread, NULL, wait_for_end, &ending);
	if (rc) {
		fprintf(stderr, "nvmevirt serve: no thread to wait for signals: %s\n",
			strerror(rc));
		return EXIT_FAILURE;
	}
	pthread_detach(thread);
	rc = serve_all(&serving, argc, argv);
	while (rc == 0 && sem_wait(&ending.asked)) {
	}
	for (uint32_t i = 0; i < serving.count; ++i) {
		nvmevirt_server_stop(serving.servers[i]);
	}
	return rc;
}
