# SPDX-License-Identifier: BSD-3-Clause
"""
Write xnvme/_c.py: the public C headers as ctypes.

Usage: generate.py INCLUDE_FOLDER OUTPUT

It parses the subset of C in the headers: structures, unions, enumerations, callback types,
prototypes and integer macros. Anything else ends it with an error, so that a header beyond that
subset fails the build of the bindings, not their use.
"""

import os
import re
import sys

SCALARS = {
    "char": "c_char", "signed char": "c_byte", "int": "c_int", "unsigned int": "c_uint",
    "bool": "c_bool", "size_t": "c_size_t", "double": "c_double", "int8_t": "c_int8",
    "uint8_t": "c_uint8", "int16_t": "c_int16", "uint16_t": "c_uint16", "int32_t": "c_int32",
    "uint32_t": "c_uint32", "int64_t": "c_int64", "uint64_t": "c_uint64",
    "off_t": "c_int64", "ssize_t": "c_ssize_t",
}
# Type of the C library: streams are opaque
FOREIGN = {"FILE"}
LEAVE_OUT = {"libxnvme_cli.h"}
TOKEN = re.compile(r'[A-Za-z_]\w*|0[xX][0-9a-fA-F]+|\d+|"[^"]*"|<<|\.\.\.|[^\sA-Za-z_0-9]')


def fail(message):
    sys.exit(f"generate.py: {message}")


def clean(text, macros):
    """Removes comments, preprocessor and inline functions; stores integer macros in `macros`"""
    text = re.sub(r"/\*.*?\*/", " ", text, flags=re.S)
    text = text.replace("\\\n", " ")
    lines = []
    for line in text.split("\n"):
        define = re.match(r"\s*#\s*define\s+(\w+)\s+\(?(0[xX][0-9a-fA-F]+|\d+)[uUlL]*\)?\s*$", line)
        if define:
            macros[define[1]] = int(define[2], 0)
        if not line.lstrip().startswith("#"):
            lines.append(line)
    text = "\n".join(lines)
    text = re.sub(r'extern "C" \{', " ", text)
    text = re.sub(r"XNVME_SPEC_REG_FIELD\([^)]*\)", " ", text)
    text = re.sub(r"^(static|XNVME_INLINE) .*?\n\}\n", "\n", text, flags=re.S | re.M)
    text = re.sub(r"__attribute__\(\(format\([^)]*\)\)\)", " ", text)
    text = re.sub(r"XNVME_LAYOUT_\w+\(\w+\)", " ", text)
    return text.replace("_Noreturn", " ")


class Parser:
    def __init__(self, text, macros):
        self.tokens = TOKEN.findall(text)
        self.at = 0
        self.macros = macros
        self.enums = {}      # name -> [(constant, value)]
        self.records = []    # (kind, name, fields, packed), in order; fields None: opaque
        self.callbacks = {}  # name -> (result, arguments)
        self.functions = {}  # name -> (result, arguments)
        self.sizes = {}

    def peek(self, ahead=0):
        at = self.at + ahead
        return self.tokens[at] if at < len(self.tokens) else ""

    def take(self, expected=None):
        token = self.peek()
        if expected is not None and token != expected:
            around = " ".join(self.tokens[max(0, self.at - 8):self.at + 8])
            fail(f"'{expected}' expected, '{token}' found in: {around}")
        self.at += 1
        return token

    def number(self, *ends):
        words = []
        while self.peek() not in ends:
            token = self.take()
            if re.match(r"[A-Za-z_]", token):
                if token not in self.macros:
                    fail(f"the value of {token} is not known")
                token = str(self.macros[token])
            words.append(token.rstrip("uUlL") if token[0].isdigit() else token)
        expression = " ".join(words)
        if not re.fullmatch(r"[0-9a-fA-FxX\s()+*<|&-]+", expression):
            fail(f"'{expression}' is no number")
        return eval(expression)  # digits and operators only, see above

    def parse(self):
        while self.peek():
            token = self.peek()
            if token in ("}", ";"):  # the end of extern "C"
                self.take()
            elif token == "XNVME_STATIC_ASSERT":
                self.assertion()
            elif token == "typedef":
                self.callback()
            elif token == "enum" and self.peek(2) == "{":
                self.enumeration()
            elif token in ("struct", "union") and self.peek(2) in ("{", ";"):
                self.record()
            else:
                self.function()

    def assertion(self):
        self.take()
        self.take("(")
        depth, words = 1, []
        while depth:
            token = self.take()
            depth += {"(": 1, ")": -1}.get(token, 0)
            words.append(token)
        match = re.match(r"sizeof \( struct (\w+) \) = = (\d+) ,", " ".join(words))
        if match:
            self.sizes[match[1]] = int(match[2])

    def enumeration(self):
        self.take("enum")
        name = self.take()
        self.take("{")
        values, following = [], 0
        while self.peek() != "}":
            constant = self.take()
            if self.peek() == "=":
                self.take()
                following = self.number(",", "}")
            values.append((constant, following))
            self.macros[constant] = following
            following += 1
            if self.peek() == ",":
                self.take()
        self.take("}")
        self.take(";")
        self.enums[name] = values

    def record(self):
        kind, name = self.take(), self.take()
        if self.peek() == ";":
            self.take()
            self.records.append((kind, name, None, False))
            return
        fields = self.body(name)
        packed = False
        if self.peek() == "__attribute__":
            while self.peek() != ";":
                packed |= self.take() == "packed"
        self.take(";")
        self.records.append((kind, name, fields, packed))

    def body(self, owner):
        """Fields as (name, type, bits); a record inside a record is named after its owner"""
        fields = []
        self.take("{")
        while self.peek() != "}":
            if self.peek() in ("struct", "union") and self.peek(1) == "{":
                self.inner(owner, fields)
            elif self.peek() in ("struct", "union", "enum") and self.peek(2) == "{":
                fail(f"a named type inside {owner}")
            else:
                base = self.base()
                self.declarators(base, fields)
        self.take("}")
        return fields

    def inner(self, owner, fields):
        kind = self.take()
        name = f"_{owner.lstrip('_')}_{len(fields)}"
        inner = self.body(name)
        self.records.append((kind, name, inner, False))
        if self.peek() == ";":
            self.take()
            fields.append((None, name, None))
        else:
            self.declarators(name, fields)

    def base(self):
        words = []
        while re.match(r"[A-Za-z_]", self.peek()):
            if self.peek() in ("const", "restrict", "volatile"):
                self.take()
                continue
            if words and words[0] in ("struct", "union", "enum") and len(words) == 2:
                break
            if words and words[0] not in ("struct", "union", "enum", "unsigned", "signed"):
                break
            words.append(self.take())
        if words[0] in ("struct", "union"):
            return words[1]
        if words[0] == "enum":
            return "c_int"
        name = " ".join(words)
        if name == "unsigned":
            name = "unsigned int"
        if name in SCALARS:
            return SCALARS[name]
        if name == "void" or name in FOREIGN or name in self.callbacks:
            return name
        return fail(f"the type '{name}' is not known")

    def pointers(self, base):
        while self.peek() == "*" or self.peek() == "const":
            if self.take() == "*":
                if base == "c_char":
                    base = "c_char_p"
                elif base == "void" or base in FOREIGN:
                    base = "c_void_p"
                else:
                    base = f"POINTER({base})"
        return base

    def declarators(self, base, fields):
        while True:
            kind = self.pointers(base)
            if self.peek() == "(":
                fail("a callback without a typedef inside a structure")
            name, bits, lengths = self.take(), None, []
            while self.peek() == "[":
                self.take()
                lengths.append(0 if self.peek() == "]" else self.number("]"))
                self.take("]")
            if self.peek() == ":":
                self.take()
                bits = self.number(";", ",")
            for length in reversed(lengths):
                kind = f"array({kind}, {length})"
            fields.append((name, kind, bits))
            if self.take() == ";":
                return

    def arguments(self):
        """None when ctypes cannot pass one of them: a structure by value, or `...`"""
        self.take("(")
        arguments, possible = [], True
        while self.peek() != ")":
            if self.peek() == "...":
                self.take()
                possible = False
                continue
            base = self.base()
            kind = self.pointers(base)
            if re.match(r"[A-Za-z_]", self.peek()):
                self.take()
            while self.peek() == "[":
                self.take()
                self.take("]")
                kind = f"POINTER({kind})"
            if kind != "void":
                possible &= not kind.startswith("xnvme_") or kind in self.callbacks
                arguments.append(kind)
            if self.peek() == ",":
                self.take()
        self.take(")")
        return arguments if possible else None

    def callback(self):
        self.take("typedef")
        result = self.pointers(self.base())
        self.take("(")
        self.take("*")
        name = self.take()
        self.take(")")
        self.callbacks[name] = (result, self.arguments())
        self.take(";")

    def function(self):
        result = self.pointers(self.base())
        name = self.take()
        arguments = self.arguments()
        self.take(";")
        if arguments is not None:
            self.functions[name] = (result, arguments)


def ordered_headers(folder):
    """Each header after those that it includes"""
    order = []

    def visit(name):
        if name in order or name in LEAVE_OUT:
            return
        with open(os.path.join(folder, name), encoding="utf-8") as stream:
            text = stream.read()
        for included in re.findall(r"#include <(libxnvme\w*\.h)>", text):
            visit(included)
        order.append(name)

    visit("libxnvme.h")
    return order


def result_of(kind):
    return "None" if kind == "void" else kind


def emit(parser):
    out = ['"""The public C headers as ctypes. Generated by generate.py: do not edit."""', "",
           "from ctypes import *  # noqa", "from ctypes import CFUNCTYPE",
           "from ._fields import POINTER, Structure, Union, array",
           "", "", "class iovec(Structure):", "    __slots__ = ()",
           "    _fields_ = [('iov_base', c_void_p), ('iov_len', c_size_t)]", ""]
    for name, value in sorted(parser.macros.items()):
        out.append(f"{name} = {value:#x}")
    seen = set()
    for kind, name, _, _ in parser.records:
        if name not in seen and name != "iovec":
            out += ["", "", f"class {name}({'Structure' if kind == 'struct' else 'Union'}):",
                    "    __slots__ = ()"]
            seen.add(name)
    out.append("")
    for name, (result, arguments) in parser.callbacks.items():
        out.append(f"{name} = CFUNCTYPE({', '.join([result_of(result)] + arguments)})")
    for _, name, fields, packed in parser.records:
        if fields is None:
            continue
        rows, anonymous = [], []
        for index, (field, kind, bits) in enumerate(fields):
            if field is None:
                field = f"_anonymous_{index}"
                anonymous.append(field)
            rows.append(f"    ('{field}', {kind}{f', {bits}' if bits is not None else ''}),")
        if packed:
            out.append(f"{name}._pack_ = 1")
        if anonymous:
            out.append(f"{name}._anonymous_ = {tuple(anonymous)!r}")
        out += [f"{name}._fields_ = ["] + rows + ["]"]
    out += ["", f"SIZES = {parser.sizes!r}", "", "FUNCTIONS = {"]
    for name, (result, arguments) in parser.functions.items():
        out.append(f"    '{name}': ({result_of(result)}, [{', '.join(arguments)}]),")
    out += ["}", "", "", "def bind(library):",
            '    """Give each function of `library` its types"""',
            "    for name, (result, arguments) in FUNCTIONS.items():",
            "        function = getattr(library, name)",
            "        function.restype = result",
            "        function.argtypes = arguments",
            "    return library", ""]
    return "\n".join(out)


def main():
    if len(sys.argv) != 3:
        fail("usage: generate.py INCLUDE_FOLDER OUTPUT")
    macros = {}
    text = []
    for name in ordered_headers(sys.argv[1]):
        with open(os.path.join(sys.argv[1], name), encoding="utf-8") as stream:
            text.append(clean(stream.read(), macros))
    parser = Parser("\n".join(text), macros)
    parser.records.append(("struct", "iovec", None, False))
    parser.parse()
    with open(sys.argv[2], "w", encoding="utf-8") as stream:
        stream.write(emit(parser))


if __name__ == "__main__":
    main()
