"""docs/how-to/back-up.md: its commands are carried out, section by section, at centres with people."""

import configparser
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from support.centres import HeldCentre
from support.people import OTHER_PASSWORD, PASSWORD
from support.server import SETTINGS, environment, make_centre
from support.web import make_access
from tocsin.centre.restore_aside import Mark, reach_of, write_mark
from tocsin.settings import load

PAGE = (Path(__file__).parents[2] / "docs" / "how-to" / "back-up.md").read_text(encoding="utf-8")
SECTIONS = dict(re.findall(r"^## (\d)\. [^\n]*\n(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL))
LEFT_OUT = ("systemctl",)
"""What there is no systemd for in a test; what its unit carries out is carried out below."""

ACCOUNTS = "account,name\n5512,Panel\n"
pytestmark = [pytest.mark.slow, pytest.mark.requires("linux")]


def commands_of(text: str) -> list[str]:
    text = re.sub(r"^ *```.*?^ *```", "", text, flags=re.MULTILINE | re.DOTALL)
    found = re.findall(r"^ {4,}(?![ *-])(\S.*)$", text, re.MULTILINE)
    return [line for line in found if not line.startswith(LEFT_OUT)]


class Place:
    """The paths of the page, below a folder of the test."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in ("backup/data", "backup/keys", "srv", "disk2", "disk3", "var/lib/tocsin"):
            (folder / name).mkdir(parents=True)
        self.centre = folder / "var/lib/tocsin/centre"
        self.file = ""
        """Name of the backup that is restored."""

    def path(self, text: str) -> str:
        """The text with our paths in place of the page's."""
        text = text.replace("/opt/tocsin/bin/", "").replace("centre-20261122T031500Z.tocsin", self.file)
        return re.sub(r"(?<![\w.])/(backup|srv|disk2|disk3|var/lib)/", rf"{self.folder}/\1/", text)

    def type(self, command: str, given: str = "") -> subprocess.CompletedProcess[str]:
        path = f"{Path(sys.executable).parent}:/usr/bin:/bin"
        done = subprocess.run(
            ["bash", "-c", f"set -o pipefail; {self.path(command)}"], cwd=self.folder, timeout=120,
            env=environment({"PATH": path}), input=given, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
        return done

    def make(self, settings: str = SETTINGS) -> None:
        """A centre where the page has it, with two persons, and its master key in a safe place."""
        make_centre(self.centre, ACCOUNTS, settings)
        self.change("Ana Lind", "administrator", PASSWORD)
        self.change("Bo Berg", "supervisor", PASSWORD)
        shutil.copy(self.centre / "master.key", self.folder / "master.key")

    def change(self, name: str, role: str, password: str) -> None:
        held = HeldCentre(load(self.centre, {}))
        access = make_access(held, load(self.centre, {}))
        access.set_password(access.set_user(name, [role], "cli"), password, "cli")
        held.close()

    def back_up(self) -> None:
        """As section 1 has it."""
        (command,) = [line for line in commands_of(SECTIONS["1"]) if line.startswith("tocsin backup")]
        self.type(command)
        (made,) = (self.folder / "backup/data").glob("*.tocsin")
        self.file = made.name


@pytest.fixture
def place(tmp_path):
    return Place(tmp_path)


def test_every_section_has_commands_and_the_page_no_others():
    assert [len(commands_of(SECTIONS[number])) for number in sorted(SECTIONS)] == [1, 0, 1, 4, 4, 8, 3]


def test_backup_trial_and_restore_do_what_the_page_promises(place):
    place.make()
    shutil.copy(place.centre / "heads.txt", place.folder / "heads-kept-elsewhere.txt")
    place.back_up()
    said = [place.type(command).stdout for number in "345" for command in commands_of(SECTIONS[number])]
    assert any("Whole: " in text for text in said)
    assert "/sign-in/" in said[-1]


def test_service_of_each_night_moves_the_keys_to_another_place_and_deletes_old_ones(place):
    place.make()
    (unit,) = re.findall(r"^```ini\n(\[Unit\].*?ExecStart=.*?)^```", SECTIONS["2"], re.MULTILINE | re.DOTALL)
    parser = configparser.ConfigParser(strict=False, interpolation=None, delimiters=("=",))
    parser.optionxform = str
    parser.read_string(unit)
    lines = re.findall(r"^ExecStart(?:Post)?=(.*)$", unit, re.MULTILINE)
    assert len(lines) == 3
    names = ("keys/centre-1.tocsin.keys", "data/centre-1.tocsin", "data/centre-1.tocsin.keys.0123abcd.part")
    old = [place.folder / "backup" / name for name in names]
    for path in old:
        path.write_text("old")
        subprocess.run(["touch", "-d", "2020-01-01", path], check=True)
    for line in lines:
        place.type(line)
    (keys,) = (place.folder / "backup/keys").iterdir()
    assert [path.name + ".keys" for path in (place.folder / "backup/data").iterdir()] == [keys.name]


def test_centre_with_database_and_heads_on_other_disks_is_restored_into_a_new_folder(place):
    database, heads = place.folder / "disk2/tocsin.db", place.folder / "disk3/heads.txt"
    far = f'\n[storage]\nurl = "sqlite:///{database}"\n\n[journal]\nheads = "{heads}"\n'
    place.make(SETTINGS + far)
    place.back_up()
    old_heads = heads.read_bytes()
    database.unlink()
    said = [place.type(command).stdout for command in commands_of(SECTIONS["6"])]
    assert "Whole: " in said[-1]
    assert database.exists()
    assert [path.name for path in sorted((place.folder / "srv/new").iterdir()) if path.suffix == ".db"] == ["keys.db"]
    assert heads.with_name("heads.txt.~1~").read_bytes() == old_heads


def test_restore_over_a_centre_carries_over_and_is_given_again_after_a_power_cut(place):
    place.make()
    place.back_up()
    place.change("Bo Berg", "supervisor", OTHER_PASSWORD)
    over, export, again = commands_of(SECTIONS["7"])
    said = place.type(over, f"{PASSWORD}\n\n{OTHER_PASSWORD}\n\n").stdout
    assert "1 passwords, PINs" in said
    assert "Bo Berg" in said
    place.type(export)
    exported = (place.folder / "after-the-backup.jsonl").read_text(encoding="utf-8")
    assert '"act":"restore.over"' in exported
    write_mark(place.centre, Mark(aside="replaced-1", reach=reach_of(place.centre / "replaced-1")))
    assert "Bo Berg" in place.type(again).stdout
