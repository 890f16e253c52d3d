"""Canonical JSON [RFC 8785]: what seals and hashes are made of.

The reference implementation is in Python and takes ten times as long, so a fast
encoder writes whatever the two write alike; all else goes to the reference.
"""

from collections.abc import Mapping
from typing import Any

import orjson
import rfc8785

# Above, a number is not exact in every JSON parser.  [I-JSON]
LARGEST = 2**53 - 1
# Code units of UTF-16 and code points sort alike below the surrogates.
LAST_ALIKE = "\ud7ff"
BROKEN = (rfc8785.CanonicalizationError, RecursionError, UnicodeError)


class _Other(Exception):
    """The fast encoder would write this differently, or not at all."""


def dumps(value: Any) -> bytes:
    """The canonical form; one of `BROKEN` for what has none."""
    try:
        return orjson.dumps(_alike(value), option=orjson.OPT_SORT_KEYS)
    except (_Other, orjson.JSONEncodeError, RecursionError):
        return rfc8785.dumps(value)


def composed(value: Mapping[str, Any], ready: Mapping[str, bytes]) -> bytes:
    """The canonical form of an object, of which some members have theirs already."""
    try:
        rest = {name: one for name, one in value.items() if name not in ready}
        parts = {name: orjson.Fragment(ready[name]) for name in value if name in ready}
        return orjson.dumps(_alike(rest) | parts, option=orjson.OPT_SORT_KEYS)
    except (_Other, orjson.JSONEncodeError, RecursionError):
        return _composed_slowly(value, ready)


def _composed_slowly(value: Mapping[str, Any], ready: Mapping[str, bytes]) -> bytes:
    names = sorted(value, key=lambda name: name.encode("utf-16-be"))
    parts = (
        rfc8785.dumps(name) + b":" + (ready.get(name) or dumps(value[name]))
        for name in names
    )
    return b"{" + b",".join(parts) + b"}"


def _alike(value: Any) -> Any:
    """The value, if the fast encoder may write it; whole floats become integers."""
    kind = type(value)
    if kind is str or kind is bool or value is None:
        return value
    if kind is dict:
        return {_name(name): _alike(one) for name, one in value.items()}
    if kind is int and -LARGEST <= value <= LARGEST:
        return value
    if kind is list:
        return [_alike(one) for one in value]
    if kind is float:
        return _number(value)
    raise _Other


def _name(name: Any) -> str:
    if type(name) is str and (name.isascii() or max(name) <= LAST_ALIKE):
        return name
    raise _Other


def _number(value: float) -> float | int:
    """Both write the shortest digits that give the number back; exponents differ."""
    if value.is_integer() and -LARGEST <= value <= LARGEST:
        return int(value)
    if 1e-4 <= abs(value) < 1e15:
        return value
    raise _Other
