/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Which message means what. Each handler checks the whole of its payload before it believes any of
 * it.
 */
#include <errno.h>
#include <json-c/json.h>
#include <stdio.h>
#include <string.h>
#include <export/vfio_user/server.h>

#define JSON_DEPTH 4
#define XFER_MIN 4096u

/* The lesser of what the client says and what we can; 0 when it says nothing that makes sense */
static uint32_t
lesser_of(struct json_object *caps, const char *key, uint32_t ours)
{
	struct json_object *value = NULL;
	int64_t theirs;

	if (!json_object_object_get_ex(caps, key, &value) ||
	    !json_object_is_type(value, json_type_int)) {
		return 0;
	}
	theirs = json_object_get_int64(value);
	return theirs <= 0 ? 0 : theirs < ours ? (uint32_t)theirs : ours;
}

static void
add_number(struct json_object *caps, const char *key, uint32_t value)
{
	if (value) {
		json_object_object_add(caps, key, json_object_new_int64(value));
	}
}

/* What we answer is a subset of what the client listed */
static struct json_object *
agree_on(struct server *server, struct json_object *theirs)
{
	struct json_object *ours = json_object_new_object(), *value = NULL;
	uint32_t xfer = lesser_of(theirs, "max_data_xfer_size", VFU_XFER_DEFAULT);

	server->xfer_max = xfer >= XFER_MIN ? xfer : VFU_XFER_DEFAULT;
	add_number(ours, "max_msg_fds", lesser_of(theirs, "max_msg_fds", VFU_FDS_MAX));
	add_number(ours, "max_data_xfer_size", xfer >= XFER_MIN ? xfer : 0);
	add_number(ours, "max_dma_maps", lesser_of(theirs, "max_dma_maps", HOST_MAPS_MAX));
	add_number(ours, "pgsizes", lesser_of(theirs, "pgsizes", 4096) ? 4096 : 0);
	if (json_object_object_get_ex(theirs, "write_multiple", &value) &&
	    json_object_get_boolean(value)) {
		server->write_multi = true;
		json_object_object_add(ours, "write_multiple", json_object_new_boolean(1));
	}
	return ours;
}

/* The capabilities object of a version message: NULL when there is none or it is not JSON */
static struct json_object *
parse_capabilities(const char *text, size_t nbytes, struct json_object **root)
{
	struct json_tokener *tokener = json_tokener_new_ex(JSON_DEPTH);
	struct json_object *caps = NULL;

	*root = tokener ? json_tokener_parse_ex(tokener, text, (int)nbytes) : NULL;
	if (tokener) {
		json_tokener_free(tokener);
	}
	if (*root && (!json_object_is_type(*root, json_type_object) ||
		      !json_object_object_get_ex(*root, "capabilities", &caps) ||
		      !json_object_is_type(caps, json_type_object))) {
		caps = NULL;
	}
	return caps;
}

static uint32_t
version(struct server *server)
{
	struct vfu_version *ours = (void *)server->out.payload;
	struct json_object *root = NULL, *caps = NULL;
	struct vfu_version theirs;
	const char *text = (const char *)server->in.payload + sizeof(theirs);
	size_t nbytes;

	if (server->agreed || server->in.nbytes < sizeof(theirs)) {
		return EINVAL;
	}
	memcpy(&theirs, server->in.payload, sizeof(theirs));
	if (theirs.major != VFU_MAJOR) {
		return ENOTSUP;
	}
	*ours = (struct vfu_version){.major = VFU_MAJOR,
				     .minor = theirs.minor < VFU_MINOR ? theirs.minor : VFU_MINOR};
	server->out.nbytes = sizeof(*ours);
	server->xfer_max = VFU_XFER_DEFAULT;
	nbytes = server->in.nbytes - sizeof(theirs);
	if (nbytes > 0) {
		if (text[nbytes - 1] != '\0' || nbytes > 4096) {
			return EINVAL;
		}
		caps = parse_capabilities(text, nbytes - 1, &root);
		if (!root && nbytes > 1) {
			return EINVAL;
		}
	}
	if (caps) {
		struct json_object *reply = json_object_new_object();
		int written;

		json_object_object_add(reply, "capabilities", agree_on(server, caps));
		written = snprintf((char *)ours + sizeof(*ours), REPLY_MAX - sizeof(*ours), "%s",
				   json_object_to_json_string_ext(reply, JSON_C_TO_STRING_PLAIN));
		server->out.nbytes += (uint32_t)written + 1;
		json_object_put(reply);
	}
	json_object_put(root);
	server->agreed = true;
	return 0;
}

static uint32_t
device_info(struct server *server)
{
	struct vfu_device_info info;

	if (server->in.nbytes < sizeof(info)) {
		return EINVAL;
	}
	memcpy(&info, server->in.payload, sizeof(info));
	if (info.argsz < sizeof(info)) {
		return EINVAL;
	}
	info = (struct vfu_device_info){.argsz = sizeof(info),
					.flags = VFU_DEVICE_RESET | VFU_DEVICE_PCI,
					.num_regions = VFU_REGIONS,
					.num_irqs = VFU_IRQS};
	memcpy(server->out.payload, &info, sizeof(info));
	server->out.nbytes = sizeof(info);
	return 0;
}

static uint32_t
reset(struct server *server)
{
	pci_virt_reset(&server->pv);
	config_init(server);
	return 0;
}

static uint32_t
handle(struct server *server)
{
	switch (server->in.header.command) {
	case VFU_VERSION:
		return version(server);
	case VFU_DMA_MAP:
		return memory_map(server);
	case VFU_DMA_UNMAP:
		return memory_unmap(server);
	case VFU_GET_INFO:
		return device_info(server);
	case VFU_GET_REGION_INFO:
		return region_info(server);
	case VFU_GET_REGION_IO_FDS:
		return region_io_fds(server);
	case VFU_GET_IRQ_INFO:
		return irq_info(server);
	case VFU_SET_IRQS:
		return irq_set(server);
	case VFU_REGION_READ:
		return region_read(server);
	case VFU_REGION_WRITE:
		return region_write(server);
	case VFU_RESET:
		return reset(server);
	case VFU_REGION_WRITE_MULTI:
		return server->write_multi ? region_write_multi(server) : EINVAL;
	case VFU_FEATURE: /* migration: we have none */
	case VFU_MIG_READ:
	case VFU_MIG_WRITE:
		return ENOTSUP;
	default: /* DMA_READ and DMA_WRITE are the server's to send */
		return EINVAL;
	}
}

int
dispatch(struct server *server)
{
	uint32_t error;

	if ((server->in.header.flags & VFU_TYPE_MASK) != VFU_TYPE_COMMAND) {
		return -EPROTO; /* a reply, and we never ask */
	}
	server->out.nbytes = 0;
	server->out.fd = -1;
	if (!server->agreed && server->in.header.command != VFU_VERSION) {
		error = EINVAL;
	} else {
		error = handle(server);
	}
	atomic_fetch_add_explicit(&server->messages, 1, memory_order_relaxed);
	if (error) {
		atomic_fetch_add_explicit(&server->refused, 1, memory_order_relaxed);
	}
	int err = message_reply(server, error);

	return err ? err : !server->agreed ? -EPROTO : 0; /* nothing goes without a version */
}
