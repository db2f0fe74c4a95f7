# SPDX-License-Identifier: BSD-3-Clause
"""Files from Debian packages, without installation: downloaded once, kept in the build directory.
Most come from the system's own apt sources; for another suite or a source package apt gets a
private configuration, so that the machine's stays unchanged."""

import contextlib
import fcntl
import glob
import os
import shutil
import subprocess

SOURCES = '/etc/apt/sources.list.d/debian.sources'
KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg'
FALLBACK_MIRROR = 'http://deb.debian.org/debian'

# Kernel modules that a test guest never needs, of 4000; not unpacking them saves 250 MB
UNWANTED = ['drivers/gpu', 'drivers/media', 'drivers/net/wireless', 'drivers/infiniband', 'sound',
            'drivers/staging', 'drivers/iio', 'drivers/input', 'drivers/usb', 'drivers/hwmon']

# The suites of a QEMU newer than Debian 12's and of its libraries
QEMU_SUITES = ['trixie', 'trixie-backports']
# Runs a program of an unpacked tree with that tree's own loader and libraries
QEMU_WRAPPER = '''#!/bin/sh
tree={tree}
lib=$tree/usr/lib/x86_64-linux-gnu
exec env -u LD_LIBRARY_PATH QEMU_MODULE_DIR=$lib/qemu "$tree/usr/lib64/ld-linux-x86-64.so.2" \\
	--library-path "$lib:$lib/qemu" "$tree/usr/bin/qemu-system-x86_64" -L "$tree/usr/share/qemu" \\
	-L "$tree/usr/share/seabios" -L "$tree/usr/lib/ipxe/qemu" "$@"
'''


class Missing(Exception):
    """This machine lacks something: the test is skipped with this message"""


def run(args, **kwargs):
    """Runs a command with a time limit; on failure its last line of output is in the exception"""
    kwargs.setdefault('timeout', 300)
    try:
        return subprocess.run(args, check=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              text=True, **kwargs).stdout
    except FileNotFoundError as err:
        raise Missing(f'{args[0]} is not installed') from err
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as err:
        tail = (err.stdout or '').strip().splitlines()[-1:]
        raise Missing(f'{" ".join(args[:4])} failed: {"".join(tail)}') from err


def installed(program):
    """The path of an installed program, given by name; a path, to a program of the build, is
    returned as it is"""
    if '/' in program:
        return program
    path = shutil.which(program, path=os.environ.get('PATH', '') + ':/usr/sbin:/sbin')
    if not path:
        raise Missing(f'{program} is not installed')
    return path


@contextlib.contextmanager
def locked(cache):
    """Locks `cache`, so that one process at a time fills it"""
    os.makedirs(cache, exist_ok=True)
    with open(os.path.join(cache, 'lock'), 'w', encoding='utf-8') as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def mirror():
    """The mirror in this machine's apt sources"""
    try:
        with open(SOURCES, encoding='utf-8') as text:
            for line in text:
                if line.startswith('URIs:'):
                    return line.split()[1]
    except OSError:
        pass
    return FALLBACK_MIRROR


def own_suite():
    """The code name of this machine's Debian"""
    with open('/etc/os-release', encoding='utf-8') as text:
        for line in text:
            if line.startswith('VERSION_CODENAME='):
                return line.split('=')[1].strip()
    raise Missing('this is not a Debian (no VERSION_CODENAME in /etc/os-release)')


def private_apt(cache, suites):
    """An environment in which apt uses only `suites` (binary and source) and writes to `cache`"""
    root = os.path.join(cache, 'apt-' + '-'.join(suites))
    config = os.path.join(root, 'apt.conf')
    for folder in ('lists/partial', 'cache/archives/partial'):
        os.makedirs(os.path.join(root, folder), exist_ok=True)
    with open(os.path.join(root, 'sources.list'), 'w', encoding='utf-8') as text:
        for suite in suites:
            for kind in ('deb', 'deb-src'):
                text.write(f'{kind} [signed-by={KEYRING}] {mirror()} {suite} main\n')
    with open(config, 'w', encoding='utf-8') as text:
        text.write(f'Dir::Etc::sourcelist "{root}/sources.list"; Dir::Etc::sourceparts "-";\n'
                   f'Dir::State::lists "{root}/lists"; Dir::State::status "/dev/null";\n'
                   f'Dir::Cache "{root}/cache"; APT::Sandbox::User "root";\n'
                   'APT::Install-Recommends "0"; Acquire::Languages "none";\n')
    env = dict(os.environ, APT_CONFIG=config)
    if not glob.glob(os.path.join(root, 'lists', '*Packages*')):
        run(['apt-get', '-qq', 'update'], env=env)
    return env


def download(package, folder, env=None):
    """Downloads the .deb of `package` to `folder`; returns its path"""
    os.makedirs(folder, exist_ok=True)
    run(['apt-get', '-qq', 'download', package], cwd=folder, env=env)
    found = glob.glob(os.path.join(folder, glob.escape(package) + '_*.deb'))
    if not found:
        raise Missing(f'apt-get download {package} left no file')
    return found[0]


def source_package(package, cache):
    """The unpacked source folder of `package` of this machine's Debian"""
    folder = os.path.join(cache, 'source-' + package)
    done = os.path.join(folder, '.unpacked')
    if not os.path.exists(done):
        shutil.rmtree(folder, ignore_errors=True)
        os.makedirs(folder)
        env = private_apt(cache, [own_suite()])
        run(['apt-get', '-qq', 'source', package], cwd=folder, env=env)
        open(done, 'w', encoding='utf-8').close()
    return next(f for f in glob.glob(os.path.join(folder, '*')) if os.path.isdir(f))


def depends(package, env):
    """The names of the direct dependencies of `package`"""
    text = run(['apt-cache', 'depends', package], env=env)
    return [line.split()[1] for line in text.splitlines() if line.split()[0] == 'Depends:']


def kernel_packages(env):
    """The versioned package behind linux-image-amd64; since Linux 7 also the separate packages of
    its image and its modules"""
    images = [name for name in depends('linux-image-amd64', env) if name.startswith('linux-image-')]
    if not images:
        raise Missing('apt knows no linux-image-amd64')
    parts = ('linux-base-', 'linux-binary-', 'linux-modules-')
    return images[:1] + [name for name in depends(images[0], env) if name.startswith(parts)]


class Kernel:
    """A kernel unpacked under `root`: its version, its image and its modules"""

    def __init__(self, root):
        self.root = root
        self.version = os.listdir(os.path.join(root, 'lib/modules'))[0]
        self.image = os.path.join(root, 'vmlinux')

    def module_files(self, name):
        """The files to insert for module `name`, dependencies first; [] when it is built in"""
        text = run(['/sbin/modprobe', '-d', self.root, '-S', self.version, '--show-depends', name])
        words = [line.split() for line in text.splitlines()]
        return [w[1] for w in words if w[0] == 'insmod']


def vmlinux(bzimage, target):
    """Extracts the ELF image from a bzImage. QEMU starts it by its PVH note, which saves seconds of
    decompression under emulation. Offsets: Documentation/x86/boot.rst"""
    with open(bzimage, 'rb') as image:
        blob = image.read()
    setup = ((blob[0x1f1] or 4) + 1) * 512
    start = setup + int.from_bytes(blob[0x248:0x24c], 'little')
    packed = blob[start:start + int.from_bytes(blob[0x24c:0x250], 'little')]
    unpackers = {b'\xfd7zXZ\0': ['xz', '-dc', '--single-stream'], b'\x28\xb5\x2f\xfd': ['zstd', '-dqc'],
                 b'\x1f\x8b': ['gzip', '-dc'], b'\x02\x21\x4c\x18': ['lz4', '-dc']}
    for magic, command in unpackers.items():
        if packed.startswith(magic):
            # gzip and zstd warn about the four bytes of length after the stream: not fatal
            packed = subprocess.run(command, input=packed, stdout=subprocess.PIPE, check=False,
                                    stderr=subprocess.DEVNULL, timeout=60).stdout
            break
    elf = packed.find(b'\x7fELF')
    if elf < 0:
        raise Missing(f'{bzimage} holds no ELF image that we can unpack')
    with open(target, 'wb') as out:
        out.write(packed[elf:])


def kernel(cache, suite=''):
    """The kernel of `suite` ('' for the running Debian's own), unpacked once"""
    root = os.path.join(cache, 'kernel-' + (suite or 'default'))
    if not os.path.exists(os.path.join(root, '.unpacked')):
        shutil.rmtree(root, ignore_errors=True)
        env = private_apt(cache, [suite]) if suite else None
        packages = kernel_packages(env)
        for package in packages:
            deb = download(package, os.path.join(root, 'deb'), env)
            with subprocess.Popen(['dpkg-deb', '--fsys-tarfile', deb],
                                  stdout=subprocess.PIPE) as tar:
                run(['tar', '-x', '-C', root, *(f'--exclude=*/kernel/{u}/*' for u in UNWANTED)],
                    stdin=tar.stdout)
        images = [path for place in ('boot/vmlinuz-*', 'usr/lib/modules/*/vmlinuz')
                  for path in glob.glob(os.path.join(root, place))]
        if not images:
            raise Missing(f'{" ".join(packages)}: no kernel in there')
        if os.path.isdir(os.path.join(root, 'usr/lib/modules')):
            os.symlink('usr/lib', os.path.join(root, 'lib'))
        found = Kernel(root)
        run(['/sbin/depmod', '-b', root, found.version])
        vmlinux(images[0], found.image)
        shutil.rmtree(os.path.join(root, 'deb'))
        open(os.path.join(root, '.unpacked'), 'w', encoding='utf-8').close()
    return Kernel(root)


def qemu(cache):
    """Unpacks, once, a QEMU newer than this machine's with its libraries; returns a start script"""
    tree = os.path.join(cache, 'qemu-' + QEMU_SUITES[-1])
    wrapper = tree + '.sh'
    if os.path.exists(wrapper):
        return wrapper
    env = private_apt(cache, QEMU_SUITES)
    run(['apt-get', '-qq', '-y', 'install', '-d', '-t', QEMU_SUITES[-1], 'qemu-system-x86'],
        env=env, timeout=900)
    archives = os.path.join(cache, 'apt-' + '-'.join(QEMU_SUITES), 'cache/archives/*.deb')
    for package in glob.glob(archives):
        run(['dpkg', '-x', package, tree])
        os.unlink(package)
    with open(wrapper + '.new', 'w', encoding='utf-8') as out:
        out.write(QEMU_WRAPPER.format(tree=tree))
    os.chmod(wrapper + '.new', 0o755)
    os.rename(wrapper + '.new', wrapper)
    return wrapper
