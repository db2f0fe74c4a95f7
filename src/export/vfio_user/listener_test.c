/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * How a server treats a file at the path of its socket, at start and stop.
 */
#include <sys/stat.h>
#include <export/vfio_user/client_test.h>

static char path[64];
static char text[256];
static struct server *server;

static int
serve(void)
{
	struct text why = text_on(text, sizeof(text));

	return vfio_user_serve(USUAL, path, false, &server, &why);
}

static int
new_path(void **state)
{
	static uint32_t number;

	(void)state;
	snprintf(path, sizeof(path), "/tmp/listener-%d-%u", getpid(), number++);
	return 0;
}

static int
remove_path(void **state)
{
	(void)state;
	(void)unlink(path);
	(void)rmdir(path);
	return 0;
}

static ino_t
inode(void)
{
	struct stat st;

	assert_int_equal(lstat(path, &st), 0);
	return st.st_ino;
}

static int
bind_socket(void)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);

	snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
	assert_int_equal(bind(fd, (const struct sockaddr *)&address, sizeof(address)), 0);
	return fd;
}

static void
refused_and_untouched(const char *because)
{
	ino_t before = inode();

	assert_int_equal(serve(), -EADDRINUSE);
	assert_non_null(strstr(text, because));
	assert_non_null(strstr(text, path));
	assert_true(inode() == before);
}

static void
a_file_is_never_deleted(void **state)
{
	static const char precious[] = "precious";
	char other[sizeof(path) + 2], read_back[sizeof(precious)] = "";
	int fd = open(path, O_CREAT | O_EXCL | O_RDWR, 0600);

	(void)state;
	assert_int_equal(write(fd, precious, sizeof(precious)), sizeof(precious));
	refused_and_untouched("no socket");
	assert_int_equal(pread(fd, read_back, sizeof(read_back), 0), sizeof(read_back));
	assert_string_equal(read_back, precious);
	close(fd);
	snprintf(other, sizeof(other), "%s.x", path);
	assert_int_equal(rename(path, other), 0);
	assert_int_equal(symlink(other, path), 0);
	refused_and_untouched("a symbolic link is there");
	assert_int_equal(access(other, F_OK), 0);
	unlink(other);
	refused_and_untouched("a symbolic link is there"); /* a dangling one */
	unlink(path);
	assert_int_equal(mkfifo(path, 0600), 0);
	refused_and_untouched("no socket");
	unlink(path);
	assert_int_equal(mkdir(path, 0700), 0);
	refused_and_untouched("no socket");
}

static void
a_link_to_a_leftover_socket_is_no_file(void **state)
{
	char other[sizeof(path) + 2];

	(void)state;
	close(bind_socket());
	snprintf(other, sizeof(other), "%s.x", path);
	assert_int_equal(rename(path, other), 0);
	assert_int_equal(symlink(other, path), 0);
	refused_and_untouched("a symbolic link is there; name the path that it points to");
	assert_int_equal(unlink(other), 0);
}

static void
an_empty_path_is_none(void **state)
{
	(void)state;
	path[0] = '\0';
	assert_int_equal(serve(), -EINVAL);
	assert_non_null(strstr(text, "the path of the socket is empty"));
}

static void
a_socket_that_is_served(void **state)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd, full[64];

	(void)state;
	fd = bind_socket();
	assert_int_equal(listen(fd, 1), 0);
	refused_and_untouched("another server");
	snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
	for (uint32_t i = 0; i < 64; ++i) { /* many more than the queue holds */
		full[i] = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
		(void)connect(full[i], (const struct sockaddr *)&address, sizeof(address));
	}
	refused_and_untouched("another server");
	for (uint32_t i = 0; i < 64; ++i) {
		close(full[i]);
	}
	close(fd);
}

/* A socket that another server listens on */
static void
refused_and_untouched_by_another(void)
{
	struct server *first = server;

	refused_and_untouched("another server");
	server = first;
}

static void
a_leftover_socket_is_replaced(void **state)
{
	(void)state;
	close(bind_socket());
	assert_int_equal(serve(), 0);
	refused_and_untouched_by_another();
	vfio_user_stop(server);
	assert_int_equal(access(path, F_OK), -1);
}

/* At the end the server removes only its own socket */
static void
what_came_later_stays(void **state)
{
	(void)state;
	assert_int_equal(serve(), 0);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(mkfifo(path, 0600), 0);
	vfio_user_stop(server);
	assert_int_equal(access(path, F_OK), 0);
}

int
main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, new_path, remove_path)
	const struct CMUnitTest tests[] = {
		T(a_file_is_never_deleted),
		T(a_link_to_a_leftover_socket_is_no_file),
		T(an_empty_path_is_none),
		T(a_socket_that_is_served),
		T(a_leftover_socket_is_replaced),
		T(what_came_later_stays),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
