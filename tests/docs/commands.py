#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""The commands and names in the documentation are valid.

Every command of the tools in a ```sh block or between backticks is run and must succeed, every
virtual SSD is opened, every ```toml block is opened as a drive, every ```python block runs; named
files, tests and functions exist, and SECURITY.md names each fuzz target. Words in capitals are
placeholders: `places` has the values of the test.

usage: [XNVME_LIBRARY=FILE.so] commands.py SOURCE-FOLDER BUILD-FOLDER [FILE.md...]
"""
import fnmatch
import glob
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time

TOOLS = ("xnvme", "lblk", "zoned", "kvs", "xdd", "xnvme_file", "xnvmeperf", "nvmevirt")
PAGES = ("*.md", "docs/*.md", "bench/*.md", "bindings/*/*.md", "tests/*/*.md")
TREES = ("bench", "bindings", "ci", "docs", "include", "src", "tests", "tools")
SOURCE, BUILD = sys.argv[1:3]
RECORDINGS = ("unit_chmodel_450", "zn540_state_machine", "970pro_randrw70_4k_qd32")


def read_all(pattern):
    text = ""
    for path in glob.glob(os.path.join(SOURCE, pattern), recursive=True):
        with open(path, encoding="utf-8") as file:
            text += file.read()
    return text


class Checker:
    def __init__(self, temp):
        self.temp = temp
        self.failures = []
        self.done = {}
        self.page = ""
        self.headers = read_all("include/*.h")
        self.builds = read_all("**/meson.build")
        self.tests = set()
        for kind in ("tests", "benchmarks"):
            with open(os.path.join(BUILD, f"meson-info/intro-{kind}.json"),
                      encoding="utf-8") as file:
                self.tests |= {test["name"] for test in json.load(file)}
        self.places = {
            "PRESET": "null,size=64MiB", "NAME": "samsung-970-pro", "FILE": "media", "URI": "64MiB",
            "FOLDER": "recordings", "TRACE": "trace.csv", "BUILD": BUILD,
            "tests/oracle/data": "recordings", "/run/ssd0": "socket",
        }
        os.mkdir(os.path.join(temp, "recordings"))
        for name in RECORDINGS:
            for path in glob.glob(os.path.join(SOURCE, "tests/oracle/data", name + ".*")):
                os.symlink(path, os.path.join(temp, "recordings", os.path.basename(path)))
        with open(os.path.join(temp, "trace.csv"), "w", encoding="utf-8") as file:
            file.write("at_ns,op,offset,nbytes\n0,W,0,4096\n1000,R,0,4096\n")

    def fail(self, what, why):
        self.failures.append(f"{self.page}: {what}: {why}")

    def count(self, kind):
        self.done[kind] = self.done.get(kind, 0) + 1

    def fill_in(self, text):
        for word, thing in self.places.items():
            text = re.sub(rf"(?<![\w-]){word}(?![\w-])", thing, text)
        return text

    def start(self, text):
        path = os.path.join(BUILD, "tools") + ":" + os.environ["PATH"]
        return subprocess.Popen("exec " + self.fill_in(text), cwd=self.temp, shell=True,
                                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                stderr=subprocess.STDOUT, text=True,
                                env={**os.environ, "PATH": path})

    def end(self, text, child):
        try:
            said = child.communicate(timeout=60)[0]
        except subprocess.TimeoutExpired:
            child.kill()
            said = "does not end"
        if child.returncode or said == "does not end":
            self.fail(text, f"exit {child.returncode}: {said}")
        self.count("commands")

    def run(self, text):
        self.end(text, self.start(text))

    def served(self, text):
        """Starts a server and waits for its socket"""
        child = self.start(text)
        until = time.monotonic() + 20
        while not os.path.exists(os.path.join(self.temp, "socket")) and \
                child.poll() is None and time.monotonic() < until:
            time.sleep(0.02)
        return child

    def block(self, lines):
        """Runs the lines of a block; a line with & at its end runs until the block's end"""
        behind = []
        for line in lines:
            line = line.split("#")[0].strip()
            if line.endswith("&"):
                line = line[:-1].strip()
                behind.append((line, self.served(line)))
            elif line:
                self.command(line)
        for text, child in behind:
            child.send_signal(signal.SIGTERM)
            self.end(text, child)

    def command(self, text):
        """Runs a command of the tools; checks the names of one of the build; ignores all others"""
        words = text.split()
        if re.search(r"\d{4}:\d\d:\d\d\.\d", text) and words[0] in TOOLS:
            text = " ".join(words[:2]) + " --help"  # a PCI function that this machine lacks
            words = text.split()
        if words[0] == "meson" and words[1] == "test" or words[0] == "--suite":
            self.meson_test(words)
        elif words[0] == "make":
            self.make_targets(words[1:])
        elif words[0] == "xnvme-driver":
            self.driver(words[1:])
        elif words[0] in TOOLS and (len(words) > 2 or words[1:] in (["enum"], ["presets"])):
            self.run(text)
        elif words[0] in TOOLS and len(words) == 2:
            self.run(text + " --help")

    def meson_test(self, words):
        """Checks names of tests; one that is only in a meson.build may be missing in this build"""
        suite = False
        for word in words[2:] if words[0] == "meson" else words:
            word = word.strip("'")
            known = f"'{word}'" in self.builds or word == "BUILD"
            if suite and f"suite: '{word}'" not in self.builds:
                self.fail(" ".join(words), f"there is no suite {word}")
            elif not suite and not word.startswith("-") and not known and \
                    not fnmatch.filter(self.tests, word):
                self.fail(" ".join(words), f"there is no test {word}")
            suite = word == "--suite"
        self.count("tests named")

    def make_targets(self, targets):
        with open(os.path.join(SOURCE, "Makefile"), encoding="utf-8") as file:
            rules = re.findall(r"^(\w+):", file.read(), flags=re.M)
        for target in targets:
            if target not in rules:
                self.fail("make " + target, "no such target")

    def driver(self, words):
        """xnvme-driver changes the machine: checks only that it documents these words"""
        script = os.path.join(SOURCE, "tools/xnvme-driver/xnvme-driver")
        run = subprocess.run([script, "--help"], capture_output=True, text=True, check=True)
        with open(script + ".1.in", encoding="utf-8") as file:
            page = file.read().replace("\\-", "-")
        for word in words:
            if re.match(r"[a-z-]+$", word) and (word not in run.stdout or word not in page):
                self.fail("xnvme-driver", f"knows no {word}")

    def fuzz_targets(self):
        """Checks that SECURITY.md names each fuzz target"""
        self.page = "SECURITY.md"
        with open(os.path.join(SOURCE, self.page), encoding="utf-8") as file:
            text = file.read()
        for target in set(re.findall(r"\['(\w+_fuzz)'", self.builds)):
            if f"`{target}`" not in text:
                self.fail(target, "a fuzz target that the page does not name")

    def python(self, text):
        path = os.path.join(BUILD, "bindings/python")
        run = subprocess.run([sys.executable, "-c", text], capture_output=True, text=True,
                             timeout=60, check=False, env={**os.environ, "PYTHONPATH": path})
        if run.returncode:
            self.fail("the program", run.stderr)
        self.count("programs")

    def drive(self, text, number):
        name = f"drive{number}.toml"
        with open(os.path.join(self.temp, name), "w", encoding="utf-8") as file:
            file.write(text)
        self.run("nvmevirt show " + name)
        self.run("xnvme info virt:" + name)

    def span(self, text):
        text = " ".join(text.split())
        name = re.match(r"((?:xnvme|nvmevirt)_\w+)\(", text)
        tool = text.split()[0] if text.split() else ""
        if name and name.group(1) not in self.headers:
            self.fail(text, "no public header has it")
        elif re.match(r"(pci-)?virt:[\w-]+(,[\w.]+=[\w.:-]+)*$", text) and ".toml" not in text:
            self.run("xnvme info " + text)
        elif text.split("/")[0] in TREES and re.match(r"[\w./*-]+$", text):
            if not glob.glob(os.path.join(SOURCE, text.replace("/x_", "/*_"))) and \
                    not glob.glob(os.path.join(BUILD, text)):
                self.fail(text, "there is no such file")
            self.count("files named")
        elif tool in TOOLS + ("meson", "make", "xnvme-driver", "--suite") and " " in text:
            self.command(re.sub(r" \[[^]]*\]", "", text))

    def check(self, path):
        self.page = os.path.relpath(path, SOURCE)
        with open(path, encoding="utf-8") as file:
            text = file.read()
        for language, block in re.findall(r"^```(\w*)\n(.*?)^```", text, flags=re.S | re.M):
            if language == "sh":
                self.block(block.splitlines())
            elif language == "python" and "XNVME_LIBRARY" in os.environ:
                self.python(block)
            elif language == "toml":
                self.drive(block, self.done.get("commands", 0))
        new_files = re.findall(r"`([\w./]+)`:\n\n```c\n", text)
        text = re.sub(r"^```.*?^```", "", text, flags=re.S | re.M)
        for span in re.findall(r"`([^`]+)`", text):
            if span not in new_files:  # new files of the page: see howto.py
                self.span(span)
        last = 0
        for number in map(int, re.findall(r"^(\d+)\. ", text, flags=re.M)):
            if number not in (1, last + 1):  # rendered numbers would differ
                self.fail(f"{number}.", f"follows {last}.")
            last = number
        for link in re.findall(r"\]\(([^)#]+)\)", text):
            if not link.startswith("http") and \
                    not os.path.exists(os.path.join(os.path.dirname(path), link)):
                self.fail(link, "the link leads nowhere")


def main():
    with tempfile.TemporaryDirectory() as temp:
        checker = Checker(temp)
        for path in sys.argv[3:] or sum((sorted(glob.glob(os.path.join(SOURCE, page)))
                                         for page in PAGES), []):
            checker.check(path)
        checker.fuzz_targets()
    for failure in checker.failures:
        print(failure)
    print(checker.done)
    return 1 if checker.failures or not checker.done.get("commands") else 0


if __name__ == "__main__":
    sys.exit(main())
