"""The pages without scripts, asked by programs: they show a token what the API shows it, and no name of a person."""

import pytest

from support.centres import make_folder
from support.retention_room import Room


@pytest.fixture
def room(tmp_path):
    made = Room(make_folder(tmp_path / "centre"))
    yield made
    made.close()


@pytest.mark.parametrize("scope", ["read", "handle"])
def test_tokens_are_shown_ids_of_people_and_no_name_on_the_plain_pages(room, scope):
    name = room.access.person(room.operator).name
    opened, closed = room.incident(), room.closed(account="4712")
    program, person = room.program(scope), room.signed_in("supervisor")
    pages = [f"/lite/incidents/{opened}", f"/lite/incidents/{closed}", *(["/lite/closed"] if scope == "read" else [])]
    seen = 0
    for path in pages:
        answer = program.get(path)
        assert (answer.status_code, name in answer.text) in ((200, False), (403, False)), path
        seen += answer.status_code == 200 and room.operator in answer.text
        assert name in person.get(path).text, "colleagues see it"
    assert seen >= 1
    if scope == "handle":
        # What the centre says of a conflict names people too.
        form = {"key": "0" * 32, "version": "1"}
        refused = program.post(f"/lite/incidents/{opened}/claim", data=form)
        assert (refused.status_code, name in refused.text, room.operator in refused.text) == (409, False, True)
