/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The functions of libnvmevirt.h for serving.
 */
#include <errno.h>
#include <libnvmevirt.h>
#include <string.h>
#include <export/vfio_user/vfio_user.h>
#include <virt/public.h>

int
nvmevirt_serve_vfio_user(const char *uri, const char *path, uint32_t flags,
			 struct nvmevirt_server **server)
{
	char buf[512];
	struct text why = text_on(buf, sizeof(buf));
	struct server *made = NULL;
	int err;

	*server = NULL;
	if (!uri || !path || (flags & ~(uint32_t)NVMEVIRT_SERVE_POLL)) {
		return public_refuse(-EINVAL, "a URI, a path and known flags are needed");
	}
	if (strncmp(uri, VIRT_SCHEME, strlen(VIRT_SCHEME)) != 0) {
		return public_refuse(-EINVAL, "the URI of a virtual SSD begins with virt:");
	}
	err = vfio_user_serve(uri + strlen(VIRT_SCHEME), path, flags & NVMEVIRT_SERVE_POLL, &made,
			      &why);
	if (err) {
		return public_refuse(err, buf);
	}
	*server = (struct nvmevirt_server *)made;
	return 0;
}

void
nvmevirt_server_stop(struct nvmevirt_server *server)
{
	if (server) {
		vfio_user_stop((struct server *)server);
	}
}
