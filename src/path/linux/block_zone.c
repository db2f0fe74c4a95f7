/* SPDX-License-Identifier: BSD-3-Clause */
#include <path/linux/block_zone.h>

#include <errno.h>
#include <host/err.h>
#include <linux/blkzoned.h>
#include <linux/fs.h>
#include <os/linux_nvme.h>
#include <string.h>
#include <sys/ioctl.h>

#define SECTOR_SHIFT 9 /* the block layer always counts in 512 bytes */
#define CHUNK 64       /* zones that one ioctl reports: 4 KiB of stack */

struct zones {
	uint32_t sectors; /* of one zone */
	uint32_t count;
	uint32_t shift;   /* sectors of one block, as a power of two */
	uint64_t end;     /* sectors of the device: its last zone may be smaller than the others */
};

static int
get_zones(int fd, uint32_t lbads, struct zones *zones)
{
	zones->shift = lbads - SECTOR_SHIFT;
	if (ioctl(fd, BLKGETZONESZ, &zones->sectors) || ioctl(fd, BLKGETNRZONES, &zones->count)) {
		return -errno;
	}
	return 0;
}

/* A limit of the request queue in the form of the standard: zeroes based, all ones for none */
static uint32_t
limit(const char *name, const char *file)
{
	uint64_t value;

	if (sysfs_number(&value, "class/block/%s/queue/%s", name, file) || !value) {
		return UINT32_MAX;
	}
	return (uint32_t)(value - 1);
}

int
block_zone_describe(int fd, const char *uri, struct adm_emul *emul)
{
	char name[SYSFS_NAME_NBYTES];
	struct zones zones;

	emul->nzone = 0;
	if (get_zones(fd, emul->lbads, &zones) || !zones.sectors || !zones.count) {
		return 0; /* no zones, or a kernel without support for them */
	}
	if (zones.sectors >> zones.shift << zones.shift != zones.sectors) {
		return err_set(-EINVAL, "the zones of '%s' are no whole number of its blocks", uri);
	}
	emul->nzone = zones.count;
	emul->zsze = zones.sectors >> zones.shift;
	emul->mor = UINT32_MAX;
	emul->mar = UINT32_MAX;
	if (!nvme_name_of_fd(fd, name, sizeof(name))) {
		emul->mor = limit(name, "max_open_zones");
		emul->mar = limit(name, "max_active_zones");
	}
	return 0;
}

static int
refuse(struct xnvme_cmd_ctx *ctx, const char *what)
{
	return err_set(cpl_set_errno(ctx, -ENOTSUP), "%s cannot go through the block layer; open "
		       "the namespace's character device (/dev/ng*), whose commands are passed "
		       "to the device itself", what);
}

/* The block layer folds the device's status into an errno; these two it keeps distinct */
static int
zone_error(struct xnvme_cmd_ctx *ctx, int err, uint64_t slba)
{
	switch (err) {
	case ETOOMANYREFS: /* BLK_STS_ZONE_OPEN_RESOURCE */
		return err_set(cpl_set_status(ctx, STATUS(ZND_TOO_MANY_OPEN)),
			       "too many zones are open: close, finish or reset one");
	case EOVERFLOW: /* BLK_STS_ZONE_ACTIVE_RESOURCE */
		return err_set(cpl_set_status(ctx, STATUS(ZND_TOO_MANY_ACTIVE)),
			       "too many zones are active: finish or reset one");
	case EINVAL:
		return err_set(cpl_set_status(ctx, STATUS(INVALID_FIELD)),
			       "block %#llx is not where a zone begins, or its zone cannot be "
			       "managed", (unsigned long long)slba);
	case EACCES:
	case EPERM:
	case EBADF:
		return err_set(cpl_set_errno(ctx, err), "managing zones needs a handle that is "
			       "open for writing");
	default:
		return err_set(cpl_set_errno(ctx, err), "the zone of block %#llx: %s",
			       (unsigned long long)slba, strerror(err));
	}
}

/* The block layer's ioctl for an action, and the states of the zones that the action affects with
 * Select All (ZNS Command Set 1.1, Zone Management Send). The ioctl on a range of all zones
 * differs: finish would also fill the empty ones. */
struct action {
	unsigned long request;
	uint32_t all_states;
};
#define IN(name) (1U << XNVME_SPEC_ZND_STATE_##name)

static const struct action actions[] = {
	[XNVME_SPEC_ZND_CMD_MGMT_SEND_CLOSE] = {BLKCLOSEZONE, IN(IOPEN) | IN(EOPEN)},
	[XNVME_SPEC_ZND_CMD_MGMT_SEND_FINISH] = {BLKFINISHZONE,
						 IN(IOPEN) | IN(EOPEN) | IN(CLOSED)},
	[XNVME_SPEC_ZND_CMD_MGMT_SEND_OPEN] = {BLKOPENZONE, IN(CLOSED)},
	[XNVME_SPEC_ZND_CMD_MGMT_SEND_RESET] = {BLKRESETZONE,
						IN(IOPEN) | IN(EOPEN) | IN(CLOSED) | IN(FULL)},
};

union chunk {
	struct blk_zone_report head;
	char bytes[sizeof(struct blk_zone_report) + CHUNK * sizeof(struct blk_zone)];
};

/* At most CHUNK zones from sector `from` on */
static int
get_chunk(int fd, uint64_t from, union chunk *chunk)
{
	memset(&chunk->head, 0, sizeof(chunk->head));
	chunk->head.sector = from;
	chunk->head.nr_zones = CHUNK;
	if (ioctl(fd, BLKREPORTZONE, chunk)) {
		return -errno;
	}
	/* the kernel reports no zones before the end of the device */
	return chunk->head.nr_zones && chunk->head.nr_zones <= CHUNK ? 0 : -EIO;
}

/* Zone by zone, up to the first that fails; `*at` is its sector. */
static int
manage_all(int fd, const struct zones *zones, const struct action *action, uint64_t *at)
{
	union chunk chunk;
	uint64_t next = 0;

	while (next < zones->end) {
		int err = get_chunk(fd, next, &chunk);

		*at = next;
		for (uint32_t i = 0; i < chunk.head.nr_zones && !err; ++i) {
			const struct blk_zone *zone = &chunk.head.zones[i];
			struct blk_zone_range range = {zone->start, zone->len};

			*at = zone->start;
			next = zone->start + zone->len;
			if (action->all_states >> (zone->cond & 0xFU) & 1 &&
			    ioctl(fd, action->request, &range)) {
				err = -errno;
			}
		}
		if (err) {
			return err;
		}
	}
	return 0;
}

static int
manage_one(struct xnvme_cmd_ctx *ctx, int fd, const struct zones *zones,
	   const struct action *action)
{
	uint64_t slba = ctx->cmd.znd.mgmt_send.slba;
	struct blk_zone_range range = {slba << zones->shift, zones->sectors};

	if (slba > UINT64_MAX >> zones->shift || range.sector >= zones->end) {
		return cpl_set_status(ctx, STATUS(LBA_OUT_OF_RANGE));
	}
	if (range.nr_sectors > zones->end - range.sector) {
		range.nr_sectors = zones->end - range.sector;
	}
	return ioctl(fd, action->request, &range) ? zone_error(ctx, errno, slba) : 0;
}

static int
mgmt_send(struct xnvme_cmd_ctx *ctx, int fd, const struct zones *zones)
{
	uint32_t zsa = ctx->cmd.znd.mgmt_send.zsa;
	uint64_t at;

	if (ctx->cmd.znd.mgmt_send.zsaso) {
		return refuse(ctx, "a random write area of a zone");
	}
	switch (zsa) {
	case XNVME_SPEC_ZND_CMD_MGMT_SEND_CLOSE:
	case XNVME_SPEC_ZND_CMD_MGMT_SEND_FINISH:
	case XNVME_SPEC_ZND_CMD_MGMT_SEND_OPEN:
	case XNVME_SPEC_ZND_CMD_MGMT_SEND_RESET:
		break;
	case XNVME_SPEC_ZND_CMD_MGMT_SEND_OFFLINE:
		return refuse(ctx, "taking a zone offline");
	case XNVME_SPEC_ZND_CMD_MGMT_SEND_DESCRIPTOR:
		return refuse(ctx, "setting a zone's descriptor");
	case XNVME_SPEC_ZND_CMD_MGMT_SEND_FLUSH:
		return refuse(ctx, "flushing a random write area");
	default:
		return cpl_set_status(ctx, STATUS(INVALID_FIELD));
	}
	if (!ctx->cmd.znd.mgmt_send.select_all) {
		return manage_one(ctx, fd, zones, &actions[zsa]);
	}

	int err = manage_all(fd, zones, &actions[zsa], &at);

	return err ? zone_error(ctx, -err, at >> zones->shift) : 0;
}

/* The zone state that a filter of the receive command selects; 0 for all, -1 for an invalid one */
static int
wanted_state(uint32_t filter)
{
	static const uint8_t states[] = {
		[XNVME_SPEC_ZND_CMD_MGMT_RECV_SF_ALL] = 0,
		[XNVME_SPEC_ZND_CMD_MGMT_RECV_SF_EMPTY] = XNVME_SPEC_ZND_STATE_EMPTY,
		[XNVME_SPEC_ZND_CMD_MGMT_RECV_SF_IOPEN] = XNVME_SPEC_ZND_STATE_IOPEN,
		[XNVME_SPEC_ZND_CMD_MGMT_RECV_SF_EOPEN] = XNVME_SPEC_ZND_STATE_EOPEN,
		[XNVME_SPEC_ZND_CMD_MGMT_RECV_SF_CLOSED] = XNVME_SPEC_ZND_STATE_CLOSED,
		[XNVME_SPEC_ZND_CMD_MGMT_RECV_SF_FULL] = XNVME_SPEC_ZND_STATE_FULL,
		[XNVME_SPEC_ZND_CMD_MGMT_RECV_SF_RONLY] = XNVME_SPEC_ZND_STATE_RONLY,
		[XNVME_SPEC_ZND_CMD_MGMT_RECV_SF_OFFLINE] = XNVME_SPEC_ZND_STATE_OFFLINE,
	};

	return filter < sizeof(states) ? states[filter] : -1;
}

/* The caller's buffer may be unaligned: copy to it instead of writing through a pointer */
static void
put_descr(char *to, const struct blk_zone *zone, bool has_capacity, uint32_t shift)
{
	struct xnvme_spec_znd_descr descr = {
		.zt = zone->type & 0xFU,
		.zs = zone->cond & 0xFU, /* the block layer uses the states of the standard */
		.zcap = (has_capacity ? zone->capacity : zone->len) >> shift,
		.zslba = zone->start >> shift,
		.wp = zone->wp >> shift,
	};

	descr.za.rzr = zone->reset & 1U;
	memcpy(to, &descr, sizeof(descr));
}

struct report {
	char *descrs;
	uint64_t room;    /* descriptors that fit */
	uint64_t matches; /* zones in the selected state, including those beyond `room` */
	int state;
	bool partial;     /* count only the zones that fit: stop then */
};

/* Zones from sector `from` to the end, at most CHUNK per ioctl */
static int
walk(int fd, const struct zones *zones, uint64_t from, struct report *report)
{
	union chunk chunk;

	while (from < zones->end && !(report->partial && report->matches == report->room)) {
		int err = get_chunk(fd, from, &chunk);

		if (err) {
			return err;
		}
		for (uint32_t i = 0; i < chunk.head.nr_zones; ++i) {
			const struct blk_zone *zone = &chunk.head.zones[i];

			from = zone->start + zone->len;
			if (report->state && zone->cond != report->state) {
				continue;
			}
			if (report->matches < report->room) {
				put_descr(report->descrs + report->matches *
					  sizeof(struct xnvme_spec_znd_descr), zone,
					  chunk.head.flags & BLK_ZONE_REP_CAPACITY, zones->shift);
			} else if (report->partial) {
				return 0;
			}
			report->matches += 1;
		}
	}
	return 0;
}

static int
mgmt_recv(struct xnvme_cmd_ctx *ctx, int fd, const struct payload *payload,
	  const struct zones *zones)
{
	const struct xnvme_spec_znd_cmd_mgmt_recv *cmd = &ctx->cmd.znd.mgmt_recv;
	uint64_t nbytes = ((uint64_t)cmd->ndwords + 1) * 4;
	struct xnvme_spec_znd_report_hdr head = {0};
	struct report report = {.state = wanted_state(cmd->zrasf), .partial = cmd->partial};
	uint64_t sector = cmd->slba << zones->shift;
	int err;

	if (cmd->zra == XNVME_SPEC_ZND_CMD_MGMT_RECV_ACTION_REPORT_EXTENDED) {
		return refuse(ctx, "an extended report");
	}
	if (cmd->zra || report.state < 0) {
		return cpl_set_status(ctx, STATUS(INVALID_FIELD));
	}
	if (!payload->data || nbytes > payload->data_nbytes || nbytes < sizeof(head)) {
		return err_set(cpl_set_errno(ctx, -EINVAL), "a report of %llu bytes does not fit "
			       "the %zu of its buffer, or is shorter than its head",
			       (unsigned long long)nbytes, payload->data_nbytes);
	}
	if (cmd->slba > UINT64_MAX >> zones->shift || sector >= zones->end) {
		return cpl_set_status(ctx, STATUS(LBA_OUT_OF_RANGE));
	}
	memset(payload->data, 0, nbytes);
	report.descrs = (char *)payload->data + sizeof(head);
	report.room = (nbytes - sizeof(head)) / sizeof(struct xnvme_spec_znd_descr);
	err = walk(fd, zones, sector, &report);
	if (err) {
		return zone_error(ctx, -err, cmd->slba);
	}
	head.nzones = report.matches;
	memcpy(payload->data, &head, sizeof(head));
	return 0;
}

int
block_zone_call(struct xnvme_cmd_ctx *ctx, const struct payload *payload, int fd)
{
	struct zones zones;
	int err;

	if (ctx->cmd.common.opcode == XNVME_SPEC_ZND_OPC_APPEND) {
		return refuse(ctx, "zone append");
	}
	err = get_zones(fd, (uint32_t)ctx->dev->geo.ssw, &zones);
	if (err || !zones.sectors || !zones.count) {
		return err_set(cpl_set_errno(ctx, err ? err : -ENOTSUP), "'%s' has no zones",
			       ctx->dev->ident.uri);
	}
	zones.end = ctx->dev->nsze << zones.shift;
	return ctx->cmd.common.opcode == XNVME_SPEC_ZND_OPC_MGMT_SEND
		? mgmt_send(ctx, fd, &zones)
		: mgmt_recv(ctx, fd, payload, &zones);
}
