# SPDX-License-Identifier: BSD-3-Clause
"""One emulated machine, from start to exit code.

It speaks with the host over a virtio port. What the guest prints arrives there line by line; lines
that start with '@' are for this program:

    @hello                 init has come up
    @qmp COMMAND [JSON]    change the machine (unplug a device, ...); the reply is sent back
    @exit CODE             the test is over

Every wait is bounded. A guest that does not say hello in time hangs at boot, or it has ended (both
seen on busy hosts); one that gives no sign of life on its console stands still as a whole, which no
program in it can bring about, nor a crash of QEMU (7.2 has been seen to, when a controller was
plugged in again): Hang lets the caller try once more and say so. A machine does not
outlive this program, however that ends."""

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

BOOT_SECONDS = 90  # about 4 on a quiet machine; a busy one has been seen to need 40
STILL_SECONDS = 90  # there is a sign of life every 5
WATCH_SECONDS = 15  # so long before its time is over a guest tells who waits for what

# What each argument saves: no calibration against timers that run late under emulation, no
# self-tests, no mitigations, no address randomisation (stable traces), entropy at once
KERNEL_ARGUMENTS = ('console=ttyS0 quiet panic=-1 oops=panic tsc=reliable no_timer_check nokaslr '
                    # a busy host stops an emulated processor for longer than these allow
                    'nowatchdog rcupdate.rcu_cpu_stall_suppress=1 '
                    'random.trust_cpu=on mitigations=off cryptomgr.notests')


class Hang(Exception):
    """The guest did not say hello, or stands still; holds the end of its console, and which it is"""

    def __init__(self, console, what='hung at boot'):
        super().__init__(console)
        self.what = what


class Dead(Exception):
    """The guest ended, or ran out of time, without an exit code"""


def tsc_khz():
    """The rate of the host's time stamp counter, which is the guest's: measured by the guest it
    goes wrong when the host is busy. bogomips is twice the rate in MHz"""
    with open('/proc/cpuinfo', encoding='utf-8') as text:
        for line in text:
            if line.startswith('bogomips'):
                return int(float(line.split(':')[1]) * 500)
    return 0


class Lines:
    """Lines from a socket, each wait bounded"""

    def __init__(self, sock):
        self.sock = sock
        self.rest = b''

    def next(self, deadline):
        """The next line, None at the end or when `deadline` passes"""
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
    """In a new process: a machine that nobody waits for would keep its processors busy for ever"""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def connect(path, process, deadline):
    """A connection to a socket that QEMU is about to make"""
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
        # gone at the latest when this program ends, wherever a signal finds it
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
            if 'not found' in said:  # a device or property that this QEMU does not have
                raise debian.Missing(f'{self.args[0]}: {said}') from err
            raise Dead(f'{err}: {said}') from err
        except BaseException:
            self.__exit__()
            raise
        return self

    def said(self):
        """What QEMU complains about"""
        with open(os.path.join(self.folder, 'qemu'), encoding='utf-8') as log:
            return log.read().strip()

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait(timeout=10)
        self.temporary.cleanup()

    def qmp(self, command, arguments):
        """Execute one QMP command; the reply as JSON text on one line"""
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
        """The next line from the guest, None at the end or when `deadline` passes"""
        while True:
            until = min(deadline, time.monotonic() + 5)
            line = self.lines.next(until)
            if line is not None or time.monotonic() < until or until == deadline:
                return line
            if time.time() - os.stat(self.console).st_mtime > STILL_SECONDS:
                raise Hang(self.console_tail(), f'gave no sign of life for {STILL_SECONDS} s')

    def ended(self):
        """QEMU's exit code, None while it runs; who closed the channel may be about to end"""
        try:
            return self.process.wait(timeout=2)
        except subprocess.TimeoutExpired:
            return None

    def run(self, seconds):
        """Print what the test prints, until it ends; its exit code"""
        deadline = time.monotonic() + seconds
        while True:
            line = self.next_line(deadline)
            if line is None:
                ended = self.ended()
                if ended is not None and ended < 0:  # nothing in a guest may bring that about
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
