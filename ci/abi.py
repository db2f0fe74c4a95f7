#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Compares the ABI of the library with the recorded one, ci/abi.txt: the functions that it exports,
the values of the enumerations in include/, and the size of each structure with the offset and size
of each member.

usage: ci/abi.py check LIBRARY.so CC...     exit 1 and a list of the differences, if there are any
       ci/abi.py accept LIBRARY.so CC...    record the ABI as it is now
       ci/abi.py print LIBRARY.so CC...

Layouts are read from the compiler's debug information, not from the text of the headers. `check`
requires the same layouts of the installed C++ compilers and of clang, and of the standard's
structures for a 32-bit processor.
"""
import os
import re
import shutil
import subprocess
import sys
import tempfile

TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
RECORD = os.path.join(TOP, "ci/abi.txt")
COMPATIBLE = "They are compatible: programs that were compiled before run with this library."
BREAKS = ("Programs that were compiled before do not run with this library: after a release, this "
          "requires a new minor version, which changes the SONAME.")
HEADERS = ("libxnvme.h", "libxnvme_cli.h", "libnvmevirt.h")
ENTRY = re.compile(r" <(\d+)><([0-9a-f]+)>: Abbrev Number: \d+ \((DW_TAG_\w+)\)")
ATTRIBUTE = re.compile(r"\s+<[0-9a-f]+>\s+(DW_AT_\w+)\s*: (.*)")
AGGREGATES = {"DW_TAG_structure_type": "struct", "DW_TAG_union_type": "union"}
# Structures of the API, with pointers, among those of the standard
NOT_OF_STANDARD = re.compile(r"(struct|union) (?!xnvme_spec_)")


class Entry:
    """A debugging information entry with its children"""

    def __init__(self, tag):
        self.tag, self.attributes, self.below = tag, {}, []

    def name(self):
        return self.attributes.get("DW_AT_name", "").rsplit(": ", 1)[-1].strip()

    def number(self, attribute, default=None):
        text = self.attributes.get("DW_AT_" + attribute)
        return default if text is None else int(text.split()[0], 0)


def first_bit(member, offset, at, size, bits):
    """Of a bit-field, from the start of the structure: clang counts from the end of its integer"""
    from_end = member.number("bit_offset")
    if from_end is not None:
        return 8 * (at + member.number("byte_size", size)) - from_end - bits
    return 8 * offset + member.number("data_bit_offset")


class Debug:
    """The debugging information of an object file"""

    def __init__(self, path):
        self.entries, open_at, current = {}, [], None
        out = subprocess.run(["readelf", "--debug-dump=info", path], check=True,
                             capture_output=True, text=True).stdout
        for line in out.splitlines():
            if match := ENTRY.match(line):
                current = self.entries[match[2]] = Entry(match[3])
                del open_at[int(match[1]):]
                if open_at:
                    open_at[-1].below.append(current)
                open_at.append(current)
            elif current and (match := ATTRIBUTE.match(line)):
                current.attributes[match[1]] = match[2]

    def type_of(self, entry):
        """The type of an entry, without typedefs and qualifiers"""
        while match := re.match(r"<0x([0-9a-f]+)>", entry.attributes.get("DW_AT_type", "")):
            entry = self.entries[match[1]]
            if entry.tag not in ("DW_TAG_typedef", "DW_TAG_const_type", "DW_TAG_volatile_type"):
                return entry
        raise ValueError(f"{entry.tag} {entry.name()} has no type")

    def size_of(self, kind):
        if kind.tag != "DW_TAG_array_type":
            return kind.number("byte_size", 8)
        size = self.size_of(self.type_of(kind))
        for subrange in kind.below:
            last = subrange.number("upper_bound", -1)
            size *= subrange.number("count", last + 1 if last < 1 << 31 else 0)
        return size

    def members(self, aggregate, prefix="", offset=0):
        """A line for each named member, also of unnamed structures within"""
        for member in aggregate.below:
            if member.tag != "DW_TAG_member":
                continue
            kind, path = self.type_of(member), prefix + member.name()
            at = offset + member.number("data_member_location", 0)
            if member.name():
                bits, size = member.number("bit_size"), self.size_of(kind)
                first = 8 * at if bits is None else first_bit(member, offset, at, size, bits)
                if bits in (None, 8 * size) and first % 8 == 0: # clang: then it is no bit-field
                    yield path, f"{first // 8}, {size} bytes"
                else:
                    yield path, f"{first // 8}.{first % 8}, {bits} bits"
            if kind.tag in AGGREGATES and not kind.name():
                yield from self.members(kind, path + "." if member.name() else path, at)

    def table(self):
        """{first line: {member: place} or {enumerator: value}} of all types of the library"""
        table = {}
        for entry in self.entries.values():
            name, below = entry.name(), entry.below
            if entry.tag in AGGREGATES and re.match("xnvme_|nvmevirt_", name) and below:
                table[f"{AGGREGATES[entry.tag]} {name}"] = {
                    "": f"{entry.number('byte_size')} bytes", **dict(self.members(entry))}
            elif entry.tag == "DW_TAG_enumeration_type" and below and re.match(
                    "X?NVMEVIRT_|XNVME_", below[0].name()):
                table[f"enum {name or 'of ' + below[0].name()}"] = {
                    "": f"{entry.number('byte_size')} bytes",
                    **{one.name(): str(one.number("const_value")) for one in below}}
        return table


def types(cc, headers, more=()):
    """The table of the types in headers, as a compiler lays them out"""
    with tempfile.TemporaryDirectory() as folder:
        source, out = os.path.join(folder, "headers.h"), os.path.join(folder, "headers.o")
        with open(source, "w", encoding="utf-8") as file:
            file.writelines(f"#include <{name}>\n" for name in headers)
            file.write("extern int not_empty;\nint not_empty;\n")
        language = "c++" if "++" in os.path.basename(cc[-1]) else "c"
        subprocess.run(cc + ["-g", "-gdwarf-5", "-fno-eliminate-unused-debug-types", "-c", *more,
                             "-I", os.path.join(TOP, "include"), "-x", language, source,
                             "-o", out], check=True)
        return Debug(out).table()


def functions(library):
    out = subprocess.run(["nm", "-D", "--defined-only", library], check=True, capture_output=True,
                         text=True).stdout
    names = {line.split()[2].split("@")[0] for line in out.splitlines() if " T " in line}
    return {"functions": dict.fromkeys(names, "")}


def text_of(table):
    lines = ["# Made by ci/abi.py from include/ and the library: do not edit, see CONTRIBUTING.md.",
             "# Member: offset in bytes (of a bit-field: byte.bit), size"]
    for first in sorted(table):
        own = table[first].get("", "")
        lines.append(first + (": " + own if own else ""))
        rows = [row for row in table[first].items() if row[0]]
        if first == "functions":
            rows.sort()
        lines += ["\t" + name + (": " + place if place else "") for name, place in rows]
    return "\n".join(lines) + "\n"


def table_of(text):
    table = {}
    for line in text.splitlines():
        if line.startswith("#") or not line:
            continue
        name, _, place = line.strip().partition(": ")
        if line[0] != "\t":
            table[name] = rows = {"": place} if place else {}
        else:
            rows[name] = place
    return table


def differences(was, now):
    """Sentences, and whether programs that were compiled before still run"""
    compatible, found = True, []
    for first in sorted(was.keys() | now.keys()):
        if first not in now or first not in was:
            found.append(f"{'new' if first in now else 'removed'}: {first}")
            compatible &= first in now
            continue
        old, new = was[first], now[first]
        for name in [*old, *(name for name in new if name not in old)]:
            what = f"{first}{': ' + name if name else ''}"
            if name not in new or name not in old:
                found.append(f"{'new' if name in new else 'removed'}: {what}" +
                             (f", {new[name]}" if new.get(name) else ""))
                compatible &= name in new and not first.startswith(("struct", "union"))
            elif old[name] != new[name]:
                found.append(f"changed: {what}: {new[name]}, was {old[name]}")
                compatible = False
    return found, compatible


def other_compilers(now):
    """Differences between the layouts of this compiler and of the others"""
    found = []
    others = [([cc], HEADERS, ()) for cc in ("clang", "g++", "clang++") if shutil.which(cc)]
    if not subprocess.run(["gcc", "-m32", "-ffreestanding", "-fsyntax-only", "-x", "c",
                           "/dev/null"], capture_output=True, check=False).returncode:
        others.append((["gcc"], ["libxnvme_spec.h"], ["-m32", "-ffreestanding"]))
    for cc, headers, more in others:
        theirs = types(cc, headers, more)
        if more:
            theirs = {first: rows for first, rows in theirs.items()
                      if not NOT_OF_STANDARD.match(first)}
        ours = {first: now.get(first, {}) for first in theirs}
        found += [f"{' '.join(cc + [*more])}: {line}" for line in differences(ours, theirs)[0]]
    return found, len(others)


def check(now, library):
    with open(RECORD, encoding="utf-8") as file:
        found, compatible = differences(table_of(file.read()), now)
    for line in found:
        print(line)
    if found:
        build = os.path.dirname(os.path.dirname(os.path.abspath(library)))
        print(f"{len(found)} differences from ci/abi.txt.", COMPATIBLE if compatible else BREAKS)
        print(f"If they are intended: ninja -C {build} abi_accept, and commit ci/abi.txt.")
        return 1
    found, others = other_compilers({first: now[first] for first in now if first != "functions"})
    for line in found:
        print(line)
    structs = sum(first.startswith(("struct", "union")) for first in now)
    print(f"{len(now['functions'])} functions, {structs} structures, "
          f"{sum(map(len, now.values()))} lines as recorded; {len(found)} differences in "
          f"{others} other compilations")
    return 1 if found or structs < 150 else 0


def main(action, library, *cc):
    now = {**types(list(cc), HEADERS), **functions(library)}
    if action == "check":
        return check(now, library)
    if action == "accept":
        with open(RECORD, "w", encoding="utf-8") as file:
            file.write(text_of(now))
    else:
        sys.stdout.write(text_of(now))
    return 0


if __name__ == "__main__":
    if len(sys.argv) < 4 or sys.argv[1] not in ("check", "accept", "print"):
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
