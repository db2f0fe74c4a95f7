#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Defects of the tools of xNVMe 0.7.5, see defects.h."""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "cli"))
import harness  # noqa: E402, pylint: disable=wrong-import-position
from harness import VIRT, run  # noqa: E402, pylint: disable=wrong-import-position


class Defects(harness.Case):
    def test_x06_a_drained_queue_is_no_error(self):
        """X06: drain returns a count, and tools treat it as an error. Here they handle it."""
        for uri in (self.file, "64MiB", VIRT):
            self.expect(run("xnvme_single_async", uri), 0)
        out = self.path("out")
        for line in (f"xnvme_file dump-async {out} --data-nbytes 65536 --iosize 4096",
                     f"xnvme_file load-async {out} --iosize 4096",
                     f"xnvme_file copy-async {out} {self.path('copy')} --iosize 4096",
                     f"xdd async --data-input {out} --data-output {self.path('dd')} "
                     "--data-nbytes 65536"):
            with self.subTest(line):
                result = self.expect(run(*line.split()), 0)
                self.assertNotIn("ERR", result.out + result.err)

    def test_x22_an_unknown_page_is_not_a_lack_of_permission(self):
        """X22: an unknown identify page is "Operation not permitted". Here it is Invalid Field."""
        for uri in (self.file, "64MiB", VIRT):
            result = self.expect(run("xnvme", "idfy", uri, "--cns", "3f"), 1,
                                 r"errno: -5\b", r"# WHY: .")
            self.assertNotIn("Operation not permitted", result.out + result.err)

    def test_x33_what_failed_exits_1(self):
        """X33: tools exit 0 after failures. Here 1 after a failure, 2 for an invalid command line;
        see also tests/cli."""
        for line in ("xnvme feature-get {virt} --fid be", "xnvme feature-get {file} --fid be",
                     "xnvmeperf run {empty} --iopattern read --qdepth 1 --iosize 512 --runtime 1",
                     "xnvme_single_async_efd read {missing}",
                     "xnvme_file dump-async-iovec {missing}/x --data-nbytes 4096",
                     "xnvme_file dump-async-iovec /dev/full --data-nbytes 4096"):
            line = line.format(virt=VIRT, file=self.file, empty=self.path("empty"),
                               missing=self.path("missing"))
            with open(self.path("empty"), "wb"):
                pass
            with self.subTest(line):
                self.expect(run(*line.split()), 1, r"errno: -\d+")


if __name__ == "__main__":
    harness.main()
