#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""The library's io_uring path compared with fio's own io_uring engine, in the same run.

usage: fio_ratio.py --fio FIO --libs DIR [--rounds N] [--seconds S] [DEVICE]

FIO is a fio with the xnvme engine (tests/interop/fio_build.py builds one), DIR the folder of the
library. Without DEVICE it makes a loop device on a temporary file, which needs root: a device that
completes in a worker thread. Both engines do random reads of 4 KiB at queue depth 1, pinned to one
core, in alternation. Prints the ratio of IOPS per round, its median and spread.
"""
import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile


def measure(args, device, engine):
    command = ["taskset", "-c", str(args.cpu), args.fio, "--name=r", "--filename=" + device,
               "--rw=randread", "--bs=4k", f"--iodepth={args.depth}", "--direct=1", "--thread=1",
               "--time_based=1", f"--runtime={args.seconds}", "--ramp_time=0.3",
               "--output-format=json"] + engine
    run = subprocess.run(command, capture_output=True, text=True, check=False,
                         env=dict(os.environ, LD_LIBRARY_PATH=args.libs))
    if run.returncode:
        sys.exit(f"fio failed: {run.stderr or run.stdout}")
    job = json.loads(run.stdout[run.stdout.index("{"):])["jobs"][0]
    return job["read"]["iops"]


def compare(args, device):
    theirs = ["--ioengine=io_uring"]
    ours = ["--ioengine=xnvme", "--xnvme_async=io_uring"]
    ratios = []
    for number in range(args.rounds):
        # in alternation, with alternating order, so that a drift of the machine affects both
        order = [("fio", theirs), ("xnvme", ours)]
        if number % 2:
            order.reverse()
        iops = {name: measure(args, device, engine) for name, engine in order}
        ratios.append(iops["xnvme"] / iops["fio"])
        print(f"round {number}: fio io_uring {iops['fio']:.0f} IOPS, xnvme io_uring "
              f"{iops['xnvme']:.0f} IOPS, ratio {ratios[-1]:.3f}", flush=True)
    print(f"ratio of IOPS, ours to fio's: median {statistics.median(ratios):.3f}, "
          f"from {min(ratios):.3f} to {max(ratios):.3f} in {args.rounds} rounds")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--fio", required=True)
    parser.add_argument("--libs", required=True)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--seconds", type=float, default=2)
    parser.add_argument("--depth", type=int, default=1)
    parser.add_argument("--cpu", type=int, default=0)
    parser.add_argument("device", nargs="?")
    args = parser.parse_args()
    if args.device:
        compare(args, args.device)
        return
    with tempfile.NamedTemporaryFile(prefix="xnvme-ratio-") as file:
        file.truncate(256 << 20)
        device = subprocess.run(["losetup", "--show", "-f", file.name], check=True,
                                capture_output=True, text=True).stdout.strip()
        try:
            compare(args, device)
        finally:
            subprocess.run(["losetup", "-d", device], check=True)


if __name__ == "__main__":
    main()
