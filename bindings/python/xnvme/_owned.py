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
The device writes to it while a command is outstanding, so the queue refers to the array until then.

An interrupt (Ctrl-C, or another signal handler that raises) can end any function between two
bytecodes. So there are no counters to increment and decrement:

- at_once() calls the library and stores the result without a bytecode between.
- The callback of a queue is a method of dict, which records the command. The user's callbacks run
  after the library has returned.
- users() finds the functions that use a device or a queue on the stacks of the threads.
- After each bytecode the state is one from which the next call can continue.
"""

import atexit
import ctypes
import errno
import functools
import itertools
import os
import sys
import threading
import weakref
from ctypes import byref
from operator import attrgetter

from ._base import CommandError, Error, c, check, closed, error_of, raw

_handles = weakref.WeakSet()
# as c.xnvme_queue_cb, with addresses, which can be the keys of a dict
_RECORD = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_void_p)


def at_once(results, function, *arguments):
    """Call a function of `raw` and append its result, without a bytecode between"""
    results.extend(itertools.starmap(function, (arguments,)))


def users(owned, thread=None):
    """The running functions that use a device or queue, of all threads or of one, innermost first.
    Each assigns it to its local `using` before it calls use() or claim()."""
    found = []
    for ident, frame in sys._current_frames().items():
        while frame and thread in (None, ident):
            # f_locals is a copy that keeps its values alive: read it only where necessary
            if "using" in frame.f_code.co_varnames and \
                    frame.f_globals.get("__package__") == __package__ and \
                    frame.f_locals.get("using") is owned:
                found.append(frame.f_code.co_name)
            frame = frame.f_back
    return found


def raise_first(errors):
    """Raise the first of the errors, if any, with the others chained as its context"""
    if not errors:
        return
    seen, last = set(), None
    for error in errors:
        if last is not None and id(error) not in seen:
            last.__context__ = error
        while error is not None and id(error) not in seen:
            seen.add(id(error))
            last, error = error, error.__context__
    try:
        raise errors[0]
    finally:
        del error, last, seen, errors[:]  # avoid a cycle: errors refer to frames


class Handle:
    """An open device, for any thread"""

    def __init__(self):
        self.opened, self.ended = [], []  # what the library returned
        self.lock, self.closing = threading.RLock(), False
        self.dropped = False
        self.left = False  # must not be closed: the parent owns it, or the interpreter exits
        self.queues, self.memory = set(), set()
        self.contexts = []  # weak references; cleared of the handle when it is closed

    def open(self, uri, opts):
        _handles.add(self)
        at_once(self.opened, raw.xnvme_dev_open, uri, byref(opts))
        if not self.dev:
            raise error_of(-ctypes.get_errno())
        closed.discard(ctypes.addressof(self.dev.contents))

    @property
    def dev(self):
        return self.opened[0] if self.opened and self.opened[0] and not self.ended else None

    def use(self):
        """The device, for a function whose local `using` is this handle"""
        if self.closing:
            with self.lock:  # wait until finish() has decided
                self.closing = False
        dev = self.dev
        if not dev:
            raise ValueError("the device is closed")
        return dev

    def add_context(self, ctx):
        with self.lock:
            self.contexts = [ref for ref in self.contexts if ref() is not None] + \
                [weakref.ref(ctx)]

    def close(self):
        if not self.dev:
            return
        if any(users(owned) for owned in (self, *self.queues)):
            raise Error(errno.EBUSY, "the device is in use, by another thread or by the poke or "
                        "drain that runs this callback: close it afterwards")
        errors = []
        for owned in [*self.queues, *self.memory]:
            try:
                owned.close()
            except BaseException as err:  # from a callback: close the others too
                errors.append(err)
        if not self.finish(True) and not errors:
            errors.append(Error(errno.EBUSY, "another thread uses the device meanwhile"))
        raise_first(errors)

    def forgotten(self):
        return self.dev and not self.left

    def drop(self):
        """As close(), after the last reference is gone; resources still in use delay it"""
        if not self.forgotten():
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
        raise_first(errors)

    def finish(self, now=False):
        """Close an unused device, if it was dropped or `now`; returns whether it is closed"""
        if not (now or self.dropped):
            return False
        with self.lock:
            self.closing = True
            if self.dev and not (self.queues or self.memory or users(self)):
                for ref in self.contexts:
                    if ref() is not None:
                        ref().dev = None
                closed.add(ctypes.addressof(self.dev.contents))
                at_once(self.ended, raw.xnvme_dev_close, self.dev)
            self.closing = False
        return not self.dev


class Memory:
    """Zeroed memory for a device"""

    def __init__(self, handle):
        self.handle, self.array, self.view = handle, None, None
        self.allocated, self.freed = [], []  # what the library returned
        self.reference = lambda: None  # a weak reference to the array
        self.queues = set()  # queues that had commands with it
        self.dropped = False

    def open(self, nbytes):
        using = self.handle
        dev = using.use()
        using.memory.add(self)
        at_once(self.allocated, raw.xnvme_buf_alloc, dev, nbytes)
        if not self.address:
            raise error_of(-ctypes.get_errno())
        ctypes.memset(self.address, 0, nbytes)
        array = _array_class(nbytes).from_address(self.address)
        array.end = self.free
        self.reference, self.array = weakref.ref(array), array
        self.view = memoryview(array).cast("B")

    @property
    def address(self):
        return self.allocated[0] if self.allocated and not self.freed else None

    def close(self):
        advice = "is in use: delete what was made of it first, or copy with bytes()"
        array = None if self.dropped else self.reference()
        if array is None:
            if self.reference() is not None:
                raise BufferError(f"a slice of the view of the buffer {advice}")
            self.free()
            return
        self.array, array = array, None
        busy = sum(entry[0] is self.array for queue in self.queues
                   for entry in [*queue.waiting.values()])
        if busy:
            raise BufferError(f"{busy} outstanding commands use the buffer: drain their queue "
                              "first")
        try:
            self.view.release()
        except BufferError:
            raise BufferError(f"the view of the buffer {advice}") from None
        # Freed here and not by a finalizer, which would swallow an interrupt
        self.array.end, self.array = int, None
        self.array = self.reference()
        if self.array is not None:
            self.array.end = self.free
            self.view = memoryview(self.array).cast("B")
            raise BufferError(f"a slice of the view of the buffer {advice}")
        self.free()

    def forgotten(self):
        return False

    def drop(self):
        self.dropped = True
        array = self.array or self.reference()
        if array is None:
            self.free()
        else:
            array.end = self.free
        self.array = self.view = None

    def free(self):
        """Called when the array is destroyed"""
        if self.address and not self.handle.left:
            at_once(self.freed, raw.xnvme_buf_free, self.handle.dev, self.address)
        self.freed.append(None)
        self.handle.memory.discard(self)
        self.handle.finish()


@functools.lru_cache(maxsize=64)
def _array_class(nbytes):
    # `end` is called when the array is destroyed
    return type("Bytes", (ctypes.c_char * nbytes,), {"__del__": property(attrgetter("end"))})


class Commands:
    """A queue, for one thread at a time: claim() rejects a second one"""

    def __init__(self, handle):
        self.handle, self.pointer = handle, ctypes.POINTER(c.xnvme_queue)()
        self.made, self.ended = [], []  # what the library returned
        self.lock, self.owner, self.granted = threading.RLock(), None, None
        self.closing = False
        self.contexts, self.free = {}, []  # by address; addresses of free ones, and perhaps of others
        self.waiting = {}  # address of the context -> array of its buffer, and the callback
        self.complete = {}  # addresses of complete contexts whose callbacks have not run
        self.trying = None  # the context that submit() or take() works on
        self.raised = []

    def open(self, capacity, opts):
        using = self.handle
        dev = using.use()
        using.queues.add(self)
        at_once(self.made, raw.xnvme_queue_init, dev, capacity, opts, byref(self.pointer))
        check(self.made[0])
        self.callback = _RECORD(self.complete.setdefault)
        raw.xnvme_queue_set_cb(self.pointer, ctypes.cast(self.callback, c.xnvme_queue_cb), None)
        while True:
            ctx = raw.xnvme_queue_get_cmd_ctx(self.pointer)
            if not ctx:
                break
            self.contexts[ctypes.addressof(ctx.contents)] = ctx

    @property
    def queue(self):
        return self.pointer if self.made and not self.made[0] and not self.ended else None

    def claim(self):
        """The queue, for a function whose local `using` is this object"""
        thread = threading.get_ident()
        if self.owner != thread:
            with self.lock:
                self.owner = None  # makes the last granted thread wait for the lock
                if self.granted not in (None, thread) and users(self, self.granted):
                    raise Error(errno.EBUSY, "another thread uses the queue: one thread at a time "
                                "may")
                self.granted = thread
                self.owner = thread
        if not self.pointer or self.ended:
            raise ValueError("the queue is closed")
        if self.trying is not None:
            self.settle()
        return self.pointer

    def settle(self):
        """Repair the state after an interrupt in submit() or take(): the library counts the
        outstanding commands, so a command that is not among them was not submitted"""
        if {"submit", "take"}.intersection(users(self, threading.get_ident())[1:]):
            raise Error(errno.EBUSY, "this signal handler interrupted a use of the queue: "
                        "use it afterwards")
        known = raw.xnvme_queue_get_outstanding(self.pointer) + \
            sum(key in self.waiting for key in self.complete)
        if known < len(self.waiting):
            self.waiting.pop(self.trying, None)
        self.trying = None

    def outstanding(self):
        using = self
        using.claim()
        return len(self.waiting)

    def context(self):
        """The address of a free context: the last of the list"""
        while True:
            if not self.free:
                self.free = [key for key in self.contexts if key not in self.waiting]
            if not self.free:
                raise Error(errno.EBUSY, "the queue is full: poke or drain it")
            key = self.free[-1]
            if key not in self.waiting:
                return key
            del self.free[-1]

    def submit(self, call, nsid, slba, nlb, memory, done):
        using = self
        using.claim()
        if self.closing:
            raise ValueError("the queue is about to be closed: no more commands")
        memory.queues.add(self)
        entry, found = (memory.array, done), None
        if entry[0] is None:
            raise ValueError("the buffer is closed")
        while found is not entry:  # repeats only if a signal handler submitted meanwhile
            key = self.context()
            self.trying = key
            found = self.waiting.setdefault(key, entry)
        if key in self.complete:
            del self.complete[key]
        err = call(self.contexts[key], nsid, slba, nlb, memory.address, None)
        if err:
            del self.waiting[key]
        self.trying = None
        if err:
            raise error_of(err)

    def take(self, key):
        """Remove a complete command; returns its callback and outcome"""
        using = self  # noqa: F841 read by settle()
        self.trying, taken = key, None
        entry = self.waiting.get(key)
        if entry is None:
            self.complete.pop(key, None)
        elif key in self.complete:  # else a poke in a callback took it
            cpl = self.contexts[key].contents.cpl
            status, result = cpl.status, cpl.result
            failed = status.sct or status.sc
            taken = entry[1], CommandError(status.sct, status.sc, result) if failed else result
            self.free.append(key)
            del self.waiting[key]
            del self.complete[key]
        self.trying = None
        return taken

    def run(self):
        """Run the callbacks of complete commands; returns their number. Exceptions are raised
        afterwards, except for KeyboardInterrupt and SystemExit, which are raised at once."""
        count = 0
        for key in [*self.complete]:
            taken = self.take(key)
            if taken:
                count += 1
                try:
                    done, outcome = taken
                    if done:
                        done(outcome)
                    elif isinstance(outcome, CommandError):
                        raise outcome
                except Exception as err:
                    self.raised.append(err)
        return count

    def finish(self, count, err):
        if self.raised:
            err = self.raised[0]
            try:
                raise err
            finally:
                del self.raised[:1]
        check(err)
        return count

    def poke(self, limit):
        using = self
        err = raw.xnvme_queue_poke(using.claim(), limit)
        return self.finish(self.run(), err)

    def drain(self):
        using = self
        queue, count = using.claim(), 0
        while True:
            err = raw.xnvme_queue_drain(queue)
            count += self.run()
            if err < 0 or not raw.xnvme_queue_get_outstanding(queue):
                return self.finish(count, err)

    def close(self):
        using, errors = self, []
        if not self.queue:
            self.forget()
            return
        queue = using.claim()
        if len(users(self, threading.get_ident())) > 1:
            raise Error(errno.EBUSY, "the queue is in use by the poke or drain that runs this "
                        "callback: close it afterwards")
        self.closing = True  # commands from its last callbacks would never complete
        while True:
            try:
                raw.xnvme_queue_drain(queue)
                self.run()
                break
            except BaseException as err:  # from a callback, or an interrupt: first free the queue
                errors.append(err)
        at_once(self.ended, raw.xnvme_queue_term, queue)
        self.forget()
        errors += self.raised
        raise_first(errors)
        check(self.ended[0])

    def forget(self):
        self.waiting.clear()  # a child after fork() runs no callbacks
        self.handle.queues.discard(self)
        self.handle.finish()

    def forgotten(self):
        # not in its own close(): a callback may drop the last reference
        return self.queue and not self.handle.left and not users(self)

    def drop(self):
        if self.forgotten() or not self.queue:
            self.close()


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
