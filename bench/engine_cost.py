#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Instructions per command of the virtual SSD's engine, by callgrind, against their budgets.

usage: bench/engine_cost.py BUILD-DIR

Runs src/ssd_begin_bench, which hands commands to the engine one after another, and counts every
instruction under its loop but the loop's own and those that copy or clear the data. The difference
of two runs is divided by that of their commands, so that binding symbols does not count. Exits 1
when a budget is exceeded.
"""
import os
import re
import subprocess
import sys
import tempfile

import callgrind

COUNTS = (10000, 30000)
BUDGETS = {"null": 80, "simple": 120, "parallel": 400}
NOT_OURS = re.compile(r"bench_run$|.*(memset|memcpy|memmove)")


def instructions(program, model, verb, count):
    """Instructions of that many commands"""
    with tempfile.NamedTemporaryFile() as out:
        run = subprocess.run(
            ["valgrind", "--tool=callgrind", "--toggle-collect=bench_run",
             "--callgrind-out-file=" + out.name, program, model, verb, str(count)],
            capture_output=True, text=True, timeout=300, check=False)
        if run.returncode:
            sys.exit(f"{model} {verb}: {run.stderr[-600:]}")
        sums = {fn: cost for (fn,), cost in callgrind.self_cost(out.name, ["fn"]).items()}
    if "ssd_begin" not in sums:
        sys.exit(f"{model} {verb}: callgrind has not seen the engine in {program}")
    return sum(n for name, n in sums.items() if not NOT_OURS.match(name))


def main():
    program = os.path.join(sys.argv[1], "src", "ssd_begin_bench")
    exceeded = False
    for model, budget in BUDGETS.items():
        for verb in ("read", "write"):
            low, high = (instructions(program, model, verb, count) for count in COUNTS)
            cost = (high - low) / (COUNTS[1] - COUNTS[0])
            exceeded |= cost > budget
            print(f"{model:8} {verb:5}: {cost:6.1f} instructions per command, budget {budget}")
    return 1 if exceeded else 0


if __name__ == "__main__":
    sys.exit(main())
