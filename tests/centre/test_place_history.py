"""What of a place is told as changed."""

import msgspec
import pytest

from tocsin.centre.place_history import changed_fields
from tocsin.model.sites import SiteRow

BEFORE = b'{"address":"site-text-1","config":1,"directions":null,"name":"site-text-1","removed":false}'
"""A site as version 1 of its fact had it."""


def body(**fields):
    row = SiteRow(address="site-text-1", config=2, name="site-text-1")
    return msgspec.Raw(msgspec.json.encode(msgspec.structs.replace(row, **fields)))


def test_a_site_of_an_earlier_release_that_is_saved_as_it_was_has_no_field_that_changed():
    assert changed_fields(msgspec.Raw(BEFORE), body()) == ()


@pytest.mark.parametrize(
    "text", ["address", "authority_ref", "buildings", "directions", "hazard_details", "latitude", "longitude", "name"]
)
def test_sealed_texts_are_told_as_texts_and_never_by_their_field(text):
    assert changed_fields(body(**{text: "site-text-2"}), body(**{text: "site-text-3"})) == ("texts",)


def test_what_is_coded_is_told_by_its_field():
    assert changed_fields(body(hazards=("asbestos",), grade=2), body(hazards=(), grade=3)) == ("grade", "hazards")
