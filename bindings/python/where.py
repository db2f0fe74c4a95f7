# SPDX-License-Identifier: BSD-3-Clause
"""Print the folder below PREFIX that an interpreter looks for packages in, relative to PREFIX.

usage: where.py PREFIX

Debian's interpreters look in /usr/local/lib/python3.X/dist-packages, others in site-packages: the
interpreter is asked for its search path. When the one that runs this has none below PREFIX, the
system's is asked. Below a prefix that neither searches it is lib/python3.X/site-packages, for
PYTHONPATH to name.
"""
import os
import site
import subprocess
import sys

SYSTEM = "/usr/bin/python3"


def searched(prefix):
    """Folders below `prefix` on this interpreter's path, the best first"""
    found = [path for path in site.getsitepackages() if path.startswith(prefix + "/")]
    # /usr/local is below /usr, but another prefix
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
