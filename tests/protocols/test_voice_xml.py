"""What a voice provider is told: XML that means the same whatever a name of a centre holds."""

from xml.etree import ElementTree as Tree

from hypothesis import given
from hypothesis import strategies as st

from tocsin.protocols.voice_xml import SAID_MAX, ask, end

WORDS = st.text(max_size=600)


@given(WORDS, st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=60))
def test_words_and_addresses_are_said_and_called_and_never_read_as_markup(said, action):
    response = Tree.fromstring(ask(said, action, 8))
    gather, redirect = response
    assert [one.tag for one in response.iter()] == ["Response", "Gather", "Say", "Redirect"]
    assert (gather.get("action"), redirect.text or "") == (action, action)
    plain = "".join(sign if sign.isprintable() else " " for sign in said[:SAID_MAX])
    assert (gather[0].text or "") == plain


@given(WORDS)
def test_last_words_end_the_call(said):
    assert [one.tag for one in Tree.fromstring(end(said)).iter()] == ["Response", "Say", "Hangup"]
