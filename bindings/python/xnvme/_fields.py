# SPDX-License-Identifier: BSD-3-Clause
"""
Structures, unions, arrays, pointers and arguments that reject what ctypes silently accepts: an
unknown field, a number out of range, a number as the address of a text.
"""

import ctypes
import functools
import operator

_SIGNED = {ctypes.c_byte, ctypes.c_short, ctypes.c_int, ctypes.c_long, ctypes.c_longlong}
_UNSIGNED = {ctypes.c_ubyte, ctypes.c_ushort, ctypes.c_uint, ctypes.c_ulong, ctypes.c_ulonglong,
             ctypes.c_void_p}
_limits = {}  # class -> {field: (type, lowest, highest)}, filled on first use


def number(what, value, lowest, highest):
    """`value` as an int from `lowest` to `highest`"""
    if type(value) is int and lowest <= value <= highest:
        return value  # the common case
    try:
        found = operator.index(value)
    except TypeError:
        raise TypeError(f"{what} is {value!r}: expected a whole number from {lowest} to "
                        f"{highest}") from None
    if not lowest <= found <= highest:
        raise ValueError(f"{what} is {found}: expected {lowest} to {highest}")
    return found


def range_of(kind, width=None):
    """The lowest and the highest value of an integer type of C; None for other types"""
    width = width or 8 * ctypes.sizeof(kind)
    if kind in _SIGNED:
        return -1 << (width - 1), (1 << (width - 1)) - 1
    return (0, (1 << width) - 1) if kind in _UNSIGNED else (None, None)


def text(what, value):
    """`value` as bytes without NUL, as C expects"""
    if not isinstance(value, bytes):
        raise TypeError(f"{what} is {value!r}: expected bytes or None")
    if b"\0" in value:
        raise ValueError(f"{what} is {value!r}: a text without NUL bytes is expected")
    return value


def limits(kind):
    """The fields of a class, including those of its anonymous members"""
    if kind not in _limits:
        found = {}
        for name, field, *bits in getattr(kind, "_fields_", ()):
            if name in getattr(kind, "_anonymous_", ()):
                found.update(limits(field))
            found[name] = field, *range_of(field, *bits)
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
            elif issubclass(kind, _Items) and isinstance(value, tuple):
                value = kind(*value)
            elif issubclass(kind, _Items) and isinstance(value, ctypes.Array) and \
                    (value._type_, value._length_) == (kind._type_, kind._length_):
                value = kind.from_buffer_copy(value)
        super().__setattr__(name, value)


class Structure(_Checked, ctypes.Structure):
    __slots__ = ("__weakref__",)


class Union(_Checked, ctypes.Union):
    __slots__ = ()


class _Items:
    __slots__ = ()

    def __setitem__(self, index, value):
        kind = self._type_
        lowest, highest = range_of(kind)
        if lowest is not None:
            values = [item if item is None or isinstance(item, kind) else
                      number(f"[{index}]", item, lowest, highest)
                      for item in (value if isinstance(index, slice) else [value])]
            value = values if isinstance(index, slice) else values[0]
        super().__setitem__(index, value)


@functools.lru_cache(maxsize=None)
def array(kind, length):
    """As `kind * length`, with checks; c_char stays unchecked: ctypes converts it to bytes"""
    if kind is ctypes.c_char:
        return kind * length
    return type(ctypes.Array)(f"{kind.__name__}_Array_{length}", (_Items, ctypes.Array),
                              {"_type_": kind, "_length_": length, "__slots__": ()})


def argument(kind):
    """A function that checks and returns an argument of type `kind`"""
    lowest, highest = range_of(kind)
    if lowest is None or kind is ctypes.c_void_p:
        return lambda value: value  # ctypes checks it
    return lambda value: value if isinstance(value, kind) else \
        number("the argument", value, lowest, highest)


def POINTER(kind):  # noqa: N802 the name in ctypes
    """As ctypes.POINTER(), which then returns the same class; it rejects unknown attributes"""
    pointer = ctypes.POINTER(kind)
    if issubclass(kind, _Checked) and "__slots__" not in vars(pointer):
        pointer = type(pointer)(f"LP_{kind.__name__}", (ctypes._Pointer,),
                                {"_type_": kind, "__slots__": ()})
        if hasattr(kind, "__pointer_type__"):  # Python 3.14 and later
            kind.__pointer_type__ = pointer
        else:
            ctypes._pointer_type_cache[kind] = pointer
    return pointer
