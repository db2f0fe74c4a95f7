# SPDX-License-Identifier: BSD-3-Clause
"""
Resources of the library: handles, queues, memory.

Device, Queue and Buffer each refer to one of these and free it in close() or when they are dropped.
They are separate because references have the opposite direction: a handle refers to its queues and
its memory, so that it frees them first, in whatever order the user's objects are dropped. The only
references from here to the user's objects are those of an outstanding command, to its buffer and
its callback.

Memory is an array of ctypes. A memoryview of it, its slices and all objects made of them refer to
the array, and the destruction of the array frees the memory: it exists as long as it is reachable.
The device writes to it while a command is outstanding, so it also exists until then.
"""

import atexit
import ctypes
import errno
import functools
import os
import sys
import threading
import weakref
from ctypes import byref

from ._base import CommandError, Error, c, check, error_of, lib

_handles = weakref.WeakSet()


def first_of(errors):
    """The first of several errors, with the others chained as its context"""
    seen, last = set(), None
    for error in errors:
        if last is not None and id(error) not in seen:
            last.__context__ = error
        while error is not None and id(error) not in seen:
            seen.add(id(error))
            last, error = error, error.__context__
    return errors[0]


class Handle:
    """An open device, for any thread. `with handle as dev:` keeps it open inside the block."""

    def __init__(self, uri, opts):
        self.dev = lib.xnvme_dev_open(uri, byref(opts))
        if not self.dev:
            raise error_of(-ctypes.get_errno())
        self.lock = threading.RLock()  # never held while the library is called
        self.calls, self.dropped = 0, False
        self.left = False  # must not be closed: the parent owns it, or the interpreter exits
        self.queues, self.memory = set(), set()
        self.contexts = []  # weak references; cleared of the handle when it is closed
        _handles.add(self)

    def __enter__(self):
        with self.lock:
            if not self.dev:
                raise ValueError("the device is closed")
            self.calls += 1
            return self.dev

    def __exit__(self, *_):
        with self.lock:
            self.calls -= 1

    def add_context(self, ctx):
        with self.lock:
            self.contexts = [ref for ref in self.contexts if ref() is not None]
            self.contexts.append(weakref.ref(ctx))

    def _take(self):
        """Detaches the device, to close it; None when it is in use or closed"""
        with self.lock:
            if self.calls or self.queues or self.memory:
                return None
            dev, self.dev = self.dev, None
            for ref in self.contexts:
                if ref() is not None:
                    ref().dev = None
            return dev

    def close(self):
        if not self.dev:
            return
        if self.calls or any(queue.running for queue in list(self.queues)):
            raise Error(errno.EBUSY, "the device is in use, by another thread or by the poke or "
                        "drain that runs this callback: close it afterwards")
        errors = []
        for owned in [*self.queues, *self.memory]:
            try:
                owned.close()
            except BaseException as err:  # from a callback: close the others too
                errors.append(err)
        dev = self._take()
        if dev:
            lib.xnvme_dev_close(dev)
        elif not errors:
            errors.append(Error(errno.EBUSY, "another thread uses the device meanwhile"))
        if errors:
            raise first_of(errors)

    def drop(self):
        """As close(), after the last reference is gone; resources still in use delay it"""
        if self.left or not self.dev:
            return
        self.dropped, errors = True, []
        for owned in [*self.queues, *self.memory]:
            try:
                owned.close()
            except BufferError:
                pass  # a view remains; its destruction calls finish()
            except BaseException as err:
                errors.append(err)
        self.finish()
        if errors:
            raise first_of(errors)

    def finish(self):
        dev = self._take() if self.dropped else None
        if dev:
            lib.xnvme_dev_close(dev)


class Memory:
    """Zeroed memory for a device"""

    def __init__(self, handle, nbytes):
        self.handle, self.array, self.view = handle, None, None
        self.busy = 0  # outstanding commands that use it
        self.ended = False
        with handle as dev:
            self.address = lib.xnvme_buf_alloc(dev, nbytes)
            if not self.address:
                raise error_of(-ctypes.get_errno())
            ctypes.memset(self.address, 0, nbytes)
            self.array = _array_class(nbytes).from_address(self.address)
            self.array.memory = self
            self.view = memoryview(self.array).cast("B")
            handle.memory.add(self)

    def close(self):
        if self.array is None:
            return
        if self.busy:
            raise BufferError(f"{self.busy} outstanding commands use the buffer: drain their queue "
                              "first")
        advice = "is in use: delete what was made of it first, or copy with bytes()"
        try:
            self.view.release()
        except BufferError:
            raise BufferError(f"the view of the buffer {advice}") from None
        reference = weakref.ref(self.array)
        self.array = None  # its destruction frees the memory, unless another view refers to it
        self.array = reference()
        if self.array is not None:
            self.view = memoryview(self.array).cast("B")
            raise BufferError(f"a slice of the view of the buffer {advice}")

    def drop(self):
        self.array = self.view = None

    def complete(self):
        self.busy -= 1
        if self.ended and not self.busy:
            self.free()

    def free(self):
        """Called when the array is destroyed"""
        self.ended = True
        if not self.busy and self.address:
            address, self.address = self.address, None
            if not self.handle.left:
                lib.xnvme_buf_free(self.handle.dev, address)
            self.handle.memory.discard(self)
            self.handle.finish()


@functools.lru_cache(maxsize=64)
def _array_class(nbytes):
    return type("Bytes", (ctypes.c_char * nbytes,), {"__del__": lambda self: self.memory.free()})


class Commands:
    """A queue, for one thread at a time: `with commands as queue:` rejects a second one."""

    def __init__(self, handle, capacity, opts):
        self.handle, self.queue = handle, None
        self.lock, self.running, self.closing = threading.RLock(), 0, False
        self.waiting = {}  # address of the context -> its buffer, and the callback
        self.raised = []
        queue = ctypes.POINTER(c.xnvme_queue)()
        self.callback = c.xnvme_queue_cb(self.complete)
        with handle as dev:
            check(lib.xnvme_queue_init(dev, capacity, opts, byref(queue)))
            lib.xnvme_queue_set_cb(queue, self.callback, None)
            self.queue = queue
            handle.queues.add(self)

    def __enter__(self):
        if not self.lock.acquire(blocking=False):
            raise Error(errno.EBUSY, "another thread uses the queue: one thread at a time may")
        if not self.queue:
            self.lock.release()
            raise ValueError("the queue is closed")
        self.running += 1
        return self.queue

    def __exit__(self, *_):
        self.running -= 1
        self.lock.release()

    def close(self):
        if not self.queue:
            return
        with self as queue:
            if self.running > 1:
                raise Error(errno.EBUSY, "the queue is in use by the poke or drain that runs this "
                            "callback: close it afterwards")
            self.closing = True  # commands from its last callbacks would never complete
            err = lib.xnvme_queue_term(queue)
            self.closing = False
            if err != -errno.EBUSY:
                self.queue = None
                self.forget()
        if self.raised:
            raise first_of(self.raised)
        check(err)

    def forget(self):
        for buf, _ in self.waiting.values():  # a child after fork() runs no callbacks
            buf.complete()
        self.waiting.clear()
        self.callback = None
        self.handle.queues.discard(self)
        self.handle.finish()

    def submit(self, call, buf, done):
        with self as queue:
            if self.closing:
                raise ValueError("the queue is about to be closed: no more commands")
            ctx = lib.xnvme_queue_get_cmd_ctx(queue)
            if not ctx:
                raise error_of(-ctypes.get_errno())
            key = ctypes.addressof(ctx.contents)
            self.waiting[key] = buf, done
            buf.busy += 1
            err = None
            try:
                err = call(ctx)
            finally:
                if err != 0:
                    del self.waiting[key]
                    buf.complete()
                    lib.xnvme_queue_put_cmd_ctx(queue, ctx)
            if err:
                raise error_of(err)

    def complete(self, ctx, _):
        """The callback of all commands. Its exceptions must not pass through the library."""
        try:
            buf, done = self.waiting.pop(ctypes.addressof(ctx.contents))
            buf.complete()
            status, result = ctx.contents.cpl.status, ctx.contents.cpl.result
            failed = status.sct or status.sc
            outcome = CommandError(status.sct, status.sc, result) if failed else result
            lib.xnvme_queue_put_cmd_ctx(self.queue, ctx)
            if done:
                done(outcome)
            elif failed:
                raise outcome
        except BaseException as err:  # poke() and drain() raise it
            self.raised.append(err)

    def reap(self, call, *arguments):
        with self as queue:
            count = call(queue, *arguments)
            if self.raised:
                raise self.raised.pop(0)
            check(count)
            return count


def _in_child():
    """The parent closes what it opened; the child must not"""
    for handle in _handles:
        handle.left = True


def _at_exit():
    for handle in list(_handles):
        try:
            handle.drop()
        except BaseException as err:  # from a callback: no caller to raise it to
            if not isinstance(err, Error) or err.errno != errno.EBUSY:  # EBUSY: a thread still runs
                sys.excepthook(type(err), err, err.__traceback__)
        handle.left = True


atexit.register(_at_exit)
os.register_at_fork(after_in_child=_in_child)
