/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The listening socket, as a file. A socket left behind by a killed server is replaced; any other
 * file at the path is left alone.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>
#include <export/vfio_user/server.h>
#include <os/os.h>

#define BACKLOG 8
#define LOCK_MS 1000u

enum taken { TAKEN_LEFT_OVER, TAKEN_SERVED, TAKEN_LINK, TAKEN_NO_SOCKET, TAKEN_UNKNOWN };

/* What is at the path? Does not wait: a server whose queue of connections is full is in use. */
static enum taken
look_at(const struct sockaddr_un *address)
{
	enum taken taken = TAKEN_SERVED;
	struct stat st;
	int fd;

	ASSERT(address->sun_path[0]); /* otherwise a name outside of the file system */
	if (lstat(address->sun_path, &st)) {
		return TAKEN_UNKNOWN;
	}
	if (S_ISLNK(st.st_mode)) { /* bind(2) does not follow it, wherever it points to */
		return TAKEN_LINK;
	}
	if (!S_ISSOCK(st.st_mode)) { /* connect(2): ECONNREFUSED for any other file, too */
		return TAKEN_NO_SOCKET;
	}
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0) {
		return TAKEN_UNKNOWN;
	}
	if (connect(fd, (const struct sockaddr *)address, sizeof(*address))) {
		taken = errno == ECONNREFUSED ? TAKEN_LEFT_OVER
			: errno == EAGAIN     ? TAKEN_SERVED
					      : TAKEN_UNKNOWN;
	}
	(void)close(fd);
	return taken;
}

/* Serialize servers that start at the same path, since between bind(2) and listen(2) a socket seems
 * left over: take a lock on the folder, for a moment. A lock that is held for longer than LOCK_MS
 * is unrelated, and the server continues without it. Returns the folder's descriptor, or -1. */
static int
lock_folder(const char *path)
{
	char folder[sizeof(((struct server *)0)->path)];
	char *slash;
	int fd;

	ASSERT(strlen(path) < sizeof(folder));
	(void)snprintf(folder, sizeof(folder), "%s", path);
	slash = strrchr(folder, '/');
	if (slash) {
		slash[slash == folder] = '\0';
	}
	fd = open(slash ? folder : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	for (uint32_t ms = 0; fd >= 0 && ms < LOCK_MS && flock(fd, LOCK_EX | LOCK_NB); ++ms) {
		os_pause_ns(NS_PER_MS);
	}
	return fd;
}

static int
bind_and_listen(struct server *server, const struct sockaddr_un *address, enum taken *taken)
{
	const struct sockaddr *at = (const struct sockaddr *)address;
	struct stat st;
	int err = bind(server->listener, at, sizeof(*address)) ? -errno : 0;

	ASSERT(server->listener >= 0 && !server->path[0]);
	*taken = err == -EADDRINUSE ? look_at(address) : TAKEN_UNKNOWN;
	if (err && *taken == TAKEN_LEFT_OVER) {
		err = unlink(address->sun_path) ||
				      bind(server->listener, at, sizeof(*address))
			      ? -errno
			      : 0;
	}
	if (err) {
		return err;
	}
	if (lstat(address->sun_path, &st) == 0) {
		(void)snprintf(server->path, sizeof(server->path), "%s", address->sun_path);
		server->path_device = st.st_dev;
		server->path_inode = st.st_ino;
	}
	return listen(server->listener, BACKLOG) ? -errno : 0;
}

static const char *
advice(int err, enum taken taken)
{
	ASSERT(err < 0);
	if (err != -EADDRINUSE) {
		return ": the folder has to exist, and allow this user to create files in it";
	}
	switch (taken) {
	case TAKEN_SERVED:
		return ": another server listens there; choose another path, or end that server";
	case TAKEN_LINK:
		return ": a symbolic link is there; name the path that it points to, or remove it";
	case TAKEN_NO_SOCKET:
		return ": a file is there that is no socket; choose another path";
	default:
		return ": the path is taken; choose another one";
	}
}

int
listener_open(struct server *server, const char *path, struct text *why)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	enum taken taken;
	int err, lock;

	ASSERT(server->listener < 0 && !server->has_thread);
	if (!*path) { /* bind(2) would choose a name outside of the file system */
		text_str(why, "the path of the socket is empty; name a file to be made");
		return -EINVAL;
	}
	if ((size_t)snprintf(address.sun_path, sizeof(address.sun_path), "%s", path) >=
	    sizeof(address.sun_path)) {
		text_str(why, "the path of the socket is longer than 107 bytes");
		return -ENAMETOOLONG;
	}
	server->listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (server->listener < 0) {
		err = -errno;
		text_str(why, "no socket: ");
		text_str(why, strerror(-err));
		return err;
	}
	lock = lock_folder(path);
	err = bind_and_listen(server, &address, &taken);
	if (lock >= 0) {
		(void)close(lock);
	}
	if (err) {
		text_str(why, "cannot listen on ");
		text_str(why, path);
		text_str(why, ": ");
		text_str(why, strerror(-err));
		text_str(why, advice(err, taken));
	}
	return err;
}

void
listener_close(struct server *server)
{
	struct stat st;

	ASSERT(server->client < 0); /* the thread, which has ended, dropped it */
	/* while the listener is open its inode number is not reused */
	if (server->path[0] && lstat(server->path, &st) == 0 && st.st_dev == server->path_device &&
	    st.st_ino == server->path_inode) {
		(void)unlink(server->path);
	}
	if (server->listener >= 0) {
		(void)close(server->listener);
	}
}
