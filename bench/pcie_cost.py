#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Instructions and system calls per I/O of the driver in user space, against its budget.

usage: bench/pcie_cost.py BUILD-DIR

Runs bench/path_cost over pci-virt:null (512-byte reads, depth 32) with two counts of I/O and divides
the difference, so that starting up does not count. Counted is what the host's half of the library
does from getting a context to putting it back: src/host, src/path/pcie and what it has inlined of
include. What the virtual SSD does in the same thread (src/export, src/ssd, src/virt) and the caller's
own loop are shown, not counted.
System calls are counted by strace over pci-virt and over vfio-user, whose server runs apart.
Exits 1 when the budget is exceeded or system calls were made per I/O, 77 without valgrind or strace.
"""
import collections
import re
import subprocess
import sys
import tempfile
import time

import callgrind

COUNTS = (10240, 40960)
BUDGET = 160
OURS = ("src/host/", "src/path/pcie/", "include/libxnvme_")


def run(command):
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    if done.returncode:
        sys.exit(f"{' '.join(command)}: {done.stderr[-600:]}")
    return done


def instructions(program, uri, count):
    with tempfile.NamedTemporaryFile() as out:
        run(["valgrind", "--tool=callgrind", "--callgrind-out-file=" + out.name, program,
             "read-pcie", uri, "32", str(count)])
        return collections.Counter(callgrind.self_cost(out.name, ["ob", "fl", "fn"]))


def system_calls(command):
    with tempfile.NamedTemporaryFile() as out:
        run(["strace", "-f", "-c", "-U", "calls,name", "-o", out.name] + command)
        with open(out.name, encoding="utf-8") as lines:
            for line in lines:
                if line.split()[-1:] == ["total"]:
                    return int(line.split()[0])
    return sys.exit("strace counted nothing")


def main():
    build = sys.argv[1]
    callgrind.needs("valgrind", "strace")
    program, served = build + "/bench/path_cost", build + "/tests/vfio_user/served"
    low, high = (instructions(program, "pci-virt:null", count) for count in COUNTS)
    ios = COUNTS[1] - COUNTS[0]
    groups, ours = collections.Counter(), collections.Counter()
    for (library, file, function), cost in high.items():
        per_io = (cost - low[(library, file, function)]) / ios
        found = re.search(r"(src/[^.]*/|include/|bench/)", file)
        groups[found.group(1) if found else "C library"] += per_io
        if "libxnvme" in library and any(name in file for name in OURS):
            ours[function] += per_io
    for function, per_io in ours.most_common():
        if per_io >= 0.5:
            print(f"{per_io:8.1f}  {function}")
    total = sum(ours.values())
    print(f"{total:8.1f}  in all, of {BUDGET}")
    print("beside it: " + ", ".join(f"{group} {per_io:.0f}" for group, per_io in
                                    groups.most_common() if per_io >= 1 and group not in OURS))
    bad = total > BUDGET
    for way, command in (("pci-virt", [program, "read-pcie", "pci-virt:null", "32"]),
                         ("vfio-user", None)):
        began = time.monotonic()
        if command:
            calls = [system_calls(command + [str(count)]) for count in COUNTS]
        else:
            calls = []
            for count in COUNTS:
                with tempfile.NamedTemporaryFile() as out:
                    run([served, "poll", "virt:null", "/usr/bin/env", "strace", "-f", "-c", "-U",
                         "calls,name", "-o", out.name, program, "read-pcie", "@", "32",
                         str(count)])
                    with open(out.name, encoding="utf-8") as lines:
                        calls += [int(l.split()[0]) for l in lines if l.split()[-1:] == ["total"]]
        print(f"{way}: {calls[0]} system calls for {COUNTS[0]} I/Os, {calls[1]} for {COUNTS[1]}")
        # not one in a hundred commands, and a look at CSTS every 100 ms, which is a few calls: how
        # long the runs take is the machine's affair
        seconds = time.monotonic() - began
        bad = bad or calls[1] - calls[0] > ios / 100 + 10 * 6 * seconds
    return 1 if bad else 0


sys.exit(main())
