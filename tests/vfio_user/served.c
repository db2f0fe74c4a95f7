/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Serves a virtual SSD on a vfio-user socket while a program runs.
 *
 *   served poll|event virt:URI PROGRAM ARGUMENT...
 *
 * An argument "@" becomes the URI of the socket, "@TEXT" the same with TEXT behind it. Exits as the
 * program does.
 */
#include <errno.h>
#include <libnvmevirt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static int
run(char **argv, const char *uri)
{
	pid_t child = fork();
	int status;

	if (child == 0) {
		for (int i = 0; argv[i]; ++i) {
			size_t nbytes = strlen(uri) + strlen(argv[i]);
			char *with = argv[i][0] == '@' ? malloc(nbytes) : NULL;

			if (with) {
				(void)snprintf(with, nbytes, "%s%s", uri, argv[i] + 1);
				argv[i] = with;
			}
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

int
main(int argc, char **argv)
{
	char dir[] = "/tmp/served-XXXXXX", path[64], uri[80];
	struct nvmevirt_server *server;
	int rc;

	if (argc < 4) {
		(void)fprintf(stderr, "usage: served poll|event virt:URI PROGRAM ARGUMENT...\n");
		return 2;
	}
	if (!mkdtemp(dir)) {
		perror("mkdtemp");
		return 1;
	}
	(void)snprintf(path, sizeof(path), "%s/socket", dir);
	(void)snprintf(uri, sizeof(uri), "vfio-user:%s", path);
	if (nvmevirt_serve_vfio_user(argv[2], path,
				     strcmp(argv[1], "poll") ? 0 : NVMEVIRT_SERVE_POLL, &server)) {
		(void)fprintf(stderr, "%s\n", nvmevirt_err_text());
		return 1;
	}
	rc = run(argv + 3, uri);
	nvmevirt_server_stop(server);
	if (access(path, F_OK) == 0) {
		(void)fprintf(stderr, "the socket was left behind\n");
		rc = rc ? rc : 1;
	}
	(void)rmdir(dir);
	return rc;
}
