"""docs/reference/folder.md names every file that a centre's folder gets, and says who may read it."""

import re
import stat
from pathlib import Path

from tocsin.centre import folder

PAGE = (Path(__file__).parents[2] / "docs" / "reference" / "folder.md").read_text(encoding="utf-8")
LISTED = re.findall(r"^\| `([^`]+)` \|", PAGE, re.MULTILINE)


def test_every_file_of_a_centre_at_work_is_on_the_page(tutorial):
    assert {"tocsin.db", "tocsin.db-wal", "control.sock", "reserve"} <= set(tutorial.served)
    stopped = {path.name for path in (tutorial.place / "centre").iterdir()}
    assert (set(tutorial.served) | stopped) - set(LISTED) == set()


def test_every_name_that_the_program_gives_a_file_is_on_the_page():
    names = {value for name, value in vars(folder).items() if name.isupper() and isinstance(value, str)}
    assert names - set(LISTED) == set()


def test_no_file_of_a_centre_can_be_read_by_others(tutorial):
    centre = tutorial.place / "centre"
    assert stat.S_IMODE(centre.stat().st_mode) == 0o700
    open_ = [path.name for path in centre.iterdir() if stat.S_IMODE(path.stat().st_mode) & 0o077]
    assert open_ == []
