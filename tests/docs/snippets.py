#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Build and run every complete C program in the documentation.

usage: snippets.py CC INCLUDE-DIR LIBRARY FILE.md...
"""
import os
import re
import subprocess
import sys
import tempfile


def main():
    compiler, include, library, *files = sys.argv[1:]
    folder = os.path.dirname(library)
    ran = 0
    for path in files:
        with open(path, encoding="utf-8") as file:
            programs = re.findall(r"```c\n(.*?)```", file.read(), flags=re.S)
        for number, program in enumerate((p for p in programs if "main(" in p), 1):
            with tempfile.TemporaryDirectory() as temp:
                source = os.path.join(temp, "snippet.c")
                with open(source, "w", encoding="utf-8") as file:
                    file.write(program)
                binary = os.path.join(temp, "snippet")
                subprocess.run(compiler.split() + ["-std=c11", "-Wall", "-Werror", "-I", include,
                                                   source, "-o", binary, library,
                                                   "-Wl,-rpath," + folder], check=True)
                run = subprocess.run([binary], capture_output=True, text=True, timeout=60,
                                     check=False)
                if run.returncode:
                    print(f"{path}, program {number}: exit {run.returncode}")
                    print(run.stdout + run.stderr)
                    return 1
                ran += 1
    print(f"{ran} programs built and run")
    return 0 if ran else 1


if __name__ == "__main__":
    sys.exit(main())
