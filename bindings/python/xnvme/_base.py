# SPDX-License-Identifier: BSD-3-Clause
"""Loads the library and converts its errors to exceptions"""

import ctypes
import os

from . import _c as c
from . import _library


class _Context:
    """The context argument of a function that runs a command: its device must be open"""

    @staticmethod
    def from_param(value):
        ctx = getattr(value, "_obj", value)
        if isinstance(ctx, c.xnvme_cmd_ctx) and not ctx.dev:
            raise ValueError("the context has no device, or a closed one: use Device.context()")
        return c.POINTER(c.xnvme_cmd_ctx).from_param(value)


def _bind(library):
    c.bind(library)
    for name, (_, arguments) in c.FUNCTIONS.items():
        if arguments[:1] == [c.POINTER(c.xnvme_cmd_ctx)] and \
                not name.startswith(("xnvme_cmd_ctx_", "xnvme_prep_")):
            function = getattr(library, name)
            function.argtypes = [_Context, *function.argtypes[1:]]
    return library


def _load():
    path = os.environ.get("XNVME_LIBRARY")
    if not path:
        # by the full SONAME: structures differ between versions
        path = os.path.join(_library.FOLDER, _library.SONAME)
        path = path if os.path.exists(path) else _library.SONAME
    try:
        return _bind(ctypes.CDLL(path, use_errno=True))
    except OSError as err:
        raise ImportError(f"the library xnvme cannot be loaded ({err}); install it, or set "
                          f"XNVME_LIBRARY to the path of {_library.SONAME}") from err


lib = _load()


class Error(OSError):
    """A call failed before it started; str() is the reason and the remedy"""

    __module__ = "xnvme"


class CommandError(Error):
    """A command completed with an error; `sct` and `sc` are its status"""

    __module__ = "xnvme"

    def __init__(self, sct, sc, result):
        self.sct, self.sc, self.result = sct, sc, result
        if sct == c.XNVME_STATUS_CODE_TYPE_VENDOR:  # a host error: an errno
            super().__init__(sc, os.strerror(sc))
        else:
            text = lib.xnvme_spec_sc_str(sct << 8 | sc).decode()
            super().__init__(5, f"{text} (status type {sct:#x}, code {sc:#x})")

    def __reduce__(self):
        return CommandError, (self.sct, self.sc, self.result)


def error_of(err):
    text = lib.xnvme_err_text().decode()
    return Error(-err, text or os.strerror(-err))


def check(err, ctx=None):
    if err < 0:
        status = ctx.cpl.status if ctx is not None else None
        if status is not None and (status.sct or status.sc):
            raise CommandError(status.sct, status.sc, ctx.cpl.result)
        raise error_of(err)
