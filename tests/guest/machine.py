# SPDX-License-Identifier: BSD-3-Clause
"""One emulated machine, from start to exit code.

It is connected to the host by a virtio port. The guest's output arrives there line by line; lines
that start with '@' are for this program:

    @hello                 init has come up
    @qmp COMMAND [JSON]    change the machine (unplug a device, ...); the reply is sent back
    @exit CODE             the test is over

Every wait is bounded. Hang lets the caller try once more, and report it, in three cases that no
program in the guest can cause: the guest sends no @hello in time, because it hangs at boot or has
ended (both happen on busy hosts); it prints no sign of life on its console, because all of it is
stuck; QEMU crashes (7.2 does at times when a controller is plugged in again). The machine ends with
this program, however that ends."""

import ctypes
import json
import os
import select
import signal
import socket
import subprocess
import tempfile
import time

import debian
import devices

BOOT_SECONDS = 90  # about 4 on an idle machine; up to 40 on a busy one
STILL_SECONDS = 90  # the guest prints a sign of life every 5 s
WATCH_SECONDS = 15  # the guest prints blocked tasks this long before its time limit

# Purpose of the arguments: no calibration against timers that run late under emulation, no
# self-tests, no mitigations, no address randomisation (stable traces), entropy at once
KERNEL_ARGUMENTS = ('console=ttyS0 quiet panic=-1 oops=panic tsc=reliable no_timer_check nokaslr '
                    # a busy host stops an emulated processor for longer than these watchdogs permit
                    'nowatchdog rcupdate.rcu_cpu_stall_suppress=1 '
                    'random.trust_cpu=on mitigations=off cryptomgr.notests')


class Hang(Exception):
    """The guest sent no @hello, or is stuck; has the end of its console, and which of the two"""

    def __init__(self, console, what='hung at boot'):
        super().__init__(console)
        self.what = what


class Dead(Exception):
    """The guest ended or exceeded its time limit without an exit code"""


def tsc_khz():
    """The rate of the host's time stamp counter, which the guest shares: the guest's measurement is
    wrong when the host is busy. bogomips is twice the rate in MHz"""
    with open('/proc/cpuinfo', encoding='utf-8') as text:
        for line in text:
            if line.startswith('bogomips'):
                return int(float(line.split(':')[1]) * 500)
    return 0


class Lines:
    """Lines from a socket; each wait is bounded"""

    def __init__(self, sock):
        self.sock = sock
        self.rest = b''

    def next(self, deadline):
        """The next line; None at the end or after `deadline`"""
        while b'\n' not in self.rest:
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([self.sock], [], [], left)[0]:
                return None
            try:
                data = self.sock.recv(65536)
            except ConnectionResetError:
                return None
            if not data:
                return None
            self.rest += data
        line, self.rest = self.rest.split(b'\n', 1)
        return line.decode(errors='replace').rstrip('\r')


PR_SET_PDEATHSIG = 1  # prctl(2)


def die_with_parent():
    """Runs in the child: an orphaned machine would keep processors busy for ever"""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def connect(path, process, deadline):
    """Connects to a socket that QEMU creates when it starts"""
    while time.monotonic() < deadline:
        sock = socket.socket(socket.AF_UNIX)
        try:
            sock.connect(path)
            return sock
        except OSError:
            sock.close()
            if process.poll() is not None:
                break
            time.sleep(0.02)
    raise Dead('QEMU did not start')


class Machine:
    """A machine with `device_set`, started from `kernel` and a list of archives"""

    def __init__(self, kernel, archives, device_set, options):
        # removed when this program ends, even if a signal interrupts it
        self.temporary = tempfile.TemporaryDirectory(prefix='guest-', ignore_cleanup_errors=True)
        self.folder = self.temporary.name
        self.options = options
        self.console = os.path.join(self.folder, 'console')
        initrd = os.path.join(self.folder, 'initrd')
        with open(initrd, 'wb') as out:
            for archive in archives:
                out.write(archive)
        khz = tsc_khz()
        append = (KERNEL_ARGUMENTS + (f' tsc_early_khz={khz}' if khz else '') +
                  f' guest.watch={max(5, options.seconds - WATCH_SECONDS)} ' + options.append)
        self.args = [
            options.qemu, '-machine', 'q35', '-accel', 'tcg,thread=multi', '-cpu', 'max',
            '-smp', str(options.cpus), '-m', options.memory, '-kernel', kernel.image,
            '-initrd', initrd, '-append', append, '-nodefaults', '-no-user-config',
            '-display', 'none', '-no-reboot', '-serial', 'file:' + self.console,
            '-qmp', f'unix:{self.folder}/qmp,server=on,wait=off',
            '-device', 'virtio-serial-pci', '-device', 'virtserialport,chardev=channel,name=channel',
            '-chardev', f'socket,id=channel,path={self.folder}/channel,server=on,wait=off',
        ] + devices.arguments(device_set, self.folder) + options.qemu_arg

    def __enter__(self):
        deadline = time.monotonic() + 20
        with open(os.path.join(self.folder, 'qemu'), 'wb') as log:
            try:
                self.process = subprocess.Popen(self.args, stdin=subprocess.DEVNULL, stdout=log,
                                                stderr=log, preexec_fn=die_with_parent)
            except FileNotFoundError as err:
                raise debian.Missing(f'{self.args[0]} is not installed: apt-get install '
                                     'qemu-system-x86') from err
        try:
            self.channel = connect(f'{self.folder}/channel', self.process, deadline)
            self.lines = Lines(self.channel)
            self.qmp_socket = connect(f'{self.folder}/qmp', self.process, deadline)
            self.qmp_lines = Lines(self.qmp_socket)
            if self.qmp_lines.next(deadline) is None:
                raise Dead('QEMU ended at once')
            if 'error' in self.qmp('qmp_capabilities', None):
                raise Dead('QEMU ended before it ran')
        except Dead as err:
            said = self.said()
            self.__exit__()
            if 'not found' in said:  # a device or property that this QEMU lacks
                raise debian.Missing(f'{self.args[0]}: {said}') from err
            raise Dead(f'{err}: {said}') from err
        except BaseException:
            self.__exit__()
            raise
        return self

    def said(self):
        """QEMU's error output"""
        with open(os.path.join(self.folder, 'qemu'), encoding='utf-8') as log:
            return log.read().strip()

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait(timeout=10)
        self.temporary.cleanup()

    def qmp(self, command, arguments):
        """Executes one QMP command; returns the reply as JSON text on one line"""
        message = {'execute': command}
        if arguments:
            message['arguments'] = arguments
        self.qmp_socket.sendall(json.dumps(message).encode() + b'\n')
        deadline = time.monotonic() + 20
        while True:
            line = self.qmp_lines.next(deadline)
            if line is None:
                return '{"error": "no reply from QEMU"}'
            reply = json.loads(line)
            if 'return' in reply or 'error' in reply:
                return json.dumps(reply)

    def answer_qmp(self, line):
        words = line.split(None, 2)
        try:
            arguments = json.loads(words[2]) if len(words) > 2 else None
            reply = self.qmp(words[1], arguments)
        except (ValueError, IndexError) as err:
            reply = json.dumps({'error': str(err)})
        self.channel.sendall(reply.encode() + b'\n')

    def console_tail(self):
        try:
            with open(self.console, encoding='utf-8', errors='replace') as text:
                return ''.join([line for line in text if line.strip() != 'alive'][-200:])
        except OSError:
            return ''

    def boot(self):
        deadline = time.monotonic() + BOOT_SECONDS
        if self.lines.next(deadline) == '@hello':
            return
        what = 'hung at boot' if self.ended() is None else 'ended at boot'
        raise Hang(self.console_tail(), what)

    def next_line(self, deadline):
        """The next line from the guest; None at the end or after `deadline`"""
        while True:
            until = min(deadline, time.monotonic() + 5)
            line = self.lines.next(until)
            if line is not None or time.monotonic() < until or until == deadline:
                return line
            if time.time() - os.stat(self.console).st_mtime > STILL_SECONDS:
                raise Hang(self.console_tail(), f'gave no sign of life for {STILL_SECONDS} s')

    def ended(self):
        """QEMU's exit code, None while it runs; waits 2 s, since QEMU closes the channel first"""
        try:
            return self.process.wait(timeout=2)
        except subprocess.TimeoutExpired:
            return None

    def run(self, seconds):
        """Prints the output of the test until it ends; returns its exit code"""
        deadline = time.monotonic() + seconds
        while True:
            line = self.next_line(deadline)
            if line is None:
                ended = self.ended()
                if ended is not None and ended < 0:  # a guest cannot cause that
                    raise Hang(self.console_tail(), f'QEMU crashed (signal {-ended})')
                why = 'ended' if ended is not None else 'ran out of time'
                raise Dead(f'the guest {why} before the test did; its console ends with\n' +
                           self.console_tail())
            if line.startswith('@exit '):
                return int(line.split()[1])
            if line.startswith('@qmp '):
                self.answer_qmp(line)
            elif line:
                print(line, flush=True)
