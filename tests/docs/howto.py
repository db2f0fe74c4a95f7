#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""The pages that show how to add something to the library are complete: their changes compile with
the options of the build, link and pass their tests.

A ```c block below "... `FILE`:" is a new file, a ```diff block changes files; its line numbers are
ignored, its lines are searched in the file.

usage: howto.py check SOURCE-FOLDER BUILD-FOLDER PAGE.md...    in a copy
       howto.py apply PAGE.md SOURCE-FOLDER                    for good
"""
import json
import os
import re
import shlex
import subprocess
import sys
import tempfile


def steps(page):
    """(FILE, text of the new file or None, hunks as pairs of lines before and after)"""
    with open(page, encoding="utf-8") as file:
        text = file.read()
    for name, language, block in re.findall(
            r"(?:`([\w./]+)`:\n\n)?^```(c|diff)\n(.*?)^```", text, flags=re.S | re.M):
        if language == "c":
            yield name, block, []
            continue
        name = re.match(r"--- a/(\S+)\n\+\+\+ b/\1\n@@", block).group(1)
        block = re.sub(r"^$", " ", block, flags=re.M)  # an empty line, without its space
        yield name, None, [
            ("".join(line[1:] for line in lines if line[0] in " -"),
             "".join(line[1:] for line in lines if line[0] in " +"))
            for lines in (hunk.splitlines(True)[1:]
                          for hunk in re.split(r"^(?=@@)", block, flags=re.M)[1:])]


def apply(page, source, target):
    """Applies the page to files of `source` and writes them to `target`; returns their names"""
    done = []
    for name, text, hunks in steps(page):
        path = os.path.join(target, name)
        if text is None:
            start = path if name in done else os.path.join(source, name)
            with open(start, encoding="utf-8") as file:
                text = file.read()
        for before, after in hunks:
            if text.count(before) != 1:
                sys.exit(f"{page}: {name} has these lines {text.count(before)} times:\n{before}")
            text = text.replace(before, after)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        done.append(name)
    return sorted(set(done))


class Build:
    """Compiles as the build does and links with its objects; files of `target` come first"""

    def __init__(self, source, build, target):
        self.source, self.build, self.target = source, build, target
        with open(os.path.join(build, "compile_commands.json"), encoding="utf-8") as file:
            command = shlex.split(next(entry["command"] for entry in json.load(file)
                                       if entry["file"].endswith("src/ssd/nvm/nvm_test.c")))
        at = next(i for i, word in enumerate(command) if word.startswith("-I"))
        self.compile = [*command[:at], "-I" + os.path.join(target, "src"),
                        *command[at:command.index("-MD")]]
        link = subprocess.run(["ninja", "-C", build, "-t", "commands", "src/ssd_nvm"], check=True,
                              capture_output=True, text=True).stdout.splitlines()[-1]
        self.link = [word for word in shlex.split(link) if not word.endswith(".o")]
        self.output = self.link.index("-o") + 1

    def add_paths(self):
        """Adds the names of `paths +=` to host_built.h, as meson does"""
        names = []
        for folder, _, files in os.walk(os.path.join(self.target, "src")):
            for path in (os.path.join(folder, name) for name in files if name == "meson.build"):
                with open(path, encoding="utf-8") as file:
                    names += re.findall(r"'(\w+)'", " ".join(
                        re.findall(r"^paths \+= (.*)", file.read(), flags=re.M)))
        with open(os.path.join(self.build, "src/host_built.h"), encoding="utf-8") as file:
            text = file.read()
        for name in names:
            if f"X({name})" not in text:
                text = re.sub(r"(define BUILT_PATHS\(X\).*)", rf"\1 X({name})", text)
        with open(os.path.join(self.target, "src/host_built.h"), "w", encoding="utf-8") as file:
            file.write(text)

    def object(self, name):
        path = next(path for path in (os.path.join(self.target, name),
                                      os.path.join(self.source, name)) if os.path.exists(path))
        out = os.path.join(self.target, name + ".o")
        os.makedirs(os.path.dirname(out), exist_ok=True)
        subprocess.run([*self.compile, "-c", path, "-o", out], check=True, cwd=self.build)
        return out

    def run(self, test, objects):
        program = os.path.join(self.target, "program")
        self.link[self.output] = program
        subprocess.run(self.link[:self.output + 1] + objects + self.link[self.output + 1:],
                       check=True, cwd=self.build)
        run = subprocess.run([program], capture_output=True, text=True, check=False, timeout=60)
        if run.returncode:
            sys.exit(f"{test}: exit {run.returncode}\n{run.stdout}{run.stderr}")


def named_in_builds(page, names):
    """Checks that a meson.build names each new file"""
    builds = "".join(after for name, _, hunks in steps(page) for _, after in hunks
                     if name.endswith("meson.build"))
    for name in names:
        stem = os.path.basename(name)[:-2]
        if f"'{stem}.c'" not in builds and f"'{stem.removesuffix('_test')}'" not in builds:
            sys.exit(f"{page}: no meson.build names {name}")


def check(source, build, page):
    with tempfile.TemporaryDirectory() as target:
        names = apply(page, source, target)
        new = [name for name in names if not os.path.exists(os.path.join(source, name))]
        named_in_builds(page, new)
        tidy = subprocess.run([sys.executable, os.path.join(source, "ci/tidy"),
                               *(os.path.join(target, name) for name in names)],
                              capture_output=True, text=True, check=False)
        if tidy.returncode:
            sys.exit(f"{page}: {tidy.stdout}")
        whole = Build(source, build, target)
        whole.add_paths()
        tests = [name for name in names if re.match(r"src/.*_test\.c", name)]
        objects = [whole.object(name) for name in names if name.endswith(".c") and
                   name.startswith("src/") and name not in tests]
        rig = [whole.object("src/ssd/rig_test.c")]
        # existing tests are only compiled, unless the page has no new test
        runs = [name for name in tests if name in new] or tests
        for test in tests:
            own = whole.object(test)
            if test in runs:
                whole.run(test, [own, *objects, *rig])
        print(f"{os.path.basename(page)}: {len(names)} files, {len(runs)} tests passed")


def main():
    if len(sys.argv) == 4 and sys.argv[1] == "apply":
        print("\n".join(apply(sys.argv[2], sys.argv[3], sys.argv[3])))
    elif len(sys.argv) > 4 and sys.argv[1] == "check":
        for page in sys.argv[4:]:
            check(*(os.path.abspath(path) for path in sys.argv[2:4]), os.path.abspath(page))
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    main()
