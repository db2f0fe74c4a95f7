# SPDX-License-Identifier: BSD-3-Clause
"""
Common mistakes in Python: each raises an exception or is corrected; none causes a crash, a hang, a
leak, or a silently ignored value. Tests that could crash run in a child process.

Usage: test_mistakes.py (with PYTHONPATH and XNVME_LIBRARY set)
"""

import atexit
import copy
import ctypes
import gc
import os
import pickle
import sys
import tempfile
import threading
import traceback
import unittest
import warnings
import weakref
from unittest import mock

import xnvme
from xnvme import c

URIS = (("1MiB", {"async": "thrpool"}), ("1MiB", {"async": "emu"}), ("virt:null,size=16MiB", {}),
        ("pci-virt:null,size=16MiB", {}))
START = """
dev = xnvme.Device({uri!r}, **{options!r})
queue, buf = dev.queue(8), dev.buffer(dev.block_nbytes)
"""


def refused(call, *kinds):
    try:
        value = call()
    except kinds or (ValueError,):
        return
    raise AssertionError(f"accepted: {value}")


def child(uri, options, code):
    names = {"xnvme": xnvme, "gc": gc, "ctypes": ctypes, "refused": refused}
    warnings.simplefilter("ignore", ResourceWarning)
    try:
        # only `names` may refer to the device: some of `code` drops it
        exec(START.format(uri=uri, options=options) + code, names)
    except BaseException:
        traceback.print_exc(file=sys.stdout)
    atexit._run_exitfuncs()
    sys.stdout.flush()


def run(uri, options, code):
    """Runs `code` with dev, queue and buf open; returns its output, or "signal N" if it crashed"""
    with tempfile.TemporaryFile("w+") as output:
        pid = os.fork()
        if not pid:
            os.dup2(output.fileno(), 1)
            os.dup2(output.fileno(), 2)
            child(uri, options, code)
            os._exit(0)
        status = os.waitpid(pid, 0)[1]
        output.seek(0)
        return f"signal {os.WTERMSIG(status)}" if os.WIFSIGNALED(status) else output.read()


def descriptors():
    return len(os.listdir("/proc/self/fd"))


class Crashes(unittest.TestCase):
    def each(self, code, expected="ok\n"):
        for uri, options in URIS:
            with self.subTest(uri=uri, options=options):
                self.assertEqual(run(uri, options, code), expected)

    def test_use_after_close(self):
        uses = ("queue.outstanding", "queue.poke()", "queue.drain()", "queue.read(0, buf)",
                "queue.write(0, buf)", "queue.close()")
        for close in "queue.close()", "dev.close()":
            checks = "".join(f"refused(lambda: {use})\n" for use in uses[:-1])
            self.each(f"{close}\n{checks}queue.close()\nprint('ok')")
        uses = ("dev.ident", "dev.geo", "dev.opts", "dev.nsid", "dev.block_nbytes",
                "dev.controller()", "dev.namespace()", "dev.buffer(512)", "dev.queue(4)",
                "dev.context()", "dev.read(0)", "dev.write(0, bytes(512))", "dev.flush()",
                "dev.log(2, 512)", "dev.health()", "dev.zones()", "buf.view", "buf.address",
                "view[0]")
        self.each("view = buf.view\ndev.close()\n" +
                  "".join(f"refused(lambda: {use})\n" for use in uses) +
                  "dev.close()\nbuf.close()\nprint('ok')")

    def test_a_closed_buffer_in_a_command(self):
        self.each("buf.close()\nrefused(lambda: queue.read(0, buf))\n"
                  "refused(lambda: queue.write(0, buf))\nprint(queue.drain() or 'ok')")

    def test_a_context_of_a_closed_device(self):
        self.each("""
ctx = dev.context()
pointer, copied = ctypes.pointer(ctx), type(ctx).from_buffer_copy(ctx)
copies = (type(ctx) * 2)(copied)
for argument in ctx, ctypes.byref(ctx), pointer, copied, copies:
    assert xnvme.lib.xnvme_nvm_read(argument, 1, 0, 0, buf.address, None) == 0
dev.close()
null = None, type(pointer)()
for argument in null:
    refused(lambda: xnvme.lib.xnvme_cmd_ctx_clear(argument), ctypes.ArgumentError)
for argument in ctx, ctypes.byref(ctx), pointer, copied, ctypes.pointer(copied), copies, *null:
    refused(lambda: xnvme.lib.xnvme_nvm_read(argument, 1, 0, 0, None, None),
            ctypes.ArgumentError)
print("ok")""")

    def test_close_in_a_callback(self):
        for what in "queue", "dev":
            for how in "queue.poke()", "queue.drain()", "queue.close()", "dev.close()":
                self.each(f"""
count = []
def done(result):
    count.append(result)
    refused({what}.close, xnvme.Error)
for slba in range(8):
    queue.read(slba, buf, done)
while len(count) < 8:
    {how}
queue.close()
dev.close()
print("ok")""")

    def test_commands_without_end(self):
        """A callback that submits the next command must not block close() for ever"""
        self.each("""
def done(result):
    queue.read(0, buf, done)
queue.read(0, buf, done)
refused(queue.close)
dev.close()
print("ok")""")

    def test_a_buffer_that_a_command_uses(self):
        self.each("""
queue.read(0, buf)
refused(buf.close, BufferError)
memory = buf._owned
del buf
gc.collect()
assert memory.address, "freed, while a command uses it"
print("ok" if queue.drain() == 1 and not memory.address else "")
dev.close()""")

    def test_views_of_a_closed_buffer(self):
        self.each("""
pieces = buf.view[0:3], memoryview(buf.view), buf.view.cast("H")
pieces[0][:] = b"abc"
refused(buf.close, BufferError)
refused(dev.close, BufferError)
assert bytes(buf.view[:3]) == b"abc" and bytes(pieces[0]) == b"abc"
pieces = (ctypes.c_char * 3).from_buffer(buf.view)
refused(buf.close, BufferError)
refused(dev.close, BufferError)
del pieces
gc.collect()
buf.close()
dev.close()
print("ok")""")

    def test_views_outlive_what_was_dropped(self):
        self.each("""
piece = buf.view[:3]
piece[:] = b"abc"
del buf, queue, dev
gc.collect()
others = xnvme.Device("1MiB")
more = [others.buffer(4096) for _ in range(64)]
for other in more:
    other.view[:] = b"x" * 4096
print("ok" if bytes(piece) == b"abc" else bytes(piece))
others.close()""")

    def test_dropped_with_commands(self):
        """Callbacks of dropped queues run, also from a cycle of references"""
        self.each("""
done = []
def drop():
    dev = xnvme.Device("1MiB", **{"async": "thrpool"})
    queue, buf = dev.queue(4), dev.buffer(dev.block_nbytes)
    for slba in range(4):
        queue.read(slba, buf, lambda result: done.append((result, queue, buf, dev)[0]))
drop()
gc.collect()
print("ok" if len(done) == 4 else done)
dev.close()""")

    def test_the_end_of_the_interpreter(self):
        self.each("queue.read(0, buf, lambda result: print('ok'))\npiece = buf.view[:3]\n")


class Interrupts(unittest.TestCase):
    def use(self, uri, options):
        """A bit of everything"""
        with xnvme.Device(uri, **options) as dev, dev.queue(2) as queue, \
                dev.buffer(dev.block_nbytes) as buf:
            xnvme.lib.xnvme_nvm_read(dev.context(), 1, 0, 0, buf.address, None)
            dev.read(0)
            try:
                for slba in range(3):
                    queue.read(slba, buf)
                    queue.outstanding
            except xnvme.Error:  # it is full
                queue.poke()
            queue.drain()

    def at_step(self, at, work, act):
        """Run work(), and act() before bytecode `at` of the package; returns whether act() ran"""
        left = at

        def trace(frame, event, _):
            nonlocal left
            if frame.f_globals.get("__package__") != "xnvme":
                return None
            frame.f_trace_opcodes = True
            left -= event == "opcode"
            if left < 0:
                sys.settrace(None)
                act()
            return trace

        sys._getframe().f_trace_opcodes = True  # Python 3.12 looks for one when tracing starts
        sys.settrace(trace)
        try:
            work()
        finally:
            sys.settrace(None)
        return left < 0

    def each_step(self, work, check, stride=1):
        """Interrupt work() before each bytecode, or before one of `stride`"""
        def act():
            raise KeyboardInterrupt

        lost = []
        with warnings.catch_warnings(), mock.patch("sys.unraisablehook", lost.append):
            warnings.simplefilter("ignore", ResourceWarning)
            for at in range(0, 100000, stride):
                try:
                    if not self.at_step(at, work, act):
                        self.assertGreater(at, 500)
                        break
                    self.fail(f"step {at}: no exception")
                except KeyboardInterrupt:
                    pass
                check(at)
        self.assertFalse(lost)

    def test_everything_is_closed(self):
        """At one of seven bytecodes: all of them took 29 s"""
        def check(at):
            if any(owned.dev for owned in xnvme._owned._handles):
                gc.collect()
            self.assertFalse([owned for owned in xnvme._owned._handles if owned.dev], at)

        for uri, options in (("1MiB", {"async": "emu"}), ("virt:null,size=1MiB", {})):
            before = descriptors()
            self.each_step(lambda: self.use(uri, options), check, 7)
            self.assertEqual(descriptors(), before)

    def test_the_queue_goes_on(self):
        for uri, options in (("1MiB", {"async": "emu"}), ("virt:null,size=1MiB", {})):
            with xnvme.Device(uri, **options) as dev, dev.queue(2) as queue, \
                    dev.buffer(dev.block_nbytes) as buf:
                begun, ended = [], []

                def work():
                    for slba in range(2):
                        begun.append(slba)
                        queue.read(slba, buf, ended.append)
                    queue.poke()
                    queue.drain()
                    begun.append(3)
                    queue.read(0, buf, lambda _: (ended.append(0), queue.poke()))
                    queue.drain()

                def check(at):
                    queue.drain()
                    self.assertEqual(queue.outstanding, 0, at)
                    # one may be interrupted before its submission or at the start of its callback
                    self.assertIn(len(begun) - len(ended), (0, 1), at)
                    for kept in range(2):
                        self.assertFalse(queue._owned.closing)
                        queue.read(kept, buf)
                    self.assertRaises(xnvme.Error, queue.read, 0, buf)
                    self.assertEqual(queue.drain(), 2, at)
                    begun.clear()
                    ended.clear()

                self.each_step(work, check)

    def test_signals(self):
        """At any time, also while the library calls back"""
        for uri, options in URIS:
            with self.subTest(uri=uri, options=options):
                self.assertEqual(run(uri, options, """
import signal, time
def handler(*_):
    raise KeyboardInterrupt
def work():
    while True:
        while queue.outstanding < 8:
            queue.read(0, buf, lambda result: None)
        queue.poke()
signal.signal(signal.SIGALRM, handler)
count, end = 0, time.monotonic() + .4
while time.monotonic() < end:
    try:
        signal.setitimer(signal.ITIMER_REAL, .0003)
        work()
    except KeyboardInterrupt:
        count += 1
assert count > 10, count
signal.signal(signal.SIGALRM, signal.SIG_DFL)  # ends a drain() that does not return
signal.alarm(20)
queue.drain()
assert queue.outstanding == 0
buf.close()
queue.close()
dev.close()
print("ok")"""), "ok\n")

    def test_a_handler_that_uses_the_queue(self):
        """It is rejected or works; the state stays consistent"""
        with xnvme.Device("1MiB", **{"async": "emu"}) as dev, dev.queue(4) as queue, \
                dev.buffer(dev.block_nbytes) as buf:
            outcomes, at = set(), 0

            def handler():
                for use in lambda: queue.read(1, buf), queue.poke:
                    try:
                        use()
                        outcomes.add("done")
                    except xnvme.Error:
                        outcomes.add("refused")

            while self.at_step(at, lambda: (queue.read(0, buf), queue.poke()), handler):
                queue.drain()
                self.assertEqual(queue._owned.waiting, {}, at)
                at += 1
            self.assertGreater(at, 200)
            self.assertEqual(outcomes, {"done", "refused"})


class Leaks(unittest.TestCase):
    def test_dropped_without_close(self):
        def drop(uri, options):
            dev = xnvme.Device(uri, **options)
            queue, buf = dev.queue(4), dev.buffer(dev.block_nbytes)
            return weakref.ref(dev._owned), queue.outstanding, buf.view[0]

        with tempfile.NamedTemporaryFile() as file:
            file.truncate(1 << 20)
            for uri, options in (*URIS, (file.name, {"async": "thrpool"})):
                with self.assertWarns(ResourceWarning):
                    drop(uri, options)
                before = descriptors()
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore", ResourceWarning)
                    for _ in range(4):
                        owned, *_ = drop(uri, options)
                self.assertEqual(descriptors(), before, uri)
                self.assertIsNone(owned(), uri)

    def test_dropped_where_warnings_are_errors(self):
        dev = xnvme.Device("1MiB")
        owned, raised = dev._owned, []
        with warnings.catch_warnings(), mock.patch("sys.unraisablehook", raised.append):
            warnings.simplefilter("error")
            del dev
        self.assertIsNone(owned.dev)
        self.assertEqual(len(raised), 1)

    def test_dropped_while_the_device_is_open(self):
        with xnvme.Device("1MiB") as dev, warnings.catch_warnings():
            warnings.simplefilter("ignore", ResourceWarning)
            for _ in range(3):
                dev.queue(4).read(0, dev.buffer(dev.block_nbytes))
            self.assertFalse(dev._owned.memory)
            self.assertFalse(dev._owned.queues)

    def test_the_end_of_a_child(self):
        """Whatever a child drops, closes or leaves open stays open in the parent"""
        dev = xnvme.Device("virt:null,size=1MiB")
        queue, buf = dev.queue(4), dev.buffer(dev.block_nbytes)
        queue.read(0, buf)
        piece = buf.view[:3]
        for end in ("pass", "del queue, buf, dev, piece",  # its commands complete in the parent
                    "refused(queue.close, xnvme.Error); del piece; buf.close(); dev.close()"):
            pid = os.fork()
            if not pid:
                names = {"xnvme": xnvme, "refused": refused, "queue": queue, "buf": buf,
                         "dev": dev, "piece": piece}
                del queue, buf, dev, piece
                try:
                    exec(end, names)
                    names.clear()
                    gc.collect()
                    atexit._run_exitfuncs()
                except BaseException:
                    traceback.print_exc()
                    os._exit(1)
                os._exit(0)
            self.assertEqual(os.waitpid(pid, 0)[1], 0, end)
        self.assertEqual(queue.drain(), 1)
        del piece
        dev.close()

    def test_a_failed_open(self):
        before = descriptors()
        for _ in range(3):
            with self.assertRaises(xnvme.Error):
                xnvme.Device("/no/such/folder/file")
        self.assertEqual(descriptors(), before)


class Values(unittest.TestCase):
    def setUp(self):
        self.dev = xnvme.Device("1MiB", **{"async": "thrpool"})
        self.block = self.dev.block_nbytes

    def tearDown(self):
        self.dev.close()

    def refuse(self, kind, calls):
        for at, call in enumerate(calls):
            with self.subTest(call=at), self.assertRaises(kind):
                call()

    def test_fields_that_do_not_exist(self):
        tried = 0
        for kind in vars(c).values():
            if isinstance(kind, type) and issubclass(kind, (c.Structure, c.Union)):
                for record in kind(), c.POINTER(kind)():
                    with self.assertRaises(AttributeError, msg=kind.__name__):
                        record.no_such_field = 1
                    tried += 1
        self.assertGreater(tried, 400)
        for record in self.dev, self.dev.buffer(1):
            with self.assertRaises(AttributeError):
                record.no_such_field = 1
        with self.dev.queue(1) as queue, self.assertRaises(AttributeError):
            queue.no_such_field = 1
        with self.assertRaises(AttributeError):
            c.xnvme_opts(nsidd=1)

    def test_numbers_that_do_not_fit(self):
        cmd = c.xnvme_spec_cmd()
        for record, field, bits in ((cmd.common, "opcode", 8), (cmd.nvm, "nlb", 16),
                                    (cmd.nvm, "slba", 64), (cmd.nvm, "prinfo", 4),
                                    (c.xnvme_opts(), "nsid", 32)):
            setattr(record, field, (1 << bits) - 1)
            for value in (-1, 1 << bits):
                with self.assertRaises(ValueError):
                    setattr(record, field, value)
            for value in ("1", 1.5, None, b"1"):
                with self.assertRaises(TypeError):
                    setattr(record, field, value)
            self.assertEqual(getattr(record, field), (1 << bits) - 1)

    def test_items_of_arrays(self):
        cmd = c.xnvme_spec_cmd()
        for value in (-1, 1 << 32):
            self.refuse(ValueError, [lambda: cmd.cdw.__setitem__(1, value),
                                     lambda: cmd.cdw.__setitem__(slice(0, 2), [0, value]),
                                     lambda: setattr(cmd, "cdw", (0, value))])
        with self.assertRaises(AttributeError):
            cmd.cdw.no_such_field = 1
        self.assertEqual(list(cmd.cdw), [0] * 16)
        cmd.cdw = tuple(range(16))
        cmd.cdw[2:4] = [7, 8]
        self.assertEqual(list(cmd.cdw)[:6], [0, 1, 7, 8, 4, 5])
        cmd.cdw = (ctypes.c_uint32 * 16)(9)
        self.assertEqual(list(cmd.cdw), [9] + [0] * 15)

    def test_arguments_of_the_c_interface(self):
        ctx = self.dev.context()
        with self.dev.buffer(self.block) as buf:
            for nsid, slba, nlb in ((-1, 0, 0), (1, 1 << 64, 0), (1, 0, 1 << 16), (1, 0, None),
                                    ("1", 0, 0)):
                with self.assertRaises(ctypes.ArgumentError):
                    xnvme.lib.xnvme_nvm_read(ctx, nsid, slba, nlb, buf.address, None)
            slba = ctypes.c_uint64(1)
            self.assertEqual(
                xnvme.lib.xnvme_nvm_read(ctx, self.dev.nsid, slba, 0, buf.address, None), 0)

    def test_options(self):
        self.refuse(TypeError, [lambda: xnvme.Device("1MiB", be=5),
                                lambda: xnvme.Device("1MiB", nsid="1"),
                                lambda: xnvme.Device("1MiB", asink="emu"),
                                lambda: xnvme.enumerate(be=5),
                                lambda: xnvme.Device(None), lambda: xnvme.Device(5)])
        self.refuse(ValueError, [lambda: xnvme.Device("1MiB", nsid=-1),
                                 lambda: xnvme.Device("1MiB", nsid=1 << 32),
                                 lambda: xnvme.Device("1MiB", rdonly=256),
                                 lambda: xnvme.Device("1MiB", **{"async": "emu\0x"}),
                                 lambda: xnvme.Device("1MiB\0x")])

    def test_arguments(self):
        dev, data = self.dev, bytes(self.block)
        with dev.queue(4) as queue, dev.buffer(self.block) as buf:
            self.refuse(ValueError, [
                lambda: dev.read(-1), lambda: dev.read(1 << 64), lambda: dev.read(0, 0),
                lambda: dev.read(0, -1), lambda: dev.read(0, 65537), lambda: dev.write(-1, data),
                lambda: dev.write(0, data[1:]), lambda: dev.write(0, b""),
                lambda: dev.log(258, 512), lambda: dev.log(2, -1), lambda: dev.log(2, 1 << 32),
                lambda: dev.log(2, 512, offset=-1), lambda: dev.zones(-1),
                lambda: dev.zones(0, -1), lambda: dev.buffer(0), lambda: dev.buffer(-1),
                lambda: dev.buffer(1 << 64), lambda: dev.queue(0), lambda: dev.queue(-4),
                lambda: dev.queue(65540), lambda: dev.queue(4, 1 << 16), lambda: queue.poke(-1),
                lambda: queue.poke(1 << 32), lambda: queue.read(-1, buf),
                lambda: queue.write(1 << 64, buf)])
            self.refuse(TypeError, [
                lambda: dev.read("0"), lambda: dev.read(0.5), lambda: dev.read(None),
                lambda: dev.write(0, "x" * self.block), lambda: dev.write(0, None),
                lambda: dev.buffer("512"), lambda: dev.queue(None), lambda: queue.poke(None),
                lambda: queue.read(0, data), lambda: queue.read(0, None),
                lambda: queue.write(0, bytearray(data)), lambda: queue.read(0, buf, 5),
                lambda: xnvme.Buffer(None, 1), lambda: xnvme.Queue("1MiB", 1)])
            self.assertEqual(queue.outstanding, 0)
            self.refuse(xnvme.Error, [lambda: dev.buffer(1 << 62), lambda: dev.queue(3),
                                      lambda: dev.queue(8192)])

    def test_data_of_wide_items(self):
        data = memoryview(bytes(range(256)) * (self.block // 256)).cast("I")
        self.dev.write(0, data)
        self.assertEqual(self.dev.read(0), data.tobytes())

    def test_copies(self):
        with self.dev.queue(1) as queue, self.dev.buffer(1) as buf:
            for thing in self.dev, queue, buf:
                for way in copy.copy, copy.deepcopy, pickle.dumps:
                    self.assertRaises(TypeError, way, thing)

    def test_an_error_goes_to_another_process(self):
        with self.assertRaises(xnvme.CommandError) as caught:
            self.dev.read(1 << 40)
        error = pickle.loads(pickle.dumps(caught.exception))
        self.assertEqual((type(error), error.sc, str(error)),
                         (xnvme.CommandError, 0x80, str(caught.exception)))

    def test_errors_of_callbacks_at_close(self):
        queue, buf = self.dev.queue(4), self.dev.buffer(self.block)
        errors = [ZeroDivisionError("first"), KeyError("second")]

        def fail(_):
            raise errors[len(raised) - 1]

        raised = []
        for slba in range(2):
            queue.read(slba, buf, lambda result: (raised.append(result), fail(result)))
        with self.assertRaises(ZeroDivisionError) as caught:
            queue.close()
        self.assertIs(caught.exception.__context__, errors[1])

    def test_a_second_thread(self):
        queue, buf = self.dev.queue(4), self.dev.buffer(self.block)
        outcomes = []

        def other():
            for call in queue.poke, queue.drain, queue.close, self.dev.close, \
                    lambda: queue.read(0, buf):
                try:
                    outcomes.append(call())
                except xnvme.Error as error:
                    outcomes.append(type(error))

        def done(_):
            thread = threading.Thread(target=other)
            thread.start()
            thread.join()

        queue.read(0, buf, done)
        queue.drain()
        self.assertEqual(outcomes, [xnvme.Error] * 5)
        self.assertEqual(queue.outstanding, 0)
        queue.close()

    def test_close_during_a_call(self):
        with mock.patch("xnvme.check", lambda *_: refused(self.dev.close, xnvme.Error)):
            self.assertEqual(self.dev.read(0), bytes(self.block))  # as during read() of another thread
        self.assertEqual(self.dev.read(0), bytes(self.block))


if __name__ == "__main__":
    unittest.main()
