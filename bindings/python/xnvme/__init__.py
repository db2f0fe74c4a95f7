# SPDX-License-Identifier: BSD-3-Clause
"""
NVMe over any I/O path, from Python.

    import xnvme

    with xnvme.Device("/dev/ng0n1") as dev:
        print(dev.geo.nsect, bytes(dev.controller().mn))
        dev.write(0, b"x" * dev.block_nbytes)
        with dev.queue(32) as queue, dev.buffer(8 * dev.block_nbytes) as buf:
            done = []
            queue.read(0, buf, done.append)
            queue.drain()

xnvme.c is the C interface itself: its structures, constants and functions, generated from the
headers when the bindings are built. The library is loaded from the path in the environment variable
XNVME_LIBRARY, else from its installation folder, else by the search rules of the system.

A queue may be used by one thread at a time, a device by any number of threads. Addresses are in
blocks; sizes are in bytes unless the name has another unit; a number of blocks is one-based.
"""

import ctypes
import os
import warnings
from ctypes import byref, memmove
from functools import partial
from operator import attrgetter

from ._base import CommandError, Error, c, check, error_of, lib, raw  # noqa: F401
from ._fields import number
from ._owned import Commands, Handle, Memory, at_once

QUEUE_OPTS = c.XNVME_QUEUE_IOPOLL | c.XNVME_QUEUE_SQPOLL
U16, U32, U64 = (1 << 16) - 1, (1 << 32) - 1, (1 << 64) - 1


def _options(options):
    opts = c.xnvme_opts()
    raw.xnvme_opts_set_defaults(byref(opts))
    known = {name for name, *_ in c.xnvme_opts._fields_}
    for name, value in options.items():
        if name not in known:
            raise TypeError(f"no option '{name}'; there are {', '.join(sorted(known))}")
        setattr(opts, name, os.fsencode(value) if isinstance(value, str) else value)
    return opts


def _copy(kind, source):
    """A copy, owned by the caller, of a structure of the library; None if `source` is NULL"""
    if not source:
        return None
    out = kind()
    memmove(byref(out), source, ctypes.sizeof(kind))
    return out


def enumerate(**options):  # noqa: A001 the library's name
    """Identities (c.xnvme_ident) of the devices that can be opened"""
    from concurrent.futures import ThreadPoolExecutor

    opts = _options(options)
    with ThreadPoolExecutor(1) as thread:  # no signal interrupts the callback there
        return thread.submit(_enumerate, opts).result()


def _enumerate(opts):
    found = []

    def each(dev, _):
        found.append(_copy(c.xnvme_ident, raw.xnvme_dev_get_ident(dev)))
        return c.XNVME_ENUMERATE_DEV_CLOSE

    check(raw.xnvme_enumerate(None, byref(opts), c.xnvme_enumerate_cb(each), None))
    return found


def _nlb(nbytes, block):
    """The number of blocks in `nbytes`, zero-based as in a command"""
    if not block or nbytes == 0 or nbytes % block:
        raise ValueError(f"{nbytes} bytes are not a number of blocks of {block} bytes")
    if nbytes // block > 65536:
        raise ValueError(f"{nbytes // block} blocks in one command; at most 65536")
    return nbytes // block - 1


def _dropped(owned, name):
    """The finalizer of an object that was not closed; it raises where warnings are errors"""
    try:
        if owned.forgotten():
            warnings.warn(f"a {name} was dropped without close()", ResourceWarning, stacklevel=2)
    finally:
        owned.drop()


class _Owner:
    """Base of the user's objects: closed once, by close(), `with` or garbage collection"""

    __slots__ = ("_owned", "_end", "__weakref__")
    # Not a method: a closed object runs no Python code here, which would swallow an interrupt
    __del__ = property(attrgetter("_end"))

    def __new__(cls, *_, **__):
        self = super().__new__(cls)
        self._owned, self._end = None, int  # int() does nothing
        return self

    def _own(self, owned, *arguments):
        """Store the owned object, then open it: an interrupt between cannot leak it"""
        self._owned = owned
        self._end = partial(_dropped, owned, type(self).__name__)
        try:
            owned.open(*arguments)
        except BaseException:
            owned.drop()
            raise

    def __enter__(self):
        return self

    def __exit__(self, kind, *_):
        try:
            self.close()
        except (BufferError, KeyboardInterrupt) as err:
            interrupted = isinstance(err, KeyboardInterrupt)
            if kind or interrupted:
                self._owned.drop()  # memory exists as long as commands and views refer to it
            if interrupted or not kind:
                raise

    def close(self):
        if self._owned:
            self._owned.close()
        self._end = int

    def __reduce__(self):
        raise TypeError(f"a {type(self).__name__} belongs to its process and cannot be copied: "
                        "open another one")


class Buffer(_Owner):
    """Zeroed memory for I/O with the device; `view` is a memoryview of it"""

    __slots__ = ("_dev", "_nbytes")

    def __init__(self, dev, nbytes):
        self._dev, self._nbytes = _device(dev), number("nbytes", nbytes, 1, (1 << 63) - 1)
        self._own(Memory(dev._owned), self._nbytes)

    def close(self):
        """Free the memory. Raises BufferError while a command or a slice of the view uses it."""
        super().close()

    def _memory(self):
        if self._owned.array is None:
            raise ValueError("the buffer is closed")
        return self._owned

    @property
    def nbytes(self):
        return self._nbytes

    @property
    def address(self):
        return self._memory().address

    @property
    def view(self):
        return self._memory().view


class Device(_Owner):
    """An open device; `options` are the fields of struct xnvme_opts"""

    __slots__ = ()

    def __init__(self, uri, **options):
        uri = os.fsencode(uri)
        if b"\0" in uri:
            raise ValueError(f"the URI is {uri!r}: a text without NUL bytes is expected")
        self._own(Handle(), uri, _options(options))

    def close(self):
        """Close the device, its queues and its buffers. Raises an error while it is in use: by
        another thread, by the poke() or drain() that runs the calling callback, or by slices of a
        buffer's view."""
        super().close()

    def _ask(self, kind, call):
        using = self._owned
        return _copy(kind, call(using.use()))

    @property
    def ident(self):
        return self._ask(c.xnvme_ident, raw.xnvme_dev_get_ident)

    @property
    def geo(self):
        return self._ask(c.xnvme_geo, raw.xnvme_dev_get_geo)

    @property
    def opts(self):
        """The selected paths: a dictionary of their names"""
        names = ("be", "dev", "mem", "sync", "async", "admin")
        using = self._owned
        opts = raw.xnvme_dev_get_opts(using.use()).contents
        return {name: (getattr(opts, name) or b"").decode() for name in names}

    @property
    def nsid(self):
        using = self._owned
        return raw.xnvme_dev_get_nsid(using.use())

    @property
    def block_nbytes(self):
        using = self._owned
        return raw.xnvme_dev_get_geo(using.use()).contents.lba_nbytes

    def controller(self):
        """Identify Controller"""
        return self._ask(c.xnvme_spec_idfy_ctrlr, raw.xnvme_dev_get_ctrlr)

    def namespace(self):
        """Identify Namespace"""
        return self._ask(c.xnvme_spec_idfy_ns, raw.xnvme_dev_get_ns)

    def buffer(self, nbytes):
        return Buffer(self, nbytes)

    def queue(self, depth, opts=0):
        return Queue(self, depth, opts)

    def context(self):
        """A context for synchronous commands through xnvme.lib, which rejects it after the device
        is closed"""
        using = self._owned
        ctx = c.xnvme_cmd_ctx(dev=using.use(), opts=c.XNVME_CMD_SYNC)
        using.add_context(ctx)
        return ctx

    def read(self, slba, nblocks=1):
        """Read `nblocks` blocks from `slba` on; returns bytes"""
        slba, nblocks = number("slba", slba, 0, U64), number("nblocks", nblocks, 1, U16 + 1)
        block = self.block_nbytes
        nlb = _nlb(nblocks * block, block)
        using = self._owned
        using.use()
        with self.buffer(nblocks * block) as buf:
            ctx = self.context()
            check(raw.xnvme_nvm_read(byref(ctx), self.nsid, slba, nlb, buf.address, None), ctx)
            return bytes(buf.view)

    def write(self, slba, data):
        """Write whole blocks from `slba` on; `data` is bytes or any contiguous buffer"""
        slba, data = number("slba", slba, 0, U64), memoryview(data).cast("B")
        nlb = _nlb(data.nbytes, self.block_nbytes)
        using = self._owned
        using.use()
        with self.buffer(data.nbytes) as buf:
            ctx = self.context()
            buf.view[:] = data
            check(raw.xnvme_nvm_write(byref(ctx), self.nsid, slba, nlb, buf.address, None), ctx)

    def flush(self):
        using = self._owned
        using.use()
        ctx = self.context()
        ctx.cmd.common.opcode = c.XNVME_SPEC_NVM_OPC_FLUSH
        ctx.cmd.common.nsid = self.nsid
        check(raw.xnvme_cmd_pass(byref(ctx), None, 0, None, 0), ctx)

    def log(self, lid, nbytes, lsp=0, offset=0, nsid=c.XNVME_SPEC_NSID_ALL):
        """Read `nbytes` bytes of log page `lid`"""
        lid, lsp = number("lid", lid, 0, 255), number("lsp", lsp, 0, 255)
        offset, nsid = number("offset", offset, 0, U64), number("nsid", nsid, 0, U32)
        using = self._owned
        using.use()
        with self.buffer(number("nbytes", nbytes, 1, U32)) as buf:
            ctx = self.context()
            check(raw.xnvme_adm_log(byref(ctx), lid, lsp, offset, nsid, 0, buf.address, nbytes),
                  ctx)
            return bytes(buf.view)

    def health(self):
        """SMART / Health Information"""
        kind = c.xnvme_spec_log_health_entry
        return kind.from_buffer_copy(self.log(c.XNVME_SPEC_LOG_HEALTH, ctypes.sizeof(kind)))

    def zones(self, slba=0, limit=0):
        """Zone descriptors (c.xnvme_spec_znd_descr) from the zone of `slba` on"""
        slba, limit = number("slba", slba, 0, U64), number("limit", limit, 0, U32)
        using, reports = self._owned, []
        try:
            at_once(reports, raw.xnvme_znd_report_from_dev, using.use(), slba, limit, 0)
            report = reports[0]
            if not report:
                raise error_of(-ctypes.get_errno())
            base = ctypes.addressof(report.contents) + c.xnvme_znd_report.storage.offset
            return [_copy(c.xnvme_spec_znd_descr, base + i * report.contents.zrent_nbytes)
                    for i in range(report.contents.nentries)]
        finally:
            for report in reports:
                raw.xnvme_buf_virt_free(report)


class Queue(_Owner):
    """Asynchronous commands, up to `depth` in flight; callbacks run in poke() and drain()"""

    __slots__ = ("_dev",)

    def __init__(self, dev, depth, opts=0):
        self._dev = _device(dev)
        self._own(Commands(dev._owned), number("depth", depth, 1, U16),
                  number("opts", opts, 0, QUEUE_OPTS))

    def close(self):
        """Wait for outstanding commands, then free the queue. Raises an error in its callbacks."""
        super().close()

    def _submit(self, call, slba, buf, done):
        if not isinstance(buf, Buffer):
            raise TypeError(f"the buffer is a {type(buf).__name__}: expected one of "
                            "Device.buffer()")
        if done is not None and not callable(done):
            raise TypeError(f"the callback is {done!r}: expected a function of one argument, or "
                            "None")
        slba, memory = number("slba", slba, 0, U64), buf._memory()
        using = self._dev._owned
        dev = using.use()
        nsid = raw.xnvme_dev_get_nsid(dev)
        nlb = _nlb(buf._nbytes, raw.xnvme_dev_get_geo(dev).contents.lba_nbytes)
        self._owned.submit(call, nsid, slba, nlb, memory, done)

    def read(self, slba, buf, done=None):
        """Read into `buf`. `done` is called with the result or a CommandError; without `done`,
        poke() or drain() raises the CommandError."""
        self._submit(raw.xnvme_nvm_read, slba, buf, done)

    def write(self, slba, buf, done=None):
        """Write from `buf`; see read()"""
        self._submit(raw.xnvme_nvm_write, slba, buf, done)

    @property
    def outstanding(self):
        return self._owned.outstanding()

    def poke(self, limit=0):
        """Complete at most `limit` commands (0: all that are ready); returns their number"""
        return self._owned.poke(number("limit", limit, 0, U32))

    def drain(self):
        """Wait for all outstanding commands; returns their number"""
        return self._owned.drain()


def _device(dev):
    if not isinstance(dev, Device):
        raise TypeError(f"the device is a {type(dev).__name__}: expected a Device")
    return dev


def version():
    return raw.xnvme_ver_major(), raw.xnvme_ver_minor(), raw.xnvme_ver_patch()


__all__ = ["Buffer", "CommandError", "Device", "Error", "Queue", "c", "enumerate", "lib",
           "version"]
