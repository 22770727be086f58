"""The demo's call lists: nobody in them lives, no number rings anywhere, and every part of them can be tried."""

import csv
import io
import re

import pytest

from support.centres import make_folder
from tocsin.centre.tables import KINDS
from tocsin.cli.accounts import run_import
from tocsin.cli.demo_places import HOME, KEYHOLDERS, WISHES, fill_call_lists
from tocsin.cli.folder import open_centre
from tocsin.data import read_shipped
from tocsin.panel.town import Town

RESERVED = re.compile(r"\+1 202 555 01[0-9]{2}|\+44 20 7946 0[0-9]{3}")
ROWS = list(csv.DictReader(io.StringIO(read_shipped(KEYHOLDERS))))


def test_everybody_is_said_to_be_made_up_and_every_number_is_reserved_for_fiction():
    assert len(ROWS) > 10
    assert [row["name"] for row in ROWS if not row["name"].endswith("(made up)")] == []
    numbers = [row[name] for row in ROWS for name in ("telephone_1", "telephone_2") if row[name]]
    assert [number for number in numbers if not RESERVED.fullmatch(number)] == []
    assert len(set(numbers)) == len(numbers)
    assert "made up" in WISHES.words
    assert "made up" in WISHES.key_safe


@pytest.mark.slow
def test_town_has_call_lists_confirmed_but_for_two_and_one_residents_wishes_and_keeps_what_was_changed(tmp_path):
    folder = tmp_path / "centre"
    make_folder(folder)
    with open_centre(folder) as centre:
        run_import(centre, KINDS["sites"], Town().sites_csv.encode())
        fill_call_lists(centre)
        found = centre.keyholders()
        assert (found[0].contact.name, len(found)) == ("Ada Anchor (made up)", len(ROWS))
        dated = {row["name"] for row in ROWS if row["confirmed_on"]}
        old = {
            one.contact.name for one in found if one.row.confirmed_at < max(f.row.confirmed_at for f in found) - 1e13
        }
        assert (old, len(dated)) == (dated, 2)
        home = next(site.id for site in centre.sites() if site.row.name == HOME)
        assert centre.asked.call_lists.wishes_of(home) is not None
        lists = centre.asked.call_lists
        lists.remove(found[0].id, lists.keyholder(found[0].id).seq, "cli")
        fill_call_lists(centre)
        assert len(centre.keyholders()) == len(ROWS) - 1
