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

The C interface itself is in xnvme.c: its structures, constants and functions, generated from the
headers when the bindings are built. The library is taken from the path in the environment variable
XNVME_LIBRARY, else from where it was installed, else found by the usual rules of the system.

One thread uses a queue at a time; a device may be used by any. Addresses are in blocks, sizes in
bytes unless a name says otherwise; a number of blocks is what it says, not zero-based.
"""

import ctypes
import os
from ctypes import byref, memmove

from . import _c as c
from . import _library


def _load():
    path = os.environ.get("XNVME_LIBRARY")
    if not path:
        # by its full name: a library of another version has other structures
        path = os.path.join(_library.FOLDER, _library.SONAME)
        path = path if os.path.exists(path) else _library.SONAME
    try:
        return c.bind(ctypes.CDLL(path, use_errno=True))
    except OSError as err:
        raise ImportError(f"the library xnvme cannot be loaded ({err}); install it, or set "
                          f"XNVME_LIBRARY to the path of {_library.SONAME}") from err


lib = _load()


class Error(OSError):
    """A call could not start; str() says why and what would help"""


class CommandError(Error):
    """A command started and ended with an error; `sct` and `sc` are its status"""

    def __init__(self, sct, sc, result):
        self.sct, self.sc, self.result = sct, sc, result
        if sct == c.XNVME_STATUS_CODE_TYPE_VENDOR:  # the host's own: an errno
            super().__init__(sc, os.strerror(sc))
        else:
            text = lib.xnvme_spec_sc_str(sct << 8 | sc).decode()
            super().__init__(5, f"{text} (status type {sct:#x}, code {sc:#x})")


def _error(err):
    text = lib.xnvme_err_text().decode()
    return Error(-err, text or os.strerror(-err))


def _check(err, ctx=None):
    if err < 0:
        status = ctx.cpl.status if ctx is not None else None
        if status is not None and (status.sct or status.sc):
            raise CommandError(status.sct, status.sc, ctx.cpl.result)
        raise _error(err)


def _options(options):
    opts = c.xnvme_opts()
    lib.xnvme_opts_set_defaults(byref(opts))
    known = {name for name, *_ in c.xnvme_opts._fields_}
    for name, value in options.items():
        if name not in known:
            raise TypeError(f"no option '{name}'; there are {', '.join(sorted(known))}")
        setattr(opts, name, value.encode() if isinstance(value, str) else value)
    return opts


def _copy(kind, source):
    """The caller's own copy of what the library lends; None when it has nothing to lend"""
    if not source:
        return None
    out = kind()
    memmove(byref(out), source, ctypes.sizeof(kind))
    return out


def enumerate(**options):  # noqa: A001 the library's word for it
    """Identities (c.xnvme_ident) of the devices that can be opened"""
    found, opts = [], _options(options)

    def each(dev, _):
        found.append(_copy(c.xnvme_ident, lib.xnvme_dev_get_ident(dev)))
        return c.XNVME_ENUMERATE_DEV_CLOSE

    _check(lib.xnvme_enumerate(None, byref(opts), c.xnvme_enumerate_cb(each), None))
    return found


class Buffer:
    """Memory that the device can reach, cleared; `view` is a memoryview of it"""

    def __init__(self, dev, nbytes):
        self._dev, self.nbytes = dev, nbytes
        self.address = lib.xnvme_buf_alloc(dev._handle(), nbytes)
        if not self.address:
            raise _error(-ctypes.get_errno())
        ctypes.memset(self.address, 0, nbytes)
        self._array = (ctypes.c_char * nbytes).from_address(self.address)
        self.view = memoryview(self._array).cast("B")
        dev._buffers.add(self)

    def close(self):
        if self.address:
            self.view.release()
            self._array = None
            lib.xnvme_buf_free(self._dev._handle(), self.address)
            self.address = None
            self._dev._buffers.discard(self)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


class Device:
    """An open device; `options` are the fields of struct xnvme_opts"""

    def __init__(self, uri, **options):
        self._buffers, self._queues = set(), set()
        self._dev = None
        opts = _options(options)
        self._dev = lib.xnvme_dev_open(uri.encode(), byref(opts))
        if not self._dev:
            raise _error(-ctypes.get_errno())

    def _handle(self):
        if not self._dev:
            raise ValueError("the device is closed")
        return self._dev

    def close(self):
        """Close the device, its queues and its buffers"""
        if self._dev:
            for queue in list(self._queues):
                queue.close()
            for buf in list(self._buffers):
                buf.close()
            lib.xnvme_dev_close(self._dev)
            self._dev = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    @property
    def ident(self):
        return _copy(c.xnvme_ident, lib.xnvme_dev_get_ident(self._handle()))

    @property
    def geo(self):
        return _copy(c.xnvme_geo, lib.xnvme_dev_get_geo(self._handle()))

    @property
    def opts(self):
        """What was chosen: the names of the paths, as text"""
        opts = lib.xnvme_dev_get_opts(self._handle()).contents
        names = ("be", "dev", "mem", "sync", "async", "admin")
        return {name: (getattr(opts, name) or b"").decode() for name in names}

    @property
    def nsid(self):
        return lib.xnvme_dev_get_nsid(self._handle())

    @property
    def block_nbytes(self):
        return lib.xnvme_dev_get_geo(self._handle()).contents.lba_nbytes

    def controller(self):
        """Identify Controller"""
        return _copy(c.xnvme_spec_idfy_ctrlr, lib.xnvme_dev_get_ctrlr(self._handle()))

    def namespace(self):
        """Identify Namespace"""
        return _copy(c.xnvme_spec_idfy_ns, lib.xnvme_dev_get_ns(self._handle()))

    def buffer(self, nbytes):
        return Buffer(self, nbytes)

    def queue(self, depth, opts=0):
        return Queue(self, depth, opts)

    def context(self):
        """A context for synchronous commands, for use with xnvme.lib"""
        return c.xnvme_cmd_ctx(dev=self._handle(), opts=c.XNVME_CMD_SYNC)

    def _nlb(self, nbytes):
        block = self.block_nbytes
        if not block or nbytes == 0 or nbytes % block:
            raise ValueError(f"{nbytes} bytes are not a number of blocks of {block} bytes")
        if nbytes // block > 65536:
            raise ValueError(f"{nbytes // block} blocks in one command; at most 65536")
        return nbytes // block - 1

    def read(self, slba, nblocks=1):
        """Bytes of `nblocks` blocks from `slba` on"""
        nlb = self._nlb(nblocks * self.block_nbytes)
        ctx = self.context()
        with self.buffer(nblocks * self.block_nbytes) as buf:
            _check(lib.xnvme_nvm_read(byref(ctx), self.nsid, slba, nlb, buf.address, None), ctx)
            return bytes(buf.view)

    def write(self, slba, data):
        """Write whole blocks from `slba` on"""
        nlb = self._nlb(len(data))
        ctx = self.context()
        with self.buffer(len(data)) as buf:
            buf.view[:] = data
            _check(lib.xnvme_nvm_write(byref(ctx), self.nsid, slba, nlb, buf.address, None), ctx)

    def flush(self):
        ctx = self.context()
        ctx.cmd.common.opcode = c.XNVME_SPEC_NVM_OPC_FLUSH
        ctx.cmd.common.nsid = self.nsid
        _check(lib.xnvme_cmd_pass(byref(ctx), None, 0, None, 0), ctx)

    def log(self, lid, nbytes, lsp=0, offset=0, nsid=c.XNVME_SPEC_NSID_ALL):
        """Bytes of a log page"""
        ctx = self.context()
        with self.buffer(nbytes) as buf:
            _check(lib.xnvme_adm_log(byref(ctx), lid, lsp, offset, nsid, 0, buf.address, nbytes),
                   ctx)
            return bytes(buf.view)

    def health(self):
        """SMART / Health Information"""
        kind = c.xnvme_spec_log_health_entry
        return kind.from_buffer_copy(self.log(c.XNVME_SPEC_LOG_HEALTH, ctypes.sizeof(kind)))

    def zones(self, slba=0, limit=0):
        """Zone descriptors (c.xnvme_spec_znd_descr) from the zone of `slba` on"""
        report = lib.xnvme_znd_report_from_dev(self._handle(), slba, limit, 0)
        if not report:
            raise _error(-ctypes.get_errno())
        try:
            base = ctypes.addressof(report.contents) + c.xnvme_znd_report.storage.offset
            return [_copy(c.xnvme_spec_znd_descr, base + i * report.contents.zrent_nbytes)
                    for i in range(report.contents.nentries)]
        finally:
            lib.xnvme_buf_virt_free(report)


class Queue:
    """Asynchronous commands, up to `depth` at a time; callbacks run in poke() and drain()"""

    def __init__(self, dev, depth, opts=0):
        queue = ctypes.POINTER(c.xnvme_queue)()
        self._dev, self._queue, self._raised = dev, None, []
        self._waiting = {}  # address of the context -> what it keeps alive, and whom to tell
        _check(lib.xnvme_queue_init(dev._handle(), depth, opts, byref(queue)))
        self._queue = queue
        self._callback = c.xnvme_queue_cb(self._complete)
        _check(lib.xnvme_queue_set_cb(queue, self._callback, None))
        dev._queues.add(self)

    def close(self):
        """Wait for what is outstanding, then take the queue down"""
        if self._queue:
            try:
                self.drain()
            finally:
                _check(lib.xnvme_queue_term(self._queue))
                self._queue = None
                self._dev._queues.discard(self)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def _complete(self, ctx, _):
        _, done = self._waiting.pop(ctypes.addressof(ctx.contents))
        status, result = ctx.contents.cpl.status, ctx.contents.cpl.result
        failed = status.sct or status.sc
        outcome = CommandError(status.sct, status.sc, result) if failed else result
        lib.xnvme_queue_put_cmd_ctx(self._queue, ctx)
        try:
            if done:
                done(outcome)
            elif failed:
                raise outcome
        except BaseException as err:  # it may not pass through the library: poke() raises it
            self._raised.append(err)

    def _submit(self, call, buf, done):
        ctx = lib.xnvme_queue_get_cmd_ctx(self._queue)
        if not ctx:
            raise _error(-ctypes.get_errno())
        key = ctypes.addressof(ctx.contents)
        self._waiting[key] = (buf, done)
        err = call(ctx)
        if err:
            del self._waiting[key]
            lib.xnvme_queue_put_cmd_ctx(self._queue, ctx)
            raise _error(err)

    def read(self, slba, buf, done=None):
        """Fill `buf`; `done` gets the result, or a CommandError, which without it is raised by
        poke() or drain()"""
        nlb = self._dev._nlb(buf.nbytes)
        self._submit(lambda ctx: lib.xnvme_nvm_read(ctx, self._dev.nsid, slba, nlb, buf.address,
                                                    None), buf, done)

    def write(self, slba, buf, done=None):
        """Write `buf`; see read()"""
        nlb = self._dev._nlb(buf.nbytes)
        self._submit(lambda ctx: lib.xnvme_nvm_write(ctx, self._dev.nsid, slba, nlb, buf.address,
                                                     None), buf, done)

    @property
    def outstanding(self):
        return lib.xnvme_queue_get_outstanding(self._queue)

    def _reaped(self, count):
        if self._raised:
            raise self._raised.pop(0)
        _check(count)
        return count

    def poke(self, limit=0):
        """Complete at most `limit` commands (0: all that are ready); how many"""
        return self._reaped(lib.xnvme_queue_poke(self._queue, limit))

    def drain(self):
        """Complete all that are outstanding; how many"""
        return self._reaped(lib.xnvme_queue_drain(self._queue))


def version():
    return lib.xnvme_ver_major(), lib.xnvme_ver_minor(), lib.xnvme_ver_patch()


__all__ = ["Buffer", "CommandError", "Device", "Error", "Queue", "c", "enumerate", "lib",
           "version"]
