# SPDX-License-Identifier: BSD-3-Clause
"""
The Python bindings: layouts against those that the C tests assert, and I/O to a ramdisk and a file.

Usage: test_xnvme.py SOURCE_FOLDER (with PYTHONPATH and XNVME_LIBRARY set)
"""

import ctypes
import multiprocessing
import os
import re
import sys
import tempfile
import unittest

import xnvme
from xnvme import c

SOURCE = sys.argv.pop(1)


class Layout(unittest.TestCase):
    def test_sizes(self):
        self.assertGreater(len(c.SIZES), 140)
        for name, nbytes in c.SIZES.items():
            self.assertEqual(ctypes.sizeof(getattr(c, name)), nbytes, name)

    def test_offsets(self):
        seen, record = 0, None
        with open(os.path.join(SOURCE, "ci/abi.txt"), encoding="utf-8") as stream:
            for line in stream:
                head = re.match(r"(?:struct|union) (\w+): ", line)
                record = head[1] if head else record if line.startswith("\t") else None
                row = re.fullmatch(r"\t(\w+): (\d+), \d+ bytes\n", line)  # no bit-fields
                if record and row and hasattr(c, record):
                    at = getattr(getattr(c, record), row[1]).offset
                    self.assertEqual(at, int(row[2]), f"{record}.{row[1]}")
                    seen += 1
        self.assertGreater(seen, 900)

    def test_bit_fields(self):
        cmd = c.xnvme_spec_cmd()
        cmd.nvm.prinfo = 0xf
        self.assertEqual(cmd.cdw[12], 0xf << 26)
        cmd.znd.append.prinfo = 1
        self.assertEqual(cmd.cdw[12], 1 << 26)


class Io(unittest.TestCase):
    def setUp(self):
        self.dev = xnvme.Device("1MiB")
        self.block = self.dev.block_nbytes

    def tearDown(self):
        self.dev.close()

    def test_identity(self):
        self.assertEqual(self.dev.ident.uri, b"1MiB")
        self.assertEqual(self.dev.geo.tbytes, 1 << 20)
        self.assertEqual(self.dev.namespace().nsze * self.block, 1 << 20)
        self.assertTrue(self.dev.opts["sync"])
        self.assertEqual(len(xnvme.version()), 3)

    def test_write_and_read(self):
        data = os.urandom(4 * self.block)
        self.dev.write(8, data)
        self.dev.flush()
        self.assertEqual(self.dev.read(8, 4), data)
        self.assertEqual(self.dev.read(9), data[self.block:2 * self.block])

    def test_queue(self):
        data = [os.urandom(self.block) for _ in range(64)]
        done = []
        with self.dev.queue(16) as queue:
            bufs = [self.dev.buffer(self.block) for _ in data]
            for slba, buf in enumerate(bufs):
                buf.view[:] = data[slba]
                while queue.outstanding == 16:
                    queue.poke()
                queue.write(slba, buf, done.append)
            queue.drain()
            self.assertEqual(queue.outstanding, 0)
            self.assertEqual(len(done), 64)
            for slba, buf in enumerate(bufs[:16]):
                buf.view[:] = bytes(self.block)
                queue.read(slba, buf)
            self.assertEqual(queue.drain(), 16)
            self.assertEqual([bytes(buf.view) for buf in bufs[:16]], data[:16])

    def in_a_child(self, work):
        pid = os.fork()
        if not pid:
            os._exit(work())
        self.assertEqual(os.waitpid(pid, 0)[1], 0)

    def test_fork(self):
        """The device refuses all calls in a child, whose exit does not affect the parent"""
        for uri in ("1MiB", "virt:null,size=1MiB", "pci-virt:null,size=1MiB"):
            dev = xnvme.Device(uri)
            queue = dev.queue(4)
            buf = dev.buffer(dev.block_nbytes)

            def work():
                try:
                    dev.read(0)
                except xnvme.Error as error:
                    queue.close()
                    dev.close()
                    return "forked" not in str(error)
                return 1

            dev.write(0, b"x" * dev.block_nbytes)
            self.in_a_child(work)
            process = multiprocessing.get_context("fork").Process(target=work)
            process.start()
            process.join()
            self.assertEqual(process.exitcode, 0)
            queue.read(0, buf)
            self.assertEqual(queue.drain(), 1)
            self.assertEqual(bytes(buf.view), b"x" * dev.block_nbytes)
            buf.close()
            queue.close()
            dev.close()

    def test_a_full_queue_refuses(self):
        with self.dev.queue(2) as queue, self.dev.buffer(self.block) as buf:
            queue.read(0, buf)
            queue.read(1, buf)
            with self.assertRaises(xnvme.Error):
                queue.read(2, buf)
            self.assertEqual(queue.drain(), 2)

    def test_errors(self):
        with self.assertRaises(xnvme.CommandError) as caught:
            self.dev.read(1 << 40)
        self.assertEqual((caught.exception.sct, caught.exception.sc), (0, 0x80))
        self.assertIn("LBA Out of Range", str(caught.exception))
        with self.assertRaises(xnvme.Error):
            xnvme.Device("/no/such/folder/file")
        with self.assertRaises(TypeError):
            xnvme.Device("1MiB", colour="blue")
        with self.assertRaises(ValueError):
            self.dev.write(0, b"x")
        self.dev.close()
        with self.assertRaises(ValueError):
            self.dev.read(0)

    def test_errors_of_a_queue(self):
        outcomes = []
        with self.dev.queue(4) as queue, self.dev.buffer(self.block) as buf:
            queue.read(1 << 40, buf, outcomes.append)
            queue.drain()
            self.assertIsInstance(outcomes[0], xnvme.CommandError)
            queue.read(1 << 40, buf)
            with self.assertRaises(xnvme.CommandError):
                queue.drain()
            queue.read(0, buf, lambda result: 1 // 0)
            with self.assertRaises(ZeroDivisionError):
                queue.drain()
            self.assertEqual(queue.outstanding, 0)

    def test_file(self):
        with tempfile.NamedTemporaryFile() as file:
            file.truncate(1 << 20)
            with xnvme.Device(file.name) as dev:
                dev.write(1, b"a" * dev.block_nbytes)
                file.seek(dev.block_nbytes)
                self.assertEqual(file.read(3), b"aaa")

    def test_enumerate(self):
        for ident in xnvme.enumerate():
            self.assertTrue(ident.uri)


if __name__ == "__main__":
    unittest.main()
