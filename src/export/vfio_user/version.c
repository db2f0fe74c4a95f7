/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Negotiation of the version. The reply contains only capabilities that the client also listed; the
 * client's values limit what the server sends.
 */
#include <ctype.h>
#include <errno.h>
#include <json-c/json.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <export/vfio_user/server.h>

#define JSON_DEPTH 4
#define JSON_NBYTES_MAX 4096u
#define PAGE_NBYTES 4096u
#define OURS_TWIN 0 /* index of the socket among the reply's descriptors */

/* Values without negotiation */
void
version_defaults(struct terms *terms)
{
	terms->agreed = terms->write_multi = false;
	terms->xfer_max = terms->client_xfer_max = VFU_XFER_DEFAULT;
	terms->client_fds_max = 1;
	terms->maps_max = HOST_MAPS_MAX;
	terms->share = memory_share();
	terms->page_nbytes = PAGE_NBYTES;
	terms_check(terms);
}

/* Read a number that is at least `least`; `*value` stays when it is missing. 0, or EINVAL. */
static uint32_t
number(struct json_object *caps, const char *key, int64_t least, uint64_t *value, bool *there)
{
	struct json_object *json = NULL;

	ASSERT(least >= 0); /* the value is unsigned */
	*there = json_object_object_get_ex(caps, key, &json);
	if (!*there) {
		return 0;
	}
	if (!json_object_is_type(json, json_type_int) || json_object_get_int64(json) < least) {
		return EINVAL;
	}
	*value = (uint64_t)json_object_get_int64(json);
	return 0;
}

static uint32_t
boolean(struct json_object *caps, const char *key, bool *value)
{
	struct json_object *json = NULL;

	if (!json_object_object_get_ex(caps, key, &json)) {
		return 0;
	}
	*value = json_object_get_boolean(json);
	return json_object_is_type(json, json_type_boolean) ? 0 : EINVAL;
}

static void
say(struct json_object *ours, const char *key, uint64_t value)
{
	ASSERT(value <= INT64_MAX);
	json_object_object_add(ours, key, json_object_new_int64((int64_t)value));
}

static uint64_t
lesser(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

/* Numbers that both sides have: independent, or the lower of the two */
static uint32_t
agree_on_numbers(struct terms *terms, struct json_object *theirs, struct json_object *ours)
{
	uint64_t value = 0;
	bool there;

	terms_check(terms);
	if (number(theirs, "max_msg_fds", 0, &value, &there)) {
		return EINVAL;
	}
	if (there) {
		terms->client_fds_max = (uint32_t)lesser(value, VFU_FDS_MAX);
		say(ours, "max_msg_fds", VFU_FDS_MAX);
	}
	if (number(theirs, "max_data_xfer_size", 1, &value, &there)) {
		return EINVAL;
	}
	if (there) {
		terms->xfer_max = (uint32_t)lesser(value, VFU_XFER_DEFAULT);
		terms->client_xfer_max = terms->xfer_max;
		say(ours, "max_data_xfer_size", terms->xfer_max);
	}
	if (number(theirs, "max_dma_maps", 1, &value, &there)) {
		return EINVAL;
	}
	if (there) {
		terms->maps_max = (uint32_t)lesser(value, terms->share);
		say(ours, "max_dma_maps", terms->maps_max);
	}
	if (number(theirs, "pgsizes", 1, &value, &there)) {
		return EINVAL;
	}
	if (there) {
		value &= ~(uint64_t)(PAGE_NBYTES - 1); /* no smaller ones */
		if (value == 0) {
			return EINVAL;
		}
		terms->page_nbytes = value & (~value + 1); /* the smallest */
		say(ours, "pgsizes", value);
	}
	terms_check(terms);
	return 0;
}

/* A second socket for the server's requests: neither side then mixes commands with replies */
static void
make_twin(struct reply *out, int *twin_socket, struct json_object *ours)
{
	struct json_object *twin;
	int pair[2];

	ASSERT(*twin_socket < 0 && out->fd < 0); /* one negotiation per client */
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair)) {
		return; /* continue without */
	}
	*twin_socket = pair[0];
	out->fd = pair[1];
	out->fd_given = true;
	twin = json_object_new_object();
	json_object_object_add(twin, "supported", json_object_new_boolean(1));
	say(twin, "fd_index", OURS_TWIN);
	json_object_object_add(ours, "twin_socket", twin);
}

static uint32_t
agree_on(struct terms *terms, struct json_object *theirs, struct json_object *ours,
	 bool *wants_twin)
{
	struct json_object *twin = NULL;
	uint32_t error = agree_on_numbers(terms, theirs, ours);

	ASSERT(!*wants_twin);
	error = error ? error : boolean(theirs, "write_multiple", &terms->write_multi);
	if (!error && json_object_object_get_ex(theirs, "twin_socket", &twin)) {
		error = json_object_is_type(twin, json_type_object)
				? boolean(twin, "supported", wants_twin)
				: EINVAL;
	}
	if (error) {
		return error;
	}
	if (terms->write_multi) {
		json_object_object_add(ours, "write_multiple", json_object_new_boolean(1));
	}
	return 0;
}

/* Parse the text of a version message, which must be one object; else NULL */
static struct json_object *
parse(const char *text, size_t nbytes)
{
	struct json_tokener *tokener = json_tokener_new_ex(JSON_DEPTH);
	struct json_object *root = NULL;
	size_t end;

	ASSERT(nbytes < JSON_NBYTES_MAX);
	if (!tokener) {
		return NULL;
	}
	json_tokener_set_flags(tokener, JSON_TOKENER_VALIDATE_UTF8);
	root = json_tokener_parse_ex(tokener, text, (int)nbytes);
	end = json_tokener_get_parse_end(tokener);
	json_tokener_free(tokener);
	while (root && end < nbytes && isspace((unsigned char)text[end])) {
		end += 1;
	}
	if (root && (end < nbytes || !json_object_is_type(root, json_type_object))) {
		json_object_put(root);
		root = NULL;
	}
	return root;
}

/* Match the capabilities of the text with the server's; the result goes into the reply */
static uint32_t
agree_on_text(struct terms *terms, const char *text, size_t nbytes, struct reply *out, int *twin)
{
	struct json_object *root, *reply, *ours, *theirs = NULL;
	bool wants_twin = false;
	uint32_t error = 0;
	int written;

	ASSERT(nbytes > 0); /* the last byte ends the text */
	root = text[nbytes - 1] == '\0' && nbytes <= JSON_NBYTES_MAX ? parse(text, nbytes - 1)
								     : NULL;
	if (!root) {
		return EINVAL;
	}
	reply = json_object_new_object();
	ours = json_object_new_object();
	json_object_object_add(reply, "capabilities", ours);
	if (json_object_object_get_ex(root, "capabilities", &theirs)) {
		error = json_object_is_type(theirs, json_type_object)
				? agree_on(terms, theirs, ours, &wants_twin)
				: EINVAL;
		if (!error && wants_twin && terms->client_fds_max > 0) {
			make_twin(out, twin, ours);
		}
		written = snprintf((char *)out->payload + out->nbytes,
				   REPLY_MAX - out->nbytes, "%s",
				   json_object_to_json_string_ext(reply, JSON_C_TO_STRING_PLAIN));
		ASSERT(written >= 0 && (uint32_t)written < REPLY_MAX - out->nbytes);
		out->nbytes += (uint32_t)written + 1;
	}
	json_object_put(reply);
	json_object_put(root);
	return error;
}

uint32_t
version_agree(struct terms *terms, const struct message *in, struct reply *out, int *twin)
{
	struct vfu_version *ours = (void *)out->payload;
	struct vfu_version theirs;
	uint32_t error = 0;

	message_whole_check(in);
	reply_check(out);
	if (terms->agreed || in->nbytes < sizeof(theirs)) {
		return EINVAL;
	}
	memcpy(&theirs, in->payload, sizeof(theirs));
	if (theirs.major != VFU_MAJOR) {
		return ENOTSUP;
	}
	version_defaults(terms);
	*ours = (struct vfu_version){.major = VFU_MAJOR,
				     .minor = theirs.minor < VFU_MINOR ? theirs.minor : VFU_MINOR};
	out->nbytes = sizeof(*ours);
	if (in->nbytes > sizeof(theirs)) {
		error = agree_on_text(terms, (const char *)in->payload + sizeof(theirs),
				      in->nbytes - sizeof(theirs), out, twin);
	}
	terms->agreed = error == 0;
	return error;
}
