#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Unmodified fio with the library on this machine: files, a loop device, virtual SSDs.

Each job writes random blocks with a checksum in each and reads them back. The test is fio's result:
a job that moved fewer bytes than requested has failed too.

    fio_host.py --build DIR --cache DIR
"""

import argparse
import errno
import json
import os
import subprocess
import sys
import tempfile

import fio_build

MIB = 1 << 20
SIZE = 8 * MIB

# Options of a fio user, alone and combined; most common is `async` alone
FILE_CHOICES = [
    {}, {'async': 'io_uring'}, {'async': 'libaio'}, {'async': 'thrpool'}, {'async': 'posix'},
    {'async': 'emu'}, {'async': 'emu', 'sync': 'psync'}, {'async': 'thrpool', 'sync': 'psync'},
    {'be': 'linux', 'async': 'io_uring'},
]
BLOCK_CHOICES = [
    {}, {'async': 'io_uring'}, {'async': 'libaio'}, {'async': 'thrpool'}, {'async': 'posix'},
    {'async': 'emu'}, {'async': 'io_uring', 'sync': 'block', 'admin': 'block'},
]
VIRT_CHOICES = [{}, {'async': 'virt'}, {'async': 'emu'}, {'async': 'thrpool'}]


def start(fio, env, filename, choice, extra):
    """Runs one job; returns None if it does not end in a minute"""
    args = [fio, '--output-format=json', '--name=job', '--thread=1', '--ioengine=xnvme',
            '--filename=' + filename.replace(':', r'\:'), '--rw=randwrite', '--bs=4k',
            '--iodepth=16', f'--size={SIZE}', '--verify=crc32c', '--verify_fatal=1',
            '--do_verify=1', '--randseed=1', '--verify_state_save=0']
    args += [f'--xnvme_{key}={value}' for key, value in choice.items()] + extra
    try:
        return subprocess.run(args, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              text=True, timeout=60, check=False)
    except subprocess.TimeoutExpired:
        return None


def job(fio, env, filename, choice, extra, size=SIZE):
    """Runs one job; returns '' or what is wrong with it"""
    done = start(fio, env, filename, choice, extra)
    if not done:
        return 'did not end in 60 s'
    if done.returncode:
        said = done.stderr + done.stdout[:done.stdout.find('{')]
        return f'exit code {done.returncode}: {said.strip()[-800:]}'
    try:
        result = json.loads(done.stdout[done.stdout.index('{'):])['jobs'][0]
    except (ValueError, KeyError, IndexError):
        return f'no result: {done.stdout[-300:]}'
    moved = result['write']['io_bytes'], result['read']['io_bytes']
    if result['error'] or moved != (size, size):
        return f'error {result["error"]}, wrote and read {moved} bytes of {size}'
    return ''


def refused(fio, env, filename, choice, error):
    """Runs a job that must fail with `error`; returns '' or what is wrong"""
    done = start(fio, env, filename, choice, ['--readonly', '--rw=randread'])
    if not done:
        return 'did not end in 60 s'
    said = done.stdout + done.stderr
    if done.returncode != 1 or f'failed retrieving device handle, errno: {error}' not in said:
        return f'exit code {done.returncode}, expected errno {error}: {said.strip()[-500:]}'
    return ''


# Zones of 4 MiB with a capacity of 3 MiB: fio resets, writes two in order and reads them back
ZONED = 'virt:null,size=64MiB,kind=zns,zone=4MiB,zone_cap=3MiB'
ZBD = ['--zonemode=zbd', '--rw=write', '--direct=1', '--iodepth=1', '--max_open_zones=4']
ZBD_SIZE = 6 * MIB

# Invalid options: file name or None for the file, options, errno
REFUSED = [
    (None, {'async': 'nope'}, errno.EOPNOTSUPP), (None, {'sync': 'nope'}, errno.EOPNOTSUPP),
    (None, {'async': 'io_uring_cmd'}, errno.EOPNOTSUPP), (None, {'be': 'nope'}, errno.ENXIO),
    (None, {'async': 'thrpool', 'sync': 'block'}, errno.EOPNOTSUPP),
    ('/dev/no-such-device', {'async': 'io_uring'}, errno.ENOENT),
    ('virt:no-such-preset', {}, errno.EINVAL),
    ('virt:null,size=64MiB', {'async': 'libaio'}, errno.EOPNOTSUPP),
]


class Loop:
    """A loop device on a file; None if unavailable (no root, no module)"""

    def __init__(self, folder):
        path = os.path.join(folder, 'loop')
        with open(path, 'wb') as image:
            image.truncate(2 * SIZE)
        try:
            self.device = subprocess.run(['losetup', '-f', '--show', path], timeout=20, check=True,
                                         stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                                         text=True).stdout.strip()
        except (OSError, subprocess.SubprocessError):
            self.device = None

    def __enter__(self):
        return self.device

    def __exit__(self, *_):
        if self.device:
            subprocess.run(['losetup', '-d', self.device], check=False, timeout=20)


def jobs(folder, loop):
    """Yields (what, file name, options, more arguments)"""
    path = os.path.join(folder, 'file')
    with open(path, 'wb') as image:
        image.truncate(2 * SIZE)
    for choice in FILE_CHOICES:
        yield 'file', path, choice, []
    yield 'file, direct', path, {'async': 'io_uring'}, ['--direct=1']
    for choice in BLOCK_CHOICES if loop else []:
        yield 'loop', loop, choice, ['--direct=1']
    for choice in VIRT_CHOICES:
        yield 'virt', 'virt:null,size=64MiB', choice, []
    yield 'virt, 512', 'virt:null,size=64MiB,lba=512', {}, []
    yield 'ramdisk', '1GiB', {}, [f'--size={SIZE}']


def main(argv):
    parser = argparse.ArgumentParser()
    parser.add_argument('--build', required=True)
    parser.add_argument('--cache', required=True)
    options = parser.parse_args(argv)
    try:
        fio, libs = fio_build.build(options.build, options.cache)
    except fio_build.debian.Missing as missing:
        print(f'SKIP: {missing}')
        return 77
    env = dict(os.environ, LD_LIBRARY_PATH=libs)
    failed = passed = 0
    with tempfile.TemporaryDirectory() as folder, Loop(folder) as loop:
        if not loop:
            print('note: no loop device to be had here, its jobs are left out')
        runs = [(what, choice, job(fio, env, name, choice, extra))
                for what, name, choice, extra in jobs(folder, loop)]
        runs += [('virt, zones', choice, job(fio, env, ZONED, choice, ZBD, ZBD_SIZE))
                 for choice in VIRT_CHOICES]
        path = os.path.join(folder, 'file')
        runs += [(f'refused: {name or "file"}', choice,
                  refused(fio, env, name or path, choice, error))
                 for name, choice, error in REFUSED]
        for what, choice, wrong in runs:
            words = ' '.join(f'{key}={value}' for key, value in choice.items()) or 'no choice'
            print(f'{"FAIL" if wrong else "ok  "} {what}: {words}{": " if wrong else ""}{wrong}',
                  flush=True)
            failed, passed = failed + bool(wrong), passed + (not wrong)
    print(f'{passed} passed, {failed} failed')
    return 1 if failed or not passed else 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
