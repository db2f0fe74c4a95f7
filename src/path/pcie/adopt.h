/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Memory of the user that another process is to reach. What a program got from malloc() or mmap()
 * is nobody else's; here a file is put in its place, with the same content at the same addresses,
 * so that the file can be sent and nothing has to be copied for a command.
 */
#ifndef PATH_PCIE_ADOPT_H
#define PATH_PCIE_ADOPT_H

#include <stddef.h>

/* Whole pages, private and anonymous, that nobody writes to meanwhile. The file, to be closed by
 * the caller, or -errno after err_set(). */
int adopt_memory(void *vaddr, size_t nbytes);

/* Private again, content kept. 0 or -errno after err_set(). */
int adopt_return(void *vaddr, size_t nbytes);

#endif /* PATH_PCIE_ADOPT_H */
