/* SPDX-License-Identifier: BSD-3-Clause */
#include <os/thread.h>

_Thread_local struct thread this_thread;
