#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Turn NAME.toml files into a C table of their texts: presets_embed.py OUT.c NAME.toml..."""
import pathlib
import sys


def c_string(line):
    return '"' + line.replace("\\", "\\\\").replace('"', '\\"') + '\\n"'


def main():
    out = ["/* SPDX-License-Identifier: BSD-3-Clause */", "#include <ssd/model/preset.h>", "",
           "const struct preset presets[] = {"]
    for name in sys.argv[2:]:
        path = pathlib.Path(name)
        lines = path.read_text(encoding="ascii").splitlines()
        out.append('\t{"%s",' % path.stem)
        out += ["\t " + c_string(line) for line in lines]
        out[-1] += "},"
    out += ["};", "", "const uint32_t presets_count = sizeof(presets) / sizeof(presets[0]);", ""]
    pathlib.Path(sys.argv[1]).write_text("\n".join(out), encoding="ascii")


main()
