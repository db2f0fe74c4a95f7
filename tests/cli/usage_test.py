#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Help, versions, manual pages, completions, and invalid command lines."""
import os
import re
import shutil
import subprocess

import harness
from harness import VIRT, parse, run

TOOLS = ["xnvme", "lblk", "zoned", "kvs", "xdd", "xnvme_file", "xnvmeperf", "nvmevirt"]

# Upstream's sub-commands, for compatibility
SUBS = {
    "xnvme": "list enum scan info idfy idfy-ns idfy-ctrlr idfy-cs log log-erri log-health "
             "log-sanitize log-fdp-config log-ruhu log-fdp-stats log-fdp-events feature-get "
             "feature-set set-fdp-events format sanitize fdp-ruhs fdp-ruhu pioc padc library-info "
             "dsm subsystem-reset show-regs ctrlr-reset ns-rescan "
             "paths doctor",
    "lblk": "enum info idfy dir-send dir-receive read write write-zeros write-uncor write-dir "
            "write-read-pi compare",
    "zoned": "enum info idfy-ctrlr idfy-ns changes errors read write append mgmt-open mgmt-close "
             "mgmt-finish mgmt-reset mgmt report",
    "kvs": "enum idfy-ns retrieve store delete exist list",
    "xdd": "sync async",
    "xnvme_file": "write-read dump-sync dump-sync-iovec dump-async dump-async-iovec load-sync "
                  "load-async copy-sync copy-async",
    "xnvmeperf": "run verify",
    "nvmevirt": "presets show keys",
}

# Sub-commands that parse their arguments themselves: only --help documents them
PLAIN = "oracle serve sim calibrate"
PLAIN_WRONG = [
    ("nvmevirt oracle", r"name at least one recording"),
    ("nvmevirt oracle --bogus x", r"no option '--bogus'"),
    ("nvmevirt serve 1GB", r"every SSD needs a socket"),
    ("nvmevirt serve --vfio-user /nonexistent", r"wants a path and an SSD"),
    ("nvmevirt sim", r"name one trace"),
    ("nvmevirt sim --qdepth 0 trace", r"'0' is out of range"),
    ("nvmevirt sim --bogus", r"--bogus"),
    ("nvmevirt calibrate --read-latency 1", r"all four figures are needed"),
    ("nvmevirt calibrate --units x", r"'x' is not a positive number"),
]
DRIVER = os.path.join(os.path.dirname(os.path.abspath(__file__)),
                      "../../tools/xnvme-driver/xnvme-driver")

# Invalid command lines, and the message
WRONG = [
    ("xnvme bogus", r"there is no command 'bogus'; 'xnvme --help' lists them all"),
    ("xnvme idfy-ctrl 1GB", r"did you mean 'idfy-ctrlr'"),
    ("xnvme info", r"<uri> is missing; see 'xnvme info --help'"),
    ("xnvme info a b", r"'b' is one argument too many"),
    ("xnvme info 1GB --bogus 1", r"there is no option '--bogus'"),
    ("xnvme info 1GB --asynk emu", r"did you mean '--async'"),
    ("xnvme info 1GB --async", r"'--async' needs a value: --async STRING"),
    ("xnvme info 1GB --output xml", r"'xml' is not a value of 'output'.*text yaml json"),
    ("xnvme --output json", r"'--output' comes before the command"),
    ("xnvme idfy 1GB", r"'--cns 0xNUM' is missing"),
    ("xnvme idfy 1GB --cns 100", r"too large; 'cns' takes at most 0xff"),
    ("xnvme idfy 1GB --cns xyz", r"'xyz' is not a number; 'cns' takes a hexadecimal one"),
    ("xnvme paths", r"give one <uri>, or --demo"),
    ("xnvme paths 1GB --demo", r"--demo makes its own devices"),
    ("xnvme doctor 1GB 2GB", r"'2GB' is one too many"),
    ("lblk read 1GB --slba 0x0", r"'--nlb NUM' is missing"),
    ("lblk read 1GB --slba zz --nlb 0", r"'zz' is not a number"),
    ("lblk read 1GB --slba 0 --nlb 65536", r"too large; 'nlb' takes at most 0xffff"),
    ("lblk read 1GB --slba 0 --nlb -1", r"'-1' is not a number"),
    ("lblk read 1GB --slba 10000000000000000 --nlb 0", r"too large"),
    ("zoned mgmt-reset 1GB --slba 0 --all=2", r"'--all' takes no value but 0 and 1"),
    ("kvs store 1GB --key k", r"'--value STRING' is missing"),
    ("xdd sync --data-input a --data-output b", r"'--data-nbytes SIZE' is missing"),
    ("xdd async --data-input a --data-output b --data-nbytes 1 --qdepth 0",
     r"--qdepth is 1 to 4096"),
    ("xnvme_file write-read f 12q", r"'12q' is not a size"),
    ("xnvme_file write-read f 0", r"<data-nbytes> is at least 1"),
    ("xnvme_file dump-sync f --data-nbytes 1 --iosize 0", r"--iosize is 1 to"),
    ("xnvme_file dump-sync-iovec f --data-nbytes 1 --vec-cnt 0", r"--vec-cnt is 1 to 128"),
    ("xnvmeperf run --iopattern read --qdepth 1 --iosize 512 --runtime 1",
     r"<uri> is missing; name at least one device"),
    ("xnvmeperf run 1GB --iopattern foo --qdepth 1 --iosize 512 --runtime 1",
     r"'foo' is not a value of 'iopattern'; it takes one of: read write randread randwrite"),
    ("xnvmeperf run 1GB --iopattern read --qdepth 1 --iosize 512 --runtime 0",
     r"--runtime is at least 1 second"),
    ("xnvmeperf run 1GB --iopattern read --qdepth 1 --iosize 512 --runtime 1 --cpulist 0,1",
     r"names 2 processors but there are only 1 queues"),
    ("xnvmeperf run 1GB --iopattern read --qdepth 1 --iosize 512 --runtime 1 --cpulist 1-0",
     r"names no processors"),
]

# Valid command lines that fail: exit code 1
FAILING = [
    ("xnvme info /nonexistent", r"errno: -2.*\n.*does not exist; give the path"),
    ("xnvme info /tmp", r"ERR: 'xnvme_dev_open\(\)'.*\n# WHY: ."),
    ("xnvme info /dev/null", r"ERR: 'xnvme_dev_open\(\)'.*\n# WHY: ."),
    ("xnvme info 1GB --be nosuch", r"unknown backend 'nosuch'"),
    ("xnvme info 1GB --async io_uring", r"'1GB' is a ramdisk.*what works for it: emu"),
    ("xnvme info 1GB --sync nosuch", r"is not a path that exists"),
    ("xnvme info 1GB --mem nosuch", r"memory 'nosuch' cannot be used"),
    ("xnvme info virt:nosuch", r"ERR: 'xnvme_dev_open\(\)'.*\n# WHY: ."),
    ("xnvme info virt:null,size=0", r"ERR: 'xnvme_dev_open\(\)'.*\n# WHY: ."),
    ("xnvme info virt:null,bogus=1", r"ERR: 'xnvme_dev_open\(\)'.*\n# WHY: ."),
    ("lblk read 1GB --slba ffffffffffffffff --nlb 1", r"not all on the device"),
    ("lblk read {file} --slba 20000 --nlb 0", r"not all on the device: it ends before block"),
    ("lblk write 1GB --slba 0 --nlb 0 --data-input /nonexistent", r"xnvme_buf_from_file"),
    ("lblk write 1GB --slba 0 --nlb 0 --meta-input {file}", r"has no separate metadata"),
    ("lblk write-read-pi 1GB --slba 0 --nlb 0 --prchk 4", r"keeps no protection information"),
    ("lblk compare {file} --slba 0 --nlb 0 --data-input {letters}", r"the data differ"),
    ("zoned report 1GB", r"ERR: 'xnvme_znd_report_from_dev\(\)'"),
    ("kvs store 1GB --key marco --value polo", r"not a namespace of the Key Value command set"),
    ("xnvme log 1GB --lid 2 --data-nbytes 3", r"--data-nbytes is a multiple of 4"),
    ("xnvme log-erri 1GB --limit 0", r"--limit is 1 to 256"),
    ("xnvme feature-set 1GB --fid 4 --feat 1 --data-input {file}",
     r"--data-input needs --data-nbytes"),
    ("xnvme padc 1GB --opcode ff", r"ERR: 'xnvme_cmd_pass_admin\(\)'"),
    ("xnvme idfy virt:null --cns 3f", r"# WHY: .*(INVALID_FIELD|Invalid Field)"),
    ("xnvme show-regs {file}", r"has no controller"),
    ("xnvme ctrlr-reset 1GB", r"has no controller"),
    ("xdd sync --data-input {letters} --data-output {out} --data-nbytes 10000",
     r"does the file end there"),
    ("xdd async --data-input {letters} --data-output {out} --data-nbytes 10000",
     r"does the file end there"),
    ("xdd sync --data-input /nonexistent --data-output {out} --data-nbytes 1", r"does not exist"),
    ("xnvme_file load-sync /nonexistent", r"does not exist"),
    ("xnvme_file load-sync {empty}", r"there are no bytes to move"),
    ("xnvmeperf run /nonexistent --iopattern read --qdepth 1 --iosize 512 --runtime 1",
     r"does not exist"),
    ("xnvmeperf run 1GB --iopattern read --qdepth 1 --iosize 100 --runtime 1",
     r"--iosize is a multiple of the block"),
    ("xnvmeperf run 1GB --iopattern read --qdepth 5000 --iosize 512 --runtime 1",
     r"--qdepth is 1 to 4096"),
    ("xnvmeperf verify 1MiB --iosize 4096 --count 1000", r"what the device has room for"),
    ("xnvmeperf verify 64MiB --iosize 4096 --count 8 --qdepth 4 --async nil",
     r"8 mismatches.*\n(.*\n)*.*what was read is not what was written"),
]


class Usage(harness.Case):
    def test_help_lists_what_there_is(self):
        for tool in TOOLS:
            for args in ([], ["--help"], ["-h"]):
                result = self.expect(run(tool, *args), 0, rf"Usage: {tool} <command>")
                listed = re.findall(r"^  (\S+) +\| \S", result.out, re.M)
                self.assertEqual(result.err, "")
                for sub in SUBS[tool].split():
                    self.assertIn(sub, listed)

    def test_each_command_explains_itself(self):
        for tool in TOOLS:
            for sub in SUBS[tool].split():
                self.expect(run(tool, sub, "--help"), 0, rf"Usage: {tool} {sub}", r"--output",
                            r"\n\S.+\n\n")

    def test_plain_commands_explain_themselves(self):
        for sub in PLAIN.split():
            for word in ("--help", "-h"):
                result = self.expect(run("nvmevirt", sub, word), 0, rf"^Usage: nvmevirt {sub} ")
                self.assertEqual(result.err, "")
            self.expect(run("nvmevirt", sub, "--version"), 0, r"^ver: \{major: \d+")
        for line, why in PLAIN_WRONG:
            with self.subTest(line):
                sub = line.split()[1]
                self.expect(run(*line.split()), 2, why, rf"Usage: nvmevirt {sub} ")

    def test_version_everywhere(self):
        for tool in TOOLS:
            first = SUBS[tool].split()[0]
            for args in (["--version"], [first, "--version"]):
                self.expect(run(tool, *args), 0, r"^\w+: \{major: \d+, minor: \d+, patch: \d+\}")
                record = parse(run(tool, *args, "--output", "json"))
                version = list(record["result"].values())[0]
                self.assertEqual(list(version), ["major", "minor", "patch"])

    def test_wrong_lines_are_2_and_explained(self):
        for line, why in WRONG:
            with self.subTest(line):
                result = self.expect(run(*line.split()), 2, r"# WHY: .*" + why)
                self.assertIn("# ERR: 'xnvme_cli_run()': {errno: 22", result.err)
                if "--output" not in line:
                    self.assertEqual(result.out, "")
                    again = run(*line.split(), "--output", "json")
                    record = parse(self.expect(again, 2))
                    self.assertRegex(record["errors"][0]["why"], why)

    def test_failures_are_1_and_explained(self):
        """X33: xNVMe 0.7.5's tools exit 0 after failures. X36: registers, rescan and reset work
        only on some nodes, with a misleading EPERM. Here they work through any node of the
        controller, with a message where the kernel forbids it (tests/guest/tools.sh) or where there
        is no controller."""
        letters = self.path("letters")
        with open(letters, "wb") as file:
            file.write(b"x" * 4096)
        with open(self.path("empty"), "wb"):
            pass
        for line, why in FAILING:
            line = line.format(file=self.file, letters=letters, out=self.path("out"),
                               empty=self.path("empty"))
            with self.subTest(line):
                self.expect(run(*line.split()), 1, r"# ERR: '[^']+.*\{errno: -\d+", why)
                record = parse(self.expect(run(*line.split(), "--output", "json"), 1))
                self.assertTrue(record["errors"])

    @harness.unittest.skipUnless(os.geteuid() == 0, "needs root, to give privileges up")
    def test_permission_is_explained(self):
        os.chmod(self.file, 0o600)
        os.chmod(self.dir, 0o755)
        try:
            result = run("xnvme", "info", self.file, user=65534, group=65534, extra_groups=[])
        except PermissionError:
            self.skipTest("nobody may not run the tools where they were built")
        self.expect(result, 1, r"errno: -13, msg: 'Permission denied'", r"# WHY: .")

    def test_a_full_disk_is_a_failure(self):
        """Every program that prints fails with its exit status when the output cannot be written"""
        if not os.path.exists("/dev/full"):
            self.skipTest("no /dev/full here")
        trace = self.path("trace")
        with open(trace, "w", encoding="utf-8") as file:
            file.write("at_ns,op,offset,nbytes\n0,W,0,4096\n")
        lines = ["xnvme info " + VIRT, "xnvme info " + VIRT + " --output json", "xnvme --help",
                 "xnvme library-info", "lblk --version", "kvs enum", "xnvme --generate man",
                 "nvmevirt presets", "nvmevirt show null", "nvmevirt keys --format man",
                 "nvmevirt sim " + trace, "nvmevirt sim --output json " + trace,
                 "nvmevirt sim --help", "nvmevirt oracle --compare " + self.path("none"),
                 "nvmevirt calibrate --read-latency 80 --read-bandwidth 3000 --write-latency 30 "
                 "--write-bandwidth 1800", "xnvme_hello hw 1GiB", "xnvme_enum", "xnvme_dev 1GiB",
                 "xnvme_single_sync 1GiB", "xnvme_single_async 1GiB", "xnvme-driver --help",
                 "xnvme-driver --version", "xnvme-driver status"]
        for line in lines:
            tool, *args = line.split()
            with self.subTest(line), open("/dev/full", "w", encoding="utf-8") as full:
                done = subprocess.run([os.path.join(harness.TOOLS_DIR, tool), *args],
                                      stdout=full, stderr=subprocess.PIPE, check=False,
                                      timeout=harness.TIMEOUT_S)
                self.assertEqual(done.returncode, 1, done.stderr)
                if "oracle" not in args and tool != "xnvme-driver":  # the shell has its own message
                    self.assertIn(b"No space left on device", done.stderr)

    def test_an_earlier_write_tells_why_it_failed(self):
        """With a line buffer all writes except the last one fail before the end"""
        if not os.path.exists("/dev/full") or not shutil.which("stdbuf"):
            self.skipTest("no /dev/full or stdbuf here")
        for line in ["nvmevirt presets", "xnvme library-info"]:
            tool, *args = line.split()
            with self.subTest(line), open("/dev/full", "w", encoding="utf-8") as full:
                done = subprocess.run(["stdbuf", "-oL", os.path.join(harness.TOOLS_DIR, tool),
                                       *args], stdout=full, stderr=subprocess.PIPE, check=False,
                                      timeout=harness.TIMEOUT_S)
                if b"runtime does not come first" in done.stderr:
                    self.skipTest("stdbuf preloads a library, which AddressSanitizer refuses")
                self.assertEqual(done.returncode, 1, done.stderr)
                self.assertIn(b"No space left on device", done.stderr)


class Generated(harness.Case):
    def generate(self, tool, what):
        path = self.path(f"{tool}.{what}")
        with open(path, "w", encoding="utf-8") as file:
            file.write(self.expect(run(tool, "--generate", what), 0).out)
        return path

    def manual(self, path, headings):
        """The rendered page, which must not cause warnings"""
        if not shutil.which("man"):
            self.skipTest("man is not installed")
        done = subprocess.run(["man", "--warnings=w", "-E", "UTF-8", "-l", "-Tutf8", path],
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=True,
                              env={**os.environ, "MANWIDTH": "80", "LC_ALL": "C"})
        text = re.sub(rb".\x08|\x1b\[[0-9;]*m", b"", done.stdout).decode()
        self.assertEqual(done.stderr, b"")
        for heading in headings:
            self.assertIn(f"\n{heading}\n", text)
        return text

    def test_manual_pages_are_well_formed(self):
        for tool in TOOLS:
            text = self.manual(self.generate(tool, "man"), (
                "NAME", "SYNOPSIS", "OPTIONS", "COMMANDS", "EXIT STATUS"))
            flat = re.sub(r"\s+", " ", text)
            for sub in SUBS[tool].split():
                self.assertIn(f"{tool} {sub}", flat)
            for names in re.findall(r"((?:--[\w-]+, )*--[\w-]+): see OPENING A DEVICE", flat):
                for name in names.split(", "):  # each is described once, after all commands
                    self.assertRegex(flat.split(" OPENING A DEVICE ", 1)[1], name + "[ A-Z]")

    def test_the_manual_says_what_help_says(self):
        page = self.manual(self.generate("nvmevirt", "man"), ())
        self.assertIn("oracle, serve, sim, calibrate take it", re.sub(r"\s+", " ", page))
        page = re.sub("[^A-Za-z0-9]", "", page)
        for sub in PLAIN.split():  # word for word, whatever the line breaks
            said = run("nvmevirt", sub, "--help").out.partition("Usage: ")[2]
            self.assertIn(re.sub("[^A-Za-z0-9]", "", said), page)

    def test_the_manual_of_the_driver_script(self):
        page = self.manual(os.path.join(harness.TOOLS_DIR, "xnvme-driver.1"), (
            "NAME", "SYNOPSIS", "DESCRIPTION", "COMMANDS", "WITHOUT AN IOMMU", "EXIT STATUS"))
        self.expect(run("xnvme-driver", "--version"), 0,
                    r"^ver: \{major: \d+, minor: \d+, patch: \d+\}\n$")
        usage = subprocess.run(["sh", DRIVER, "--help"], stdout=subprocess.PIPE,
                               check=True).stdout.decode()
        subs = set(re.findall(r"xnvme-driver \[?([a-z]+)", usage))
        self.assertEqual(subs, {"status", "bind", "unbind", "hugepages"} | {"help"} & subs)
        for sub in subs:
            self.assertRegex(page, rf"\n {{7}}xnvme-driver \[?{sub}\b")
            self.assertRegex(page, rf"\n {{7}}{sub}\b")
        for word in set(re.findall(r"--[a-z-]+[a-z]|\w+=\w+|\w+_\w+", usage)):
            self.assertIn(word, page)

    def test_the_driver_script_completes(self):
        script = os.path.join(os.path.dirname(DRIVER), "xnvme-driver.bash")
        sysfs = os.path.join(self.dir, "sys")
        for function, code in (("0000:01:00.0", "0x010802"), ("0000:02:00.0", "0x020000")):
            os.makedirs(f"{sysfs}/bus/pci/devices/{function}")
            with open(f"{sysfs}/bus/pci/devices/{function}/class", "w", encoding="ascii") as file:
                file.write(code + "\n")
        for words, expected in ((("",), "status bind unbind hugepages --help --version".split()),
                                (("bind", ""), ["--no-iommu", "0000:01:00.0"]),
                                (("unbind", ""), ["0000:01:00.0"]),
                                (("unbind", "0000:01:"), ["00.0"])):
            self.assertEqual(self.complete_by(script, "_xnvme_driver_completions", "xnvme-driver",
                                              *words, env={"XNVME_SYSFS": sysfs}), expected)
        if shutil.which("zsh"):
            subprocess.run(["zsh", "-n", script[:-4] + "zsh"], check=True)

    def test_the_manual_of_descriptions_has_every_key(self):
        page = self.manual(os.path.join(harness.TOOLS_DIR, "nvmevirt.5"), (
            "NAME", "SYNOPSIS", "DESCRIPTION", "KEYS"))
        flat = re.sub("[^A-Za-z0-9._]", "", page)
        keys = parse(run("nvmevirt", "keys", "--output", "json"))["result"]["nvmevirt_keys"]
        self.assertGreater(len(keys), 90)
        for key in keys:
            name = key["key"] or key["uri"]
            for text in (name, key["meaning"], key["values"], key["default"]):
                self.assertIn(re.sub("[^A-Za-z0-9._]", "", text), flat, key)
            self.assertTrue(key["meaning"] and key["values"] and key["default"], key)
            ends = {"_ns": "ns", "_nbytes": "bytes", "_mib_s": "MiB/s", "_ppm": "ppm"}
            for end, unit in ends.items():
                if name.endswith(end):
                    self.assertEqual(key["unit"], unit, key)
        self.expect(run("nvmevirt", "keys", "--format", "html"), 2, "--format is man")
        # the message about an unknown key of a URI comes from the same table: its names are here
        said = run("xnvme", "info", "virt:null,bogus=1").err
        named = {key["uri"] for key in keys}
        for name in re.search(r"valid are (.*), and table.key", said)[1].split(", "):
            self.assertIn(name, named)

    def complete_by(self, script, function, tool, *words, env=None):
        typed = " ".join(f"'{word}'" for word in (tool,) + words)
        code = (f"source {script}; COMP_WORDS=({typed}); COMP_CWORD={len(words)}; "
                f"{function}; printf '%s\n' \"${{COMPREPLY[@]}}\"")
        return subprocess.run(["bash", "-c", code], stdout=subprocess.PIPE, check=True,
                              cwd=self.dir, env={**os.environ, **(env or {})}
                              ).stdout.decode().split()

    def complete(self, tool, *words):
        return self.complete_by(self.generate(tool, "bash"), f"_{tool}_completions", tool, *words)

    def test_bash_completes(self):
        if not shutil.which("bash"):
            self.skipTest("bash is not installed")
        self.assertEqual(self.complete("xnvme", "idfy-"), ["idfy-ns", "idfy-ctrlr", "idfy-cs"])
        self.assertEqual(self.complete("lblk", "read", "u", "--sl"), ["--slba"])
        self.assertEqual(self.complete("xnvme", "info", "--output", ""), ["text", "yaml", "json"])
        self.assertEqual(self.complete("xnvme", "info", "f64"), ["f64m.bin"])
        self.assertEqual(self.complete("nvmevirt", "serve", "--"),
                         ["--poll", "--vfio-user", "--help", "--version"])
        for tool in TOOLS:
            subprocess.run(["bash", "-n", self.generate(tool, "bash")], check=True)
            self.assertLessEqual(set(SUBS[tool].split()), set(self.complete(tool, "")))

    def test_zsh_script_names_every_command(self):
        for tool in TOOLS:
            with open(self.generate(tool, "zsh"), encoding="utf-8") as file:
                text = file.read()
            self.assertTrue(text.startswith(f"#compdef {tool}\n"))
            for sub in SUBS[tool].split():
                self.assertIn(f"'{sub}:", text)
            if shutil.which("zsh"):
                subprocess.run(["zsh", "-n", self.path(f"{tool}.zsh")], check=True)

    def test_nothing_else_is_generated(self):
        self.expect(run("xnvme", "--generate", "fish"), 2, r"takes one of: man bash zsh")


if __name__ == "__main__":
    harness.main()
