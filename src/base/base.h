/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What all other folders use: assertions, branch hints, time, random numbers, bits, bytes, heaps,
 * text, tables in one piece of memory. Freestanding: it needs the functions of env/env.h and the
 * headers of the compiler.
 *
 * Terms
 *   span    text by address and length, without a terminator; text, a bounded buffer (text.h)
 *   event   an entry of a heap: an instant and what happens then (heap.h)
 *   arena   tables in one piece of memory, whose size is computed beforehand
 *
 * Life cycle, states
 *   None: each object is a value of its user, initialized by one function and then only used.
 *
 * Ownership
 *   All memory is the caller's. Nothing here allocates.
 *
 * Threads
 *   Any; one at a time for an object.
 *
 * Errors
 *   Results are values (false, a length, the next free bit). A broken rule of the caller is an
 *   assertion, which ends in env_panic().
 *
 * What it does not do
 *   No I/O, no clock, no lock, no state of its own, nothing of NVMe.
 */
#ifndef BASE_BASE_H
#define BASE_BASE_H

#include <base/assert.h> /* ASSERT, ALWAYS, NEVER, STATIC_ASSERT */
#include <base/bits.h>   /* ranges of bits */
#include <base/bytes.h>  /* little endian numbers at any alignment */
#include <base/bump.h>  /* tables in one piece of memory */
#include <base/heap.h>   /* a heap of events */
#include <base/likely.h> /* LIKELY, UNLIKELY */
#include <base/prng.h>   /* random numbers */
#include <base/text.h>   /* text without a C library */
#include <base/time.h>   /* nanoseconds */

#endif /* BASE_BASE_H */
