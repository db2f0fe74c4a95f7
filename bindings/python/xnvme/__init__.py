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

from ._base import CommandError, Error, c, check, error_of, lib
from ._fields import number
from ._owned import Commands, Handle, Memory

QUEUE_OPTS = c.XNVME_QUEUE_IOPOLL | c.XNVME_QUEUE_SQPOLL
U16, U32, U64 = (1 << 16) - 1, (1 << 32) - 1, (1 << 64) - 1


def _options(options):
    opts = c.xnvme_opts()
    lib.xnvme_opts_set_defaults(byref(opts))
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
    found, opts = [], _options(options)

    def each(dev, _):
        found.append(_copy(c.xnvme_ident, lib.xnvme_dev_get_ident(dev)))
        return c.XNVME_ENUMERATE_DEV_CLOSE

    check(lib.xnvme_enumerate(None, byref(opts), c.xnvme_enumerate_cb(each), None))
    return found


def _nlb(nbytes, block):
    """The number of blocks in `nbytes`, zero-based as in a command"""
    if not block or nbytes == 0 or nbytes % block:
        raise ValueError(f"{nbytes} bytes are not a number of blocks of {block} bytes")
    if nbytes // block > 65536:
        raise ValueError(f"{nbytes // block} blocks in one command; at most 65536")
    return nbytes // block - 1


class _Owner:
    """Base of the user's objects: closed once, by close(), `with` or garbage collection"""

    __slots__ = ("_owned", "__weakref__")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def __reduce__(self):
        raise TypeError(f"a {type(self).__name__} belongs to its process and cannot be copied: "
                        "open another one")

    def _warn(self):
        warnings.warn(f"a {type(self).__name__} was dropped without close()", ResourceWarning,
                      stacklevel=3)


class Buffer(_Owner):
    """Zeroed memory for I/O with the device; `view` is a memoryview of it"""

    __slots__ = ("_dev", "_nbytes")

    def __init__(self, dev, nbytes):
        self._owned = None
        self._dev, self._nbytes = _device(dev), number("nbytes", nbytes, 1, (1 << 63) - 1)
        self._owned = Memory(dev._owned, self.nbytes)

    def __del__(self):
        if getattr(self, "_owned", None):
            self._owned.drop()

    def close(self):
        """Free the memory. Raises BufferError while a command or a slice of the view uses it."""
        if self._owned:
            self._owned.close()

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
        self._owned = None
        uri = os.fsencode(uri)
        if b"\0" in uri:
            raise ValueError(f"the URI is {uri!r}: a text without NUL bytes is expected")
        self._owned = Handle(uri, _options(options))

    def __del__(self):
        owned = getattr(self, "_owned", None)
        if owned and owned.dev and not owned.left:
            try:
                self._warn()  # it raises where warnings are errors
            finally:
                owned.drop()

    def close(self):
        """Close the device, its queues and its buffers. Raises an error while it is in use: by
        another thread, by the poke() or drain() that runs the calling callback, or by slices of a
        buffer's view."""
        self._owned.close()

    def _ask(self, kind, call):
        with self._owned as dev:
            return _copy(kind, call(dev))

    @property
    def ident(self):
        return self._ask(c.xnvme_ident, lib.xnvme_dev_get_ident)

    @property
    def geo(self):
        return self._ask(c.xnvme_geo, lib.xnvme_dev_get_geo)

    @property
    def opts(self):
        """The selected paths: a dictionary of their names"""
        names = ("be", "dev", "mem", "sync", "async", "admin")
        with self._owned as dev:
            opts = lib.xnvme_dev_get_opts(dev).contents
            return {name: (getattr(opts, name) or b"").decode() for name in names}

    @property
    def nsid(self):
        with self._owned as dev:
            return lib.xnvme_dev_get_nsid(dev)

    @property
    def block_nbytes(self):
        with self._owned as dev:
            return lib.xnvme_dev_get_geo(dev).contents.lba_nbytes

    def controller(self):
        """Identify Controller"""
        return self._ask(c.xnvme_spec_idfy_ctrlr, lib.xnvme_dev_get_ctrlr)

    def namespace(self):
        """Identify Namespace"""
        return self._ask(c.xnvme_spec_idfy_ns, lib.xnvme_dev_get_ns)

    def buffer(self, nbytes):
        return Buffer(self, nbytes)

    def queue(self, depth, opts=0):
        return Queue(self, depth, opts)

    def context(self):
        """A context for synchronous commands through xnvme.lib, which rejects it after the device
        is closed"""
        with self._owned as dev:
            ctx = c.xnvme_cmd_ctx(dev=dev, opts=c.XNVME_CMD_SYNC)
            self._owned.add_context(ctx)
            return ctx

    def read(self, slba, nblocks=1):
        """Read `nblocks` blocks from `slba` on; returns bytes"""
        slba, nblocks = number("slba", slba, 0, U64), number("nblocks", nblocks, 1, U16 + 1)
        block = self.block_nbytes
        nlb = _nlb(nblocks * block, block)
        with self._owned, self.buffer(nblocks * block) as buf:
            ctx = self.context()
            check(lib.xnvme_nvm_read(byref(ctx), self.nsid, slba, nlb, buf.address, None), ctx)
            return bytes(buf.view)

    def write(self, slba, data):
        """Write whole blocks from `slba` on; `data` is bytes or any contiguous buffer"""
        slba, data = number("slba", slba, 0, U64), memoryview(data).cast("B")
        nlb = _nlb(data.nbytes, self.block_nbytes)
        with self._owned, self.buffer(data.nbytes) as buf:
            ctx = self.context()
            buf.view[:] = data
            check(lib.xnvme_nvm_write(byref(ctx), self.nsid, slba, nlb, buf.address, None), ctx)

    def flush(self):
        with self._owned:
            ctx = self.context()
            ctx.cmd.common.opcode = c.XNVME_SPEC_NVM_OPC_FLUSH
            ctx.cmd.common.nsid = self.nsid
            check(lib.xnvme_cmd_pass(byref(ctx), None, 0, None, 0), ctx)

    def log(self, lid, nbytes, lsp=0, offset=0, nsid=c.XNVME_SPEC_NSID_ALL):
        """Read `nbytes` bytes of log page `lid`"""
        lid, lsp = number("lid", lid, 0, 255), number("lsp", lsp, 0, 255)
        offset, nsid = number("offset", offset, 0, U64), number("nsid", nsid, 0, U32)
        with self._owned, self.buffer(number("nbytes", nbytes, 1, U32)) as buf:
            ctx = self.context()
            check(lib.xnvme_adm_log(byref(ctx), lid, lsp, offset, nsid, 0, buf.address, nbytes),
                  ctx)
            return bytes(buf.view)

    def health(self):
        """SMART / Health Information"""
        kind = c.xnvme_spec_log_health_entry
        return kind.from_buffer_copy(self.log(c.XNVME_SPEC_LOG_HEALTH, ctypes.sizeof(kind)))

    def zones(self, slba=0, limit=0):
        """Zone descriptors (c.xnvme_spec_znd_descr) from the zone of `slba` on"""
        slba, limit = number("slba", slba, 0, U64), number("limit", limit, 0, U32)
        with self._owned as dev:
            report = lib.xnvme_znd_report_from_dev(dev, slba, limit, 0)
        if not report:
            raise error_of(-ctypes.get_errno())
        try:
            base = ctypes.addressof(report.contents) + c.xnvme_znd_report.storage.offset
            return [_copy(c.xnvme_spec_znd_descr, base + i * report.contents.zrent_nbytes)
                    for i in range(report.contents.nentries)]
        finally:
            lib.xnvme_buf_virt_free(report)


class Queue(_Owner):
    """Asynchronous commands, up to `depth` in flight; callbacks run in poke() and drain()"""

    __slots__ = ("_dev",)

    def __init__(self, dev, depth, opts=0):
        self._owned = None
        self._dev = _device(dev)
        self._owned = Commands(dev._owned, number("depth", depth, 1, U16),
                               number("opts", opts, 0, QUEUE_OPTS))

    def __del__(self):
        owned = getattr(self, "_owned", None)
        # not while it is closing: a callback may hold the last reference
        if owned and owned.queue and not owned.closing and not owned.handle.left:
            try:
                self._warn()
            finally:
                owned.close()

    def close(self):
        """Wait for outstanding commands, then free the queue. Raises an error in its callbacks."""
        self._owned.close()

    def _submit(self, call, slba, buf, done):
        if not isinstance(buf, Buffer):
            raise TypeError(f"the buffer is a {type(buf).__name__}: expected one of "
                            "Device.buffer()")
        if done is not None and not callable(done):
            raise TypeError(f"the callback is {done!r}: expected a function of one argument, or "
                            "None")
        slba, memory = number("slba", slba, 0, U64), buf._memory()
        with self._dev._owned as dev:
            nsid = lib.xnvme_dev_get_nsid(dev)
            nlb = _nlb(buf.nbytes, lib.xnvme_dev_get_geo(dev).contents.lba_nbytes)
        self._owned.submit(lambda ctx: call(ctx, nsid, slba, nlb, memory.address, None), memory,
                           done)

    def read(self, slba, buf, done=None):
        """Read into `buf`. `done` is called with the result or a CommandError; without `done`,
        poke() or drain() raises the CommandError."""
        self._submit(lib.xnvme_nvm_read, slba, buf, done)

    def write(self, slba, buf, done=None):
        """Write from `buf`; see read()"""
        self._submit(lib.xnvme_nvm_write, slba, buf, done)

    @property
    def outstanding(self):
        with self._owned as queue:
            return lib.xnvme_queue_get_outstanding(queue)

    def poke(self, limit=0):
        """Complete at most `limit` commands (0: all that are ready); returns their number"""
        return self._owned.reap(lib.xnvme_queue_poke, number("limit", limit, 0, U32))

    def drain(self):
        """Wait for all outstanding commands; returns their number"""
        return self._owned.reap(lib.xnvme_queue_drain)


def _device(dev):
    if not isinstance(dev, Device):
        raise TypeError(f"the device is a {type(dev).__name__}: expected a Device")
    return dev


def version():
    return lib.xnvme_ver_major(), lib.xnvme_ver_minor(), lib.xnvme_ver_patch()


__all__ = ["Buffer", "CommandError", "Device", "Error", "Queue", "c", "enumerate", "lib",
           "version"]
