#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Instructions per I/O of the library, measured by callgrind, against their budgets.

usage: bench/cost.py BUILD-DIR

Runs bench/path_cost with two counts of I/O and divides the difference of instructions by that of
the counts, which excludes start-up. It measures xnvme_nvm_read() and xnvme_nvm_write() ("read",
"write"), and a command that the caller prepares itself ("pass"). The library's figure is the
instructions of its own code per I/O, from getting a context to putting it back. Rings are compared
with a loop written by hand; the figure "above" is the difference of all user-space instructions. A
ring that is unavailable to the loop by hand too (io_uring in many containers) is skipped with a
line of output. Exits 1 when a budget is exceeded, 77 without valgrind.
"""
import functools
import os
import subprocess
import sys
import tempfile

import callgrind

DEPTHS = (1, 32, 1024)
COUNTS = (8192, 24576)
TRIES = 5
BATCH = 32  # completions per poll of the slowest loop
FILE = "a cached file"
# The loop by hand takes at least so many where budgets apply: 129 at depth 1 with Debian 12's gcc and
# liburing, 128 with Debian 13's. Where it takes fewer (121 on Ubuntu 24.04) the library's do not.
LEAST_BY_HAND = {"io_uring": {1: 128}}
COMPILERS = 1  # tolerance of the difference
# Path, device, calls; budget of the library's instructions by depth; budget above the loop by hand.
# io_uring writes to the page cache by a kernel thread: only its reads are measured.
ROWS = (
    ("nil", "64MiB", ("read", "write", "pass"), {1: 60, 32: 60, 1024: 60}, None),
    ("emu", "64MiB", ("read", "write", "pass"), {1: 400, 32: 400, 1024: 400}, None),
    ("io_uring", FILE, ("read", "pass"), {1: 140, 32: 88, 1024: 88}, 50),
    ("libaio", FILE, ("read", "write", "pass"), None, 60),
)


def instructions(program, way, uri, depth, count):
    """{object file: instructions} of one run. Late completions add empty polls to the count: such a
    run is repeated."""
    command = [program, way, uri, str(depth), str(count)]
    for _ in range(TRIES):
        with tempfile.NamedTemporaryFile() as out:
            run = subprocess.run(
                ["valgrind", "--tool=callgrind", "--callgrind-out-file=" + out.name] + command,
                capture_output=True, text=True, timeout=300, check=False)
            if run.returncode:
                sys.exit(f"{' '.join(command)}: {run.stderr[-600:]}")
            rounds = int(run.stdout)
            if rounds <= count / min(depth, BATCH) * 1.005 + 2:
                return {os.path.basename(ob): cost
                        for (ob,), cost in callgrind.self_cost(out.name, ["ob"]).items()}
    return sys.exit(f"{' '.join(command)}: {rounds} rounds, in each of {TRIES} runs more than "
                    "there are batches: completions came late")


@functools.lru_cache(maxsize=None)
def per_io(program, way, uri, depth):
    """Instructions per I/O: in the library, and in all of user space"""
    low, high = (instructions(program, way, uri, depth, count) for count in COUNTS)
    ios = COUNTS[1] - COUNTS[0]
    ours = sum(n for name, n in high.items() if "libxnvme" in name) - \
        sum(n for name, n in low.items() if "libxnvme" in name)
    return ours / ios, (sum(high.values()) - sum(low.values())) / ios


def is_available(program, path, file):
    run = subprocess.run([program, "raw-" + path, file, "1", "1"], capture_output=True,
                         timeout=60, check=False)
    return not run.returncode


def measure(program, row, uri):
    """Prints a row's figures; returns whether one exceeds its budget"""
    path, _, calls, most, most_above = row
    exceeded = False
    for call in calls:
        for depth in DEPTHS:
            library, everything = per_io(program, f"{call}-{path}", uri, depth)
            text = f"{path:8} {call:5} depth {depth:4}: library {library:6.1f}"
            if most:
                exceeded |= round(library) > most[depth]
                text += f" of {most[depth]}"
            text += f", with the caller's loop {everything:6.1f}"
            if most_above:
                by_hand = per_io(program, "raw-" + path, uri, depth)[1]
                reference = max(by_hand, LEAST_BY_HAND.get(path, {}).get(depth, 0))
                exceeded |= round(everything - reference) > most_above + COMPILERS
                text += f", above {by_hand:6.1f} by hand {everything - by_hand:5.1f} of {most_above}"
            print(text)
    return exceeded


def main():
    callgrind.needs("valgrind")
    program = os.path.join(sys.argv[1], "bench", "path_cost")
    exceeded = False
    with tempfile.NamedTemporaryFile(dir="/var/tmp") as file:
        file.write(os.urandom(1 << 20))
        file.flush()
        os.fsync(file.fileno())
        for row in ROWS:
            if row[4] and not is_available(program, row[0], file.name):
                print(f"{row[0]:8} is not available here: not measured")
                continue
            exceeded |= measure(program, row, file.name if row[1] == FILE else row[1])
    return 1 if exceeded else 0


if __name__ == "__main__":
    sys.exit(main())
