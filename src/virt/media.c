/* SPDX-License-Identifier: BSD-3-Clause */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>
#include <base/assert.h>
#include <virt/media.h>

#define HEADER_NBYTES 4096

static const char magic[16] = "xnvme-ssd-media\n";

enum { HEADER_VERSION = 2 };

/* In the byte order of the machine: a file is not portable to a machine of the other order */
struct header {
	char magic[16];
	uint32_t version;
	uint32_t in_use; /* 1 from open to close */
	uint64_t media_nbytes;
	char identity[SSD_IDENTITY_NBYTES]; /* empty: not recorded */
};

STATIC_ASSERT(sizeof(struct header) <= HEADER_NBYTES, "the header fits its page");

static struct header *
header_of(struct media *media)
{
	return media->header;
}

void *
media_map_memory(uint64_t nbytes)
{
	void *map;

	if (nbytes == 0 || nbytes > SIZE_MAX / 2) {
		errno = EINVAL;
		return NULL;
	}
	map = mmap(NULL, nbytes, PROT_READ | PROT_WRITE,
		   MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	return map == MAP_FAILED ? NULL : map;
}

static int
say(struct text *why, const char *path, const char *what, int err)
{
	text_quote(why, span_of(path));
	text_str(why, " as media: ");
	text_str(why, what);
	if (err) {
		text_str(why, strerror(err));
	}
	return err ? -err : -EINVAL;
}

static int
nothing_to_read(const char *path, struct text *why)
{
	(void)say(why, path, "there is none yet, and rdonly makes none; open it once "
		  "without rdonly", 0);
	return -ENOENT;
}

/* Opens and locks the file until its descriptor is closed: exclusively or, to read, shared */
static int
open_file(struct media *media, const char *path, bool read_only, struct text *why)
{
	struct stat info;

	if (!read_only) {
		media->fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
		media->created = media->fd >= 0;
	}
	if (media->fd < 0 && (read_only || errno == EEXIST)) {
		media->fd = open(path, (read_only ? O_RDONLY : O_RDWR) | O_CLOEXEC | O_NONBLOCK);
	}
	if (read_only && media->fd < 0 && errno == ENOENT) {
		return nothing_to_read(path, why);
	}
	if (media->fd < 0 || fstat(media->fd, &info)) {
		return say(why, path, "cannot open it: ", errno);
	}
	if (!S_ISREG(info.st_mode)) {
		return say(why, path, "it is not a regular file; name one, or one to be made", 0);
	}
	if (flock(media->fd, (read_only ? LOCK_SH : LOCK_EX) | LOCK_NB)) {
		if (errno != EWOULDBLOCK) {
			return say(why, path, "cannot lock it: ", errno);
		}
		(void)say(why, path, "another virtual SSD uses it; in one process, share that "
			  "one with name=", 0);
		return -EBUSY;
	}
	return 0;
}

/* Is the file valid media for this SSD? */
static int
check_header(struct media *media, const char *path, uint64_t nbytes, struct text *why)
{
	struct header header;
	struct stat info;
	ssize_t got = pread(media->fd, &header, sizeof(header), 0);

	if (got != (ssize_t)sizeof(header) || memcmp(header.magic, magic, sizeof(magic)) != 0) {
		return say(why, path, "this file holds something else, which is left alone; name "
			   "another file, or remove it", 0);
	}
	if (header.version != HEADER_VERSION) {
		return say(why, path, "it was made by another version of this library; use that, "
			   "or name another file", 0);
	}
	if (fstat(media->fd, &info) ||
	    (uint64_t)info.st_size < HEADER_NBYTES + header.media_nbytes) {
		return say(why, path, "this file was cut short: it is smaller than when it was "
			   "made, and the rest of its data is lost; restore it from a copy, or "
			   "remove it", 0);
	}
	if (header.media_nbytes != nbytes) {
		text_quote(why, span_of(path));
		text_str(why, " as media: it holds ");
		text_u64(why, header.media_nbytes);
		text_str(why, " bytes and this SSD needs ");
		text_u64(why, nbytes);
		text_str(why, "; give the size=, lba= and other settings that it was made with, or "
			 "name another file");
		return -EINVAL;
	}
	media->was_left = header.in_use != 0;
	if (!media->identity[0] && memchr(header.identity, '\0', sizeof(header.identity))) {
		memcpy(media->identity, header.identity, sizeof(header.identity));
	}
	return 0;
}

/* The identity of an SSD whose file has none yet: the path of the file */
static void
identify(struct media *media, const char *path)
{
	char absolute[PATH_MAX];

	virt_identity_of(media->identity, realpath(path, absolute) ? absolute : path);
}

/* Makes the file sparse, and writes the header last, so that an incomplete file is not
 * recognised */
static int
make_file(struct media *media, const char *path, uint64_t nbytes, struct text *why)
{
	struct header header = {.version = HEADER_VERSION, .media_nbytes = nbytes};

	memcpy(header.magic, magic, sizeof(magic));
	if (!media->identity[0]) {
		identify(media, path);
	}
	memcpy(header.identity, media->identity, sizeof(header.identity));
	if (nbytes > INT64_MAX - HEADER_NBYTES ||
	    ftruncate(media->fd, (off_t)(HEADER_NBYTES + nbytes))) {
		return say(why, path, "cannot make it so large: ",
			   nbytes > INT64_MAX - HEADER_NBYTES ? EFBIG : errno);
	}
	if (pwrite(media->fd, &header, sizeof(header), 0) != (ssize_t)sizeof(header)) {
		return say(why, path, "cannot write its header: ", errno);
	}
	return 0;
}

/* `read_only`: the mapping is private, so that the engine changes a copy, such as at its end */
static int
map_file(struct media *media, const char *path, uint64_t nbytes, bool read_only, struct text *why)
{
	void *map = mmap(NULL, HEADER_NBYTES + nbytes, PROT_READ | PROT_WRITE,
			 read_only ? MAP_PRIVATE | MAP_NORESERVE : MAP_SHARED, media->fd, 0);

	if (map == MAP_FAILED) {
		return say(why, path, "cannot map it: ", errno);
	}
	media->header = map;
	media->bytes = (uint8_t *)map + HEADER_NBYTES;
	header_of(media)->in_use = 1;
	return 0;
}

static int
refuse_growth(const char *path, uint64_t growth, uint64_t available, struct text *why)
{
	text_quote(why, span_of(path));
	text_str(why, " as media: it needs ");
	text_u64(why, growth);
	text_str(why, " bytes more on its file system, where ");
	text_u64(why, available);
	text_str(why, " are free; make the drive smaller with size=, or set overcommit=true if "
		 "less will be written (a full file system then ends the process)");
	return -ENOSPC;
}

/* A mapped file that cannot grow, since its file system is full, ends the process with SIGBUS at
 * the next write to it. So all of it is allocated here, unless the user accepts that risk. */
static int
reserve(struct media *media, const struct virt_spec *spec, uint64_t nbytes, struct text *why)
{
	struct stat info;
	struct statvfs fs;
	uint64_t available, has, growth;
	int err;

	if (spec->overcommit) {
		return 0;
	}
	if (fstat(media->fd, &info) || fstatvfs(media->fd, &fs)) {
		return say(why, spec->media_path, "cannot look at its file system: ", errno);
	}
	available = (uint64_t)fs.f_bavail * fs.f_frsize;
	has = (uint64_t)info.st_blocks * 512;
	growth = has < nbytes ? nbytes - has : 0;
	if (growth > available) { /* checked first: a failed attempt would fill the file system */
		return refuse_growth(spec->media_path, growth, available, why);
	}
	do {
		err = fallocate(media->fd, 0, 0, (off_t)(HEADER_NBYTES + nbytes)) ? errno : 0;
	} while (err == EINTR);
	if (err == ENOSPC || err == EDQUOT) {
		return refuse_growth(spec->media_path, growth, available, why);
	}
	if (err == EOPNOTSUPP) {
		return say(why, spec->media_path, "its file system cannot reserve space for it; "
			   "use another, or set overcommit=true (a full file system then ends the "
			   "process): ", err);
	}
	return err ? say(why, spec->media_path, "cannot reserve space for it: ", err) : 0;
}

static int
open_media_file(struct media *media, const struct virt_spec *spec, uint64_t nbytes,
		struct text *why)
{
	const char *path = spec->media_path;
	struct stat info = {.st_size = 0};
	int err = open_file(media, path, spec->read_only, why);

	if (!err && fstat(media->fd, &info)) {
		err = say(why, path, "cannot look at it: ", errno);
	}
	if (!err && info.st_size) {
		err = check_header(media, path, nbytes, why);
	} else if (!err) { /* an empty file is initialised, even if another program created it */
		err = spec->read_only ? nothing_to_read(path, why)
				      : make_file(media, path, nbytes, why);
	}
	if (!err && !spec->read_only) {
		err = reserve(media, spec, nbytes, why);
	}
	if (!err && !media->identity[0]) {
		identify(media, path);
	}
	return err ? err : map_file(media, path, nbytes, spec->read_only, why);
}

int
media_open(struct media *media, const struct virt_spec *spec, uint64_t nbytes, struct text *why)
{
	int err = 0;

	*media = (struct media){.fd = -1, .nbytes = nbytes};
	if (spec->media == VIRT_MEDIA_NONE) {
		return 0;
	}
	if (spec->media == VIRT_MEDIA_FILE) {
		memcpy(media->identity, spec->config.identity, sizeof(media->identity));
		err = open_media_file(media, spec, nbytes, why);
		if (err) {
			media_close(media, spec, true);
		}
		return err;
	}
	media->bytes = media_map_memory(nbytes);
	if (!media->bytes) {
		err = -errno;
		text_str(why, "no memory to map ");
		text_u64(why, nbytes);
		text_str(why, " bytes of media (");
		text_str(why, strerror(errno));
		text_str(why, "); make the drive smaller with size=, or use media=none or "
			 "media=FILE");
	}
	return err;
}

void
media_close(struct media *media, const struct virt_spec *spec, bool forget)
{
	if (media->header) {
		header_of(media)->in_use = 0;
		munmap(media->header, HEADER_NBYTES + media->nbytes);
	} else if (media->bytes) {
		munmap(media->bytes, media->nbytes);
	}
	if (media->fd >= 0) {
		if (forget && media->created) {
			(void)unlink(spec->media_path);
		}
		close(media->fd);
	}
	*media = (struct media){.fd = -1};
}
