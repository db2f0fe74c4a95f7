#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Turn NAME.toml files into two C tables: presets_embed.py PRESETS.c PUBLIC.c NAME.toml...

PRESETS.c has the texts, for the engine. PUBLIC.c has what nvmevirt_preset_get() returns: the same
texts with the description of each.
"""
import pathlib
import re
import sys

SPDX = "/* SPDX-License-Identifier: BSD-3-Clause */"


def c_string(text):
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"')


def description(path, text):
    found = re.findall(r'^description = "([^"\\]*)"$', text, re.MULTILINE)
    if len(found) != 1:
        sys.exit(f'{path}: expected one line: description = "TEXT", without \\ in it')
    return found[0]


def main():
    presets = [SPDX, "#include <ssd/model/preset.h>", ""]
    rows, public_rows, texts = [], [], []
    for index, path in enumerate(map(pathlib.Path, sys.argv[3:])):
        text = path.read_text(encoding="ascii")
        presets.append("extern const char preset_text_%d[];" % index)
        presets.append("const char preset_text_%d[] =" % index)
        presets += ["\t" + c_string(line) + '\\n"' for line in text.splitlines()]
        presets[-1] += ";"
        texts.append("extern const char preset_text_%d[];" % index)
        rows.append('\t{"%s", preset_text_%d},' % (path.stem, index))
        public_rows.append('\t{"%s", %s", preset_text_%d},'
                           % (path.stem, c_string(description(path, text)), index))
    presets += ["", "const struct preset presets[] = {"] + rows
    presets += ["};", "", "const uint32_t presets_count = sizeof(presets) / sizeof(presets[0]);"]
    public = [SPDX, "#include <virt/public.h>", ""] + texts
    public += ["", "const struct nvmevirt_preset public_presets[] = {"] + public_rows + ["};"]
    pathlib.Path(sys.argv[1]).write_text("\n".join(presets) + "\n", encoding="ascii")
    pathlib.Path(sys.argv[2]).write_text("\n".join(public) + "\n", encoding="ascii")


main()
