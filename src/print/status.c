/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Status values in the words of the standard.
 */
#include <libxnvme_spec_pp.h>

struct sentence {
	uint16_t sc;
	const char *text;
};

static const struct sentence generic[] = {
	{XNVME_SPEC_SC_SUCCESS, "Successful Completion"},
	{XNVME_SPEC_SC_INVALID_OPCODE, "Invalid Command Opcode"},
	{XNVME_SPEC_SC_INVALID_FIELD, "Invalid Field in Command"},
	{XNVME_SPEC_SC_CID_CONFLICT, "Command ID Conflict"},
	{XNVME_SPEC_SC_DATA_TRANSFER_ERROR, "Data Transfer Error"},
	{XNVME_SPEC_SC_ABORTED_POWER_LOSS, "Commands Aborted due to Power Loss Notification"},
	{XNVME_SPEC_SC_INTERNAL_ERROR, "Internal Error"},
	{XNVME_SPEC_SC_ABORT_REQUESTED, "Command Abort Requested"},
	{XNVME_SPEC_SC_ABORTED_SQ_DELETION, "Command Aborted due to SQ Deletion"},
	{XNVME_SPEC_SC_ABORTED_FAILED_FUSED, "Command Aborted due to Failed Fused Command"},
	{XNVME_SPEC_SC_ABORTED_MISSING_FUSED, "Command Aborted due to Missing Fused Command"},
	{XNVME_SPEC_SC_INVALID_NS_OR_FORMAT, "Invalid Namespace or Format"},
	{XNVME_SPEC_SC_COMMAND_SEQUENCE_ERROR, "Command Sequence Error"},
	{XNVME_SPEC_SC_INVALID_SGL_SEGMENT, "Invalid SGL Segment Descriptor"},
	{XNVME_SPEC_SC_INVALID_SGL_COUNT, "Invalid Number of SGL Descriptors"},
	{XNVME_SPEC_SC_DATA_SGL_LENGTH_INVALID, "Data SGL Length Invalid"},
	{XNVME_SPEC_SC_METADATA_SGL_LENGTH_INVALID, "Metadata SGL Length Invalid"},
	{XNVME_SPEC_SC_SGL_TYPE_INVALID, "SGL Descriptor Type Invalid"},
	{XNVME_SPEC_SC_INVALID_CMB_USE, "Invalid Use of Controller Memory Buffer"},
	{XNVME_SPEC_SC_PRP_OFFSET_INVALID, "PRP Offset Invalid"},
	{XNVME_SPEC_SC_ATOMIC_WRITE_UNIT_EXCEEDED, "Atomic Write Unit Exceeded"},
	{XNVME_SPEC_SC_OPERATION_DENIED, "Operation Denied"},
	{XNVME_SPEC_SC_SGL_OFFSET_INVALID, "SGL Offset Invalid"},
	{XNVME_SPEC_SC_HOSTID_INCONSISTENT, "Host Identifier Inconsistent Format"},
	{XNVME_SPEC_SC_KEEP_ALIVE_EXPIRED, "Keep Alive Timer Expired"},
	{XNVME_SPEC_SC_KEEP_ALIVE_INVALID, "Keep Alive Timeout Invalid"},
	{XNVME_SPEC_SC_ABORTED_PREEMPT, "Command Aborted due to Preempt and Abort"},
	{XNVME_SPEC_SC_SANITIZE_FAILED, "Sanitize Failed"},
	{XNVME_SPEC_SC_SANITIZE_IN_PROGRESS, "Sanitize In Progress"},
	{XNVME_SPEC_SC_SGL_GRANULARITY_INVALID, "SGL Data Block Granularity Invalid"},
	{XNVME_SPEC_SC_NOT_SUPPORTED_CMB_QUEUE, "Command Not Supported for Queue in CMB"},
	{XNVME_SPEC_SC_NS_WRITE_PROTECTED, "Namespace is Write Protected"},
	{XNVME_SPEC_SC_COMMAND_INTERRUPTED, "Command Interrupted"},
	{XNVME_SPEC_SC_TRANSIENT_TRANSPORT_ERROR, "Transient Transport Error"},
	{XNVME_SPEC_SC_PROHIBITED_BY_LOCKDOWN,
	 "Command Prohibited by Command and Feature Lockdown"},
	{XNVME_SPEC_SC_ADMIN_MEDIA_NOT_READY, "Admin Command Media Not Ready"},
	{XNVME_SPEC_SC_INVALID_KEY_TAG, "Invalid Key Tag"},
	{XNVME_SPEC_SC_FDP_DISABLED, "Flexible Data Placement Disabled"},
	{XNVME_SPEC_SC_INVALID_PLACEMENT_HANDLE_LIST, "Invalid Placement Handle List"},
	{XNVME_SPEC_SC_LBA_OUT_OF_RANGE, "LBA Out of Range"},
	{XNVME_SPEC_SC_CAPACITY_EXCEEDED, "Capacity Exceeded"},
	{XNVME_SPEC_SC_NS_NOT_READY, "Namespace Not Ready"},
	{XNVME_SPEC_SC_RESERVATION_CONFLICT, "Reservation Conflict"},
	{XNVME_SPEC_SC_FORMAT_IN_PROGRESS, "Format In Progress"},
	{XNVME_SPEC_SC_KV_INVALID_VALUE_SIZE, "Invalid Value Size"},
	{XNVME_SPEC_SC_KV_INVALID_KEY_SIZE, "Invalid Key Size"},
	{XNVME_SPEC_SC_KV_KEY_NOT_EXISTS, "KV Key Does Not Exist"},
	{XNVME_SPEC_SC_KV_UNRECOVERED_ERROR, "Unrecovered Error"},
	{XNVME_SPEC_SC_KV_KEY_EXISTS, "Key Exists"},
};

static const struct sentence specific[] = {
	{XNVME_SPEC_SC_CQ_INVALID, "Completion Queue Invalid"},
	{XNVME_SPEC_SC_INVALID_QID, "Invalid Queue Identifier"},
	{XNVME_SPEC_SC_INVALID_QUEUE_SIZE, "Invalid Queue Size"},
	{XNVME_SPEC_SC_ABORT_LIMIT_EXCEEDED, "Abort Command Limit Exceeded"},
	{XNVME_SPEC_SC_ASYNC_LIMIT_EXCEEDED, "Asynchronous Event Request Limit Exceeded"},
	{XNVME_SPEC_SC_INVALID_FIRMWARE_SLOT, "Invalid Firmware Slot"},
	{XNVME_SPEC_SC_INVALID_FIRMWARE_IMAGE, "Invalid Firmware Image"},
	{XNVME_SPEC_SC_INVALID_INTERRUPT_VECTOR, "Invalid Interrupt Vector"},
	{XNVME_SPEC_SC_INVALID_LOG_PAGE, "Invalid Log Page"},
	{XNVME_SPEC_SC_INVALID_FORMAT, "Invalid Format"},
	{XNVME_SPEC_SC_FIRMWARE_NEEDS_CONVENTIONAL_RESET,
	 "Firmware Activation Requires Conventional Reset"},
	{XNVME_SPEC_SC_INVALID_QUEUE_DELETION, "Invalid Queue Deletion"},
	{XNVME_SPEC_SC_FEATURE_NOT_SAVEABLE, "Feature Identifier Not Saveable"},
	{XNVME_SPEC_SC_FEATURE_NOT_CHANGEABLE, "Feature Not Changeable"},
	{XNVME_SPEC_SC_FEATURE_NOT_NS_SPECIFIC, "Feature Not Namespace Specific"},
	{XNVME_SPEC_SC_FIRMWARE_NEEDS_SUBSYSTEM_RESET,
	 "Firmware Activation Requires NVM Subsystem Reset"},
	{XNVME_SPEC_SC_FIRMWARE_NEEDS_CONTROLLER_RESET,
	 "Firmware Activation Requires Controller Level Reset"},
	{XNVME_SPEC_SC_FIRMWARE_NEEDS_MAX_TIME,
	 "Firmware Activation Requires Maximum Time Violation"},
	{XNVME_SPEC_SC_FIRMWARE_PROHIBITED, "Firmware Activation Prohibited"},
	{XNVME_SPEC_SC_OVERLAPPING_RANGE, "Overlapping Range"},
	{XNVME_SPEC_SC_NS_INSUFFICIENT_CAPACITY, "Namespace Insufficient Capacity"},
	{XNVME_SPEC_SC_NSID_UNAVAILABLE, "Namespace Identifier Unavailable"},
	{XNVME_SPEC_SC_NS_ALREADY_ATTACHED, "Namespace Already Attached"},
	{XNVME_SPEC_SC_NS_IS_PRIVATE, "Namespace Is Private"},
	{XNVME_SPEC_SC_NS_NOT_ATTACHED, "Namespace Not Attached"},
	{XNVME_SPEC_SC_THIN_PROVISIONING_NOT_SUPPORTED, "Thin Provisioning Not Supported"},
	{XNVME_SPEC_SC_CTRLR_LIST_INVALID, "Controller List Invalid"},
	{XNVME_SPEC_SC_SELF_TEST_IN_PROGRESS, "Device Self-test In Progress"},
	{XNVME_SPEC_SC_BOOT_PARTITION_WRITE_PROHIBITED, "Boot Partition Write Prohibited"},
	{XNVME_SPEC_SC_INVALID_CNTLID, "Invalid Controller Identifier"},
	{XNVME_SPEC_SC_INVALID_SECONDARY_STATE, "Invalid Secondary Controller State"},
	{XNVME_SPEC_SC_INVALID_RESOURCE_COUNT, "Invalid Number of Controller Resources"},
	{XNVME_SPEC_SC_INVALID_RESOURCE_ID, "Invalid Resource Identifier"},
	{XNVME_SPEC_SC_SANITIZE_PROHIBITED_PMR,
	 "Sanitize Prohibited While Persistent Memory Region is Enabled"},
	{XNVME_SPEC_SC_ANA_GROUP_INVALID, "ANA Group Identifier Invalid"},
	{XNVME_SPEC_SC_ANA_ATTACH_FAILED, "ANA Attach Failed"},
	{XNVME_SPEC_SC_INSUFFICIENT_CAPACITY, "Insufficient Capacity"},
	{XNVME_SPEC_SC_NS_ATTACHMENT_LIMIT, "Namespace Attachment Limit Exceeded"},
	{XNVME_SPEC_SC_PROHIBITION_NOT_SUPPORTED, "Prohibition of Command Execution Not Supported"},
	{XNVME_SPEC_SC_IOCS_NOT_SUPPORTED, "I/O Command Set Not Supported"},
	{XNVME_SPEC_SC_IOCS_NOT_ENABLED, "I/O Command Set Not Enabled"},
	{XNVME_SPEC_SC_IOCS_COMBINATION_REJECTED, "I/O Command Set Combination Rejected"},
	{XNVME_SPEC_SC_INVALID_IOCS, "Invalid I/O Command Set"},
	{XNVME_SPEC_SC_ID_UNAVAILABLE, "Identifier Unavailable"},
	{XNVME_SPEC_SC_STREAM_ALLOCATION_FAILED, "Stream Resource Allocation Failed"},
	{XNVME_SPEC_SC_CONFLICTING_ATTRIBUTES, "Conflicting Attributes"},
	{XNVME_SPEC_SC_INVALID_PI, "Invalid Protection Information"},
	{XNVME_SPEC_SC_WRITE_TO_READ_ONLY, "Attempted Write to Read Only Range"},
	{XNVME_SPEC_SC_SIZE_LIMIT_EXCEEDED, "Command Size Limit Exceeded"},
	{XNVME_SPEC_SC_INCOMPATIBLE_NS, "Incompatible Namespace or Format"},
	{XNVME_SPEC_SC_FAST_COPY_NOT_POSSIBLE, "Fast Copy Not Possible"},
	{XNVME_SPEC_SC_OVERLAPPING_IO_RANGE, "Overlapping I/O Range"},
	{XNVME_SPEC_SC_FABRICS_INVALID_HOST, "Connect Invalid Host"},
	{XNVME_SPEC_SC_FABRICS_DISCOVER_RESTART, "Discovery Restart"},
	{XNVME_SPEC_SC_FABRICS_AUTH_REQUIRED, "Authentication Required"},
	{XNVME_SPEC_SC_ZND_INVALID_ZONE_OP, "Invalid Zone Operation Request"},
	{XNVME_SPEC_SC_ZND_NOZRWA, "ZRWA Resources Unavailable"},
	{XNVME_SPEC_SC_ZND_BOUNDARY_ERROR, "Zone Boundary Error"},
	{XNVME_SPEC_SC_ZND_IS_FULL, "Zone Is Full"},
	{XNVME_SPEC_SC_ZND_IS_READONLY, "Zone Is Read Only"},
	{XNVME_SPEC_SC_ZND_IS_OFFLINE, "Zone Is Offline"},
	{XNVME_SPEC_SC_ZND_INVALID_WRITE, "Zone Invalid Write"},
	{XNVME_SPEC_SC_ZND_TOO_MANY_ACTIVE, "Too Many Active Zones"},
	{XNVME_SPEC_SC_ZND_TOO_MANY_OPEN, "Too Many Open Zones"},
	{XNVME_SPEC_SC_ZND_INVALID_TRANS, "Invalid Zone State Transition"},
};

static const struct sentence media_and_path[] = {
	{XNVME_SPEC_SC_WRITE_FAULT, "Write Fault"},
	{XNVME_SPEC_SC_UNRECOVERED_READ_ERROR, "Unrecovered Read Error"},
	{XNVME_SPEC_SC_GUARD_CHECK_ERROR, "End-to-end Guard Check Error"},
	{XNVME_SPEC_SC_APPTAG_CHECK_ERROR, "End-to-end Application Tag Check Error"},
	{XNVME_SPEC_SC_REFTAG_CHECK_ERROR, "End-to-end Reference Tag Check Error"},
	{XNVME_SPEC_SC_COMPARE_FAILURE, "Compare Failure"},
	{XNVME_SPEC_SC_ACCESS_DENIED, "Access Denied"},
	{XNVME_SPEC_SC_DEALLOCATED_OR_UNWRITTEN, "Deallocated or Unwritten Logical Block"},
	{XNVME_SPEC_SC_STORAGE_TAG_CHECK_ERROR, "End-to-End Storage Tag Check Error"},
	{XNVME_SPEC_SC_INTERNAL_PATH_ERROR, "Internal Path Error"},
	{XNVME_SPEC_SC_ANA_PERSISTENT_LOSS, "Asymmetric Access Persistent Loss"},
	{XNVME_SPEC_SC_ANA_INACCESSIBLE, "Asymmetric Access Inaccessible"},
	{XNVME_SPEC_SC_ANA_TRANSITION, "Asymmetric Access Transition"},
	{XNVME_SPEC_SC_CTRLR_PATHING_ERROR, "Controller Pathing Error"},
	{XNVME_SPEC_SC_HOST_PATHING_ERROR, "Host Pathing Error"},
	{XNVME_SPEC_SC_ABORTED_BY_HOST, "Command Aborted By Host"},
};

static const char *
find(const struct sentence *table, size_t count, uint32_t sc)
{
	for (size_t i = 0; i < count; ++i) {
		if (table[i].sc == sc) {
			return table[i].text;
		}
	}
	return NULL;
}
#define FIND(table, sc) find(table, sizeof(table) / sizeof((table)[0]), sc)

const char *
xnvme_spec_sc_str(enum xnvme_spec_sc eval)
{
	uint32_t sc = (uint32_t)eval & XNVME_SPEC_STATUS_SC_MASK;
	const char *text = FIND(generic, sc);

	text = text ? text : FIND(specific, sc);
	text = text ? text : FIND(media_and_path, sc);
	if (text) {
		return text;
	}
	return sc >> 8 == XNVME_STATUS_CODE_TYPE_VENDOR ? "Vendor Specific" : "Unknown Status";
}
