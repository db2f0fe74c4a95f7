# SPDX-License-Identifier: BSD-3-Clause
"""Shared by the tests of the command line: runs tools and parses their output.

usage of every test: TEST.py TOOLS_DIR [unittest arguments]
"""
import ctypes
import errno
import json
import os
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
TOOLS_DIR = os.path.abspath(sys.argv.pop(1)) if len(sys.argv) > 1 else ""
TIMEOUT_S = 60
with open(os.path.join(HERE, "shapes.json"), encoding="utf-8") as shapes_file:
    SHAPES = json.load(shapes_file)

VIRT = "virt:null,size=64MiB"


class Result:
    def __init__(self, args, done):
        self.line = " ".join(args)
        self.exit = done.returncode
        self.out = done.stdout.decode("utf-8", "replace")
        self.err = done.stderr.decode("utf-8", "replace")

    def __str__(self):
        return f"$ {self.line}\n{self.out}\n--- stderr\n{self.err}\n--- exit {self.exit}"


def run(*args, **more):
    """Runs `tool argument...` from the build's folder of tools"""
    args = [str(arg) for arg in args]
    command = [os.path.join(TOOLS_DIR, args[0])] + args[1:]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, timeout=TIMEOUT_S, check=False, **more)
    return Result(args, done)


def forbid_io_uring():
    """For preexec_fn: a seccomp filter, as in containers, under which io_uring fails with EPERM"""
    io_uring = range(425, 428)  # the same numbers on every processor
    code = [struct.pack("HBBI", 0x20, 0, 0, 0)]  # load the number of the system call
    for index, number in enumerate(io_uring):
        code.append(struct.pack("HBBI", 0x15, len(io_uring) - index, 0, number))
    code.append(struct.pack("HBBI", 0x06, 0, 0, 0x7FFF0000))            # return ALLOW
    code.append(struct.pack("HBBI", 0x06, 0, 0, 0x00050000 | errno.EPERM))  # return ERRNO
    program = ctypes.create_string_buffer(b"".join(code))
    header = struct.pack("HxxxxxxP", len(code), ctypes.addressof(program))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(38, 1, 0, 0, 0) or libc.prctl(22, 2, ctypes.c_char_p(header), 0, 0):
        raise OSError(ctypes.get_errno(), "prctl")


def no_constant(name):
    raise ValueError(f"{name} is not JSON")


def no_twins(pairs):
    names = [name for name, _ in pairs]
    if len(set(names)) != len(names):
        raise ValueError(f"a name stands twice: {names}")
    return dict(pairs)


def parse(result):
    """The object of --output json; raises AssertionError unless it is one object of the schema"""
    try:
        record = json.loads(result.out, object_pairs_hook=no_twins, parse_constant=no_constant)
    except ValueError as why:
        raise AssertionError(f"not JSON: {why}\n{result}") from why
    expected = {"schema", "tool", "sub", "exit", "result", "notes", "errors"}
    if set(record) != expected or record["schema"] != "xnvme/1" or record["exit"] != result.exit:
        raise AssertionError(f"not an object of xnvme/1\n{result}")
    return record


def keys_of(value, prefix=""):
    """Every key of a tree as a dotted path, in the order in which they were printed"""
    keys = []
    if isinstance(value, dict):
        for key, below in value.items():
            keys += [prefix + key] + keys_of(below, prefix + key + ".")
    elif isinstance(value, list) and value:
        keys += keys_of(value[0], prefix + "[].")
    return keys


def missing_of(expected, got):
    """The first of `expected` that is missing or out of order in `got`; None if there is none"""
    at = iter(got)
    for key in expected:
        if key not in at:
            return key
    return None


def normal(note, *names):
    """A line of information without its numbers and the names of this run's files"""
    for name in names:
        note = note.replace(str(name), "F")
    note = re.sub(r"'[^']*'", "'S'", note)
    note = re.sub(r"0x[0-9a-fA-F]+", "N", note)
    return re.sub(r"\b\d+(\.\d+)?\b", "N", note)


class Case(unittest.TestCase):
    """A test with a temporary directory, a file of 64 MiB in it, and readable failures"""
    maxDiff = None

    def setUp(self):
        self.dir = tempfile.mkdtemp(prefix="xnvme-cli-")
        self.addCleanup(shutil.rmtree, self.dir, ignore_errors=True)
        self.file = self.path("f64m.bin")
        with open(self.file, "wb") as file:
            file.truncate(64 << 20)

    def path(self, name):
        return os.path.join(self.dir, name)

    def expect(self, result, code, *patterns):
        self.assertEqual(result.exit, code, f"\n{result}")
        for pattern in patterns:
            self.assertRegex(result.out + result.err, pattern, f"\n{result}")
        return result

    def expect_shape(self, record, shape, result, *names):
        """The keys and the lines of information of upstream's record are present, in its order"""
        expected = SHAPES[shape]
        missing = missing_of(expected["keys"], keys_of(record["result"]))
        self.assertIsNone(missing, f"a key of '{shape}' is missing or out of order\n{result}")
        notes = [normal(note, *names) for note in record["notes"]]
        missing = missing_of(expected["notes"], notes)
        self.assertIsNone(missing, f"a line of '{shape}' is missing or out of order\n{result}")


def main():
    unittest.main(argv=[sys.argv[0]] + sys.argv[1:])
