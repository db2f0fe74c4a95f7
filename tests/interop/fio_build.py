# SPDX-License-Identifier: BSD-3-Clause
"""Debian's fio, unmodified, built with the installed library.

fio's configure script searches xnvme.pc and enables the engine. The library is installed into a
staging folder inside the build directory; fio is built once per state of the public headers and
loads the newest library when it runs."""

import fcntl
import glob
import hashlib
import os
import shutil
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '../guest'))
import debian  # noqa: E402 (a module of the guest)

# Engines that depend on libraries of the machine are disabled: only the xnvme engine is tested.
# --disable-native: the binary also runs in an emulated machine with another processor
CONFIGURE = ['--disable-native'] + ['--disable-' + name for name in (
    'rdma', 'rados', 'rbd', 'http', 'gfapi', 'libnfs', 'pmem', 'libzbc', 'tcmalloc', 'dfs', 'lex')]


def install(build, stage):
    """Installs the library into `stage`; returns its folder"""
    debian.run(['meson', 'install', '-C', build, '--no-rebuild', '--quiet', '--destdir', stage])
    found = glob.glob(stage + '/**/xnvme.pc', recursive=True)
    if not found:
        raise RuntimeError(f'{build} installs no xnvme.pc')
    return os.path.dirname(os.path.dirname(found[0]))


def headers_digest(stage):
    digest = hashlib.sha256()
    for path in sorted(glob.glob(stage + '/**/libxnvme*.h', recursive=True)):
        with open(path, 'rb') as data:
            digest.update(data.read())
    return digest.hexdigest()[:12]


def compile_fio(source, target, stage, libs):
    """Runs configure and make in a copy of the source; fails if fio has no xnvme engine"""
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(source, target, symlinks=True)
    env = dict(os.environ, PKG_CONFIG_PATH=os.path.join(libs, 'pkgconfig'),
               PKG_CONFIG_SYSROOT_DIR=stage)
    compiler = 'ccache gcc' if shutil.which('ccache') else 'gcc'
    said = debian.run(['./configure', '--cc=' + compiler] + CONFIGURE, cwd=target, env=env)
    verdict = [line for line in said.splitlines() if line.startswith('xnvme engine')]
    print(f'configure: {verdict[0] if verdict else "no word of xnvme"}')
    if not verdict or not verdict[0].endswith('yes'):
        with open(os.path.join(target, 'config.log'), encoding='utf-8', errors='replace') as log:
            lines = log.read().splitlines()
        at = [n for n, line in enumerate(lines) if 'xnvme' in line]
        print('\n'.join(lines[max(0, at[0] - 2):at[0] + 30] if at else lines[-30:]))
        raise RuntimeError('the configure script of fio does not accept the installed library')
    done = subprocess.run(['make', '-j2', 'fio'], cwd=target, env=env, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, timeout=900, check=False)
    if done.returncode:
        print(done.stdout[-4000:])
        raise RuntimeError('fio does not build with the installed library')


def build(build_dir, cache):
    """Returns (path of fio, folder of its library)"""
    build_dir, cache = os.path.abspath(build_dir), os.path.abspath(cache)
    os.makedirs(cache, exist_ok=True)
    with open(os.path.join(cache, 'lock-fio'), 'w', encoding='utf-8') as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        stage = os.path.join(cache, 'stage')
        libs = install(build_dir, stage)
        target = os.path.join(cache, 'fio-' + headers_digest(stage))
        fio = os.path.join(target, 'fio')
        if not os.path.exists(fio):
            for old in glob.glob(os.path.join(cache, 'fio-*')):
                shutil.rmtree(old)
            compile_fio(debian.source_package('fio', cache), target, stage, libs)
        return fio, libs
