"""What a notice says, and never says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.model.notices import IncidentNotified
from tocsin.rules.catalogue import shipped_catalogue
from tocsin.rules.notice_texts import (
    GSM,
    HIDDEN_HAZARDS,
    TEXT_MAX,
    URL_MAX,
    in_exercise,
    shown_type,
    spoken,
    spoken_type,
    tell_notified,
    text_of,
    title_of,
)

URL = "https://centre.example.org/n/4711.1.ABCDEFGHIJ-_abcd"
TYPES = sorted(shipped_catalogue().types.values(), key=lambda one: one.type)


@pytest.mark.parametrize("kind", TYPES, ids=lambda one: one.type)
def test_text_of_every_type_fits_one_text_message_number_first_link_whole(kind):
    shown = shown_type(kind.type, kind.hazard, is_silent=False)
    for is_exercise in (False, True):
        text = text_of("incident", 99_999_999, 1, shown, "https://" + "x" * (URL_MAX - 8), is_exercise=is_exercise)
        assert len(text) <= TEXT_MAX
        assert set(text) <= GSM
        assert text.startswith("#99999999 P1")
        assert text.endswith("x" * (URL_MAX - 8))


def test_locked_screen_gives_no_silent_call_and_no_patient_away():
    hidden = {one.type for one in TYPES if shown_type(one.type, one.hazard, is_silent=False) is None}
    assert {one.type for one in TYPES if one.hazard in HIDDEN_HAZARDS} <= hidden
    assert all(one in hidden for one in (kind.type for kind in TYPES) if one.startswith(("HOLD-UP", "PANIC", "MED-")))
    assert shown_type("FIRE-SMOKE", "fire", is_silent=True) is None
    assert shown_type("FIRE-SMOKE", "fire", is_silent=False) == "FIRE-SMOKE"


def test_text_names_number_priority_type_and_says_open_to_read():
    assert text_of("incident", 4720, 1, "FIRE-SMOKE", URL, is_exercise=False) == (
        f"#4720 P1 FIRE-SMOKE. Open to read: {URL}"
    )
    assert text_of("incident", 4720, 2, None, URL, is_exercise=True) == f"#4720 P2 EXERCISE. Open to read: {URL}"
    assert text_of("test", None, None, None, URL, is_exercise=False) == f"TEST of your contact. Open to read: {URL}"


@given(st.text(alphabet="abc/", min_size=0, max_size=400))
def test_link_is_never_cut_whatever_its_length(tail):
    url = "https://c/" + tail
    assert text_of("incident", 1, 1, "FIRE-SMOKE", url, is_exercise=False).endswith(url)


def test_first_words_of_a_call_name_the_centre_and_the_priority_and_nothing_else():
    said = spoken("Harbour", 1, "incident", is_exercise=False)
    assert said == "Harbour. Priority 1. Press 1 if you are coming. Press 2 if you cannot. Press 9 to hear it again."
    assert "test" in spoken("Harbour", None, "test", is_exercise=False)


def test_call_of_an_exercise_says_so_before_all_else_and_once_more_at_its_end():
    said = spoken("Harbour", 1, "incident", is_exercise=True)
    assert said.startswith("Harbour. This is an exercise. Priority 1.")
    assert said.endswith("This is an exercise.")
    thanks = in_exercise("Thank you.", "You are noted as coming. Fire. At Mill. Good-bye.", is_exercise=True)
    assert thanks == (
        "Thank you. This is an exercise. You are noted as coming. Fire. At Mill. Good-bye. This is an exercise."
    )


@pytest.mark.parametrize(
    ("type_", "hazard", "is_silent"),
    [("HOLD-UP", "robbery_holdup", True), ("PANIC", "violence", False), ("MED-ARREST", "medical", False)],
)
def test_what_no_screen_may_show_no_call_says_aloud(type_, hazard, is_silent):
    shown = shown_type(type_, hazard, is_silent=is_silent)
    assert spoken_type("Somebody is held up", shown) == "Telephone the centre for what it is."
    assert spoken_type("Fire", shown_type("FIRE", "fire", is_silent=False)) == "Fire."
    assert spoken_type(None, "GONE") == "Type not known."


def test_time_line_says_how_many_were_told_and_how_many_could_not_be():
    said = tell_notified(IncidentNotified(count=3, exercise=False, refused=1, wanted=2), "user-5")
    assert said == (
        "{user-5} had 3 people told of it. 2 are needed. 1 of them could not be: off duty, not now, or no contact."
    )
    assert title_of("incident", 7, 3, is_exercise=False) == "#7 P3"
