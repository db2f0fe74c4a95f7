#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Keep a record of the files installed from a build folder, and remove them.

usage: ci/installed.py record BUILD     after each `meson install`
       ci/installed.py remove BUILD

meson's log covers the last installation only: folders that an earlier one made are not in it.
The record, BUILD/installed.txt, is the union. `remove` deletes the files in it, the __pycache__
folders beside them, and the folders in it that are then empty.
"""
import os
import shutil
import sys


def paths_in(name):
    try:
        with open(name, encoding="utf-8") as text:
            return {line.rstrip("\n") for line in text if line.strip() and line[0] != "#"}
    except FileNotFoundError:
        return set()


def record(build):
    """Add meson's log to the record; returns all its paths"""
    name = os.path.join(build, "installed.txt")
    paths = paths_in(name) | paths_in(os.path.join(build, "meson-logs", "install-log.txt"))
    if paths:
        with open(name, "w", encoding="utf-8") as text:
            text.writelines(path + "\n" for path in sorted(paths))
    return paths


def remove(build):
    paths = record(build)
    if not paths:
        sys.exit(f"'{build}' has no record of an installation: `make install` writes "
                 f"{build}/installed.txt")
    folders = {path for path in paths if os.path.isdir(path) and not os.path.islink(path)}
    failed = []
    for path in sorted(paths - folders):
        try:
            os.unlink(path)
        except FileNotFoundError:
            continue
        except OSError as err:
            failed.append(f"{path}: {err.strerror}")
    for folder in {os.path.dirname(path) for path in paths if path.endswith(".py")}:
        shutil.rmtree(os.path.join(folder, "__pycache__"), ignore_errors=True)
    for folder in sorted(folders, key=len, reverse=True):
        try:
            os.rmdir(folder)
        except OSError as err:
            if os.listdir(folder):
                print(f"kept {folder}: others have files in it")
            else:
                failed.append(f"{folder}: {err.strerror}")
    for what in failed:
        print("cannot remove", what, file=sys.stderr)
    if failed:
        sys.exit("run it as the user who installed, or remove these by hand")
    os.unlink(os.path.join(build, "installed.txt"))
    log = os.path.join(build, "meson-logs", "install-log.txt")
    if os.path.exists(log):
        os.unlink(log)
    print(f"removed {len(paths)} files and folders")


if __name__ == "__main__":
    if len(sys.argv) != 3 or sys.argv[1] not in ("record", "remove"):
        sys.exit(__doc__)
    {"record": record, "remove": remove}[sys.argv[1]](sys.argv[2])
