# SPDX-License-Identifier: BSD-3-Clause
"""Print the folder below PREFIX, relative to PREFIX, in which an interpreter searches packages.

usage: where.py PREFIX

Debian's interpreters search /usr/local/lib/python3.X/dist-packages, others site-packages: the
folder comes from the search path of the running interpreter, or, if that has none below PREFIX, of
the system's interpreter. If neither has one, it is lib/python3.X/site-packages, to be set in
PYTHONPATH.
"""
import os
import site
import subprocess
import sys

SYSTEM = "/usr/bin/python3"


def searched(prefix):
    """Folders below `prefix` on this interpreter's search path, in its order"""
    found = [path for path in site.getsitepackages() if path.startswith(prefix + "/")]
    # /usr/local is below /usr, but a separate prefix
    return [path for path in found if prefix != "/usr" or not path.startswith("/usr/local/")]


def main(prefix, may_ask):
    found = searched(prefix)
    if found:
        print(os.path.relpath(found[0], prefix))
    elif may_ask and os.path.exists(SYSTEM):
        subprocess.run([SYSTEM, os.path.abspath(__file__), prefix, "--last"], check=True)
    else:
        version = f"python{sys.version_info.major}.{sys.version_info.minor}"
        print(f"lib/{version}/site-packages")


main(os.path.normpath(sys.argv[1]), len(sys.argv) == 2)
