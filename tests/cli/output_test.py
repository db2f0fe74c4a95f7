#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Every command on a file, a ramdisk and a virtual SSD: exit codes, shapes, transferred data."""
import errno
import json
import os
import pty
import resource
import signal
import subprocess
import sys
import time

import harness
from harness import VIRT, parse, run

ORACLE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../oracle/data")
SLOW = "virt:optane-p4800x,size=1GiB"
ZONES = ",kind=zns,zone=64MiB"

# command, the shape of its output (upstream's), on which devices: f file, r ramdisk, v virtual SSD
COMMANDS = [
    ("xnvme list", None, ""),
    ("xnvme enum", None, ""),
    ("xnvme scan", None, ""),
    ("xnvme library-info", "xnvme library-info", ""),
    ("xnvme info {uri}", "xnvme info", "frv"),
    ("xnvme idfy {uri} --cns 0x0", "xnvme idfy --cns 0x0", "frv"),
    ("xnvme idfy {uri} --cns 0x1", "xnvme idfy-ctrlr", "frv"),
    ("xnvme idfy {uri} --cns 0x2 --nsid 0", None, "frv"),
    ("xnvme idfy-ns {uri}", "xnvme idfy-ns", "frv"),
    ("xnvme idfy-ctrlr {uri}", "xnvme idfy-ctrlr", "frv"),
    ("xnvme idfy-cs {uri}", "xnvme idfy-cs", "frv"),
    ("xnvme log {uri} --lid 0x2 --data-nbytes 512 --nsid 0xFFFFFFFF", None, "frv"),
    ("xnvme log-erri {uri} --limit 1", "xnvme log-erri", "frv"),
    ("xnvme log-health {uri}", "xnvme log-health", "frv"),
    ("xnvme feature-get {uri} --fid 0x1", "xnvme feature-get --fid 0x1", "frv"),
    ("xnvme feature-get {uri} --fid 0x4", "xnvme feature-get --fid 0x4", "frv"),
    ("xnvme feature-get {uri} --fid 0x7", "xnvme feature-get --fid 0x7", "frv"),
    ("xnvme feature-get {uri} --fid 0x4 --sel 0x3", None, "frv"),
    ("xnvme feature-set {uri} --fid 0x4 --feat 0x157", "xnvme feature-set", "v"),
    ("xnvme format {uri} --lbafl 0x0", "xnvme format", "v"),
    ("xnvme padc {uri} --opcode 0x6 --cdw10 0x1 --data-nbytes 4096", None, "frv"),
    ("xnvme pioc {uri} --opcode 0x0 --nsid 0x1 --verbose", None, "frv"),
    ("xnvme dsm {uri} --nsid 0x1 --ad --slba 0x0 --llb 1", "xnvme dsm", "rv"),
    ("xnvme paths {uri}", None, "frv"),
    ("xnvme doctor", None, ""),
    ("xnvme doctor {uri}", None, "frv"),
    ("lblk enum", None, ""),
    ("lblk info {uri}", "lblk info", "frv"),
    ("lblk idfy {uri}", "lblk idfy", "frv"),
    ("lblk read {uri} --slba 0x0 --nlb 0", "lblk read", "frv"),
    ("lblk write {uri} --slba 0x0 --nlb 7", "lblk write", "frv"),
    ("lblk write-zeros {uri} --slba 0x0 --nlb 7", "lblk write-zeros", "frv"),
    ("lblk write-uncor {uri} --slba 0x0 --nlb 7", None, "v"),
    ("lblk compare {uri} --slba 0x0 --nlb 0 --data-input {zeroes}", "lblk compare", "frv"),
    ("zoned enum", None, ""),
    ("kvs enum", None, ""),
]

ZONED = "virt:null,size=64MiB,kind=zns,zone=4MiB,zone_cap=3MiB"
KEYS = "virt:kv-prototype,size=64MiB"
PLACED = "virt:null,size=64MiB,fdp=true,ruhs=4,ru=1MiB,handles=3"


class Output(harness.Case):
    def setUp(self):
        super().setUp()
        self.uris = {"f": self.file, "r": "64MiB", "v": VIRT}
        self.zeroes = self.path("zeroes")
        with open(self.zeroes, "wb") as file:
            file.write(bytes(1 << 20))

    def check(self, line, shape):
        text = self.expect(run(*line.split()), 0)
        self.assertEqual(text.err, "", f"\n{text}")
        result = self.expect(run(*line.split(), "--output", "json"), 0)
        record = parse(result)
        self.assertEqual([record["tool"], record["sub"]], line.split()[:2])
        self.assertEqual(record["errors"], [])
        if shape:
            self.expect_shape(record, shape, result)
        # text and JSON agree: each line of information is in both
        notes = [row.strip().lstrip("#").strip() for row in text.out.splitlines()
                 if row.strip().startswith("#")]
        self.assertEqual(len(notes), len(record["notes"]), f"\n{text}\n{result}")

    def test_every_command_on_every_kind_of_device(self):
        for command, shape, kinds in COMMANDS:
            for kind in kinds or ["-"]:
                line = command.format(uri=self.uris.get(kind), zeroes=self.zeroes)
                with self.subTest(line):
                    self.check(line, shape)

    def test_every_command_on_zones(self):
        if run("zoned", "info", ZONED).exit:
            self.skipTest(f"no {ZONED} in this build")
        for line, shape in [
                ("zoned info {uri}", "zoned info"),
                ("zoned idfy-ctrlr {uri}", "zoned idfy-ctrlr"),
                ("zoned idfy-ns {uri}", "zoned idfy-ns"),
                ("zoned report {uri} --limit 2", "zoned report"),
                ("zoned errors {uri}", "zoned errors"),
                ("zoned append {uri} --slba 0x0 --nlb 0", "zoned append"),
                ("zoned write {uri} --slba 0x0 --nlb 0", "zoned write"),
                ("zoned read {uri} --slba 0x0 --nlb 0", "zoned read"),
                ("zoned mgmt-open {uri} --slba 0x0", "zoned mgmt-open"),
                ("zoned mgmt-finish {uri} --slba 0x0", "zoned mgmt-finish"),
                ("zoned mgmt-reset {uri} --slba 0x0", "zoned mgmt-reset"),
                ("zoned mgmt-reset {uri} --slba 0x0 --all", "zoned mgmt-reset"),
                ("zoned mgmt {uri} --slba 0x0 --zsa 0x4", "zoned mgmt")]:
            with self.subTest(line):
                self.check(line.format(uri=ZONED), shape)
        self.expect(run("zoned", "mgmt-open", ZONED, "--slba", "3"), 1, r"sc: 0x2, sct: 0x0")
        self.expect(run("zoned", "mgmt", ZONED, "--slba", "0", "--zsa", "0x10"), 1,
                    r"descriptor extension")
        self.expect(run("zoned", "changes", VIRT), 1, r"# WHY: .*optional")

    def test_placement(self):
        log, conf = ["--lsi", "1"], ["--data-nbytes", "256"]
        types = self.path("types")
        with open(types, "wb") as file:
            file.write(bytes([0x00, 0x81]))
        media = f"{PLACED},media={self.path('placed')}"
        self.expect(run("xnvme", "log-fdp-config", media, *log, *conf), 0, r"nruh: 4\n",
                    r"runs: 1048576\n", r"ruht: \[1, 1, 1, 1\]")
        self.expect(run("xnvme", "log-ruhu", media, *log, "--limit", "4"), 0, r"nruh: 4\n")
        self.expect(run("xnvme", "feature-get", media, "--fid", "0x1d", "--cdw11", "1"), 0,
                    r"fdpe: 1")
        enabled = ["feature-get", media, "--fid", "0x1e", "--cdw11", "0xff0000", "--data-nbytes",
                   "12"]
        self.expect(run("xnvme", "set-fdp-events", media, "--fid", "0x1e", "--feat", "0x60000",
                        "--cdw12", "1"), 0)
        self.expect(run("xnvme", *enabled), 0, r"nevents: 6\n", r"type: 0x81, event enabled: 1")
        self.expect(run("xnvme", "set-fdp-events", media, "--fid", "0x1e", "--feat", "0xff0000",
                        "--cdw12", "0"), 0)
        self.assertNotIn("event enabled: 1", run("xnvme", *enabled).out)
        self.expect(run("xnvme", "set-fdp-events", media, "--fid", "0x1e", "--feat", "0xFF0000",
                        "--cdw12", "1"), 0)
        self.assertEqual(run("xnvme", *enabled).out.count("event enabled: 1"), 6)
        self.expect(run("xnvme", "set-fdp-events", media, "--fid", "0x1e", "--feat", "0x60000",
                        "--cdw12", "0"), 0)
        self.expect(run("xnvme", "set-fdp-events", media, "--fid", "0x1d", "--feat", "0x60000",
                        "--cdw12", "1"), 1, r"--fid is 0x1e")
        self.expect(run("xnvme", "set-fdp-events", media, "--fid", "0x1e", "--feat", "0x0",
                        "--cdw12", "1"), 1, r"1 to 6")
        self.expect(run("xnvme", "feature-set", media, "--fid", "0x1e", "--feat", "0x20000",
                        "--cdw12", "1", "--data-nbytes", "2", "--data-input", types), 0)
        self.expect(run("lblk", "write", media, "--slba", "0x0", "--nlb", "7"), 0)
        self.expect(run("xnvme", "fdp-ruhs", media, "--limit", "3"), 0, r"nruhsd: 3\n",
                    r"pi: 0, ruhi: 0, earutr: 0, ruamw: 2040}", r"pi: 2, .* ruamw: 2048}")
        self.expect(run("xnvme", "log-fdp-stats", media, *log), 0, r"hbmw: \[4096, 0\]")
        self.expect(run("xnvme", "fdp-ruhu", media, "--pid", "3"), 1, r"sc: 0x2, sct: 0x0")
        self.expect(run("xnvme", "fdp-ruhu", media, "--pid", "0"), 0)
        self.expect(run("xnvme", "fdp-ruhs", media, "--limit", "1"), 0, r"ruamw: 2048}")
        self.expect(run("xnvme", "log-fdp-events", media, *log, "--lsp", "1", "--limit", "1"), 0,
                    r"nevents: 1\n", r"type: 0, fdpef: 0x7,")

    def test_keys(self):
        if run("kvs", "idfy-ns", KEYS).exit:
            self.skipTest(f"no {KEYS} in this build")
        media = f"{KEYS},media={self.path('media')}"
        self.expect(run("kvs", "store", media, "--key", "marco", "--value", "polo"), 0)
        record = parse(run("kvs", "retrieve", media, "--key", "marco", "--output", "json"))
        self.assertEqual(record["result"]["xnvme_kvs_retrieve"]["value"], "polo")
        self.expect(run("kvs", "exist", media, "--key", "marco"), 0, r"exists: 1")
        self.expect(run("kvs", "list", media), 0, r"nkeys: 1\n", r"- 'marco'")
        self.expect(run("kvs", "list", media, "--key", "marco"), 0, r"- 'marco'")
        self.expect(run("kvs", "store", media, "--key", "marco", "--value", "x", "--only-add"), 1,
                    r"# WHY: .*Key Exists")
        self.expect(run("kvs", "store", media, "--key", "0xff00", "--value", "x" * 5000), 0)
        record = parse(run("kvs", "retrieve", media, "--key", "0xff00", "--output", "json"))
        self.assertEqual(record["result"]["xnvme_kvs_retrieve"]["value_nbytes"], 5001)
        self.expect(run("kvs", "list", media), 0, r"nkeys: 2\n", r"- '0xff00'")
        self.expect(run("kvs", "delete", media, "--key", "0x6d6172636f"), 0)
        self.expect(run("kvs", "exist", media, "--key", "marco"), 1, r"exists: 0")
        for line in "lblk read", "lblk write", "zoned append":
            self.expect(run(*line.split(), KEYS, "--slba", "0", "--nlb", "0"), 1,
                        "this namespace has no blocks", "kvs")

    def test_info_tells_what_was_resolved(self):
        record = parse(run("xnvme", "info", self.file, "--async", "thrpool", "--output", "json"))
        self.assertEqual(record["result"]["xnvme_dev"]["xnvme_be"]["async"]["id"], "thrpool")
        self.assertEqual(record["result"]["xnvme_resolved"]["kind"], "file")
        self.assertEqual(record["result"]["xnvme_dev"]["xnvme_geo"]["tbytes"], 64 << 20)

    def test_library_info_names_what_is_enabled(self):
        """Each path of this build, by its name and by the name that scripts for xNVMe search"""
        record = parse(run("xnvme", "library-info", "--output", "json"))["result"]
        entries = record["xnvme_libconf"]["entries"]
        self.assertIn("conf: XNVME_PLATFORM_LINUX_ENABLED", entries)
        for path, conf in (("ramdisk", "BE_RAMDISK"), ("thrpool", "BE_CBI_ASYNC_THRPOOL"),
                           ("emu", "BE_CBI_ASYNC_EMU"), ("posix", "BE_CBI_ASYNC_POSIX"),
                           ("nil", "BE_CBI_ASYNC_NIL"), ("psync", "BE_CBI_SYNC_PSYNC"),
                           ("io_uring", "BE_LINUX_LIBURING"), ("libaio", "BE_LINUX_LIBAIO"),
                           ("block", "BE_LINUX_BLOCK"), ("file_as_ns", "BE_CBI_ADMIN_SHIM")):
            self.assertEqual(f"path: {path}" in entries, f"conf: XNVME_{conf}_ENABLED" in entries)
        self.assertEqual("path: io_uring" in entries,
                         any(entry.startswith("3p: liburing;") for entry in entries))
        self.assertEqual(len(set(entries)), len(entries))

    def test_a_policy_turns_on_what_serves_it(self):
        def features(policy):
            record = parse(run("xnvme", "info", self.file, "--policy", policy, "--async",
                               "io_uring", "--output", "json"))
            return record["result"]["xnvme_resolved"]["features"].split(",")

        if run("xnvme", "info", self.file, "--async", "io_uring").exit:
            self.skipTest("no io_uring here")
        self.assertNotIn("sqpoll", features("auto"))
        self.assertIn("naps", features("conserve-cpu"))
        self.assertNotIn("naps", features("latency"))
        self.assertEqual("sqpoll" in features("throughput"), (os.cpu_count() or 1) >= 2)
        self.expect(run("xnvme", "info", self.file, "--policy", "best"), 2, "conserve-cpu")

    def test_paths_tells_what_fits_and_why_not(self):
        record = parse(run("xnvme", "paths", self.file, "--output", "json"))["result"]
        paths = {path["name"]: path for path in record["xnvme_paths"]["async"]}
        self.assertEqual(paths["thrpool"]["works"], 1)
        self.assertEqual(paths["io_uring_cmd"]["works"], 0)
        self.assertIn("cannot be used with it; what works for it", paths["io_uring_cmd"]["why"])
        self.assertEqual(sum(path["chosen"] for path in paths.values()), 1)

    def test_doctor_says_what_to_do(self):
        record = parse(run("xnvme", "doctor", "64MiB", "--output", "json"))["result"]
        for check in record["xnvme_doctor"]["checks"]:
            self.assertTrue(check["found"] and check["matters"], check)
            self.assertIn(check["verdict"], ("ok", "slow", "missing", "none"))
            if check["verdict"] in ("slow", "missing"):
                self.assertTrue(check["advice"], check)
            if check["verdict"] == "ok":
                self.assertEqual(check["advice"], "", check)
        self.assertEqual(record["xnvme_paths"]["kind"], "ramdisk")
        paths = {path["name"]: path for path in record["xnvme_doctor"]["paths"]}
        self.assertEqual(paths["thrpool"]["works"], 1)
        for path in paths.values():
            self.assertTrue(path["why"], path)
            self.assertFalse(path["works"] and path["enable"], path)

    def test_what_is_written_is_read(self):
        data = os.urandom(8 * 512)
        with open(self.path("in"), "wb") as file:
            file.write(data)
        self.expect(run("lblk", "write", self.file, "--slba", "3", "--nlb", "7", "--data-input",
                        self.path("in")), 0)
        self.expect(run("lblk", "read", self.file, "--slba", "3", "--nlb", "7", "--data-output",
                        self.path("out")), 0, r"dumping to: '")
        with open(self.path("out"), "rb") as file:
            self.assertEqual(file.read(), data)
        with open(self.file, "rb") as file:
            self.assertEqual(file.read()[3 * 512:11 * 512], data)
        self.expect(run("lblk", "write-zeros", self.file, "--slba", "4", "--nlb", "0"), 0)
        with open(self.file, "rb") as file:
            self.assertEqual(file.read()[4 * 512:5 * 512], bytes(512))

    def test_pass_through_dumps_what_came(self):
        self.expect(run("xnvme", "padc", VIRT, "--opcode", "6", "--cdw10", "1", "--data-nbytes",
                        "4096", "--data-output", self.path("idfy")), 0)
        with open(self.path("idfy"), "rb") as file:
            page = file.read()
        self.assertEqual(len(page), 4096)
        self.assertIn(b"Virtual SSD null", page[24:64])

    def test_pass_through_shows_the_completion(self):
        """Get Features, Number of Queues: dword 0 is the value; and the status of a failed command"""
        result = run("xnvme", "padc", VIRT, "--opcode", "a", "--cdw10", "7", "--output", "json")
        record = parse(self.expect(result, 0))["result"]["xnvme_spec_cpl"]
        self.assertEqual(list(record), ["dw0", "dw1", "dw2", "dw3"])
        self.assertEqual(record["dw0"], 63 << 16 | 63)
        result = run("xnvme", "pioc", VIRT, "--opcode", "2", "--nsid", "ff", "--data-nbytes", "4k",
                     "--output", "json")
        record = parse(self.expect(result, 1))["result"]["xnvme_spec_cpl"]
        self.assertEqual(record["dw3"] >> 17 & 0x7ff, 0x0b)  # Invalid Namespace or Format
        result = run("xnvme", "padc", VIRT, "--opcode", "9", "--cdw10", "4", "--cdw11", "157",
                     "--output", "json")
        self.expect(result, 0, "xnvme_spec_cpl")

    def test_reading_only_changes_nothing(self):
        for uri in (self.file, "64MiB", VIRT, "pci-" + VIRT):
            self.expect(run("xnvme", "info", uri, "--rdonly"), 0)
            self.expect(run("lblk", "read", uri, "--slba", 0, "--nlb", 0, "--rdonly"), 0)
            self.expect(run("lblk", "write", uri, "--slba", 0, "--nlb", 0, "--rdonly"), 1, "# WHY")
        for pattern, code in (("randread", 0), ("randwrite", 1)):
            self.expect(run("xnvmeperf", "run", VIRT, "--rdonly", "--iopattern", pattern,
                            "--qdepth", 1, "--iosize", "4k", "--runtime", 1), code)

    def test_reading_only_makes_and_resets_nothing(self):
        uri = VIRT + ",media=" + self.path("media")
        self.expect(run("xnvme", "info", uri, "--rdonly"), 1, "WHY: .*rdonly makes none")
        self.assertFalse(os.path.exists(self.path("media")))
        self.expect(run("xnvme", "feature-set", uri, "--fid", "0x4", "--feat", "0x157"), 0)
        with open(self.path("media"), "rb") as file:
            before = file.read()
        for line in ("feature-set {} --fid 0x4 --feat 0x150 --save", "ctrlr-reset {}",
                     "feature-set {} --fid 0x4 --feat 0x150", "subsystem-reset {}"):
            self.expect(run("xnvme", *line.format(uri).split(), "--rdonly"), 1, "with rdonly")
        self.expect(run("xnvme", "log-health", uri, "--rdonly"), 0)
        with open(self.path("media"), "rb") as file:
            self.assertEqual(file.read(), before)

    def test_a_ramdisk_has_the_units_of_sizes(self):
        def nbytes(uri):
            record = parse(self.expect(run("xnvme", "info", uri, "--output", "json",
                                           cwd=self.dir), 0))["result"]
            return record["xnvme_dev"]["xnvme_geo"]["tbytes"]

        for uri, shift in (("1KiB", 10), ("1K", 10), ("1k", 10), ("1KB", 10), ("1kB", 10),
                           ("1MiB", 20), ("1M", 20), ("1m", 20), ("1MB", 20),
                           ("1GiB", 30), ("1G", 30), ("1g", 30), ("1GB", 30),
                           ("1TiB", 40), ("1T", 40), ("1t", 40), ("1TB", 40)):
            with self.subTest(uri):
                self.assertEqual(nbytes(uri), 1 << shift)
        self.assertEqual(nbytes("64k"), 65536)
        self.expect(run("xnvme_file", "dump-sync", "2M", "--data-nbytes", "12KiB",
                        cwd=self.dir), 0)  # a file that is to be created
        self.assertEqual(os.path.getsize(self.path("2M")), 12 << 10)
        self.assertEqual(nbytes("2M"), 12 << 10)  # and one that exists

    def test_a_list_of_nothing_is_a_list(self):
        for line, key in (("kvs list " + KEYS, "xnvme_kvs_list.keys"),
                          ("kvs enum", "xnvme_cli_enumeration"),
                          ("zoned enum", "xnvme_cli_enumeration"),
                          ("lblk enum", "xnvme_cli_enumeration"),
                          ("xnvme enum", "xnvme_cli_enumeration"),
                          ("xnvme list", "xnvme_cli_enumeration"),
                          ("xnvme scan", "xnvme_scan")):
            with self.subTest(line):
                value = parse(self.expect(run(*line.split(), "--output", "json"), 0))["result"]
                for name in key.split("."):
                    value = value[name]
                self.assertIsInstance(value, list)

    def test_protection_information_of_blocks_beyond_32_bits(self):
        for guard in (16, 32, 64):
            uri = f"virt:null,size=32TiB,lba=4096,ms=16,pi=1,guard={guard}"
            for slba in ("0x5", "0x110000000"):
                self.expect(run("lblk", "write-read-pi", uri, "--slba", slba, "--nlb", 3,
                                "--prchk", 7, "--apptag", 1, "--apptag_mask", "0xffff"), 0)


class Files(harness.Case):
    def setUp(self):
        super().setUp()
        self.data = os.urandom(1000001)
        self.source = self.path("source")
        with open(self.source, "wb") as file:
            file.write(self.data)

    def content(self, name):
        with open(self.path(name), "rb") as file:
            return file.read()

    def test_copies_are_equal(self):
        for tool, sub, args in [
                ("xdd", "sync", ["--iosize", "4096"]), ("xdd", "async", ["--qdepth", "7"]),
                ("xdd", "async", ["--async", "thrpool", "--iosize", "65536"])]:
            result = run(tool, sub, "--data-input", self.source, "--data-output",
                         self.path("copy"), "--data-nbytes", len(self.data), *args, "--output",
                         "json")
            record = parse(self.expect(result, 0))
            self.expect_shape(record, f"{tool} {sub}", result, self.source, self.path("copy"))
            self.assertEqual(self.content("copy"), self.data)
        for sub in ("copy-sync", "copy-async"):
            self.expect(run("xnvme_file", sub, self.source, self.path(sub)), 0, "wall-clock: {")
            self.assertEqual(self.content(sub), self.data)

    def test_pieces_are_no_larger_than_what_is_copied(self):
        for way, iosize in (("sync", "512MiB"), ("async", "64MiB")):
            with subprocess.Popen([os.path.join(harness.TOOLS_DIR, "xdd"), way, "--data-input",
                                   self.file, "--data-output", self.path("copy"), "--data-nbytes",
                                   "1MiB", "--iosize", iosize], stdout=subprocess.DEVNULL) as xdd:
                _, status, used = os.wait4(xdd.pid, 0)
                xdd.returncode = os.waitstatus_to_exitcode(status)
            self.assertEqual(xdd.returncode, 0)
            self.assertLess(used.ru_maxrss, 256 << 10)  # KiB
            self.assertEqual(self.content("copy"), bytes(1 << 20))

    def test_more_memory_than_there_is_is_a_sentence(self):
        with open(self.path("huge"), "wb") as file:
            file.truncate(1 << 43)
        huge = ["--data-input", self.path("huge")]
        self.expect(run("xdd", "async", *huge, "--data-output", self.path("copy"), "--data-nbytes",
                        "8TiB", "--iosize", "1GiB", "--qdepth", 4096), 1,
                    "WHY: 4096 pieces of 1073741824 bytes at a time need more memory")
        self.expect(run("xnvme_file", "load-sync", self.path("huge")), 1,
                    "WHY: a buffer of 8796093022208 bytes is larger than the memory")

    def test_a_copy_onto_itself_loses_nothing(self):
        os.link(self.source, self.path("link"))
        for target in (self.source, self.path("link")):
            for sub in ("copy-sync", "copy-async"):
                self.expect(run("xnvme_file", sub, self.source, target), 1,
                            "the source is the destination")
            self.expect(run("xdd", "sync", "--data-input", self.source, "--data-output", target,
                            "--data-nbytes", 4096), 1, "the source is the destination")
        self.assertEqual(self.content("source"), self.data)

    def test_an_offset_is_of_the_source(self):
        """xdd --offset: from byte N of the input to the start of the output"""
        for sub, more in (("sync", []), ("async", ["--qdepth", 3])):
            for nbytes, offset in (("10k", "4KiB"), (10240, 4096)):
                with open(self.path("copy"), "wb") as file:
                    file.write(b"k" * 8192)
                self.expect(run("xdd", sub, "--data-input", self.source, "--data-output",
                                self.path("copy"), "--data-nbytes", nbytes, "--offset", offset,
                                "--iosize", "1k", *more), 0)
                self.assertEqual(self.content("copy"), self.data[4096:4096 + 10240])
        self.expect(run("xdd", "sync", "--data-input", self.source, "--data-output", self.source,
                        "--data-nbytes", 1, "--offset", 1), 1, "the source is the destination")

    def test_dumps_are_equal_whatever_the_way(self):
        contents = set()
        for sub in ("dump-sync", "dump-async", "dump-sync-iovec", "dump-async-iovec"):
            result = run("xnvme_file", sub, self.path(sub), "--data-nbytes", 100001, "--output",
                         "json")
            record = parse(self.expect(result, 0))
            if f"xnvme_file {sub}" in harness.SHAPES:
                self.expect_shape(record, f"xnvme_file {sub}", result, self.path(sub))
            contents.add(self.content(sub))
        self.assertEqual(len(contents), 1)
        self.assertEqual(len(contents.pop()), 100001)

    def test_loads_and_write_read(self):
        for sub in ("load-sync", "load-async"):
            self.expect(run("xnvme_file", sub, self.source), 0, rf"# {sub}: .*tbytes: 1000001")
        self.expect(run("xnvme_file", "write-read", self.path("new"), 65536), 0,
                    r"Successfully wrote and read 65536 bytes to/from")
        self.assertEqual(len(self.content("new")), 65536)


class Perf(harness.Case):
    def run_record(self, *args):
        result = run("xnvmeperf", *args, "--output", "json")
        return parse(self.expect(result, 0))["result"]

    def test_table_for_people(self):
        result = self.expect(run("xnvmeperf", "run", "64MiB", "--iopattern", "randread",
                                 "--qdepth", 16, "--iosize", 4096, "--runtime", 1,
                                 "--cpulist", 0), 0)
        for pattern in (r"^Running xnvmeperf with arguments:$", r"^- Devices: \[64MiB\] \(total: 1\)$",
                        r"^- io pattern: randread$", r"^- CPUs: \[0\] \(total: 1\)$",
                        r"^ xnvmeperf \(elapsed: \d+\.\d\ds\)$",
                        r"^ Device +CPUs +IOPS +MiB/s +Failed$",
                        r"^ 64MiB +0 +\d+\.\d\d +\d+\.\d\d +0$",
                        r"^ Total: +\d+\.\d\d +\d+\.\d\d +0$", r"^ Latency \[us\] +p50 +p99 +p99\.9"):
            self.assertRegex(result.out, harness.re.compile(pattern, harness.re.M), f"\n{result}")

    def test_virtual_time_is_the_same_every_time(self):
        runs = []
        for _ in range(2):
            record = self.run_record("run", "virt:optane-p4800x,size=64MiB,clock=virtual",
                                     "--iopattern", "randread", "--qdepth", 16, "--iosize", 4096,
                                     "--runtime", 1, "--seed", 7)
            device = record["xnvmeperf"]["devices"][0]
            self.assertEqual(device["clock"], "virtual")
            runs.append((device["ios"], device["elapsed_ns"], device["latency_ns"]))
        self.assertEqual(runs[0], runs[1])
        self.assertGreater(runs[0][1], 1000000000)
        self.assertGreater(runs[0][2]["p50"], 8000)  # the drive's own latency is about 10 us

    def test_a_replay_shows_a_bar_on_a_terminal_only(self):
        trace = self.path("trace")
        with open(trace, "w", encoding="ascii") as file:
            file.write("at_ns,op,offset,nbytes\n0,W,0,4096\n")
        self.assertEqual(self.expect(run("nvmevirt", "sim", trace), 0).err, "")
        shown, terminal = pty.openpty()
        try:
            done = subprocess.run([os.path.join(harness.TOOLS_DIR, "nvmevirt"), "sim", trace],
                                  stdout=subprocess.PIPE, stderr=terminal, check=True,
                                  timeout=harness.TIMEOUT_S)
            self.assertRegex(os.read(shown, 4096), rb"\rrequests +\[ +\] +0%")
            self.assertTrue(done.stdout.startswith(b"nvmevirt_sim:"))
        finally:
            os.close(terminal)
            os.close(shown)

    def test_reads_of_what_was_never_written_are_told_of(self):
        uri = "virt:optane-p4800x,size=16MiB,clock=virtual"
        args = ["xnvmeperf", "run", uri, "--iopattern", "randread", "--qdepth", 4, "--iosize", "4k",
                "--runtime", 1, "--output", "json"]
        notes = parse(self.expect(run(*args), 0))["notes"]
        self.assertRegex(notes[0], "at most 0 of 16777216 bytes were ever written")
        self.assertEqual(parse(self.expect(run(*args, "--fill"), 0))["notes"], [])
        self.assertEqual(parse(self.expect(run(*args[:2], uri + ",precondition=fill", *args[3:]),
                                           0))["notes"], [])
        args[4] = "randwrite"
        self.assertEqual(parse(self.expect(run(*args), 0))["notes"], [])
        odd = f"virt:null,size=1028KiB,media={self.path('odd')}"
        self.expect(run("xnvmeperf", "run", odd, "--iopattern", "read", "--qdepth", 3, "--iosize",
                        "4k", "--runtime", 1, "--fill"), 0)
        self.assertIn("write_nbytes: 1052672\n", run("nvmevirt", "stat", odd).out)
        self.expect(run("xnvmeperf", "run", "virt:null,size=1MiB", "--iopattern", "read", "--qdepth",
                        3, "--iosize", "4k", "--runtime", 1, "--fill", "--rdonly"), 1,
                    "could not be filled")

    def test_a_run_polls_unless_the_processor_is_to_be_spared(self):
        """A drive with 1 ms per command: latency polls, conserve-cpu uses little processor time"""
        uri = "virt:" + self.path("slow.toml")
        with open(self.path("slow.toml"), "w", encoding="ascii") as file:
            file.write("[model]\nname = 'simple'\n[simple]\nread_delay_ns = 1_000_000\n"
                       "[[namespace]]\nnbytes = '1MiB'\n")
        args = ["run", uri, "--iopattern", "read", "--qdepth", 1, "--iosize", "4k", "--runtime", 1]
        for policy, ratio in (("latency", 1), ("conserve-cpu", 5)):
            device = self.run_record(*args, "--policy", policy)["xnvmeperf"]["devices"][0]
            self.assertGreaterEqual(device["latency_ns"]["p50"], 980000)
            self.assertLess(device["latency_ns"]["p50"], 100000000)
            if ratio > 1:
                self.assertLess(device["cpu_ns_per_io"] * ratio, device["latency_ns"]["p50"])

    def test_percentiles_are_in_order(self):
        device = self.run_record("run", "64MiB", self.file, "--iopattern", "randwrite", "--qdepth",
                                 3, "--iosize", 8192, "--runtime", 1, "--nqueues",
                                 2)["xnvmeperf"]["devices"][1]
        latency = device["latency_ns"]
        self.assertLessEqual(latency["p50"], latency["p99"])
        self.assertLessEqual(latency["p99"], latency["p99_9"])
        self.assertLessEqual(latency["p99_9"], latency["max"])
        self.assertEqual(device["failed"], 0)
        self.assertGreater(device["cpu_ns_per_io"], 0)

    def test_failed_commands_make_the_run_a_failure(self):
        """X33: xNVMe 0.7.5's tools exit 0 after failures"""
        args = ["run", self.file, "--iopattern", "randread", "--qdepth", "4", "--iosize", "4096",
                "--runtime", "2"]
        with subprocess.Popen([os.path.join(harness.TOOLS_DIR, "xnvmeperf")] + args,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE) as perf:
            time.sleep(0.7)
            os.truncate(self.file, 0)  # while the tool uses it
            out, err = perf.communicate(timeout=harness.TIMEOUT_S)
        self.assertEqual(perf.returncode, 1, (out, err))
        self.assertRegex(err, rb"# WHY: .*f64m.bin: [1-9]\d* commands failed, \d+ did not; the first")
        self.assertRegex(out, rb"(?m)^ Total: +\d+\.\d\d +\d+\.\d\d +[1-9]\d*$")

    def interrupt(self, number, *args, again=0, ignored=()):
        """Sends a signal to a running tool, after the tool has installed a handler for it or blocked
        it; sends the signals in `ignored` before, which the tool ignores from its start"""
        def ignore():
            for other in ignored:
                signal.signal(other, signal.SIG_IGN)

        with subprocess.Popen([os.path.join(harness.TOOLS_DIR, args[0]), *map(str, args[1:])],
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              preexec_fn=ignore) as tool:
            caught = 0
            while not caught >> number - 1 & 1 and tool.poll() is None:
                with open(f"/proc/{tool.pid}/status", encoding="ascii") as file:
                    sets = harness.re.findall(r"Sig(?:Cgt|Blk):\s*(\w+)", file.read())
                    caught = int(sets[0], 16) | int(sets[1], 16)
            for other in ignored:
                tool.send_signal(other)
                time.sleep(0.1)
            for _ in range(1 + again):
                tool.send_signal(number)
            done = tool.communicate(timeout=harness.TIMEOUT_S)
        return harness.Result([str(arg) for arg in args], subprocess.CompletedProcess(
            args, tool.returncode, *done))

    def test_a_signal_ends_a_run_with_its_report(self):
        args = ["xnvmeperf", "run", "64MiB", "--iopattern", "read", "--qdepth", 4, "--iosize", "4k",
                "--runtime", 500]
        for number, name in ((signal.SIGINT, "SIGINT"), (signal.SIGTERM, "SIGTERM"),
                             (signal.SIGHUP, "SIGHUP")):
            result = self.interrupt(number, *args, "--output", "json", again=1)
            record = parse(self.expect(result, 1))
            self.assertEqual(record["result"]["xnvmeperf"]["stopped_by"], name)
            self.assertIn("ios", record["result"]["xnvmeperf"]["devices"][0])
            self.assertIn(f"stopped by {name}", record["errors"][0]["why"])
        self.expect(self.interrupt(signal.SIGINT, *args), 1, r"(?m)^ Total: ", "stopped by SIGINT")

    def test_what_reads_its_own_arguments_fails_with_an_object_too(self):
        figures = ["--read-latency", 80, "--read-bandwidth", 3000, "--write-latency", 30,
                   "--write-bandwidth", 2000]
        for args, code, why in (
                (["sim", self.path("none")], 1, r"none: .*[Nn]o such file"),
                (["sim"], 2, "name one trace"),
                (["sim", "--bogus"], 2, "no such option"),
                (["sim", "--qdepth", 0, "trace"], 2, "'0' is out of range"),
                (["calibrate", self.path("none")], 2, "all four figures are needed"),
                (["calibrate", "--units", "x"], 2, "'x' is not a positive number"),
                (["calibrate", *figures, "--units", "7000000"], 1, ".")):
            for output in (["--output", "json"], ["--output=json"]):
                record = parse(self.expect(run("nvmevirt", *args, *output), code))
                self.assertEqual(("nvmevirt", args[0]), (record["tool"], record["sub"]))
                self.assertRegex(record["errors"][0]["why"], why)
        found = json.loads(run("nvmevirt", "calibrate", *figures, "--output", "json").out)
        self.assertIn(f"read_delay_ns = {found['read_delay_ns']}\n",
                      self.expect(run("nvmevirt", "calibrate", *figures), 0).out)

    def test_a_full_disk_has_one_error_on_every_path(self):
        def limit():
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 16, 1 << 16))

        for sub, path in (("sync", ["--sync", "psync"]), ("async", ["--async", "thrpool"]),
                          ("async", ["--async", "emu"]), ("async", ["--async", "posix"])):
            copy = ["xdd", sub, "--data-input", self.file, "--data-output", self.path("limited"),
                    "--data-nbytes", "1MiB", *path]
            result = run(*copy, "--output", "json", preexec_fn=limit)
            record = parse(self.expect(result, 1))
            self.assertEqual({-errno.EFBIG}, {error["errno"] for error in record["errors"]}, path)

    def test_a_hangup_that_was_ignored_stays_ignored(self):
        result = self.interrupt(signal.SIGTERM, "xnvmeperf", "run", "64MiB", "--iopattern", "read",
                                "--qdepth", 4, "--iosize", "4k", "--runtime", 500,
                                ignored=(signal.SIGHUP,))
        self.expect(result, 1, "stopped by SIGTERM")

    def test_a_server_ends_cleanly(self):
        socket = self.path("socket")
        serve = ["nvmevirt", "serve", "--vfio-user", socket, "null,size=1MiB"]
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            self.expect(self.interrupt(number, *serve), 0)
            self.assertFalse(os.path.lexists(socket), number)
        self.expect(self.interrupt(signal.SIGTERM, *serve, ignored=(signal.SIGHUP,)), 0)

    def test_an_interrupt_ends_what_a_shell_started_in_the_background(self):
        perf = os.path.join(harness.TOOLS_DIR, "xnvmeperf")
        script = (f"{perf} run 64MiB --iopattern read --qdepth 4 --iosize 4k --runtime 500 & "
                  "sleep 1; kill -INT $!; wait $!")
        done = subprocess.run(["sh", "-c", script], stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, check=False, timeout=harness.TIMEOUT_S)
        self.assertEqual(done.returncode, 1, done)
        self.assertIn(b"stopped by SIGINT", done.stderr)

    def test_a_signal_ends_what_takes_long_with_what_was_done(self):
        with open(self.path("big"), "wb") as file:
            file.truncate(1 << 40)
        copied = ["--data-input", self.path("big"), "--data-output", self.path("copy"),
                  "--data-nbytes", "1TiB", "--iosize", 512]
        trace = self.path("trace")
        with open(trace, "w", encoding="ascii") as file:
            file.write("at_ns,op,offset,nbytes\n0,W,0,4096\n")
        for args, words in (
                (["xdd", "sync", *copied], "of 1099511627776 bytes were transferred"),
                (["xdd", "async", *copied], "of 1099511627776 bytes were transferred"),
                (["xnvme_file", "write-read", self.path("both"), "128MiB"], "not all was written"),
                (["xnvme_file", "dump-async", self.path("dump"), "--data-nbytes", "128MiB"],
                 "of 134217728 bytes were transferred"),
                (["xnvmeperf", "verify", "1TiB", "--iosize", "4k", "--count", 200000000],
                 "not all was verified"),
                (["nvmevirt", "sim", "--fill", 1000, trace], "the result is of the requests"),
                (["nvmevirt", "oracle", "-q", ORACLE], "the sums are of the recordings until then"),
                (["nvmevirt", "show", "samsung-970-pro"], "the drive was not measured"),
                (["xnvme_io_async", "read", SLOW, "--elba", "0x1ffff", "--qdepth", 1],
                 "the range was not read"),
                (["zoned_io_async", "append", SLOW + ZONES, "--qdepth", 1], "the zone was not read"),
                (["zoned_io_sync", "write", SLOW + ZONES], "the zone was not read")):
            for number, name in ((signal.SIGINT, "SIGINT"), (signal.SIGTERM, "SIGTERM")):
                with self.subTest(f"{args} {name}"):
                    for _ in range(5):  # on a busy machine the signal may come after the end
                        result = self.interrupt(number, *args)
                        if result.exit:
                            break
                    self.expect(result, 1, f"stopped by {name}.*" + words)

    def test_verify(self):
        for more in ([], ["--qdepth", 8]):
            record = self.run_record("verify", "64MiB", VIRT, self.file, "--iosize", 4096,
                                     "--count", 64, "--seed", 5, *more)["xnvmeperf_verify"]
            for device in record["devices"]:
                self.assertEqual((device["verified"], device["mismatches"]), (64, 0))
        self.expect(run("xnvmeperf", "verify", "64MiB", "--iosize", 4096, "--count", 16), 0,
                    r"(?m)^ 64MiB +verified 16 IOs, 0 mismatches, 0 failed$")


def loops():
    """The loop devices of the demo in use, with their files"""
    found = set()
    for name in os.listdir("/sys/block"):
        try:
            with open(f"/sys/block/{name}/loop/backing_file", encoding="utf-8") as file:
                found.add((name, file.read()))
        except OSError:
            pass
    return {entry for entry in found if "xnvme-demo" in entry[1]}


class Demo(harness.Case):
    def test_every_path_is_verified(self):
        result = self.expect(run("xnvme", "paths", "--demo", "--output", "json"), 0)
        demo = parse(result)["result"]["xnvme_paths_demo"]
        self.assertLess(demo["elapsed_ns"], 60e9)
        done = {(path["device"], path["path"]) for path in demo["paths"]}
        for path in demo["paths"]:
            self.assertEqual(path["verdict"], "ok", path)
            self.assertGreater(path["verified_nbytes"], 0, path)
            self.assertGreater(path["iops"], 0, path)
        for expected in [("virtual SSD", "async virt"), ("virtual SSD, virtual clock", "async virt"),
                         ("ramdisk", "async emu"), ("ramdisk", "sync ramdisk"),
                         ("file", "async thrpool"), ("file", "sync psync")]:
            self.assertIn(expected, done)
        for skip in demo["skipped"]:
            self.assertTrue(skip["why"], skip)

    @harness.unittest.skipUnless(sys.platform == "linux", "seccomp is Linux")
    def test_a_system_that_forbids_io_uring_is_told_what_it_lost(self):
        more = {"preexec_fn": harness.forbid_io_uring}
        info = parse(run("xnvme", "info", self.file, "--output", "json", **more))["result"]
        if info["xnvme_dev"]["xnvme_be"]["async"]["id"] == "io_uring":
            self.fail("the filter does not filter")
        self.assertRegex(info["xnvme_resolved"]["note"],
                         r"io_uring was skipped: .*seccomp filter.*seccomp=unconfined")
        self.expect(run("xnvme", "info", self.file, "--async", "io_uring", **more), 1,
                    r"# WHY: .*io_uring")
        doctor = parse(run("xnvme", "doctor", "--output", "json", **more))["result"]
        check = doctor["xnvme_doctor"]["checks"][1]
        self.assertEqual((check["name"], check["verdict"]), ("io_uring", "missing"))
        self.assertIn("seccomp", check["advice"])
        paths = {path["name"]: path for path in doctor["xnvme_doctor"]["paths"]}
        self.assertEqual(paths["libaio"]["works"], 1)
        self.assertEqual(paths["io_uring"]["works"], 0)
        self.assertIn("seccomp=unconfined", paths["io_uring"]["enable"])
        demo = parse(self.expect(run("xnvme", "paths", "--demo", "--output", "json", **more), 0))
        why = [skip["why"] for skip in demo["result"]["xnvme_paths_demo"]["skipped"]
               if skip["device"] == "file" and skip["path"] == "async io_uring"]
        self.assertEqual(len(why), 1)
        self.assertIn("--security-opt seccomp=unconfined", why[0])

    def test_nothing_is_left_after_an_interrupt(self):
        before = set(os.listdir(self.dir))
        with subprocess.Popen([os.path.join(harness.TOOLS_DIR, "xnvme"), "paths", "--demo"],
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              env={**os.environ, "TMPDIR": self.dir}) as demo:
            time.sleep(1)
            demo.send_signal(signal.SIGINT)
            _, err = demo.communicate(timeout=harness.TIMEOUT_S)
        self.assertEqual(demo.returncode, 1)
        self.assertIn(b"stopped by SIGINT", err)
        self.assertEqual(set(os.listdir(self.dir)), before)
        mine = {entry for entry in loops() if self.dir in entry[1]}
        self.assertEqual(mine, set())


if __name__ == "__main__":
    harness.main()
