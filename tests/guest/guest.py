#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Run a script in a test guest: a real Linux kernel with NVMe devices, no hardware, no root.

Purpose. Paths through the kernel are tested with a real kernel. This boots Debian's kernel in QEMU
under software emulation (no KVM, so that it runs wherever CI does), in about four seconds, with the
NVMe devices that a test requires.
Nouns. A *kernel* and a *base* archive come from Debian packages and are cached (debian.py,
initramfs.py); an *overlay* archive holds the programs under test; a *machine* is one run
(machine.py); a *device set* is the list of its NVMe devices (devices.py).
The life of one run. kernel() and base() from the cache -> overlay of the programs under test and
their libraries -> Machine -> boot() until @hello -> run() until @exit -> exit code.
States. booting -(@hello)-> running -(@exit)-> done. A guest that hangs or ends while booting is
started once more, with a message; a script that exceeds its time limit has failed.
Threads. None here; the cache is locked while it is filled, so that runs may start in parallel.
Errors. 0 passed, 1 failed, 77 skipped (with what is missing), 99 the guest could not be run.
Limits. It is not a benchmark: emulated time is unrelated to latency.

    guest.py --cache DIR --devices nvm --program PATH ... --file NAME=PATH ... SCRIPT
"""

import argparse
import os
import resource
import signal
import sys
import time

import debian
import devices
import initramfs
import machine


def parse(argv):
    parser = argparse.ArgumentParser(description='Run SCRIPT in a test guest')
    parser.add_argument('script', help='shell script that is /test.sh in the guest')
    parser.add_argument('--cache', required=True, type=os.path.abspath,
                        help='folder that keeps kernel and archives')
    parser.add_argument('--devices', default='none', choices=sorted(devices.SETS))
    parser.add_argument('--program', action='append', default=[], metavar='PATH',
                        help='put a program and its libraries in /bin')
    parser.add_argument('--file', action='append', default=[], metavar='NAME=PATH',
                        help='put a file at NAME (no leading slash)')
    parser.add_argument('--seconds', type=int, default=150, help='time that the script has')
    parser.add_argument('--cpu-seconds', type=int, default=0,
                        help='processor time from boot to end, on a busy machine as on a quiet one, '
                        'that is one more reason to fail; 0: any')
    parser.add_argument('--suite', default='', help='Debian suite to take the kernel from')
    parser.add_argument('--qemu', default='qemu-system-x86_64',
                        help='"fetch": one of a newer Debian, unpacked into the cache')
    parser.add_argument('--cpus', type=int, default=2)
    parser.add_argument('--memory', default='1G')
    parser.add_argument('--append', default='', help='more kernel arguments')
    parser.add_argument('--qemu-arg', action='append', default=[], metavar='ARG',
                        help='one more argument for QEMU, given as --qemu-arg=ARG')
    return parser.parse_args(argv)


def overlay(options):
    """The archive of the programs under test"""
    archive = initramfs.Archive()
    archive.file('test.sh', options.script)
    checks = os.path.join(initramfs.HERE, 'checks.sh')
    archive.file('checks.sh', checks)
    for program in options.program:
        archive.program(debian.installed(program))
    for item in options.file:
        name, path = item.split('=', 1)
        if not os.path.exists(path):
            raise debian.Missing(f'{path} is not installed')
        archive.file(name, path)
    return archive.bytes()


def prepare(options):
    """Returns kernel and archives; one process at a time fills the cache"""
    with debian.locked(options.cache):
        kernel = debian.kernel(options.cache, options.suite)
        if options.qemu == 'fetch':
            options.qemu = debian.qemu(options.cache)
        with open(initramfs.base(options.cache, kernel), 'rb') as archive:
            return kernel, [archive.read(), overlay(options)]


def cpu_seconds():
    """Processor time of the machines that have ended"""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def attempt(options, kernel, archives):
    """One run of the guest"""
    began, used = time.monotonic(), cpu_seconds()
    with machine.Machine(kernel, archives, options.devices, options) as guest:
        guest.boot()
        booted = time.monotonic()
        code = guest.run(options.seconds)
        ended = time.monotonic()
    used = cpu_seconds() - used
    print(f'guest: linux {kernel.version}, devices {options.devices}, {booted - began:.1f} s to '
          f'boot, {ended - booted:.1f} s to test, {used:.1f} s of processor time, '
          f'exit code {code}')
    if options.cpu_seconds and used > options.cpu_seconds:
        print(f'guest: that is more than the {options.cpu_seconds} s of processor time that it may '
              'take')
        return code or 1
    return code


def main(argv):
    # SIGTERM (after a test's time limit) ends the machine too
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(99))
    options = parse(argv)
    try:
        kernel, archives = prepare(options)
        for last in (False, True):
            try:
                return attempt(options, kernel, archives)
            except machine.Hang as hang:
                print(f'guest: {hang.what}, '
                      f'{"once more: giving up" if last else "once: trying again"}'
                      f'; its console ends with\n{hang}', flush=True)
    except debian.Missing as missing:
        print(f'SKIP: {missing}')
        return 77
    except machine.Dead as dead:
        print(f'guest: {dead}')
        return 1
    return 99


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
