#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Checks that the offset of every named field and the size of every structure in include/ is
asserted: a new field without an AT or BITS line beside src/nvme/layout_test.h fails here.

usage: ci/layout.py SOURCE-ROOT CC...

The fields are read from the compiler's debug information, not from the text of the headers.
"""
import glob
import os
import re
import subprocess
import sys
import tempfile

ENTRY = re.compile(r" <(\d+)><([0-9a-f]+)>: Abbrev Number: \d+ \((DW_TAG_\w+)\)")
ATTRIBUTE = re.compile(r"\s+<[0-9a-f]+>\s+(DW_AT_\w+)\s*: (.*)")
AGGREGATES = ("DW_TAG_structure_type", "DW_TAG_union_type")


class Entry:
    """A debugging information entry with its children"""

    def __init__(self, tag):
        self.tag, self.attributes, self.below = tag, {}, []

    def name(self):
        text = self.attributes.get("DW_AT_name", "")
        return text.rsplit(": ", 1)[-1].strip()


def read_entries(program):
    """All entries by their offset"""
    out = subprocess.run(["readelf", "--debug-dump=info", program], check=True,
                         capture_output=True, text=True).stdout
    entries, open_at, current = {}, [], None
    for line in out.splitlines():
        if match := ENTRY.match(line):
            level, offset, tag = int(match[1]), match[2], match[3]
            current = entries[offset] = Entry(tag)
            del open_at[level:]
            if open_at:
                open_at[-1].below.append(current)
            open_at.append(current)
        elif current and (match := ATTRIBUTE.match(line)):
            current.attributes[match[1]] = match[2]
    return entries


def aggregate_of(entries, member):
    """The unnamed structure or union that is the type of a member, or None"""
    entry = member
    while True:
        reference = re.match(r"<0x([0-9a-f]+)>", entry.attributes.get("DW_AT_type", ""))
        entry = entries.get(reference[1]) if reference else None
        if entry is None or entry.tag == "DW_TAG_array_type":
            return None
        if entry.tag in AGGREGATES:
            return None if entry.name() else entry


def fields(entries, aggregate, prefix=""):
    """(path, whether it is a bit-field) of each named field"""
    for member in aggregate.below:
        if member.tag != "DW_TAG_member":
            continue
        path, inner = prefix, aggregate_of(entries, member)
        if member.name():
            path = prefix + member.name()
            yield path, "DW_AT_bit_size" in member.attributes
            path += "."
        if inner:
            yield from fields(entries, inner, path)


def compile_headers(root, cc, out):
    source = "#include <libxnvme.h>\n#include <libxnvme_cli.h>\nint main(void) { return 0; }\n"
    keep = "-fno-eliminate-unused-debug-types"
    subprocess.run(cc + ["-g", "-gdwarf-4", keep, "-I", os.path.join(root, "include"), "-x", "c",
                         "-", "-o", out], input=source.encode(), check=True)


def main(root, cc):
    asserted = "".join(open(path, encoding="utf-8").read()
                       for path in glob.glob(os.path.join(root, "src/nvme/layout_*.[ch]")))
    places = set(re.findall(r"(?:AT|BITS)\((\w+), *([\w.]+),", asserted))
    places |= set(re.findall(r"offsetof\(union (\w+), *([\w.]+)\) ==", asserted))
    headers = "".join(open(path, encoding="utf-8").read()
                      for path in glob.glob(os.path.join(root, "include/libxnvme*.h")))
    sized = set(re.findall(r"sizeof\((?:struct|union) (\w+)\) ==", headers))
    missing, nfields, nstructs = [], 0, 0
    with tempfile.TemporaryDirectory() as folder:
        program = os.path.join(folder, "headers")
        compile_headers(root, cc, program)
        entries = read_entries(program)
    for entry in entries.values():
        name = entry.name()
        if entry.tag not in AGGREGATES or not name.startswith("xnvme_") or not entry.below:
            continue
        nstructs += 1
        if name not in sized:
            missing.append(f"sizeof({name})")
        for path, is_bits in fields(entries, entry):
            nfields += 1
            if (name, path) not in places:
                missing.append(f"{'BITS' if is_bits else 'AT'}({name}, {path}, ...)")
    for what in missing:
        print("not asserted:", what)
    print(f"{nstructs} structures, {nfields} named fields, {len(missing)} without an assertion")
    return 1 if missing or nstructs < 150 else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
