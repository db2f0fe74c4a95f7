#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Unmodified fio with the library on a real kernel's NVMe devices: fio_guest.sh in a guest.

    fio_guest.py --build DIR [what guest.py takes ...] SCRIPT
"""

import os
import sys

import fio_build

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '../guest'))
import guest  # noqa: E402


def main(argv):
    build, rest = argv[argv.index('--build') + 1], argv[:]
    del rest[rest.index('--build'):rest.index('--build') + 2]
    try:
        fio, libs = fio_build.build(build, rest[rest.index('--cache') + 1])
    except fio_build.debian.Missing as missing:
        print(f'SKIP: {missing}')
        return 77
    os.environ['LD_LIBRARY_PATH'] = libs  # where ldd finds the library to copy
    return guest.main(['--program', fio] + rest)


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
