# SPDX-License-Identifier: BSD-3-Clause
"""
Structures, unions and pointers that refuse what ctypes accepts and forgets: a field that does not
exist, a number that does not fit its field, a number as the address of a text.
"""

import ctypes
import operator

_SIGNED = {ctypes.c_byte, ctypes.c_short, ctypes.c_int, ctypes.c_long, ctypes.c_longlong}
_UNSIGNED = {ctypes.c_ubyte, ctypes.c_ushort, ctypes.c_uint, ctypes.c_ulong, ctypes.c_ulonglong,
             ctypes.c_void_p}
_limits = {}  # class -> {field: (type, lowest, highest)}, filled on first use


def number(what, value, lowest, highest):
    """`value` as an int from `lowest` to `highest`"""
    try:
        found = operator.index(value)
    except TypeError:
        raise TypeError(f"{what} is {value!r}: expected a whole number from {lowest} to "
                        f"{highest}") from None
    if not lowest <= found <= highest:
        raise ValueError(f"{what} is {found}: expected {lowest} to {highest}")
    return found


def text(what, value):
    """`value` as bytes that C reads to their end"""
    if not isinstance(value, bytes):
        raise TypeError(f"{what} is {value!r}: expected bytes or None")
    if b"\0" in value:
        raise ValueError(f"{what} is {value!r}: a text without NUL bytes is expected")
    return value


def limits(kind):
    """The fields of a class, those of its anonymous members included"""
    if kind not in _limits:
        found = {}
        for name, field, *bits in getattr(kind, "_fields_", ()):
            if name in getattr(kind, "_anonymous_", ()):
                found.update(limits(field))
            width = bits[0] if bits else 8 * ctypes.sizeof(field)
            if field in _SIGNED:
                found[name] = field, -1 << (width - 1), (1 << (width - 1)) - 1
            elif field in _UNSIGNED:
                found[name] = field, 0, (1 << width) - 1
            else:
                found[name] = field, None, None
        _limits[kind] = found
    return _limits[kind]


class _Checked:
    __slots__ = ()

    def __setattr__(self, name, value):
        fields = limits(type(self))
        what = f"{type(self).__name__}.{name}"
        if name not in fields:
            raise AttributeError(f"there is no {what}; the fields are "
                                 f"{', '.join(field for field in fields if field[0] != '_')}")
        kind, lowest, highest = fields[name]
        if value is not None and not isinstance(value, kind):
            if kind is ctypes.c_char_p:
                value = text(what, value)
            elif lowest is not None:
                value = number(what, value, lowest, highest)
        super().__setattr__(name, value)


class Structure(_Checked, ctypes.Structure):
    __slots__ = ("__weakref__",)


class Union(_Checked, ctypes.Union):
    __slots__ = ()


def POINTER(kind):  # noqa: N802 the name that it has in ctypes
    """As ctypes.POINTER(), which returns the same class from then on; without other attributes"""
    pointer = ctypes.POINTER(kind)
    if issubclass(kind, _Checked) and "__slots__" not in vars(pointer):
        pointer = type(pointer)(f"LP_{kind.__name__}", (ctypes._Pointer,),
                                {"_type_": kind, "__slots__": ()})
        ctypes._pointer_type_cache[kind] = pointer
    return pointer
