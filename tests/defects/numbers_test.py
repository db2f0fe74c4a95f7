#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""usage: numbers_test.py SOURCE_ROOT

Each defect of xNVMe 0.7.5 is described at a test (defects.h), and each check of this folder has the
description of its number."""
import glob
import os
import re
import sys

root = sys.argv[1]
EXPECTED = {"X01b"} | {f"X{number:02}" for number in range(1, 41)}


def text_of(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


tests = [path for pattern in ("tests/**/*.c", "tests/**/*.py", "tests/**/*.sh", "src/**/*_test.c",
                              "include/*_test.sh")
         for path in glob.glob(os.path.join(root, pattern), recursive=True)
         if os.path.abspath(path) != os.path.abspath(__file__)]
numbers = {number for path in tests for number in re.findall(r"\b(X\d\db?): ", text_of(path))}
wrong = [f"no test describes {number}: `/* {number}: ... */`" for number in EXPECTED - numbers]
wrong += [f"there is no defect {number}" for number in numbers - EXPECTED]
checks = 0
for path in glob.glob(os.path.join(root, "tests/defects/*.*")):
    text = text_of(path)
    for name, number in re.findall(r"^(?:    def test_|)(x(\d\db?)_\w+)\(", text, re.M):
        checks += 1
        around = text[:text.index(name + "(")].rsplit("}", 1)[-1] + text[text.index(name + "("):][:200]
        if f"X{number}: " not in around:
            wrong.append(f"{os.path.relpath(path, root)}: no X{number}: at {name}")
print("\n".join(wrong) or f"{len(numbers)} defects, {checks} checks of tests/defects")
sys.exit(bool(wrong) or checks < 20)
