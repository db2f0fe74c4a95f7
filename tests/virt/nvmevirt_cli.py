#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Runs the tool nvmevirt: nvmevirt_cli.py NVMEVIRT"""
import json
import os
import subprocess
import sys
import tempfile

TOOL = sys.argv[1]


def run(*args):
    done = subprocess.run([TOOL, *args], capture_output=True, text=True, timeout=60, check=False)
    return done.returncode, done.stdout, done.stderr


def figures(text):
    """The comment lines `# name: value` at the end of `show`"""
    tail = text.split("# What follows from it")[1]
    return dict(line[2:].split(": ", 1) for line in tail.splitlines()[1:])


def main():
    code, out, _ = run("presets")
    names = [line.split()[0] for line in out.splitlines()]
    assert code == 0 and names == sorted(names) and len(names) == 8, out

    code, out, err = run("show", "optane-p4800x")
    assert code == 0, err
    got = figures(out)
    assert got["read_4k_alone_ns"] == "10000", got
    assert abs(int(got["read_4k_random_qd32_iops"]) / 586000 - 1) < 0.01, got
    assert abs(int(got["write_large_qd32_bytes_s"]) / 2.0e9 - 1) < 0.01, got

    with tempfile.TemporaryDirectory() as folder:  # its output is a valid description
        path = os.path.join(folder, "mine.toml")
        with open(path, "w", encoding="utf-8") as file:
            file.write(out)
        code, again, err = run("show", path)
        assert code == 0, err
        assert figures(again) == got
        code, again, err = run("show", path + ",simple.read_delay_ns=0")
        assert code == 0 and figures(again)["read_4k_alone_ns"] == "1707", again

    code, out, _ = run("show", "null,lba=4096", "--output", "json")
    result = json.loads(out)["result"]["nvmevirt_show"]
    assert code == 0 and result["figures"]["block_nbytes"] == 4096, out
    assert "lba_nbytes = 4096" in result["toml"]

    for meta in ("", ",pi=1", ",pi=1,extended=true"):  # separate and interleaved
        code, out, err = run("show", "samsung-970-pro,size=64MiB,ms=8" + meta)
        assert code == 0 and int(figures(out)["read_4k_alone_ns"]) > 20000, (meta, out, err)

    code, out, _ = run("stat", "virt:null", "--output", "json")
    assert code == 0 and json.loads(out)["result"]["nvmevirt_stat"]["read_cmds"] == 0, out

    for args, code, says in (
            (["show", "nope"], 1, "'nope' is not a preset; there are kv-prototype"),
            (["show", "null,size"], 1, "'size' is not key=value"),
            (["show", "x" * 5000], 1, "too long"),
            (["stat", "/dev/null"], 1, "neither a regular file"),
            (["stat", "1MiB"], 1, "not a virtual SSD of this process"),
            (["show"], 2, "uri"), (["what"], 2, "what"), ([], 0, "Usage")):
        got = run(*args)
        assert got[0] == code and says in got[2] + got[1], (args, got)


main()
