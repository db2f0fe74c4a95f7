/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Shares memory of the user with another process. Memory from malloc() or mmap() is private to this
 * process; it is replaced here by a file with the same content, mapped at the same addresses, so
 * that the file can be sent and no command needs a copy.
 */
#ifndef PATH_PCIE_ADOPT_H
#define PATH_PCIE_ADOPT_H

#include <stddef.h>

/* Share whole pages that are private and anonymous; no thread may write to them during the call.
 * The descriptor of the file, closed by the caller, or -errno after err_set(). */
int adopt_memory(void *vaddr, size_t nbytes);

/* Make the pages private again and keep their content. 0 or -errno after err_set(). */
int adopt_return(void *vaddr, size_t nbytes);

#endif /* PATH_PCIE_ADOPT_H */
