#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Cost of a command in the virtual SSD's engine: instructions against budgets, and time.

usage: bench/engine_cost.py BUILD-DIR [--time]

Runs src/ssd_begin_bench, which passes commands to the engine one after another, and counts the
instructions below its loop, except the loop's own and those that copy or clear the data. The
difference of two runs is divided by that of their commands, which excludes symbol binding.

--time also prints the processor time of the same loop without valgrind, the median of several runs;
that of a read includes clearing 512 bytes or 4 KiB of the host's memory. The aim is half of what
NVMeVirt's model code takes: 0.14 us (simple), 0.5 and 0.6 us (conventional read and write); the
null model has the aim of the simple one. Time is not a gate: it depends on the machine.
Exits 1 when a budget of instructions is exceeded, 77 without valgrind.
"""
import os
import re
import statistics
import subprocess
import sys
import tempfile

import callgrind

COUNTS = (10000, 30000)
BUDGETS = {"null": 80, "simple": 120, "parallel": 400}
NS_AIMS = {"null": (70, 70), "simple": (70, 70), "parallel": (250, 300)}
NS_COUNT, NS_RUNS = 400000, 7
NOT_OURS = re.compile(r"bench_run$|.*(memset|memcpy|memmove)")


def instructions(program, model, verb, count):
    """Instructions of `count` commands"""
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


def nanoseconds(program, model, verb):
    """Processor time of a command"""
    times = []
    for _ in range(NS_RUNS):
        run = subprocess.run([program, model, verb, str(NS_COUNT)], capture_output=True, text=True,
                             timeout=300, check=True)
        times.append(float(re.search(r"([0-9.]+) ns per command", run.stdout).group(1)))
    return statistics.median(times)


def main():
    callgrind.needs("valgrind")
    program = os.path.join(sys.argv[1], "src", "ssd_begin_bench")
    timed = "--time" in sys.argv[2:]
    exceeded = False
    for model, budget in BUDGETS.items():
        for verb, aim in zip(("read", "write"), NS_AIMS[model]):
            low, high = (instructions(program, model, verb, count) for count in COUNTS)
            cost = (high - low) / (COUNTS[1] - COUNTS[0])
            exceeded |= cost > budget
            time = f"; {nanoseconds(program, model, verb):6.1f} ns, aim {aim}" if timed else ""
            print(f"{model:8} {verb:5}: {cost:6.1f} instructions per command, budget {budget}{time}")
    return 1 if exceeded else 0


if __name__ == "__main__":
    sys.exit(main())
