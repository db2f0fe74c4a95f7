#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Linux' NVMe driver as the client of served virtual SSDs, in a guest of a QEMU with the
vfio-user-pci device (10.1 or newer).

usage: kernel.py --cache DIR --qemu QEMU [--suite SUITE] --program PATH ... vfio-user:SOCKET...

QEMU is a program, or "fetch": that of a newer Debian, from the cache. Runs one guest after the
other, each with the name of its phase in /phase: by default the first writes and is killed under
load, the second verifies the data that the first made durable. Skipped (77), with the reason,
without such a QEMU.
"""
import argparse
import contextlib
import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), 'guest'))

import debian  # noqa: E402 (the guest's own modules)

MEMORY = '1G'
HUGE_PAGES = '/proc/sys/vm/nr_hugepages'
HUGE_MEMORY = '512M'
HUGE_COUNT = 256


@contextlib.contextmanager
def huge_pages():
    """Reserves HUGE_COUNT huge pages, for HUGE_MEMORY, and releases them afterwards"""
    with open(HUGE_PAGES, encoding='utf-8') as pages:
        before = int(pages.read())
    wanted = before + HUGE_COUNT
    try:
        with open(HUGE_PAGES, 'w', encoding='utf-8') as pages:
            pages.write(str(wanted))
    except OSError as err:
        raise debian.Missing(f'huge pages: {HUGE_PAGES}: {err.strerror}') from err
    try:
        with open(HUGE_PAGES, encoding='utf-8') as pages:
            if int(pages.read()) < wanted:
                raise debian.Missing(f'{HUGE_COUNT} huge pages of 2 MiB: not so much free memory')
        yield
    finally:
        with open(HUGE_PAGES, 'w', encoding='utf-8') as pages:
            pages.write(str(before))


def has_device(qemu):
    """Whether this QEMU has the device vfio-user-pci"""
    command = [qemu, '-machine', 'none', '-device', 'vfio-user-pci,help']
    try:
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                              text=True, check=False, timeout=60)
        return 'vfio-user-pci options' in done.stdout
    except OSError as err:
        raise debian.Missing(f'{qemu}: {err}') from err


def guest(options, qemu, phase):
    """Runs one guest with the SSDs; returns its exit code"""
    phase_file = os.path.join(options.cache, 'phase-' + phase)
    with open(phase_file, 'w', encoding='utf-8') as out:
        out.write(phase + '\n')
    memory = HUGE_MEMORY if options.huge_pages else MEMORY
    backing = f'memory-backend-memfd,id=m,size={memory},share=on'
    if options.huge_pages:
        backing += ',hugetlb=on,hugetlbsize=2M'
    command = [sys.executable, os.path.join(os.path.dirname(HERE), 'guest', 'guest.py'),
               '--cache', options.cache, '--qemu', qemu, '--suite', options.suite,
               '--devices', 'none', '--memory', memory, '--file', 'phase=' + phase_file,
               '--seconds', '240']
    for program in options.program:
        command += ['--program', program]
    for argument in ('-object', backing, '-machine', 'memory-backend=m'):
        command.append('--qemu-arg=' + argument)
    for uri in options.sockets:
        path = uri.split(':', 1)[1]
        command += ['--qemu-arg=-device', '--qemu-arg={"driver":"vfio-user-pci","socket":'
                    '{"type":"unix","path":"' + path + '"}}']
    return subprocess.run(command + [options.script], check=False).returncode


def main(argv):
    parser = argparse.ArgumentParser(description='Linux as a client of a served virtual SSD')
    parser.add_argument('sockets', nargs='+', help='vfio-user:PATH')
    parser.add_argument('--huge-pages', action='store_true', help="back the guest's memory by them")
    parser.add_argument('--cache', required=True, type=os.path.abspath)
    parser.add_argument('--qemu', required=True)
    parser.add_argument('--suite', default='')
    parser.add_argument('--program', action='append', default=[])
    parser.add_argument('--script', default=os.path.join(HERE, 'kernel.sh'))
    parser.add_argument('--phases', default='write,verify', help='a guest for each')
    options = parser.parse_args(argv)
    try:
        with debian.locked(options.cache):
            qemu = debian.qemu(options.cache) if options.qemu == 'fetch' else options.qemu
        if not has_device(qemu):
            raise debian.Missing(f'{qemu} has no vfio-user-pci device (10.1 or newer has); '
                                 'configure with -Dguest_newer_qemu=fetch to get one')
        options.program = [debian.installed(program) for program in options.program]
        with huge_pages() if options.huge_pages else contextlib.nullcontext():
            for phase in options.phases.split(','):
                code = guest(options, qemu, phase)
                if code:
                    return code
    except debian.Missing as missing:
        print(f'SKIP: {missing}')
        return 77
    return 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
