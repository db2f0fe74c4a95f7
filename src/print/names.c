/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Names of the values of the standard's enumerations: that of the constant without XNVME_SPEC_.
 */
#include <libxnvme_spec_pp.h>

struct name {
	unsigned int value;
	const char *text;
};

#define NAME(id) {XNVME_SPEC_##id, #id}

static const char *
find(const struct name *names, size_t count, unsigned int value)
{
	for (size_t i = 0; i < count; ++i) {
		if (names[i].value == value) {
			return names[i].text;
		}
	}
	return "ENOSYS"; /* what scripts know from upstream for a value without a name */
}
#define FIND(names, value) find(names, sizeof(names) / sizeof((names)[0]), value)

const char *
xnvme_spec_adm_opc_str(enum xnvme_spec_adm_opc eval)
{
	static const struct name names[] = {
		NAME(ADM_OPC_DELETE_SQ),
		NAME(ADM_OPC_CREATE_SQ),
		NAME(ADM_OPC_LOG),
		NAME(ADM_OPC_DELETE_CQ),
		NAME(ADM_OPC_CREATE_CQ),
		NAME(ADM_OPC_IDFY),
		NAME(ADM_OPC_ABORT),
		NAME(ADM_OPC_SFEAT),
		NAME(ADM_OPC_GFEAT),
		NAME(ADM_OPC_ASYNC_EVENT),
		NAME(ADM_OPC_NS_MGMT),
		NAME(ADM_OPC_FW_COMMIT),
		NAME(ADM_OPC_FW_DOWNLOAD),
		NAME(ADM_OPC_SELFTEST),
		NAME(ADM_OPC_NS_ATTACH),
		NAME(ADM_OPC_KEEP_ALIVE),
		NAME(ADM_OPC_DSEND),
		NAME(ADM_OPC_DRECV),
		NAME(ADM_OPC_VIRT_MGMT),
		NAME(ADM_OPC_MI_SEND),
		NAME(ADM_OPC_MI_RECV),
		NAME(ADM_OPC_CAPACITY_MGMT),
		NAME(ADM_OPC_LOCKDOWN),
		NAME(ADM_OPC_DOORBELL_BUFFER),
		NAME(ADM_OPC_FABRICS),
		NAME(ADM_OPC_FORMAT),
		NAME(ADM_OPC_SECURITY_SEND),
		NAME(ADM_OPC_SECURITY_RECV),
		NAME(ADM_OPC_SANITIZE),
		NAME(ADM_OPC_GET_LBA_STATUS),
	};

	return FIND(names, (unsigned int)eval);
}

const char *
xnvme_spec_csi_str(enum xnvme_spec_csi eval)
{
	static const struct name names[] = {
		NAME(CSI_NVM),
		NAME(CSI_KV),
		NAME(CSI_ZONED),
	};

	return FIND(names, (unsigned int)eval);
}

const char *
xnvme_spec_feat_id_str(enum xnvme_spec_feat_id eval)
{
	static const struct name names[] = {
		NAME(FEAT_ARBITRATION),
		NAME(FEAT_PWR_MGMT),
		NAME(FEAT_LBA_RANGETYPE),
		NAME(FEAT_TEMP_THRESHOLD),
		NAME(FEAT_ERROR_RECOVERY),
		NAME(FEAT_VWCACHE),
		NAME(FEAT_NQUEUES),
		NAME(FEAT_INTR_COALESCING),
		NAME(FEAT_INTR_VECTOR),
		NAME(FEAT_WRITE_ATOMICITY),
		NAME(FEAT_ASYNC_EVENT),
		NAME(FEAT_APST),
		NAME(FEAT_HMB),
		NAME(FEAT_TIMESTAMP),
		NAME(FEAT_KATO),
		NAME(FEAT_HCTM),
		NAME(FEAT_NOPSC),
		NAME(FEAT_RRL),
		NAME(FEAT_PLM_CONFIG),
		NAME(FEAT_PLM_WINDOW),
		NAME(FEAT_LBA_STATUS),
		NAME(FEAT_HOST_BEHAVIOR),
		NAME(FEAT_SANITIZE),
		NAME(FEAT_ENDURANCE_GROUP),
		NAME(FEAT_IOCS_PROFILE),
		NAME(FEAT_SPINUP),
		NAME(FEAT_FDP_MODE),
		NAME(FEAT_FDP_EVENTS),
		NAME(FEAT_KV_CONFIG),
		NAME(FEAT_ENHANCED_CTRLR_METADATA),
		NAME(FEAT_CTRLR_METADATA),
		NAME(FEAT_NS_METADATA),
		NAME(FEAT_SW_PROGRESS),
		NAME(FEAT_HOST_ID),
		NAME(FEAT_RESERVATION_MASK),
		NAME(FEAT_RESERVATION_PERSISTENCE),
		NAME(FEAT_NS_WRITE_PROTECT),
	};

	return FIND(names, (unsigned int)eval);
}

const char *
xnvme_spec_feat_sel_str(enum xnvme_spec_feat_sel eval)
{
	static const struct name names[] = {
		NAME(FEAT_SEL_CURRENT),
		NAME(FEAT_SEL_DEFAULT),
		NAME(FEAT_SEL_SAVED),
		NAME(FEAT_SEL_SUPPORTED),
	};

	return FIND(names, (unsigned int)eval);
}

const char *
xnvme_spec_flag_str(enum xnvme_spec_flag eval)
{
	static const struct name names[] = {
		NAME(FLAG_LIMITED_RETRY),
		NAME(FLAG_FORCE_UNIT_ACCESS),
		NAME(FLAG_PRINFO_PRCHK_REF),
		NAME(FLAG_PRINFO_PRCHK_APP),
		NAME(FLAG_PRINFO_PRCHK_GUARD),
		NAME(FLAG_PRINFO_PRACT),
	};

	return FIND(names, (unsigned int)eval);
}

const char *
xnvme_spec_idfy_cns_str(enum xnvme_spec_idfy_cns eval)
{
	static const struct name names[] = {
		NAME(IDFY_NS),
		NAME(IDFY_CTRLR),
		NAME(IDFY_NSLIST),
		NAME(IDFY_NSDSCR),
		NAME(IDFY_SETL),
		NAME(IDFY_NS_IOCS),
		NAME(IDFY_CTRLR_IOCS),
		NAME(IDFY_NSLIST_IOCS),
		NAME(IDFY_NS_CSINDEP),
		NAME(IDFY_NS_FORMAT),
		NAME(IDFY_NS_FORMAT_IOCS),
		NAME(IDFY_NSLIST_ALLOC),
		NAME(IDFY_NS_ALLOC),
		NAME(IDFY_CTRLR_NS),
		NAME(IDFY_CTRLR_SUB),
		NAME(IDFY_CTRLR_PRI),
		NAME(IDFY_CTRLR_SEC),
		NAME(IDFY_NSGRAN),
		NAME(IDFY_UUIDL),
		NAME(IDFY_DOMAINL),
		NAME(IDFY_ENDGL),
		NAME(IDFY_NSLIST_ALLOC_IOCS),
		NAME(IDFY_NS_ALLOC_IOCS),
		NAME(IDFY_IOCS),
	};

	return FIND(names, (unsigned int)eval);
}

const char *
xnvme_spec_log_lpi_str(enum xnvme_spec_log_lpi eval)
{
	static const struct name names[] = {
		NAME(LOG_RSVD),
		NAME(LOG_ERRI),
		NAME(LOG_HEALTH),
		NAME(LOG_FW),
		NAME(LOG_CHNS),
		NAME(LOG_CSAE),
		NAME(LOG_SELFTEST),
		NAME(LOG_TELEHOST),
		NAME(LOG_TELECTRLR),
		NAME(LOG_ENDURANCE_GROUP),
		NAME(LOG_PLM_NVMSET),
		NAME(LOG_PLM_EVENTS),
		NAME(LOG_ANA),
		NAME(LOG_PERSISTENT_EVENT),
		NAME(LOG_LBA_STATUS),
		NAME(LOG_ENDURANCE_GROUP_EVENTS),
		NAME(LOG_MEDIA_UNIT_STATUS),
		NAME(LOG_CAPACITY_CONFIG),
		NAME(LOG_FEATURES),
		NAME(LOG_MI_COMMANDS),
		NAME(LOG_LOCKDOWN),
		NAME(LOG_BOOT_PARTITION),
		NAME(LOG_ROTATIONAL_MEDIA),
		NAME(LOG_FDPCONF),
		NAME(LOG_FDPRUHU),
		NAME(LOG_FDPSTATS),
		NAME(LOG_FDPEVENTS),
		NAME(LOG_DISCOVERY),
		NAME(LOG_RESERVATION),
		NAME(LOG_SANITIZE),
	};

	return FIND(names, (unsigned int)eval);
}

const char *
xnvme_spec_znd_log_lid_str(enum xnvme_spec_znd_log_lid eval)
{
	static const struct name names[] = {
		NAME(LOG_ZND_CHANGES),
	};

	return FIND(names, (unsigned int)eval);
}

const char *
xnvme_spec_nvm_cmd_cpl_sc_str(enum xnvme_spec_nvm_cmd_cpl_sc eval)
{
	static const struct name names[] = {
		NAME(NVM_CMD_CPL_SC_WRITE_TO_RONLY),
	};

	return FIND(names, (unsigned int)eval);
}

const char *
xnvme_spec_nvm_opc_str(enum xnvme_spec_nvm_opc eval)
{
	static const struct name names[] = {
		NAME(NVM_OPC_FLUSH),
		NAME(NVM_OPC_WRITE),
		NAME(NVM_OPC_READ),
		NAME(NVM_OPC_WRITE_UNCORRECTABLE),
		NAME(NVM_OPC_COMPARE),
		NAME(NVM_OPC_WRITE_ZEROES),
		NAME(NVM_OPC_DATASET_MANAGEMENT),
		NAME(NVM_OPC_VERIFY),
		NAME(NVM_OPC_RESERVATION_REGISTER),
		NAME(NVM_OPC_RESERVATION_REPORT),
		NAME(NVM_OPC_RESERVATION_ACQUIRE),
		NAME(NVM_OPC_RESERVATION_RELEASE),
		NAME(NVM_OPC_CANCEL),
		NAME(NVM_OPC_SCOPY),
		NAME(NVM_OPC_IO_MGMT_RECV),
		NAME(NVM_OPC_IO_MGMT_SEND),
		NAME(NVM_OPC_FMT),
		NAME(NVM_OPC_SANITIZE),
	};

	return FIND(names, (unsigned int)eval);
}

const char *
xnvme_spec_psdt_str(enum xnvme_spec_psdt eval)
{
	static const struct name names[] = {
		NAME(PSDT_PRP),
		NAME(PSDT_SGL_MPTR_CONTIGUOUS),
		NAME(PSDT_SGL_MPTR_SGL),
	};

	return FIND(names, (unsigned int)eval);
}

const char *
xnvme_spec_sgl_descriptor_subtype_str(enum xnvme_spec_sgl_descriptor_subtype eval)
{
	static const struct name names[] = {
		NAME(SGL_DESCR_SUBTYPE_ADDRESS),
		NAME(SGL_DESCR_SUBTYPE_OFFSET),
		NAME(SGL_DESCR_SUBTYPE_TRANSPORT),
	};

	return FIND(names, (unsigned int)eval);
}

const char *
xnvme_spec_znd_cmd_mgmt_recv_action_str(enum xnvme_spec_znd_cmd_mgmt_recv_action eval)
{
	static const struct name names[] = {
		NAME(ZND_CMD_MGMT_RECV_ACTION_REPORT),
		NAME(ZND_CMD_MGMT_RECV_ACTION_REPORT_EXTENDED),
	};

	return FIND(names, (unsigned int)eval);
}

const char *
xnvme_spec_znd_cmd_mgmt_recv_action_sf_str(enum xnvme_spec_znd_cmd_mgmt_recv_action_sf eval)
{
	static const struct name names[] = {
		NAME(ZND_CMD_MGMT_RECV_SF_ALL),
		NAME(ZND_CMD_MGMT_RECV_SF_EMPTY),
		NAME(ZND_CMD_MGMT_RECV_SF_IOPEN),
		NAME(ZND_CMD_MGMT_RECV_SF_EOPEN),
		NAME(ZND_CMD_MGMT_RECV_SF_CLOSED),
		NAME(ZND_CMD_MGMT_RECV_SF_FULL),
		NAME(ZND_CMD_MGMT_RECV_SF_RONLY),
		NAME(ZND_CMD_MGMT_RECV_SF_OFFLINE),
	};

	return FIND(names, (unsigned int)eval);
}

const char *
xnvme_spec_znd_cmd_mgmt_send_action_str(enum xnvme_spec_znd_cmd_mgmt_send_action eval)
{
	static const struct name names[] = {
		NAME(ZND_CMD_MGMT_SEND_CLOSE),
		NAME(ZND_CMD_MGMT_SEND_FINISH),
		NAME(ZND_CMD_MGMT_SEND_OPEN),
		NAME(ZND_CMD_MGMT_SEND_RESET),
		NAME(ZND_CMD_MGMT_SEND_OFFLINE),
		NAME(ZND_CMD_MGMT_SEND_DESCRIPTOR),
		NAME(ZND_CMD_MGMT_SEND_FLUSH),
	};

	return FIND(names, (unsigned int)eval);
}

const char *
xnvme_spec_znd_opc_str(enum xnvme_spec_znd_opc eval)
{
	static const struct name names[] = {
		NAME(ZND_OPC_MGMT_SEND),
		NAME(ZND_OPC_MGMT_RECV),
		NAME(ZND_OPC_APPEND),
	};

	return FIND(names, (unsigned int)eval);
}

const char *
xnvme_spec_znd_mgmt_send_action_so_str(enum xnvme_spec_znd_mgmt_send_action_so eval)
{
	static const struct name names[] = {
		NAME(ZND_MGMT_OPEN_WITH_ZRWA),
	};

	return FIND(names, (unsigned int)eval);
}

const char *
xnvme_spec_znd_status_code_str(enum xnvme_spec_znd_status_code eval)
{
	static const struct name names[] = {
		NAME(ZND_SC_INVALID_FORMAT),
		NAME(ZND_SC_INVALID_ZONE_OP),
		NAME(ZND_SC_NOZRWA),
		NAME(ZND_SC_BOUNDARY_ERROR),
		NAME(ZND_SC_IS_FULL),
		NAME(ZND_SC_IS_READONLY),
		NAME(ZND_SC_IS_OFFLINE),
		NAME(ZND_SC_INVALID_WRITE),
		NAME(ZND_SC_TOO_MANY_ACTIVE),
		NAME(ZND_SC_TOO_MANY_OPEN),
		NAME(ZND_SC_INVALID_TRANS),
	};

	return FIND(names, (unsigned int)eval);
}

const char *
xnvme_spec_znd_state_str(enum xnvme_spec_znd_state eval)
{
	static const struct name names[] = {
		NAME(ZND_STATE_EMPTY),
		NAME(ZND_STATE_IOPEN),
		NAME(ZND_STATE_EOPEN),
		NAME(ZND_STATE_CLOSED),
		NAME(ZND_STATE_RONLY),
		NAME(ZND_STATE_FULL),
		NAME(ZND_STATE_OFFLINE),
	};

	return FIND(names, (unsigned int)eval);
}

const char *
xnvme_spec_znd_type_str(enum xnvme_spec_znd_type eval)
{
	static const struct name names[] = {
		NAME(ZND_TYPE_SEQWR),
	};

	return FIND(names, (unsigned int)eval);
}
