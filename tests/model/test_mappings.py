"""Mappings: what may stand in one, and what nobody may enter, with the reason."""

import msgspec
import pytest

from tocsin.model.machines import MACHINE_WORDS, REFUSED_WORDS, SCALES, refused_word
from tocsin.model.mappings import LINES_MAX, MapLine, Mapping, MapValue, fault_of

LINE = MapLine(at="/alarm", expected="1", word="smoke")
LIMIT = MapLine(at="/t", compare="above", limit_milli=60_000, back_milli=55_000, unit="degC", word="high_temperature")


def mapping(*lines, **more):
    return Mapping(lines=lines or (LINE,), **more)


def line(**changes):
    return mapping(msgspec.structs.replace(LINE, **changes))


def limit(**changes):
    return mapping(msgspec.structs.replace(LIMIT, **changes))


@pytest.mark.parametrize("word", sorted(MACHINE_WORDS))
def test_each_word_that_a_machine_may_say_may_stand_in_a_line(word):
    assert fault_of(line(word=word)) is None


@pytest.mark.parametrize("unit", sorted(SCALES))
def test_each_unit_that_is_taken_may_stand_in_a_line_and_beside(unit):
    assert fault_of(limit(unit=unit)) is None
    assert fault_of(mapping(values=(MapValue(at="/v", unit=unit),))) is None


@pytest.mark.parametrize("word", sorted(REFUSED_WORDS))
@pytest.mark.parametrize("place", ["device_at", "each", "id_at", "text_at", "time_at"])
def test_each_refused_word_is_refused_in_each_place_with_the_page_that_says_why(word, place):
    fault = fault_of(mapping(**{place: f"/data/{word}s" if word == "person" else f"/data/the_{word}"}))
    assert fault is not None
    assert (fault.code, "docs/explanation/scope.md" in fault.words) == ("source.scope", True)


@pytest.mark.parametrize(
    "made",
    [
        line(at="/personCount"),
        line(expected="a face was seen"),
        mapping(state_at="/crowd/state", returned=("ok",)),
        mapping(state_at="/state", returned=("no people",)),
        mapping(values=(MapValue(at="/peoplecount", unit="%"),)),
    ],
)
def test_words_that_name_people_are_refused_wherever_they_are_entered(made):
    assert fault_of(made).code == "source.scope"


@pytest.mark.parametrize(
    "entered", ["personcount", "HeadCount/x", "licensePlate", "licenseplate", "facecount", "peoplecounter"]
)
def test_compounds_of_refused_words_are_refused(entered):
    assert refused_word(entered) is not None


@pytest.mark.parametrize(
    ("made", "code"),
    [
        (line(word="person"), "source.word"),
        (line(word="intrusion"), "source.word"),
        (line(word="gun_shot"), "source.word"),
        (line(at="alarm"), "source.pointer"),
        (line(at="/a~2"), "source.pointer"),
        (line(at="/ä"), "source.pointer"),
        (line(at="/" + "a" * 200), "source.pointer"),
        (line(at="/a" * 17), "source.pointer"),
        (line(expected=None), "source.mapping"),
        (line(expected="x" * 81), "source.mapping"),
        (line(expected="a\nb"), "source.mapping"),
        (line(unit="degC"), "source.mapping"),
        (line(device="kitchen 1"), "source.mapping"),
        (line(device="A" * 17), "source.mapping"),
        (limit(unit="persons"), "source.unit"),
        (limit(unit=None), "source.unit"),
        (limit(limit_milli=None), "source.mapping"),
        (limit(back_milli=None), "source.mapping"),
        (limit(back_milli=60_001), "source.mapping"),
        (limit(compare="below", back_milli=59_999), "source.mapping"),
        (limit(limit_milli=10**13), "source.mapping"),
        (limit(is_active=False), "source.mapping"),
        (mapping(state_at="/state"), "source.mapping"),
        (mapping(returned=("ok",)), "source.mapping"),
        (mapping(state_at="/state", returned=("ok",) * 21), "source.mapping"),
        (mapping(values=(MapValue(at="/v", unit="persons"),)), "source.unit"),
        (mapping(values=(MapValue(at="/v", unit="V"),) * 9), "source.mapping"),
        (Mapping(lines=()), "source.mapping"),
        (Mapping(lines=(LINE,) * (LINES_MAX + 1)), "source.mapping"),
    ],
)
def test_what_is_no_mapping_is_refused_with_its_reason(made, code):
    assert fault_of(made).code == code


def test_the_line_that_is_wrong_is_named():
    assert fault_of(mapping(LINE, LINE, msgspec.structs.replace(LINE, at="/face"))).line == 2


@pytest.mark.parametrize("pointer", ["", "/", "/a", "/a~1b/~0/0", "/a b", "/message/voltage/account"])
def test_pointers_of_the_standard_pass(pointer):
    assert fault_of(line(at=pointer)) is None
