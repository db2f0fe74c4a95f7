#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Shadow doorbells with an independent controller: QEMU's, which traces doorbell writes.

usage: vfio_doorbells.py GUEST.PY [its arguments]

Runs a guest that reads over VFIO and submits each command by itself. QEMU traces each write to a
doorbell register. Without shadow doorbells every read needs one write for its submission; with
them the driver skips the write while QEMU has not processed an earlier one.
"""
import collections
import subprocess
import sys
import tempfile

READS = 4096
FIRST_QUEUE = 2  # 0: admin commands, 1: synchronous commands


def rings(trace):
    """Doorbell writes since the last Doorbell Buffer Config, the driver's; None: without one"""
    counts = None
    for line in trace:
        words = line.split()
        if words and words[0] == 'pci_nvme_dbbuf_config':
            counts = collections.Counter()
        elif counts is not None and 'pci_nvme_mmio_doorbell' in line:
            queue = int(words[2].rstrip(','))
            counts[words[0][-2:]] += queue >= FIRST_QUEUE
    return counts


def main():
    with tempfile.NamedTemporaryFile('r', encoding='utf-8') as trace, \
            tempfile.NamedTemporaryFile('w', encoding='utf-8') as count:
        count.write(str(READS))
        count.flush()
        events = ('pci_nvme_mmio_doorbell_*', 'pci_nvme_dbbuf_config')
        arguments = [f'--qemu-arg={word}' for event in events for word in ('-trace', event)]
        code = subprocess.call([*sys.argv[1:-1], '--file', 'count=' + count.name, *arguments,
                                '--qemu-arg=-D', '--qemu-arg=' + trace.name, sys.argv[-1]])
        if code:
            return code
        counts = rings(trace)
    if counts is None or not counts['sq'] or not counts['cq']:
        print(f'QEMU was told nothing: {counts}')
        return 1
    print(f'{READS} reads, told of one by one: {counts["sq"]} writes of submission doorbells, '
          f'{counts["cq"]} of completion doorbells')
    return 0 if counts['sq'] < READS * 0.95 else 1  # a third of them if QEMU has half a core


if __name__ == '__main__':
    sys.exit(main())
