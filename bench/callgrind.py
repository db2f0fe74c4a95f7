# SPDX-License-Identifier: BSD-3-Clause
"""Reads callgrind output: the self cost of each place."""
import re
import shutil
import sys


def needs(*programs):
    """Exits with 77 (skipped) if a program is not installed"""
    for program in programs:
        if not shutil.which(program):
            print(f"SKIP: {program} is not installed")
            sys.exit(77)


def self_cost(path, kinds):
    """{names: instructions}, by `kinds`: "ob" object file, "fl" source file, "fn" function

    The line after calls= is the callee's cost, not the caller's.
    """
    names, sums, current, skip = {}, {}, dict.fromkeys(kinds, ""), False
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            found = re.match(r"(c?)(ob|fl|fi|fe|fn)=\((\d+)\)(?: (.*))?", line)
            if found:
                called, kind, number, name = found.groups()
                table = "fl" if kind in ("fi", "fe") else kind
                if name:
                    names[table, number] = name.strip()
                if not called and table in kinds:
                    current[table] = names[table, number]
            elif line.startswith("calls="):
                skip = True
            elif re.match(r"[+*\d-]", line):
                if not skip:
                    key = tuple(current.values())
                    sums[key] = sums.get(key, 0) + int(line.split()[1])
                skip = False
    return sums
