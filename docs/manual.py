#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Makes the reference of the C API from the public headers: man pages of section 3, and HTML.

usage: docs/manual.py names HEADER...                      the files that `build` makes, one a line
       docs/manual.py build FOLDER VERSION HEADER...       make them
       docs/manual.py check FOLDER LIBRARY HEADER...       check the headers and what was made

One man page per function, or per group of functions that say "As FUNCTION()", and one per header,
with its introduction and types. One HTML page per header, and an index. docs/headers.py has the
rules for the comments.
"""
import html
import os
import re
import subprocess
import sys

sys.dont_write_bytecode = True
import headers  # pylint: disable=wrong-import-position

# What is marked up in a text: `code`, a function, an error, a constant
MARK = re.compile(r"`(?P<code>[^`]*)`|\b(?P<call>\w+)\(\)|(?P<errno>-(?:E[A-Z0-9]+|errno)\b)")
STYLE = """body { max-width: 56em; margin: 2em auto; padding: 0 1em; font: 16px/1.5 sans-serif }
pre, code { font: 14px/1.4 monospace } pre { background: #f4f4f4; padding: .6em; overflow-x: auto }
h2 { border-top: 1px solid #ccc; padding-top: .8em; font: bold 18px monospace }
dt { font: 14px monospace } dd { margin: 0 0 .4em 2em }"""


def marked(text, names, plain, code, call, errno):
    """The text on one line, with its marked parts passed to functions"""
    text, out, at = " ".join(text.split()), [], 0
    for match in MARK.finditer(text):
        out.append(plain(text[at:match.start()]))
        if match.group("code") is not None:
            out.append(code(match.group("code"), match.group("code").lstrip("*") in names))
        elif match.group("call"):
            out.append(call(match.group("call")))
        else:
            out.append(errno(match.group("errno")))
        at = match.end()
    return "".join(out) + plain(text[at:])


def sentence(text):
    text = text[:1].upper() + text[1:]
    return text if text.endswith((".", ":", "?")) else text + "."


def blocks(paragraphs):
    """("text" or "item", text) of paragraphs, some of which are lists with `- `"""
    for paragraph in paragraphs:
        parts = re.split(r"(?:^|\n)- ", paragraph)
        if parts[0].strip():
            yield "text", parts[0]
        for part in parts[1:]:
            yield "item", part


class Man:
    """Man pages, in the macros of man(7)"""

    def __init__(self, api, version):
        self.api, self.version = api, version

    @staticmethod
    def plain(text):
        return text.replace("\\", "\\e").replace("'", "\\(aq").replace("`", "\\(ga")

    def line(self, text, names=()):
        def code(word, is_param):
            return f"\\f{'I' if is_param else 'B'}{self.plain(word).replace('-', chr(92) + '-')}\\fP"

        def call(name):
            known = "(3)" if name in self.api.functions else "()"
            return f"\\fB{name}\\fP{known}"

        out = marked(text, names, self.plain, code, call, lambda name: "\\" + name)
        return "\\&" + out if out.startswith(".") else out

    def title(self, name):
        return [f'.TH {name.upper()} 3 "" "xnvme {self.version}" "xnvme library"',
                ".nh", ".ad l"]

    def prose(self, paragraphs, names=()):
        out = []
        for kind, text in blocks(paragraphs):
            out += [".PP"] if kind == "text" else [".IP \\(bu 2"]
            out.append(self.line(sentence(text), names))
        return out[1:] if out[:1] == [".PP"] else out

    def verbatim(self, lines):
        out = [".nf"]
        for line in lines:
            line = self.plain(line.expandtabs(8)).replace("-", "\\-")
            out.append("\\&" + line if line.startswith(".") else line)
        return out + [".fi"]

    def synopsis(self, functions):
        out = [".SH SYNOPSIS", ".nf",
               f".B #include <{self.api.include_of(functions[0].header)}>"]
        for function in functions:
            out += [".PP"] + [f"\\fB{line}\\fP" for line in function.prototype()]
        return out + [".fi"]

    def definitions(self, rows, names, font):
        out = []
        for name, text in rows:
            out += [".TP", f".{font} {name}", self.line(sentence(text), names)]
        return out

    def own(self, functions, text_of):
        """[(prefix, text)]: the text of the first function, and those of others that differ"""
        first = text_of(functions[0])
        rows = [("", first)] if first else []
        for function in functions[1:]:
            text = text_of(function)
            if text and text != first:
                rows.append((f"\\fB{function.name}\\fP(): ", text))
        return rows

    def function(self, functions):
        root = functions[0]
        names = {name for function in functions for _, name in function.params}
        out = self.title(root.name) + [".SH NAME"]
        out += [", ".join(function.name for function in functions) + " \\- "
                + self.plain(root.doc.summary)]
        out += self.synopsis(functions) + [".SH DESCRIPTION"]
        out += self.prose(root.doc.paragraphs, names)
        for function in functions[1:]:
            text = function.doc.paragraphs
            out += [".PP", f"\\fB{function.name}\\fP():", self.line(sentence(text[0]), names)]
            out += [".PP"] * (len(text) > 1) + self.prose(text[1:], names)
        out += self.tagged(functions, names)
        return out + self.see_also(root, functions)

    def tagged(self, functions, names):
        api, out = self.api, []
        params = {}
        for function in functions:
            for _, name in function.params:
                params.setdefault(name, api.param(function, name))
        rows = [(name, text) for name, text in params.items() if text]
        if rows:
            out += [".SH PARAMETERS"] + self.definitions(rows, names, "I")
        for number, (prefix, text) in enumerate(self.own(functions, api.returns)):
            out += [".PP"] if number else [".SH RETURN VALUE"]
            out.append(prefix + self.line(sentence(text), names))
        rows = {}
        for function in functions:
            rows.update(api.errors(function))
        if rows:
            out += [".SH ERRORS"] + self.definitions(rows.items(), names, "B")
        notes = functions[0].header.intro.notes + [note for f in functions for note in f.doc.notes]
        return out + ([".SH NOTES"] + self.prose(notes, names) if notes else [])

    def see_also(self, root, functions):
        api, text = self.api, "\n".join(root.doc.paragraphs + [root.doc.returns or ""])
        mentioned = {api.root(api.functions[name]).name for name in re.findall(r"(\w+)\(\)", text)
                     if name in api.functions}
        mentioned -= {function.name for function in functions}
        error = "nvmevirt_err_text" if root.name.startswith("nvmevirt") else "xnvme_err_text"
        mentioned |= {error} if root.name != error and api.errors(root) else set()
        pages = [root.header.page] + sorted(mentioned)
        return [".SH SEE ALSO"] + [f".BR {page} (3){',' if page != pages[-1] else ''}"
                                   for page in pages]

    def header(self, header):
        intro = header.intro
        out = self.title(header.page) + [".SH NAME", f"{header.page} \\- {self.plain(intro.summary)}"]
        out += [".SH SYNOPSIS", f".B #include <{self.api.include_of(header)}>", ".SH DESCRIPTION"]
        out += self.prose(intro.paragraphs + intro.notes)
        roots = [function for function in header.functions if self.api.root(function) is function]
        out += [".SH FUNCTIONS"] if roots else []
        for root in roots:
            group = ", ".join(f"\\fB{function.name}\\fP(3)" for function in self.api.group(root))
            out += [".TP", group, self.line(sentence(root.doc.summary))]
        out += [".SH TYPES"] if header.types else []
        for number, source in enumerate(header.types):
            out += [".PP"] * (number > 0) + self.verbatim(source.split("\n"))
        if intro.errors:
            out += [".SH ERRORS"] + self.definitions(intro.errors.items(), (), "B")
        others = [self.api.by_name[name].page for name in header.includes if name in self.api.by_name]
        others = others or ["libxnvme" if header.page != "libxnvme" else "xnvme_dev_open"]
        return out + [".SH SEE ALSO"] + [f".BR {page} (3){',' if page != others[-1] else ''}"
                                         for page in others]

    def pages(self):
        for header in self.api.headers:
            yield header.page + ".3", self.header(header)
        for function in self.api.functions.values():
            root = self.api.root(function)
            if root is function:
                yield function.name + ".3", self.function(self.api.group(root))
            else:
                yield function.name + ".3", [f".so man3/{root.name}.3"]


class Html:
    """One HTML page per header, and an index; they need no other file"""

    def __init__(self, api, version):
        self.api, self.version = api, version

    def link(self, name):
        header = self.api.functions[name].header
        return f'<a href="{header.page}.html#{name}">{name}</a>'

    def line(self, text):
        def code(word, _):
            return f"<code>{html.escape(word)}</code>"

        def call(name):
            return f"<code>{self.link(name) if name in self.api.functions else name}()</code>"

        return marked(text, (), html.escape, code, call, lambda name: code(name, False))

    def prose(self, paragraphs):
        tags = {"text": "p", "item": "li"}
        return [f"<{tags[kind]}>{self.line(sentence(text))}</{tags[kind]}>"
                for kind, text in blocks(paragraphs)]

    def definitions(self, title, rows):
        if not rows:
            return []
        return [f"<p><b>{title}</b></p>", "<dl>"] + [
            f"<dt>{name}</dt><dd>{self.line(sentence(text))}</dd>" for name, text in rows] + ["</dl>"]

    def function(self, function):
        api, out = self.api, [f'<h2 id="{function.name}">{function.name}</h2>']
        out.append("<pre>" + html.escape("\n".join(function.prototype(90))) + "</pre>")
        out += self.prose(function.doc.paragraphs)
        rows = [(name, api.param(function, name)) for _, name in function.params]
        out += self.definitions("Parameters", [row for row in rows if row[1]])
        if not function.is_void and api.returns(function):
            out.append(f"<p><b>Returns</b> {self.line(api.returns(function))}</p>")
        out += self.definitions("Errors", list(api.errors(function).items()))
        return out + self.prose(function.doc.notes)

    def page(self, title, body):
        return ["<!DOCTYPE html>", '<html lang="en"><head><meta charset="utf-8">',
                f"<title>{title}</title>", f"<style>{STYLE}</style></head><body>", *body,
                f"<hr><p>xnvme {self.version}</p></body></html>"]

    def header(self, header):
        body = ['<p><a href="index.html">C API</a></p>', f"<h1>{header.name}</h1>"]
        body.append(f"<pre>#include &lt;{self.api.include_of(header)}&gt;</pre>")
        body += self.prose(header.intro.paragraphs + header.intro.notes)
        body += ["<p>" + "<br>".join(f"<code>{self.link(function.name)}</code>: "
                                     + html.escape(function.doc.summary)
                                     for function in header.functions) + "</p>"]
        body += ["<h2>Types</h2>"] if header.types else []
        body += [f"<pre>{html.escape(source.expandtabs(8))}</pre>" for source in header.types]
        for function in header.functions:
            body += self.function(function)
        return self.page(header.name, body)

    def pages(self):
        rows = [f'<dt><a href="{header.page}.html">{header.name}</a></dt>'
                f"<dd>{html.escape(header.intro.summary)}</dd>" for header in self.api.headers]
        yield "index.html", self.page("C API of xnvme", ["<h1>C API of xnvme</h1>", "<dl>", *rows,
                                                         "</dl>"])
        for header in self.api.headers:
            yield header.page + ".html", self.header(header)


def names(paths):
    """The files that build() makes: without making them"""
    api = headers.Api(paths)
    pages = [header.page for header in api.headers]
    return [name + ".3" for name in pages + list(api.functions)] + ["index.html"] + \
        [name + ".html" for name in pages]


def build(folder, version, paths):
    api = headers.Api(paths)
    for pages in (Man(api, version).pages(), Html(api, version).pages()):
        for name, lines in pages:
            with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
                file.write("\n".join(lines) + "\n")


def exported(library):
    """The exported functions, by readelf: unlike nm it reads the libraries of any processor"""
    out = subprocess.run(["readelf", "-W", "--dyn-syms", library], check=True, capture_output=True,
                         text=True).stdout
    rows = [line.split() for line in out.splitlines()]
    symbols = {row[7].split("@")[0] for row in rows
               if len(row) > 7 and row[3] == "FUNC" and row[6] != "UND"}
    return {re.sub(r"_0_8$", "", name) for name in symbols}


def lacking(folder, name, function):
    """What the man page of a function lacks"""
    with open(os.path.join(folder, name + ".3"), encoding="utf-8") as file:
        text = file.read()
    link = re.match(r"\.so man3/(\w+)\.3\n", text)
    if link:
        yield from lacking(folder, link.group(1), function)
        return
    wanted = [".SH NAME\n", "#include <lib", ".SH DESCRIPTION\n", function.name + "("]
    wanted += [".SH PARAMETERS\n"] if function.params else []
    wanted += [] if function.is_void else [".SH RETURN VALUE\n"]
    for part in wanted:
        if part not in text:
            yield f"its page lacks '{part.strip()}'"


def warnings(folder, pages):
    """What groff says about the pages; nothing without groff"""
    try:
        out = subprocess.run(["groff", "-man", "-ww", "-z", "-Tutf8", "-rLL=80n", *pages],
                             cwd=folder, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        print("groff is not installed: the pages were not formatted")
        return []
    return out.stderr.splitlines()


def broken_links(folder, pages):
    anchors = set()
    texts = {}
    for page in pages:
        with open(os.path.join(folder, page), encoding="utf-8") as file:
            texts[page] = file.read()
        anchors |= {page} | {f"{page}#{name}" for name in re.findall(r'id="(\w+)"', texts[page])}
    return [f"{page}: link to {target}" for page, text in texts.items()
            for target in re.findall(r'href="([^"]+)"', text) if target not in anchors]


def check(folder, library, paths):
    api = headers.Api(paths)
    found = []
    for function in api.functions.values():
        found += [f"{function.header.name}: {function.name}() {fault}"
                  for fault in [*api.faults(function), *lacking(folder, function.name, function)]]
    found += [f"{name} is exported, but no public header declares it"
              for name in sorted(exported(library) - set(api.functions))]
    for header in api.headers:
        if not header.intro.summary:
            found.append(f"{header.name} has no introduction")
    made = names(paths)
    found += warnings(folder, [name for name in made if name.endswith(".3")
                               and api.functions.get(name[:-2]) in (None, *map(
                                   api.root, api.functions.values()))])
    found += broken_links(folder, [name for name in made if name.endswith(".html")])
    for line in found:
        print(line)
    print(f"{len(api.functions)} functions, {len(made)} pages, {len(found)} findings")
    return 1 if found else 0


def main():
    args = sys.argv[1:]
    if args[:1] == ["names"] and len(args) > 1:
        print("\n".join(names(args[1:])))
    elif args[:1] == ["build"] and len(args) > 3:
        build(args[1], args[2], args[3:])
    elif args[:1] == ["check"] and len(args) > 3:
        return check(args[1], args[2], args[3:])
    else:
        sys.exit(__doc__)
    return 0


if __name__ == "__main__":
    sys.exit(main())
