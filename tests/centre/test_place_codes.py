"""Codes that hang at places: what this centre printed is known again, and nobody makes one up."""

import re

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.centre.place_codes import CodedPlace, code_of, place_of_code
from tocsin.model.duty import LABEL_MAX, PLACE_CODE_MAX, PlaceCode

KEY, OTHER = b"k" * 32, b"o" * 32
SITES = st.integers(1, 10**15).map(lambda number: f"site-{number}")
PARTS = st.none() | st.text(min_size=1, max_size=LABEL_MAX).filter(lambda text: text.isprintable())
CODES = msgspec.json.Decoder(PlaceCode)


@given(SITES, PARTS)
def test_what_was_printed_is_known_again_and_fits_what_the_api_takes(site, part):
    code = code_of(KEY, site, part)
    assert place_of_code(KEY, code) == CodedPlace(site_id=site, part=part)
    assert CODES.decode(msgspec.json.encode(code)) == code
    assert len(code) <= PLACE_CODE_MAX
    assert place_of_code(OTHER, code) is None


@given(SITES, PARTS, st.data())
def test_a_code_with_one_letter_changed_leads_nowhere_else(site, part, data):
    code = code_of(KEY, site, part)
    at = data.draw(st.integers(0, len(code) - 1))
    letter = data.draw(st.sampled_from("abz27.A-_9"))
    changed = code[:at] + letter + code[at + 1 :]
    assert place_of_code(KEY, changed) in (None, CodedPlace(site_id=site, part=part))


@given(st.text(max_size=600))
def test_any_text_is_a_place_or_none(text):
    assert place_of_code(KEY, text) is None


def test_a_part_is_no_site_of_the_same_letters_and_the_proof_is_beyond_guessing():
    codes = {
        code_of(KEY, "site-1"),
        code_of(KEY, "site-1", "Hall"),
        code_of(KEY, "site-1", "Hall B"),
        code_of(KEY, "site-11"),
    }
    proofs = {code.split(".")[1] for code in codes}
    assert len(proofs) == 4
    assert all(re.fullmatch("[a-z2-7]{20}", proof) for proof in proofs)


@pytest.mark.parametrize("part", ["x" * (LABEL_MAX + 1), ""])
def test_a_part_that_no_building_can_have_is_no_place(part):
    assert place_of_code(KEY, code_of(KEY, "site-1", part)) is None
