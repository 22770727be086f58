"""A help note about somebody missing that fell due: said with words on the screen, ended by a press."""

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from playwright.sync_api import expect

from support.browser import axe_violations
from support.look_again import make_search
from support.room import Room
from support.server import Server


@pytest.fixture
def searching(tmp_path):
    """A centre that was down when the note of a search fell due; and the incident."""
    with ThreadPoolExecutor(1) as pool:  # the browser's own loop runs in this thread
        made = pool.submit(make_search, tmp_path / "centre", 13).result()
    with Server(tmp_path / "centre") as server:
        yield Room(server), made


def test_note_that_is_due_says_look_again_in_words_until_somebody_confirms_it(searching, sign_in):
    room, incident = searching
    ana, bo = sign_in(room, "Ana"), sign_in(room, "Bo")
    for screen in (ana, bo):
        expect(screen.row(incident.number)).to_contain_text("LOOK AGAIN")
    detail = ana.open(incident.number)
    expect(detail.get_by_text("LOOK AGAIN: The help note about somebody missing")).to_be_visible()
    note = ana.page.get_by_role("region", name="Help note")
    expect(note.get_by_role("alert")).to_contain_text("still missing, still in danger?")
    assert axe_violations(ana.page) == []
    note.get_by_role("button", name="Looked at again: right as it is").click()
    expect(
        note.get_by_text(re.compile(r"Look at the part about the missing person again by \d\d:\d\d"))
    ).to_be_visible()
    expect(note.get_by_role("alert")).to_have_count(0)
    for screen in (ana, bo):
        expect(screen.row(incident.number)).not_to_contain_text("LOOK AGAIN")
    # Nothing was written: the note is as it was, and who looked stands in the time line.
    expect(note.get_by_text("Version 1")).to_be_visible()
    expect(detail.get_by_text("Ana looked at the help note again: it is right as it is.")).to_be_visible()
