#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""usage: page_test.py SOURCE_ROOT

docs/defects.md names tests: each must exist in the file given on the page, and the page must have
every check of tests/defects and every number."""
import os
import re
import sys

root = sys.argv[1]


def text_of(*path):
    with open(os.path.join(root, *path), encoding="utf-8") as file:
        return file.read()


page = text_of("docs", "defects.md")
here = "".join(text_of("tests", "defects", name) for name in
               sorted(os.listdir(os.path.join(root, "tests", "defects"))) if name != "page_test.py")
wrong = []
rows = re.findall(r"^\| (X\d\db?) \|.*\| ([^|]+) \|$", page, re.M)
expected = ["X01", "X01b"] + [f"X{number:02}" for number in range(2, 41)]
if [row[0] for row in rows] != expected:
    wrong.append(f"the rows are not X01, X01b, X02 to X40: {[row[0] for row in rows]}")
for number, proof in rows:
    paths = re.findall(r"`((?:tests|src|include)/[^`]+)`", proof)
    wrong += [f"{number}: there is no {path}" for path in paths
              if not os.path.isfile(os.path.join(root, path))]
    beside = here + "".join(text_of(path) for path in paths
                            if os.path.isfile(os.path.join(root, path)))
    wrong += [f"{number}: no test is called {name}"
              for name in re.findall(r"`([a-z]\w+)`", proof)
              if not re.search(rf"\b{name}\(", beside)]
for name in re.findall(r'\{"(x\d\db?_\w+)"', here) + re.findall(r"def (test_x\d\d_\w+)", here):
    if f"`{name}`" not in page:
        wrong.append(f"the page does not name {name}")
print("\n".join(wrong) or f"{len(rows)} rows agree with the tests")
sys.exit(bool(wrong))
