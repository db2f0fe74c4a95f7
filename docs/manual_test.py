#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Each fault of a header comment is a finding of docs/manual.py.

usage: docs/manual_test.py LIBRARY HEADER...
"""
import contextlib
import io
import os
import shutil
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
import manual  # pylint: disable=wrong-import-position

LIBRARY, HEADERS = sys.argv[1], sys.argv[2:]


class Faults(unittest.TestCase):
    def findings(self, header, old, new):
        """What `check` prints after a change of a header"""
        with tempfile.TemporaryDirectory() as folder:
            paths = [shutil.copy(path, folder) for path in HEADERS]
            path = os.path.join(folder, header)
            with open(path, encoding="utf-8") as file:
                text = file.read()
            self.assertIn(old, text)
            with open(path, "w", encoding="utf-8") as file:
                file.write(text.replace(old, new, 1))
            manual.build(folder, "0", paths)
            out = io.StringIO()
            with contextlib.redirect_stdout(out):
                status = manual.check(folder, LIBRARY, paths)
            self.assertEqual(status, 1 if out.getvalue().count("\n") > 1 else 0)
            return out.getvalue()

    def test_headers_are_complete(self):
        self.assertRegex(self.findings("libxnvme.h", "One API", "One API"), r"^\d+ functions.* 0 f")

    def test_parameter_without_documentation(self):
        found = self.findings("libxnvme_queue.h", " * @param max ", " * ")
        self.assertIn("xnvme_queue_poke() has no @param max", found)

    def test_parameter_of_another_name(self):
        found = self.findings("libxnvme_queue.h", " * @param max ", " * @param maximum ")
        self.assertIn("documents @param maximum, which it does not have", found)

    def test_result_without_documentation(self):
        found = self.findings("libxnvme_err.h", " * @return ", " * ")
        self.assertIn("xnvme_err_text() has no @return", found)

    def test_result_of_a_void_function(self):
        found = self.findings("libxnvme_err.h", "/** Clear ", "/** Clear\n * @return ")
        self.assertIn("xnvme_err_clear() has a @return but no result", found)

    def test_function_without_comment(self):
        found = self.findings("libxnvme_err.h", "/** Clear ", "/* Clear ")
        self.assertIn("xnvme_err_clear() has no comment", found)

    def test_function_like_an_unknown_one(self):
        found = self.findings("libxnvme_geo.h", "As xnvme_geo_fpr()", "As xnvme_geo_print()")
        self.assertIn("is like xnvme_geo_print(), which no header declares", found)

    def test_export_without_declaration(self):
        found = self.findings("libxnvme_err.h", "void xnvme_err_clear(void);", "")
        self.assertIn("xnvme_err_clear is exported, but no public header declares it", found)

    def test_special_characters_do_not_reach_troff(self):
        found = self.findings("libxnvme_err.h", "/** Clear ", "/**\n * .SH \\n(.z 'x\n *\n * .x ")
        self.assertRegex(found, r"^\d+ functions.* 0 findings")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
