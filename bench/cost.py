#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Instructions per I/O of the library, measured by callgrind, against their budgets.

usage: bench/cost.py BUILD-DIR

Runs bench/path_cost with two counts of I/O and divides the difference of instructions by that of
the counts, so that starting up does not count. The nil path's figure is what the library's own code
takes per I/O from getting a context to putting it back. The figures of the rings are all of user
space, a loop written by hand subtracted. A ring that the loop by hand cannot have either (as in
many containers io_uring) is left out, and said so. Exits 1 when a budget is exceeded, 77 without
valgrind.
"""
import os
import subprocess
import sys
import tempfile

import callgrind

DEPTHS = (1, 32, 1024)
COUNTS = (20480, 61440)
BUDGET_NIL = 60
BUDGET_ABOVE = 60


def instructions(program, way, uri, depth, count):
    """{object file: instructions} of one run"""
    with tempfile.NamedTemporaryFile() as out:
        run = subprocess.run(
            ["valgrind", "--tool=callgrind", "--callgrind-out-file=" + out.name, program, way,
             uri, str(depth), str(count)], capture_output=True, text=True, timeout=300,
            check=False)
        if run.returncode:
            sys.exit(f"{way} at depth {depth}: {run.stderr[-600:]}")
        return {os.path.basename(ob): cost
                for (ob,), cost in callgrind.self_cost(out.name, ["ob"]).items()}


def per_io(program, way, uri, depth):
    """Instructions per I/O: in the library, and in all of user space"""
    low, high = (instructions(program, way, uri, depth, count) for count in COUNTS)
    ios = COUNTS[1] - COUNTS[0]
    ours = sum(n for name, n in high.items() if "libxnvme" in name) - \
        sum(n for name, n in low.items() if "libxnvme" in name)
    return ours / ios, (sum(high.values()) - sum(low.values())) / ios


def is_to_be_had(program, ring, file):
    run = subprocess.run([program, "raw-" + ring, file, "1", "1"], capture_output=True,
                         timeout=60, check=False)
    return not run.returncode


def main():
    callgrind.needs("valgrind")
    program = os.path.join(sys.argv[1], "bench", "path_cost")
    exceeded = False
    with tempfile.NamedTemporaryFile(dir="/var/tmp") as file:
        file.write(os.urandom(1 << 20))
        file.flush()
        os.fsync(file.fileno())
        for depth in DEPTHS:
            library, everything = per_io(program, "xnvme-nil", "64MiB", depth)
            exceeded |= library > BUDGET_NIL
            print(f"nil      depth {depth:5}: {library:6.1f} instructions per I/O, budget "
                  f"{BUDGET_NIL}; with the caller's loop and callback {everything:6.1f}")
        for ring in ("io_uring", "libaio"):
            if not is_to_be_had(program, ring, file.name):
                print(f"{ring:8} is not to be had here: not measured")
                continue
            for depth in DEPTHS:
                library, everything = per_io(program, "xnvme-" + ring, file.name, depth)
                by_hand = per_io(program, "raw-" + ring, file.name, depth)[1]
                above = everything - by_hand
                exceeded |= above > BUDGET_ABOVE
                print(f"{ring:8} depth {depth:5}: {everything:6.1f} instructions per I/O of "
                      f"which {library:6.1f} the library's; by hand {by_hand:6.1f}; above "
                      f"{above:6.1f}, budget {BUDGET_ABOVE}")
    return 1 if exceeded else 0


if __name__ == "__main__":
    sys.exit(main())
