# SPDX-License-Identifier: BSD-3-Clause
"""Reads the public headers: functions with the tags of their comments, and types.

The comment of a function (docs/style.md, "Public headers"): a summary in the imperative, paragraphs,
and the tags @param NAME, @return, @error NAME, @note, each up to the next tag. The introduction of
a header may have the same tags; they apply to each of its functions that has the parameter and no
tag of its own, and so do the parameters of the headers that it includes. A comment that starts with
"As FUNCTION()" inherits the tags of that function.
"""
import os
import re

COMMENT = re.compile(r"/\*.*?\*/", flags=re.S)
TAG = re.compile(r"^@(param|return|error|note)\b[ \t]*(.*)$", flags=re.M)
AS = re.compile(r"^As ((?:xnvme|nvmevirt)_\w+)\(\)")
FUNCTION = re.compile(r"\b((?:xnvme|nvmevirt)_\w+)\s*\(", flags=re.S)


def text_of(comment):
    """The text of a comment, without its frame"""
    inner = re.sub(r"^/\*+<?|\*/$", "", comment)
    lines = [re.sub(r"^\s*\* ?", "", line).rstrip() for line in inner.split("\n")]
    return "\n".join(lines).strip()


class Doc:
    """A comment: paragraphs, and tags"""

    def __init__(self, comment=""):
        text = text_of(comment)
        first = TAG.search(text)
        body = text[:first.start()] if first else text
        self.paragraphs = [part.strip() for part in re.split(r"\n\s*\n", body) if part.strip()]
        self.params, self.errors, self.notes, self.returns = {}, {}, [], None
        for match in TAG.finditer(text):
            end = TAG.search(text, match.end())
            words = (match.group(2) + text[match.end():end.start() if end else None]).split()
            self.add(match.group(1), words)

    def add(self, tag, words):
        if tag == "return":
            self.returns = " ".join(words)
        elif tag == "note":
            self.notes.append(" ".join(words))
        elif words:
            table = self.params if tag == "param" else self.errors
            table[words[0]] = " ".join(words[1:])

    @property
    def like(self):
        """The function whose tags it inherits"""
        match = AS.match(self.paragraphs[0]) if self.paragraphs else None
        return match.group(1) if match else None

    @property
    def summary(self):
        """The first sentence or clause, for the NAME section"""
        if not self.paragraphs:
            return ""
        text = re.sub(r"`([^`]*)`", r"\1", " ".join(self.paragraphs[0].split()))
        text = re.split(r"(?<!e\.g)\. |; ", text)[0].rstrip(".:;")
        name = re.match(r".[^a-z]|(?!The )\w+ [A-Z][a-z]", text)
        return text if name else text[:1].lower() + text[1:]


class Function:
    """A prototype: `result` is its type, `params` are [(type, name)]"""

    def __init__(self, header, declaration, doc):
        self.header, self.doc = header, doc
        code = re.sub(r"\s+", " ", COMMENT.sub(" ", declaration)).strip()
        match = FUNCTION.search(code)
        self.name = match.group(1)
        result = re.sub(r"\b(static inline|XNVME_INLINE)\b", "", code[:match.start()]).strip()
        self.result = re.sub(r"\s+\*", " *", result)
        end = closing(code, match.end() - 1)
        self.params = [split_param(part) for part in code[match.end():end].split(",")]
        if self.params == [("void", "")]:
            self.params = []

    @property
    def is_void(self):
        return self.result == "void"

    def prototype(self, width=72):
        """The prototype in lines of at most `width` columns"""
        head = self.result + ("" if self.result.endswith("*") else " ") + self.name + "("
        parts = [kind + ("" if kind.endswith("*") or not name else " ") + name
                 for kind, name in self.params] or ["void"]
        indent = " " * len(head)
        if len(head) + max(len(part) for part in parts) + 2 > width:
            indent = " " * 8
        lines = [head]
        for number, part in enumerate(parts):
            part += "," if number + 1 < len(parts) else ");"
            gap = "" if lines[-1].endswith("(") or not lines[-1].strip() else " "
            if len(lines[-1] + gap + part) > width and lines[-1].strip() != "":
                lines.append(indent)
                gap = ""
            lines[-1] += gap + part
        return [line.rstrip() for line in lines]


def closing(code, at):
    """The index of the parenthesis or brace that closes the one at `at`"""
    pairs = {"(": ")", "{": "}"}
    depth, other = 0, pairs[code[at]]
    for index in range(at, len(code)):
        depth += (code[index] == code[at]) - (code[index] == other)
        if depth == 0:
            return index
    raise ValueError("no " + other)


def split_param(text):
    text = text.strip()
    match = re.match(r"(.*?[\s*])(\w+)$", text)
    if not match or text == "void":
        return text, ""
    return re.sub(r"\s+\*", " *", match.group(1).strip()), match.group(2)


class Header:
    """`intro` is the Doc of its introduction, `functions` are in its order, `types` are source texts
    of the structures, enumerations and documented macros with their comments"""

    def __init__(self, path):
        self.name = os.path.basename(path)
        with open(path, encoding="utf-8") as file:
            self.text = file.read()
        self.blank = COMMENT.sub(lambda match: " " * len(match.group(0)), self.text)
        self.functions, self.types = [], []
        comments = COMMENT.findall(self.text)
        self.intro = Doc(comments[1]) if len(comments) > 1 else Doc()
        self.includes = re.findall(r"^#include <(lib\w+\.h)>", self.text, flags=re.M)
        self.scan(self.text.index(comments[1]) + len(comments[1]))

    @property
    def page(self):
        return self.name[:-len(".h")]

    def scan(self, at):
        text, comment = self.text, ""
        while at < len(text):
            match = re.compile(r"\s+|XNVME_[A-Z_]+\(.*\)\n|extern \"C\" \{|\}").match(text, at)
            if match:
                comment = "" if match.group(0).count("\n") > 1 else comment
                at = match.end()
            elif text.startswith("/*", at):
                end = text.index("*/", at) + 2
                comment, at = text[at:end], end
            elif text[at] == "#":
                at, comment = self.directive(at, comment)
            else:
                at, comment = self.declaration(at, comment)

    def directive(self, at, comment):
        end = re.compile(r"(?:\\\n|[^\n])*").match(self.text, at).end()
        line = self.text[at:end]
        if comment and line.startswith("#define"):
            self.types.append(comment + "\n" + line)
        return end, ""

    def declaration(self, at, comment):
        blank = self.blank
        end = re.compile(r"[;{]").search(blank, at).start()
        is_type = re.match(r"(struct|enum|union) \w+\s*$", blank[at:end]) or \
            blank.startswith(("typedef", "enum {"), at)
        head = self.text[at:end]
        if blank[end] == "{":
            end = closing(blank, end)
        end = blank.index(";", end) if is_type else end
        if is_type:
            self.types.append((comment + "\n" if comment else "") + self.text[at:end + 1])
        elif FUNCTION.search(head) and "_xnvme_" not in head:
            function = Function(self, head, Doc(comment if comment.startswith("/**") else ""))
            if all(other.name != function.name for other in self.functions):
                self.functions.append(function)
        return end + 1, ""


class Api:
    """All headers, and the relations between them"""

    def __init__(self, paths):
        self.headers = [Header(path) for path in sorted(paths)]
        self.by_name = {header.name: header for header in self.headers}
        self.functions = {function.name: function
                          for header in self.headers for function in header.functions}
        whole = self.by_name.get("libxnvme.h")
        self.in_whole = set(whole.includes if whole else []) | {"libxnvme.h"}

    def include_of(self, header):
        return "libxnvme.h" if header.name in self.in_whole else header.name

    def root(self, function):
        """The function on whose page it is"""
        other = self.functions.get(function.doc.like)
        return self.root(other) if other and other.header is function.header else function

    def group(self, root):
        return [function for function in root.header.functions if self.root(function) is root]

    def sources(self, function, seen=()):
        """The comments that document it, the closest first"""
        yield function.doc
        other = self.functions.get(function.doc.like)
        if other and other.name not in seen:
            yield from self.sources(other, (*seen, function.name))
        yield from self.intros(function.header, set())

    def intros(self, header, seen):
        if header and header.name not in seen:
            seen.add(header.name)
            yield header.intro
            for name in header.includes:
                yield from self.intros(self.by_name.get(name), seen)

    def param(self, function, name):
        found = (doc.params[name] for doc in self.sources(function) if name in doc.params)
        return next(found, None)

    def returns(self, function):
        """The text of its @return: not from the headers that its own includes"""
        if function.is_void:
            return None
        docs = [function.doc, function.header.intro]
        other = self.functions.get(function.doc.like)
        if function.doc.returns is None and other and not other.is_void:
            return self.returns(other)
        return next((doc.returns for doc in docs if doc.returns), None)

    def errors(self, function):
        """The @error of it, of the function that it is like, and of the header"""
        other = self.functions.get(function.doc.like)
        if function.doc.errors or "errno" not in (self.returns(function) or ""):
            return function.doc.errors
        if other and function.doc.returns is None:
            return self.errors(other)
        return function.header.intro.errors

    def faults(self, function):
        """What its documentation lacks"""
        if not function.doc.paragraphs:
            yield "has no comment /** ... */"
            return
        if function.doc.like and function.doc.like not in self.functions:
            yield f"is like {function.doc.like}(), which no header declares"
        names = {name for _, name in function.params}
        for name in sorted(set(function.doc.params) - names):
            yield f"documents @param {name}, which it does not have"
        for kind, name in function.params:
            if kind != "..." and not self.param(function, name):
                yield f"has no @param {name}"
        if function.is_void and function.doc.returns:
            yield "has a @return but no result"
        if not function.is_void and not self.returns(function):
            yield "has no @return"
