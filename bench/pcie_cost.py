#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Instructions and system calls per I/O of the user-space driver and of its virtual SSD, against
their budgets.

usage: bench/pcie_cost.py BUILD-DIR

Runs bench/path_cost over pci-virt:null (512-byte reads, depth 32) with two counts of I/O and divides
the difference, which excludes start-up. Both halves run in one thread:
  the host's    from getting a context to putting it back: src/host and src/path/pcie;
  the SSD's     all else except the caller's own loop: src/export, src/ssd, src/virt, and the
                functions of the C library that they call, including the copy of the data.
A vfio-user server runs in another process and polls doorbells, so that its total depends on the
speed of its client. Only the cost per command counts, from the queue entry to the completion:
fetch_from() of src/export/pci/func.c with its callees.
System calls are counted by strace over pci-virt and over vfio-user.
Exits 1 when a budget is exceeded or system calls were made per I/O, 77 without valgrind or strace.
"""
import collections
import re
import subprocess
import sys
import tempfile
import time

import callgrind

COUNTS = (10240, 40960)
IOS = COUNTS[1] - COUNTS[0]
BUDGET, SSD_BUDGET = 160, 400
HOST = ("src/host/", "src/path/pcie/")


def run(command):
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    if done.returncode:
        sys.exit(f"{' '.join(command)}: {done.stderr[-600:]}")
    return done


def instructions(options, command, kinds):
    """{names: instructions per I/O} of a command whose last argument is the count of I/O"""
    sums = []
    for count in COUNTS:
        with tempfile.NamedTemporaryFile() as out:
            run(["valgrind", "--tool=callgrind", "--callgrind-out-file=" + out.name] + options +
                command + [str(count)])
            sums.append(callgrind.self_cost(out.name, kinds))
    return {names: (cost - sums[0].get(names, 0)) / IOS for names, cost in sums[1].items()}


def halves(program, depth):
    """Instructions per I/O of the host's functions and of the SSD's folders, in one thread. Code
    from headers counts for the function into which it is inlined."""
    cost = instructions([], [program, "read-pcie", "pci-virt:null", depth], ["fl", "fn"])
    of_host = {fn for file, fn in cost if any(name in file for name in HOST)}
    of_bench = {fn for file, fn in cost if "bench/" in file}
    host, ssd = collections.Counter(), collections.Counter()
    for (file, function), per_io in cost.items():
        if function in of_host:
            host[function] += per_io
        elif function not in of_bench:
            found = re.search(r"(src/[^.]*/|include/)", file)
            ssd[found.group(1) if found else "C library"] += per_io
    return host, ssd


def system_calls(command):
    with tempfile.NamedTemporaryFile() as out:
        run(["strace", "-f", "-c", "-U", "calls,name", "-o", out.name] + command)
        with open(out.name, encoding="utf-8") as lines:
            for line in lines:
                if line.split()[-1:] == ["total"]:
                    return int(line.split()[0])
    return sys.exit("strace counted nothing")


def makes_calls(program, served):
    """Prints the system calls of both ways; returns True if their number grows with the I/Os"""
    bad = False
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
        # at most one per 100 commands, plus those of a check of CSTS every 100 ms, whose number
        # depends on the speed of the machine
        seconds = time.monotonic() - began
        bad = bad or calls[1] - calls[0] > IOS / 100 + 10 * 6 * seconds
    return bad


def main():
    build = sys.argv[1]
    callgrind.needs("valgrind", "strace")
    program, served = build + "/bench/path_cost", build + "/bench/served"
    host, ssd = halves(program, "32")
    for function, per_io in host.most_common():
        if per_io >= 0.5:
            print(f"{per_io:8.1f}  {function}")
    print(f"{sum(host.values()):8.1f}  the host's half, of {BUDGET}")
    for folder, per_io in ssd.most_common():
        if per_io >= 0.5:
            print(f"{per_io:8.1f}  {folder}")
    print(f"{sum(ssd.values()):8.1f}  the SSD's half, of {SSD_BUDGET}")
    alone = sum(halves(program, "1")[1].values())
    print(f"{alone:8.1f}  the SSD's half at depth 1: each command is a run of its own")
    command = instructions(["--toggle-collect=fetch_from*"],
                           [served, "poll", "virt:null", program, "read-pcie", "@", "32"], ["fn"])
    if ("ssd_begin",) not in command:
        sys.exit("callgrind has not seen fetch_from()")
    server = sum(command.values())
    print(f"{server:8.1f}  a command of a vfio-user server, of {SSD_BUDGET}")
    bad = sum(host.values()) > BUDGET or max(sum(ssd.values()), server) > SSD_BUDGET
    return 1 if makes_calls(program, served) or bad else 0


sys.exit(main())
