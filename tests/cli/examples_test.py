#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""The examples run on every path of their documentation; progress bars appear only on terminals."""
import os
import pty
import re
import subprocess

import harness
from harness import VIRT, parse, run

ZONED = "virt:null,size=64MiB,kind=zns,zone=4MiB,zone_cap=3MiB,clock=virtual"


class Examples(harness.Case):
    def test_hello(self):
        for args in ([VIRT], ["hw", "64MiB"], [self.file]):
            self.expect(run("xnvme_hello", *args), 0, r"^xnvme_dev:\n  xnvme_ident:\n    uri: '")
        self.expect(run("xnvme_hello"), 2, "usage:")
        self.expect(run("xnvme_hello", "/nonexistent"), 1, "does not exist")

    def test_a_device_through_each_path(self):
        result = self.expect(run("xnvme_dev", "64MiB"), 0, r"name: 'thrpool', works: true",
                             r"name: 'libaio', works: false", r"libaio: .*cannot be used with it")
        self.assertRegex(result.out, r"^xnvme_dev:\n  xnvme_ident:")
        self.expect(run("xnvme_dev", "/nonexistent"), 1, r"^xnvme_dev: ~", "does not exist")
        self.expect(run("xnvme_dev"), 2, "usage:")

    def test_devices_of_this_machine_or_of_a_name(self):
        self.expect(run("xnvme_enum"), 0, r"(?m)^# \d+ devices$")
        self.expect(run("xnvme_enum", VIRT), 0, r"^xnvme_dev:", "# 1 devices")
        self.expect(run("xnvme_enum", "/dev/nonexistent"), 1, "no device '/dev/nonexistent'")

    def test_single_commands(self):
        for uri in (VIRT, "64MiB", self.file):
            self.expect(run("xnvme_single_sync", uri), 0, "completed command succesfully")
            self.expect(run("xnvme_single_async", uri), 0, "Command completed succesfully")
        self.expect(run("xnvme_single_sync", "/nonexistent"), 1, "does not exist")

    def test_a_file_descriptor_to_sleep_on_on_every_path(self):
        paths = parse(run("xnvme", "paths", self.file, "--output", "json"))["result"]
        works = [path["name"] for path in paths["xnvme_paths"]["async"] if path["works"]]
        self.assertIn("thrpool", works)
        for uri, names in ((self.file, works), ("64MiB", ["emu", "thrpool", "nil"]),
                           (VIRT, ["virt"]), ("virt:optane-p4800x,size=64MiB", ["virt"])):
            for name in names:
                for sub in ("read", "write"):
                    self.expect(run("xnvme_single_async_efd", sub, uri, "--async", name), 0,
                                r"cb_args: \{completed: 1, ecount: 0\}")

    def test_what_is_written_is_read_whatever_the_path(self):
        data = os.urandom(257 * 512)
        with open(self.path("in"), "wb") as file:
            file.write(data)
        for name in ("thrpool", "emu"):
            with open(self.file, "wb") as file:
                file.truncate(1 << 20)
            self.expect(run("xnvme_io_async", "write", self.file, "--slba", "5", "--elba", "105",
                            "--async", name, "--data-input", self.path("in")), 0,
                        r"cb_args: \{submitted: 257, completed: 257, ecount: 0\}")
            self.expect(run("xnvme_io_async", "read", self.file, "--slba", "5", "--elba", "105",
                            "--qdepth", 3, "--data-output", self.path("out")), 0)
            with open(self.path("out"), "rb") as file:
                self.assertEqual(file.read(), data)
        self.expect(run("xnvme_io_async", "read", self.file, "--slba", "9", "--elba", "8"), 2,
                    "not a range of blocks")

    def test_zones(self):
        if run("zoned", "info", ZONED).exit:
            self.skipTest(f"no {ZONED} in this build")
        for tool in ("zoned_io_async", "zoned_io_sync"):
            for sub in ("append", "write"):
                record = parse(self.expect(run(tool, sub, ZONED, "--output", "json"), 0))
                self.assertEqual(record["result"]["xnvme_spec_znd_descr"]["zs"],
                                 "ZND_STATE_EMPTY")
                self.assertIn("Wall-clock", record["result"])


class Progress(harness.Case):
    ARGS = ["run", "64MiB", "--iopattern", "read", "--qdepth", "4", "--iosize", "4096",
            "--runtime", "1"]

    def test_a_bar_on_a_terminal(self):
        reader, writer = pty.openpty()
        subprocess.run([os.path.join(harness.TOOLS_DIR, "xnvmeperf")] + self.ARGS, stderr=writer,
                       stdout=subprocess.DEVNULL, timeout=harness.TIMEOUT_S, check=True)
        os.close(writer)
        shown = b""
        while True:
            try:
                got = os.read(reader, 65536)
            except OSError:
                break
            if not got:
                break
            shown += got
        os.close(reader)
        percents = [int(part) for part in re.findall(rb"\] +(\d+)%", shown)]
        self.assertGreater(len(percents), 3)
        self.assertEqual(percents, sorted(percents))
        self.assertTrue(shown.endswith(b"\r\x1b[K"), shown[-20:])  # erased at the end

    def test_nothing_on_a_pipe(self):
        self.assertEqual(self.expect(run("xnvmeperf", *self.ARGS), 0).err, "")


if __name__ == "__main__":
    harness.main()
