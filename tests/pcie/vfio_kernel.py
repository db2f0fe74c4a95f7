#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""A guest whose kernel has the parts of VFIO that Debian omits: iommufd, and the no-IOMMU mode.

usage: vfio_kernel.py --cache DIR [arguments of guest.py] SCRIPT

Debian's kernels are built without CONFIG_IOMMUFD, CONFIG_VFIO_DEVICE_CDEV and CONFIG_VFIO_NOIOMMU.
All three affect modules only: they are built here, with Debian's headers from Debian's source
(about twenty seconds, once), and replace the kernel's own in the guest. Needs Linux 6.6; for Debian
12 it comes from backports. Skipped (77), with the reason, if a package or the compiler of that
kernel is unavailable.
"""
import argparse
import glob
import os
import re
import shutil
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
GUEST = os.path.join(os.path.dirname(HERE), 'guest')
sys.path.insert(0, GUEST)

import debian  # noqa: E402 (the guest's own modules)

# Debian suites with a kernel that is too old, and the suite of a newer one
NEWER = {'bookworm': 'bookworm-backports'}
OPTIONS = {'CONFIG_VFIO_DEVICE_CDEV': 'y', 'CONFIG_VFIO_NOIOMMU': 'y',
           'CONFIG_INTERVAL_TREE_SPAN_ITER': 'y', 'CONFIG_IOMMUFD': 'm',
           # not needed: saves build time
           'CONFIG_VFIO_MDEV': '', 'CONFIG_MLX5_VFIO_PCI': '', 'CONFIG_PDS_VFIO_PCI': '',
           'CONFIG_VIRTIO_VFIO_PCI': '', 'CONFIG_QAT_VFIO_PCI': '',
           'CONFIG_DEBUG_INFO_BTF_MODULES': ''}
PARTS = ['drivers/vfio', 'drivers/iommu/iommufd', 'drivers/iommu/*.h', 'lib/interval_tree.c']
TOP = 'obj-m += iommu/iommufd/ vfio/\n'
# The kernel's interval trees lack the iterator that iommufd uses: iommufd gets a copy of the file
IOMMUFD = '''obj-$(CONFIG_IOMMUFD) += iommufd.o
iommufd-y := {objects}
CFLAGS_interval_tree.o := -D__DISABLE_EXPORTS
'''
MODULES = {'vfio-pci': ['vfio-pci', 'vfio-pci-core'], 'vfio_iommu_type1': ['vfio_iommu_type1']}


def unpack(package, target, env, members=()):
    """Unpacks a package, or some members of it, to `target`"""
    deb = debian.download(package, os.path.join(target, 'deb'), env)
    with subprocess.Popen(['dpkg-deb', '--fsys-tarfile', deb], stdout=subprocess.PIPE) as tar:
        debian.run(['tar', '-x', '-C', target, '--wildcards', *members], stdin=tar.stdout)
    os.unlink(deb)


def headers(version, target, env):
    """The headers folder for building modules of that kernel"""
    base = version.rsplit('-', 1)[0]
    for package in ('headers-' + version, f'headers-{base}-common', 'kbuild-' + base):
        unpack('linux-' + package, target, env)
    folder = os.path.join(target, 'usr/src/linux-headers-' + version)
    makefile = os.path.join(folder, 'Makefile')
    with open(makefile, encoding='utf-8') as text:
        moved = text.read().replace('/usr/src', os.path.join(target, 'usr/src'))
    with open(makefile, 'w', encoding='utf-8') as text:
        text.write(moved)
    return folder


def source(version, target, env):
    """Unpacks the source of the modules and writes makefiles; returns the folder to build"""
    series = '.'.join(version.split('.')[:2])
    unpack('linux-source-' + series, target, env, ['./usr/src/*.tar.xz'])
    packed = glob.glob(os.path.join(target, 'usr/src/*.tar.xz'))[0]
    debian.run(['tar', '-xJf', packed, '-C', target, '--strip-components=1', '--wildcards',
                *('*/' + part for part in PARTS)])
    os.unlink(packed)
    drivers = os.path.join(target, 'drivers')
    iommufd = os.path.join(drivers, 'iommu/iommufd')
    shutil.move(os.path.join(target, 'lib/interval_tree.c'), iommufd)
    for name in ('selftest.c', 'iova_bitmap.c'):
        os.unlink(os.path.join(iommufd, name))
    objects = [os.path.basename(path)[:-2] + '.o' for path in glob.glob(iommufd + '/*.c')]
    for folder, text in ((drivers, TOP), (iommufd, IOMMUFD.format(objects=' '.join(objects)))):
        with open(os.path.join(folder, 'Makefile'), 'w', encoding='utf-8') as out:
            out.write(text)
    return drivers


def check_compiler(against):
    """Raises Missing unless the compiler of this kernel and make are installed"""
    with open(os.path.join(against, '.kernelvariables'), encoding='utf-8') as text:
        compiler = re.search(r'gcc-[0-9]+', text.read()).group(0)
    if not shutil.which(compiler) or not shutil.which('make'):
        raise debian.Missing(f'{compiler} and make are not installed: they build modules')


def build(kernel, cache, env):
    """The folder of the modules, built once"""
    done = os.path.join(cache, 'vfio-' + kernel.version)
    if os.path.isdir(done):
        return done
    work = done + '.work'
    shutil.rmtree(work, ignore_errors=True)
    os.makedirs(work)
    against = headers(kernel.version, work, env)
    check_compiler(against)
    drivers = source(kernel.version, work, env)
    defines = ' '.join(f'-D{name}{"_MODULE" if value == "m" else ""}=1'
                       for name, value in OPTIONS.items() if value)
    subprocess.run(['make', '-s', '-j2', '-C', against, 'M=' + drivers, 'KCFLAGS=' + defines,
                    *(f'{name}={value}' for name, value in OPTIONS.items()), 'modules'],
                   check=True, timeout=400)
    found = glob.glob(drivers + '/**/*.ko', recursive=True)
    os.makedirs(done + '.new', exist_ok=True)
    for module in found:
        debian.run(['strip', '-g', '-o', os.path.join(done + '.new', os.path.basename(module)),
                    module])
    os.rename(done + '.new', done)
    shutil.rmtree(work)
    return done


def instead(kernel, modules):
    """Arguments for guest.py that replace the kernel's modules by these and load iommufd first"""
    arguments = []
    for module in glob.glob(modules + '/*.ko'):
        arguments += ['--file', f'modules/{os.path.basename(module)}={module}']
    for name in MODULES:
        order = [os.path.basename(path).split('.ko')[0] for path in kernel.module_files(name)]
        path = os.path.join(modules, name + '.order')
        with open(path, 'w', encoding='utf-8') as out:
            out.write(''.join(short + '\n' for short in ['iommufd'] + order))
        arguments += ['--file', f'modules/{name}.order={path}']
    return arguments


def main():
    parser = argparse.ArgumentParser(description=__doc__.split('\n', 1)[0])
    parser.add_argument('--cache', required=True, type=os.path.abspath)
    options, rest = parser.parse_known_args()
    try:
        suite = NEWER.get(debian.own_suite(), '')
        with debian.locked(options.cache):
            kernel = debian.kernel(options.cache, suite)
            env = debian.private_apt(options.cache, [suite]) if suite else None
            arguments = instead(kernel, build(kernel, options.cache, env))
    except debian.Missing as missing:
        print(f'SKIP: {missing}')
        return 77
    return subprocess.call([sys.executable, os.path.join(GUEST, 'guest.py'), '--cache',
                            options.cache, '--suite', suite, *arguments, *rest])


if __name__ == '__main__':
    sys.exit(main())
