#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""A guest that hangs while booting is started once more, with a message; one whose script exceeds
its time limit has failed. Tested with a fake machine and with a fake QEMU."""

import contextlib
import io
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import unittest
from unittest import mock

import guest
import machine


class Pretended:
    """A fake machine: `hangs` boots hang; if `dies`, its script exceeds the time limit"""

    def __init__(self, hangs, dies=False):
        self.hangs, self.dies, self.boots = hangs, dies, 0

    def __call__(self, *_):
        return self

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    def boot(self):
        self.boots += 1
        if self.boots <= self.hangs:
            raise machine.Hang('the end of its console')

    def run(self, _):
        if self.dies:
            raise machine.Dead('the guest ran out of time')
        return 5


def run(pretended):
    """Runs guest.main() with that machine; returns its exit code and output"""
    said = io.StringIO()
    with mock.patch.object(guest.machine, 'Machine', pretended), \
            mock.patch.object(guest, 'prepare', lambda _: (mock.Mock(version='6'), [])), \
            contextlib.redirect_stdout(said):
        return guest.main(['--cache', '/nowhere', 'script']), said.getvalue()


class Retry(unittest.TestCase):
    """guest.py with a machine that hangs"""

    def test_a_boot_that_hangs_is_tried_again(self):
        pretended = Pretended(1)
        code, said = run(pretended)
        self.assertEqual((code, pretended.boots), (5, 2))
        self.assertIn('hung at boot, once: trying again', said)
        self.assertIn('the end of its console', said)

    def test_twice_is_enough(self):
        pretended = Pretended(9)
        code, said = run(pretended)
        self.assertEqual((code, pretended.boots), (99, 2))
        self.assertIn('once more: giving up', said)

    def test_a_script_that_hangs_is_not(self):
        pretended = Pretended(0, dies=True)
        self.assertEqual((run(pretended)[0], pretended.boots), (1, 1))

    def test_a_good_boot_needs_no_word(self):
        code, said = run(Pretended(0))
        self.assertEqual(code, 5)
        self.assertNotIn('hung', said)


class Still(unittest.TestCase):
    """A guest without signs of life is distinguished from one whose script is slow"""

    def next_line(self, age, seconds):
        """Calls machine.next_line() with a console that last grew `age` seconds ago"""
        ours, guests = socket.socketpair()
        with tempfile.NamedTemporaryFile(mode='w') as console, ours, guests:
            console.write('alive\n[ 1.0] the kernel says something\nalive\n')
            console.flush()
            os.utime(console.name, (0, time.time() - age))
            pretended = mock.Mock(spec=machine.Machine, lines=machine.Lines(ours),
                                  console=console.name)
            pretended.console_tail = lambda: machine.Machine.console_tail(pretended)
            return machine.Machine.next_line(pretended, time.monotonic() + seconds)

    def test_one_that_lives_has_all_its_time(self):
        self.assertIsNone(self.next_line(1, 0.2))

    def test_one_that_stands_still_has_not(self):
        with self.assertRaises(machine.Hang) as caught:
            self.next_line(machine.STILL_SECONDS + 10, 60)
        self.assertIn('no sign of life', caught.exception.what)
        self.assertEqual(str(caught.exception), '[ 1.0] the kernel says something\n')


class Crash(unittest.TestCase):
    """QEMU's end by a signal is not a result of the script; an exit before the script's end is"""

    def run_to(self, code):
        pretended = mock.Mock(spec=machine.Machine, console='/nowhere')
        pretended.next_line.return_value = None
        pretended.ended.return_value = code
        pretended.console_tail.return_value = 'the end of its console'
        return machine.Machine.run(pretended, 1)

    def test_a_signal_is_a_crash(self):
        with self.assertRaises(machine.Hang) as caught:
            self.run_to(-11)
        self.assertIn('QEMU crashed (signal 11)', caught.exception.what)

    def test_an_exit_is_the_end_of_the_test(self):
        for code in (0, 1, None):
            with self.assertRaises(machine.Dead):
                self.run_to(code)


# Starts a guest whose fake QEMU writes its process number and sleeps
STARTS = """
import sys
from unittest import mock
import guest, machine
machine.tsc_khz = lambda: 0
guest.prepare = lambda _: (mock.Mock(version='6', image='none'), [])
sys.exit(guest.main(['--cache', '/nowhere', '--qemu', sys.argv[1], 'script']))
"""


class Ends(unittest.TestCase):
    """A guest ends with the program that started it"""

    def ended_by(self, number):
        """Checks that QEMU ends after this signal to the program; returns the files left behind"""
        here = os.path.dirname(os.path.abspath(__file__))
        with tempfile.TemporaryDirectory() as folder:
            qemu, told = os.path.join(folder, 'qemu'), os.path.join(folder, 'told')
            with open(qemu, 'w', encoding='utf-8') as out:
                out.write(f'#!/bin/sh\necho $$ > {told}.new; mv {told}.new {told}\nexec sleep 60\n')
            os.chmod(qemu, 0o755)
            os.mkdir(os.path.join(folder, 'tmp'))
            env = dict(os.environ, TMPDIR=os.path.join(folder, 'tmp'))
            with subprocess.Popen([sys.executable, '-c', STARTS, qemu], cwd=here,
                                  env=env) as program:
                self.wait_for(lambda: os.path.exists(told))
                with open(told, encoding='utf-8') as text:
                    process = int(text.read())
                program.send_signal(number)
                program.wait(timeout=20)
            self.wait_for(lambda: not os.path.exists(f'/proc/{process}'))
            return os.listdir(os.path.join(folder, 'tmp'))

    def test_while_it_starts(self):
        """A signal raises its exception inside Popen(), before or after QEMU has started"""
        with tempfile.TemporaryDirectory() as folder:
            began = 'import machine\n' \
                    'machine.subprocess.Popen = lambda *_, **__: sys.exit(99)\n' + STARTS.lstrip()
            ended = subprocess.run([sys.executable, '-c', 'import sys\n' + began, 'qemu'],
                                   cwd=os.path.dirname(os.path.abspath(__file__)),
                                   env=dict(os.environ, TMPDIR=folder), check=False)
            self.assertEqual((ended.returncode, os.listdir(folder)), (99, []))

    def wait_for(self, truth):
        deadline = time.monotonic() + 20
        while not truth():
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.02)

    def test_when_its_time_is_over(self):
        self.assertEqual(self.ended_by(signal.SIGTERM), [])

    def test_when_it_is_killed(self):
        self.ended_by(signal.SIGKILL)


if __name__ == '__main__':
    sys.exit(unittest.main())
