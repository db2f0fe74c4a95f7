/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Serves virtual SSDs, each on its own vfio-user socket, while a program runs.
 *
 *   served poll|event virt:URI... PROGRAM ARGUMENT...
 *
 * An argument "@" becomes the URI of the first socket, "@@" that of the second; "@TEXT" is the URI
 * followed by TEXT. Exits with the exit code of the program.
 */
#include <errno.h>
#include <libnvmevirt.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SSDS_MAX = 2 };

struct ssd {
	struct nvmevirt_server *server;
	char path[64];
	char uri[80];
};

/* Returns the argument with its "@" replaced by the URI, or the argument itself */
static char *
with_uri(char *arg, const struct ssd *ssds, int cnt)
{
	int ssd = (int)strspn(arg, "@") - 1;
	size_t nbytes;
	char *with;

	if (ssd < 0 || ssd >= cnt) {
		return arg;
	}
	nbytes = strlen(ssds[ssd].uri) + strlen(arg);
	with = malloc(nbytes);
	if (with) {
		(void)snprintf(with, nbytes, "%s%s", ssds[ssd].uri, arg + ssd + 1);
	}
	return with ? with : arg;
}

static int
run(char **argv, const struct ssd *ssds, int cnt)
{
	pid_t child = fork();
	int status;

	if (child == 0) {
		for (int i = 0; argv[i]; ++i) {
			argv[i] = with_uri(argv[i], ssds, cnt);
		}
		(void)execv(argv[0], argv);
		(void)fprintf(stderr, "%s: %s\n", argv[0], strerror(errno));
		_exit(127);
	}
	if (child < 0 || waitpid(child, &status, 0) != child) {
		return 126;
	}
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/* Stops the servers; returns false if a socket file remains */
static bool
stop(struct ssd *ssds, int cnt)
{
	bool clean = true;

	for (int i = 0; i < cnt; ++i) {
		nvmevirt_server_stop(ssds[i].server);
		clean = clean && access(ssds[i].path, F_OK) != 0;
	}
	if (!clean) {
		(void)fprintf(stderr, "a socket was left behind\n");
	}
	return clean;
}

int
main(int argc, char **argv)
{
	char dir[] = "/tmp/served-XXXXXX";
	struct ssd ssds[SSDS_MAX];
	uint32_t flags = argc > 1 && !strcmp(argv[1], "poll") ? NVMEVIRT_SERVE_POLL : 0;
	int cnt = 0;
	int rc;

	if (argc < 4 || !mkdtemp(dir)) {
		(void)fprintf(stderr, "usage: served poll|event virt:URI... PROGRAM ARGUMENT...\n");
		return 2;
	}
	while (cnt < SSDS_MAX && !strncmp(argv[2 + cnt], "virt:", 5)) {
		struct ssd *ssd = &ssds[cnt];

		(void)snprintf(ssd->path, sizeof(ssd->path), "%s/socket%d", dir, cnt);
		(void)snprintf(ssd->uri, sizeof(ssd->uri), "vfio-user:%s", ssd->path);
		if (nvmevirt_serve_vfio_user(argv[2 + cnt], ssd->path, flags, &ssd->server)) {
			(void)fprintf(stderr, "%s\n", nvmevirt_err_text());
			return 1;
		}
		cnt += 1;
	}
	rc = run(argv + 2 + cnt, ssds, cnt);
	if (!stop(ssds, cnt)) {
		rc = rc ? rc : 1;
	}
	(void)rmdir(dir);
	return rc;
}
