/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Handlers of the admin commands, one file per family.
 */
#ifndef SSD_CTRL_ADMIN_H
#define SSD_CTRL_ADMIN_H

#include <ssd/check.h>
#include <ssd/engine.h>

typedef void(admin_row)(struct ssd *ssd, struct ssd_ns *ns, const struct xnvme_spec_cmd *cmd,
			struct ssd_work *work);

admin_row identify_begin;
admin_row get_feature_begin;
admin_row set_feature_begin;
admin_row log_begin;
admin_row aer_begin;
admin_row abort_begin;
admin_row keep_alive_begin;
admin_row ns_management_begin;
admin_row ns_attachment_begin;
admin_row format_begin;
admin_row sanitize_begin;
admin_row self_test_begin;
admin_row lba_status_begin;
admin_row directive_send_begin;
admin_row directive_receive_begin;

#endif /* SSD_CTRL_ADMIN_H */
