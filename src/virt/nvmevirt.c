/* SPDX-License-Identifier: BSD-3-Clause */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <libnvmevirt.h>
#include <os/thread.h>
#include <ssd/fault.h>
#include <ssd/model/preset.h>
#include <ssd/model/settings.h>
#include <virt/public.h>
#include <virt/virt.h>

struct nvmevirt {
	struct virt *virt;
	char uri[VIRT_NAME_NBYTES + 8];
};

static struct text
why_text(void)
{
	return text_on(this_thread.virt_text, sizeof(this_thread.virt_text));
}

const char *
nvmevirt_err_text(void)
{
	return this_thread.virt_text;
}

int
nvmevirt_key_get(uint32_t index, struct nvmevirt_key *key)
{
	const struct setting *row = &settings[index < settings_count ? index : 0];
	struct text text = text_on(key->name, sizeof(key->name));

	if (index == settings_count) { /* the only key that is not a setting */
		*key = (struct nvmevirt_key){
			.name = "drive.description", .values = "text on one line",
			.standard = "\"\"", .unit = "",
			.meaning = "what this is, for its reader; nvmevirt presets prints it"};
		return 0;
	}
	if (index > settings_count) {
		return virt_key_get(index - settings_count - 1, key) ? 0 : -ENOENT;
	}
	text_str(&text, row->table);
	text_char(&text, '.');
	text_str(&text, row->key);
	key->alias[0] = '\0';
	for (uint32_t i = 0; i < setting_aliases_count; i += 1) {
		if (strcmp(setting_aliases[i].name, key->name) == 0) {
			text = text_on(key->alias, sizeof(key->alias));
			text_str(&text, setting_aliases[i].alias);
		}
	}
	text = text_on(key->values, sizeof(key->values));
	settings_values(row, &text);
	text = text_on(key->standard, sizeof(key->standard));
	settings_default(row, &text);
	text = text_on(key->when, sizeof(key->when));
	settings_when(row, &text);
	key->unit = settings_unit(row);
	key->meaning = row->help;
	return 0;
}

const struct nvmevirt_preset *
nvmevirt_preset_get(uint32_t index)
{
	return index < presets_count ? &public_presets[index] : NULL;
}

int
public_from_virt(struct virt *virt, struct nvmevirt **out)
{
	struct nvmevirt *ssd = calloc(1, sizeof(*ssd));
	struct text why = why_text();

	*out = NULL;
	if (!ssd) {
		virt_close(virt);
		text_str(&why, "out of memory");
		return -ENOMEM;
	}
	ssd->virt = virt;
	(void)snprintf(ssd->uri, sizeof(ssd->uri), VIRT_SCHEME "@%s", virt_spec_of(virt)->name);
	*out = ssd;
	return 0;
}

int
public_refuse(int err, const char *sentence)
{
	struct text why = why_text();

	text_str(&why, sentence);
	return err;
}

static int
create(struct virt_spec *spec, struct nvmevirt **out, struct text *why)
{
	struct virt *virt;
	int err = virt_open(spec, &virt, why);

	return err ? err : public_from_virt(virt, out);
}

int
nvmevirt_create(const char *uri, struct nvmevirt **ssd)
{
	struct virt_spec spec;
	struct text why = why_text();

	*ssd = NULL;
	if (!virt_spec_parse(&spec, uri, &why)) {
		return -EINVAL;
	}
	return create(&spec, ssd, &why);
}

int
nvmevirt_create_from_toml(const char *toml, size_t nbytes, const char *keys, struct nvmevirt **ssd)
{
	struct virt_spec spec;
	struct text why = why_text();
	struct span rest = {.at = NULL};

	*ssd = NULL;
	if (keys) {
		rest = span_of(keys);
	}
	if (!virt_spec_from_toml(&spec, (struct span){.at = toml, .nbytes = nbytes}, rest, &why)) {
		return -EINVAL;
	}
	return create(&spec, ssd, &why);
}

void
nvmevirt_destroy(struct nvmevirt *ssd)
{
	if (ssd) {
		virt_close(ssd->virt);
		free(ssd);
	}
}

const char *
nvmevirt_get_uri(const struct nvmevirt *ssd)
{
	return ssd->uri;
}

void
nvmevirt_get_stats(struct nvmevirt *ssd, struct nvmevirt_stats *stats)
{
	struct virt_stats in;
	const struct model_stats *model = &in.ssd.model;

	virt_get_stats(ssd->virt, &in);
	*stats = (struct nvmevirt_stats){
		.now_ns = in.now_ns,
		.read_cmds = in.ssd.read_cmds,
		.write_cmds = in.ssd.write_cmds,
		.read_nbytes = in.ssd.read_sectors * 512,
		.write_nbytes = in.ssd.write_sectors * 512,
		.error_cmds = in.ssd.errors,
		.cache_dirty_nbytes = in.ssd.cache_dirty_nbytes,
		.user_program_nbytes = model->user_program_bytes,
		.gc_program_nbytes = model->gc_program_bytes,
		.user_read_ops = model->user_read_ops,
		.gc_read_ops = model->gc_read_ops,
		.erases = model->erases,
		.lines = model->lines,
		.free_lines = model->free_lines,
		.gc_moves = model->gc_moves,
		.wear_moves = model->wear_moves,
		.buffer_hits = model->buffer_hits,
		.erase_min = model->erase_min,
		.erase_max = model->erase_max,
		.trace_hash = in.trace_hash,
		.media_nbytes = in.media_nbytes,
		.state_nbytes = in.state_nbytes,
		.nqueues = in.nclients,
		.media_was_left = in.media_was_left,
		.prepared_nbytes = in.ssd.prepared_nbytes,
	};
	if (model->user_program_bytes) {
		/* 128 bits: petabytes times a million exceed 64 bits */
		unsigned __int128 all = model->user_program_bytes;

		all = (all + model->gc_program_bytes) * 1000000;
		stats->waf_ppm = (uint64_t)(all / model->user_program_bytes);
	}
}

uint64_t
nvmevirt_get_trace_hash(struct nvmevirt *ssd)
{
	struct virt_stats stats;

	virt_get_stats(ssd->virt, &stats);
	return stats.trace_hash;
}

uint64_t
nvmevirt_clock_get_ns(struct nvmevirt *ssd)
{
	return virt_now(ssd->virt);
}

bool
nvmevirt_clock_is_virtual(const struct nvmevirt *ssd)
{
	return virt_spec_is_virtual(virt_spec_of(ssd->virt));
}

/* In a child of fork() the SSD belongs to the parent, which continues to use it */
static bool
is_ours(const struct nvmevirt *ssd)
{
	return !virt_is_inherited(ssd->virt) ||
	       !public_refuse(-ESTALE, "this virtual SSD was made by the process that forked "
				"this one: make another here");
}

int
nvmevirt_clock_advance(struct nvmevirt *ssd, uint64_t ns)
{
	int err = is_ours(ssd) ? virt_advance(ssd->virt, ns) : -ESTALE;

	return !err || err == -ESTALE ? err :
	       public_refuse(err, "only a virtual clock can be advanced, and not past "
					       "the end of time; make the SSD with clock=virtual");
}

void
nvmevirt_reset(struct nvmevirt *ssd)
{
	if (is_ours(ssd)) {
		virt_reset(ssd->virt);
	}
}

void
nvmevirt_power_cut(struct nvmevirt *ssd)
{
	if (is_ours(ssd)) {
		virt_power_cut(ssd->virt);
	}
}

static bool
fault_from_public(struct ssd_fault *to, const struct nvmevirt_fault *from)
{
	static const enum ssd_fault_action actions[] = {
		[NVMEVIRT_FAULT_FAIL] = SSD_FAULT_FAIL,
		[NVMEVIRT_FAULT_DELAY] = SSD_FAULT_DELAY,
		[NVMEVIRT_FAULT_LOSE] = SSD_FAULT_LOSE,
		[NVMEVIRT_FAULT_LOSE_COMPLETION] = SSD_FAULT_LOSE_COMPLETION,
		[NVMEVIRT_FAULT_FATAL] = SSD_FAULT_FATAL,
		[NVMEVIRT_FAULT_POWER_CUT] = SSD_FAULT_POWER_CUT,
		[NVMEVIRT_FAULT_REMOVE] = SSD_FAULT_REMOVE,
	};

	if ((uint32_t)from->action >= sizeof(actions) / sizeof(actions[0]) ||
	    (from->admin_only && from->io_only)) {
		return false;
	}
	*to = (struct ssd_fault){
		.action = actions[from->action],
		.match_opcode = from->match_opcode,
		.opcode = from->opcode,
		.match_sqid = from->admin_only, /* the admin queue has number 0 */
		.match_io = from->io_only,
		.nsid = from->nsid,
		.lba = from->lba,
		.nlb = from->nlb,
		.skip = from->skip,
		.count = from->count,
		.ppm = from->ppm,
		.status = from->status,
		.delay_ns = from->delay_ns,
	};
	return true;
}

int
nvmevirt_set_faults(struct nvmevirt *ssd, const struct nvmevirt_fault *faults, uint32_t count)
{
	struct ssd_fault plan[NVMEVIRT_FAULTS_MAX];

	if (count > NVMEVIRT_FAULTS_MAX) {
		return public_refuse(-EINVAL, "more than 32 faults; plan what comes first, and "
						"plan again after it");
	}
	for (uint32_t i = 0; i < count; i += 1) {
		if (!fault_from_public(&plan[i], &faults[i])) {
			return public_refuse(-EINVAL,
					       "a fault has an unknown action, or is limited to "
					       "both admin and I/O commands");
		}
	}
	return is_ours(ssd) ? virt_set_faults(ssd->virt, plan, count) : -ESTALE;
}

uint64_t
nvmevirt_get_fault_hits(struct nvmevirt *ssd, uint32_t index)
{
	return virt_fault_hits(ssd->virt, index);
}

size_t
nvmevirt_get_toml(const struct nvmevirt *ssd, char *buf, size_t nbytes)
{
	char whole[TOML_PRINT_NBYTES];
	struct text out = text_on(whole, sizeof(whole));

	settings_print(&virt_spec_of(ssd->virt)->config, &out);
	if (nbytes) {
		struct text part = text_on(buf, nbytes);

		text_str(&part, whole);
	}
	return out.len + 1;
}
