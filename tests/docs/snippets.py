#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Build and run every complete C program in the documentation; build every other piece of C.

usage: snippets.py CC INCLUDE-DIR LIBRARY FILE.md...
"""
import os
import re
import subprocess
import sys
import tempfile

# Variables that a piece may use from the surrounding program
AROUND = """#include <stdio.h>
#include <libxnvme.h>
void done(struct xnvme_cmd_ctx *ctx, void *arg);
void piece(void);
void piece(void)
{
%s}
"""


def main():
    compiler, include, library, *files = sys.argv[1:]
    build = compiler.split() + ["-std=c11", "-Wall", "-Werror", "-I", include]
    ran = pieces = 0
    with tempfile.TemporaryDirectory() as temp:
        source, binary = os.path.join(temp, "snippet.c"), os.path.join(temp, "snippet")
        for path in files:
            with open(path, encoding="utf-8") as file:
                snippets = re.findall(r"```c\n(.*?)```", file.read(), flags=re.S)
            for number, snippet in enumerate(snippets, 1):
                whole = "main(" in snippet
                with open(source, "w", encoding="utf-8") as file:
                    file.write(snippet if whole else
                               AROUND % re.sub(r"^#include.*\n", "", snippet, flags=re.M))
                if not whole:
                    subprocess.run(build + ["-Wno-unused", "-fsyntax-only", source], check=True)
                    pieces += 1
                    continue
                subprocess.run(build + [source, "-o", binary, library,
                                        "-Wl,-rpath," + os.path.dirname(library)], check=True)
                run = subprocess.run([binary], capture_output=True, text=True, timeout=60,
                                     check=False)
                if run.returncode:
                    print(f"{path}, snippet {number}: exit {run.returncode}")
                    print(run.stdout + run.stderr)
                    return 1
                ran += 1
    print(f"{ran} programs built and run, {pieces} pieces built")
    return 0 if ran and pieces else 1


if __name__ == "__main__":
    sys.exit(main())
