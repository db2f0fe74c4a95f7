# SPDX-License-Identifier: BSD-3-Clause
"""The guest's file system: a newc cpio archive (Documentation/driver-api/early-userspace/
buffer-format.rst), written directly so that owners and device nodes need no root. A base archive of
busybox, kernel modules and the Debian programs that tests compare with is made once per kernel; the
programs under test are a second archive, which the kernel unpacks over the first."""

import hashlib
import lzma
import os
import shutil
import stat
import subprocess

import debian

HERE = os.path.dirname(os.path.abspath(__file__))
LIBRARIES = 'lib/x86_64-linux-gnu'
LOADER = 'lib64/ld-linux-x86-64.so.2'

# Loaded by init first: the channel to the host
CHANNEL_MODULES = ['virtio_pci', 'virtio_console']
# Copied with their dependencies; a test loads them with `load NAME [parameter=value ...]`
TEST_MODULES = ['nvme-core', 'nvme', 'nvme-tcp', 'nvmet', 'nvmet-tcp', 'configfs', 'null_blk', 'loop', 'zram', 'vfio-pci',
                'vfio_iommu_type1', 'uio_pci_generic', 'virtio_net', 'ext4']


class Archive:
    """A cpio archive under construction"""

    def __init__(self):
        self.parts = []
        self.names = set()
        self.inode = 0

    def entry(self, name, mode, data=b''):
        """Add one entry; parents are added as needed, a second entry of a name is ignored"""
        if name in self.names:
            return
        parent = os.path.dirname(name)
        if parent:
            self.entry(parent, stat.S_IFDIR | 0o755)
        self.names.add(name)
        self.inode += 1
        raw = name.encode() + b'\0'
        numbers = [self.inode, mode, 0, 0, 1, 0, len(data), 0, 0, 0, 0, len(raw), 0]
        head = b'070701' + b''.join(b'%08X' % n for n in numbers) + raw
        self.parts += [head, b'\0' * (-len(head) % 4), data, b'\0' * (-len(data) % 4)]

    def text(self, name, text, mode=0o644):
        self.entry(name, stat.S_IFREG | mode, text.encode())

    def file(self, name, source):
        with open(source, 'rb') as data:
            mode = 0o755 if os.access(source, os.X_OK) else 0o644
            self.entry(name, stat.S_IFREG | mode, data.read())

    def link(self, name, target):
        self.entry(name, stat.S_IFLNK | 0o777, target.encode())

    def program(self, source, name=None):
        """A program and the closure of its shared libraries"""
        self.file('bin/' + (name or os.path.basename(source)), source)
        for library in closure(source):
            self.file(LIBRARIES + '/' + os.path.basename(library), library)

    def bytes(self):
        self.entry('TRAILER!!!', 0)
        blob = b''.join(self.parts)
        return blob + b'\0' * (-len(blob) % 512)


def closure(program):
    """The shared libraries that a program needs; none for a static one"""
    done = subprocess.run(['ldd', program], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          text=True, check=False, timeout=60)
    found = []
    for line in done.stdout.splitlines():
        words = line.split()
        if '=> not found' in line:
            raise RuntimeError(f'{program} needs {words[0]}, which is not here')
        if '=>' in words and words[2].startswith('/'):
            found.append(words[2])
    return found


def module_bytes(path):
    """The contents of a module, decompressed for insmod"""
    with open(path, 'rb') as data:
        blob = data.read()
    if path.endswith('.xz'):
        return lzma.decompress(blob)
    if path.endswith('.zst'):
        return subprocess.run(['zstd', '-dqc', path], stdout=subprocess.PIPE, check=True,
                              timeout=60).stdout
    return blob


def add_modules(archive, kernel):
    """Adds modules to /modules, and for each the list of files to insert, in order"""
    for name in CHANNEL_MODULES + TEST_MODULES:
        order = []
        try:
            files = kernel.module_files(name)
        except debian.Missing:
            continue  # this kernel may lack it: `load` reports that in the guest
        for path in files:
            short = os.path.basename(path).split('.ko')[0]
            archive.entry(f'modules/{short}.ko', stat.S_IFREG | 0o644, module_bytes(path))
            order.append(short)
        archive.text(f'modules/{name}.order', ''.join(s + '\n' for s in order))


def base(cache, kernel):
    """The path of the base archive for `kernel`: busybox, modules, nvme-cli if installed"""
    with open(os.path.join(HERE, 'init'), 'rb') as text:
        recipe = hashlib.sha256(text.read())
    with open(__file__, 'rb') as text:
        recipe.update(text.read())
    path = os.path.join(cache, f'base-{kernel.version}-{recipe.hexdigest()[:12]}.cpio')
    if os.path.exists(path):
        return path
    archive = Archive()
    for folder in ('dev', 'proc', 'sys', 'tmp', 'run', 'mnt', 'etc', 'root'):
        archive.entry(folder, stat.S_IFDIR | 0o755)
    archive.link('sbin', 'bin')
    archive.link('usr/bin', '../bin')
    archive.link('usr/sbin', '../bin')
    archive.link('usr/lib', '../lib')
    archive.text('etc/passwd', 'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534::/:/bin/sh\n')
    archive.text('etc/group', 'root:x:0:\nnogroup:x:65534:\n')
    archive.file('init', os.path.join(HERE, 'init'))
    archive.file('bin/busybox', busybox(cache))
    archive.file(LOADER, os.path.realpath('/' + LOADER))
    nvme = shutil.which('nvme', path='/usr/sbin:/sbin:' + os.environ.get('PATH', ''))
    if nvme:
        archive.program(nvme)
    add_modules(archive, kernel)
    with open(path + '.new', 'wb') as out:
        out.write(archive.bytes())
    os.rename(path + '.new', path)
    return path


def busybox(cache):
    """A static busybox: the installed one, or Debian's, unpacked into the cache"""
    own = shutil.which('busybox')
    if own and not closure(own):
        return own
    target = os.path.join(cache, 'busybox-static')
    path = os.path.join(target, 'bin/busybox')
    if not os.path.exists(path):
        debian.run(['dpkg', '-x', debian.download('busybox-static', cache), target])
    return path
