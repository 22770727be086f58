"""The one form in which a fact is hashed: a subset of RFC 8785 (JSON Canonicalization Scheme).

Objects have sorted ASCII keys, nothing has blanks, numbers are integers that a double holds exactly, text is UTF-8.
The subset leaves out what two readers could disagree about: floats, larger integers, keys outside ASCII (RFC 8785
sorts those by UTF-16), lone surrogates. Within it `msgspec.json.encode` of a Struct whose fields stand in order gives
the same bytes; tests/journal/test_canonical.py proves that for every character.

Only the standard library is needed, since an outsider's verifier runs this (journal/verify.py).
Source: RFC 8785; INTEGRATIONS.md section 12.
"""

import json
from typing import Final, NoReturn, cast

INTEGER_MAX: Final = 2**53 - 1
"""The largest integer, and its negative the smallest: what every JSON reader holds exactly."""

DEPTH_MAX: Final = 16
"""Objects and lists within each other. Bodies have at most three."""


class NotCanonicalError(ValueError):
    """A value or a text has no canonical form. The message never quotes it, since it could be anybody's."""


def canonical(value: object) -> bytes:
    """Return the canonical bytes of null, booleans, integers, strings, lists, tuples and dicts with ASCII keys.

    Raises:
        NotCanonicalError: a float, an integer beyond `INTEGER_MAX`, a lone surrogate, a key that is not ASCII text,
            another type, or more than `DEPTH_MAX` levels.
    """
    _check(value, 0)
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    try:
        return text.encode()
    except UnicodeEncodeError:
        raise NotCanonicalError("a string holds half a character (a lone surrogate)") from None


def decode(data: bytes) -> object:
    """Read one JSON text so that nothing in it can mean two things; its form (blanks, order of keys) may be any.

    Raises:
        NotCanonicalError: no JSON, not UTF-8, a key that stands twice in one object, a float, NaN, too deep.
    """
    try:
        return _READER.decode(data.decode())
    except NotCanonicalError:
        raise
    except RecursionError:
        raise NotCanonicalError("it is nested too deeply") from None
    except UnicodeDecodeError:
        raise NotCanonicalError("it is not UTF-8") from None
    except ValueError:
        raise NotCanonicalError("it is not JSON") from None


def _check(value: object, depth: int) -> None:
    """Raise for whatever the subset leaves out. `type() is` on purpose: True is no integer here."""
    if depth > DEPTH_MAX:
        raise NotCanonicalError("it is nested too deeply")
    kind = type(value)
    if value is None or kind is bool or kind is str:
        return
    if kind is int:
        if not -INTEGER_MAX <= cast("int", value) <= INTEGER_MAX:
            raise NotCanonicalError("an integer is beyond 2^53-1")
    elif kind is list or kind is tuple:
        for item in cast("list[object]", value):
            _check(item, depth + 1)
    elif kind is dict:
        for key, item in cast("dict[object, object]", value).items():
            if type(key) is not str or not key.isascii():
                raise NotCanonicalError("a key is not ASCII text")
            _check(item, depth + 1)
    else:
        raise NotCanonicalError(f"it holds a {kind.__name__}; only integers, strings, booleans, null, lists, objects")


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise NotCanonicalError("a key stands twice in one object")
    return value


def _no_float(_text: str) -> NoReturn:
    raise NotCanonicalError("a number is not an integer")


_READER: Final = json.JSONDecoder(object_pairs_hook=_unique, parse_float=_no_float, parse_constant=_no_float)
