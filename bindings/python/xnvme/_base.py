# SPDX-License-Identifier: BSD-3-Clause
"""Loads the library and converts its errors to exceptions"""

import ctypes
import os

from . import _c as c
from . import _library
from ._fields import argument


closed = set()  # addresses of closed devices, until another device is opened there


def _some_context(value):
    """The context argument of a function: not NULL"""
    if value is None or isinstance(value, ctypes._Pointer) and not value:
        raise ValueError("the context is NULL: use Device.context()")
    return value


def _open_context(value):
    """The context argument of a function that runs a command: its device must be open"""
    ctx = getattr(_some_context(value), "_obj", value)  # of byref()
    if isinstance(ctx, (ctypes._Pointer, ctypes.Array)):
        ctx = ctx[0]
    if isinstance(ctx, c.xnvme_cmd_ctx):  # ctypes refuses others
        if not ctx.dev or ctypes.addressof(ctx.dev.contents) in closed:
            raise ValueError("the context has no device, or a closed one: use Device.context()")
    return value


def _checks(name, kinds):
    """A function for each argument that checks and returns it"""
    checks = [argument(kind) for kind in kinds]
    if kinds[:1] == [c.POINTER(c.xnvme_cmd_ctx)]:
        prepares = name.startswith(("xnvme_cmd_ctx_", "xnvme_prep_"))
        checks[0] = _some_context if prepares else _open_context
    return checks


def _checked(library):
    """Makes the functions of `library` check their arguments, before the call: ctypes would
    convert an interrupt in from_param() of a type to an ArgumentError."""
    plain = library._FuncPtr

    class Function(plain):
        _flags_, _restype_ = plain._flags_, plain._restype_

        def __call__(self, *arguments):
            name, arguments = self.__name__, list(arguments)
            for at, check_one in enumerate(checks.get(name, ())[:len(arguments)]):
                try:
                    arguments[at] = check_one(arguments[at])
                except (TypeError, ValueError) as err:
                    raise ctypes.ArgumentError(
                        f"argument {at + 1}: {type(err).__name__}: {err}") from None
            if name == "xnvme_enumerate":
                closed.clear()  # its callback gets devices that it opens
            value = super().__call__(*arguments)
            if value and self.restype is c.POINTER(c.xnvme_dev):
                closed.discard(ctypes.addressof(value.contents))
            return value

    checks = {name: _checks(name, kinds) for name, (_, kinds) in c.FUNCTIONS.items()}
    library._FuncPtr = Function
    return library


def _load():
    path = os.environ.get("XNVME_LIBRARY")
    if not path:
        # by the full SONAME: structures differ between versions
        path = os.path.join(_library.FOLDER, _library.SONAME)
        path = path if os.path.exists(path) else _library.SONAME
    try:
        return [ctypes.CDLL(path, use_errno=True) for _ in range(2)]
    except OSError as err:
        raise ImportError(f"the library xnvme cannot be loaded ({err}); install it, or set "
                          f"XNVME_LIBRARY to the path of {_library.SONAME}") from err


raw, lib = _load()
c.bind(raw)  # for this package: a call runs no Python code
c.bind(_checked(lib))


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
            text = raw.xnvme_spec_sc_str(sct << 8 | sc).decode()
            super().__init__(5, f"{text} (status type {sct:#x}, code {sc:#x})")

    def __reduce__(self):
        return CommandError, (self.sct, self.sc, self.result)


def error_of(err):
    text = raw.xnvme_err_text().decode()
    return Error(-err, text or os.strerror(-err))


def check(err, ctx=None):
    if err < 0:
        status = ctx.cpl.status if ctx is not None else None
        if status is not None and (status.sct or status.sc):
            raise CommandError(status.sct, status.sc, ctx.cpl.result)
        raise error_of(err)
