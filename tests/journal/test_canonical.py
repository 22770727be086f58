"""The one form in which facts are hashed, and that msgspec writes the same."""

import importlib
import json
import pkgutil
import typing
from collections.abc import Iterator

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

import tocsin.journal
import tocsin.model
from tocsin.journal.canonical import DEPTH_MAX, INTEGER_MAX, NotCanonicalError, canonical, decode
from tocsin.model.accounts import AccountRow
from tocsin.model.signals import SignalBody

INTEGERS = st.integers(-INTEGER_MAX, INTEGER_MAX)
SCALARS = st.none() | st.booleans() | INTEGERS | st.text()
KEYS = st.text(st.characters(max_codepoint=127), max_size=8)
VALUES = st.recursive(SCALARS, lambda v: st.lists(v, max_size=3) | st.dictionaries(KEYS, v, max_size=3), max_leaves=10)


class Sorted(msgspec.Struct):
    a: str
    b: str | None
    c: int
    d: bool


def test_form_is_that_of_rfc_8785():
    value = {
        "b": [1, -5, None, True, False],
        "a": {"z": 'q"\\/\u20ac', "y": "\x00\b\t\n\x0b\f\r\x1f\x7f\u2028\U0001f600"},
    }
    expected = (
        '{"a":{"y":"\\u0000\\b\\t\\n\\u000b\\f\\r\\u001f\x7f\u2028\U0001f600","z":"q\\"\\\\/\u20ac"},'
        '"b":[1,-5,null,true,false]}'
    )
    assert canonical(value) == expected.encode()


def test_msgspec_writes_every_character_as_we_do():
    characters = [chr(code) for code in range(0x110000) if not 0xD800 <= code <= 0xDFFF]
    for begin in range(0, len(characters), 256):
        text = "".join(characters[begin : begin + 256])
        assert msgspec.json.encode(text) == canonical(text), hex(ord(text[0]))


@given(st.builds(Sorted, a=st.text(), b=st.none() | st.text(), c=INTEGERS, d=st.booleans()))
def test_msgspec_writes_a_struct_with_sorted_fields_as_we_do(value: Sorted):
    assert msgspec.json.encode(value) == canonical(msgspec.structs.asdict(value))


@given(VALUES)
def test_what_was_written_reads_back_and_writes_alike(value: object):
    assert canonical(decode(canonical(value))) == canonical(value)


@pytest.mark.parametrize(
    "value",
    [
        1.0,
        float("nan"),
        INTEGER_MAX + 1,
        -INTEGER_MAX - 1,
        "\ud800",
        {"k": "\udfff"},
        {1: "x"},
        {"\xe9": 1},
        b"bytes",
        {1, 2},
        [object()],
    ],
)
def test_what_readers_could_disagree_about_is_refused(value: object):
    with pytest.raises(NotCanonicalError):
        canonical(value)


def test_depth_has_a_limit_and_no_stack_overflows():
    deep: object = 1
    for _ in range(DEPTH_MAX):
        deep = [deep]
    assert canonical(deep) == b"[" * DEPTH_MAX + b"1" + b"]" * DEPTH_MAX
    with pytest.raises(NotCanonicalError, match="nested"):
        canonical([deep])
    with pytest.raises(NotCanonicalError, match="nested"):
        decode(b"[" * 500_000)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (b'{"a":1,"a":1}', "twice"),
        (b'{"x":{"a":1,"a":2}}', "twice"),
        (b"1.0", "not an integer"),
        (b"1e3", "not an integer"),
        (b"NaN", "not an integer"),
        (b"-Infinity", "not an integer"),
        (b'{"a":1', "not JSON"),
        (b'"\xff"', "not UTF-8"),
        (b'"\n"', "not JSON"),
        (b"9" * 5000, "not JSON"),
    ],
)
def test_text_with_two_meanings_is_refused(text: bytes, words: str):
    with pytest.raises(NotCanonicalError, match=words):
        decode(text)


def test_no_error_quotes_what_was_given():
    for text in (b'{"secret":1,"secret":2}', b'{"secret":1.5}', b'"secret'):
        with pytest.raises(NotCanonicalError) as caught:
            decode(text)
        assert "secret" not in str(caught.value)


def body_structs() -> Iterator[type[msgspec.Struct]]:
    """Every Struct of `model` and `journal` that can be the body of a fact."""
    for package in (tocsin.model, tocsin.journal):
        for found in pkgutil.iter_modules(package.__path__, package.__name__ + "."):
            module = importlib.import_module(found.name)
            for value in vars(module).values():
                if isinstance(value, type) and issubclass(value, msgspec.Struct) and is_body(value, module.__name__):
                    yield value


def is_body(struct: type[msgspec.Struct], module: str) -> bool:
    doc = struct.__doc__ or ""
    return struct.__module__ == module and (struct.__name__.endswith("Body") or "ody of `" in doc)


def structs_within(annotation: object) -> Iterator[type[msgspec.Struct]]:
    if isinstance(annotation, type) and issubclass(annotation, msgspec.Struct):
        yield annotation
        for field in msgspec.structs.fields(annotation):
            yield from structs_within(field.type)
    for part in typing.get_args(annotation):
        yield from structs_within(part)


def test_fields_of_every_body_stand_in_canonical_order():
    bodies = list(body_structs())
    assert {SignalBody, AccountRow} <= set(bodies)
    for body in bodies:
        for struct in structs_within(body):
            names = [field.encode_name for field in msgspec.structs.fields(struct)]
            assert names == sorted(names), f"{struct.__name__} within {body.__name__}"
            assert all(name.isascii() for name in names)
            config = struct.__struct_config__
            assert (config.omit_defaults, config.tag, config.array_like) == (False, None, False), struct.__name__


def test_a_body_is_canonical_to_the_byte():
    row = AccountRow(account="1234", name='Caf\xe9 "Zur \U0001f525"\n', panel_time_zone="Europe/Vienna")  # pyright: ignore[reportArgumentType] - plain strings
    encoded = msgspec.json.encode(row)
    assert encoded == canonical(json.loads(encoded))
