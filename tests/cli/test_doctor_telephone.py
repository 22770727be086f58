"""`tocsin doctor` on dialling by the telephone system: what would keep a desk from it, and what to do."""

import json

import pytest

from support.centres import make_folder
from tocsin.cli import main
from tocsin.cli.doctor_telephone import look_at_desks, look_at_telephone
from tocsin.model.rings import LineRow, StoredLine
from tocsin.settings import TelephoneOut
from tocsin.store.memory import MemoryStore

GOOD = "whsec_" + "QUJD" * 10
URL, LISTED = "http://127.0.0.1:9/dial", ("127.0.0.1:9",)


def look(folder, secret=GOOD, mode=0o600, **fields):
    file = folder / "pbx.secret"
    if secret is not None:
        file.write_text(f"{secret}\n")
        file.chmod(mode)
    plain = {"dial_url": URL, "secret_file": "pbx.secret", "internal": LISTED}
    return [(one.state, one.found) for one in look_at_telephone(folder, TelephoneOut(**(plain | fields)))]


def test_what_is_set_up_well_is_said_once_and_what_is_off_is_not_looked_at(tmp_path):
    assert look(tmp_path) == [("ok", "desks dial by the telephone system; address, secret and certificate are there")]
    assert look(tmp_path, dial_url=None) == []


@pytest.mark.parametrize(
    ("secret", "state", "says"),
    [
        (None, "wrong", "cannot be read: No such file"),
        ("", "wrong", "is no secret"),
        ("hunter2", "wrong", "is no secret"),
        ("whsec_QUJD", "wrong", "is no secret"),
        ("whsec_" + "QUJD" * 30, "wrong", "is no secret"),
    ],
)
def test_secret_that_signs_nothing_is_named_and_never_repeated(tmp_path, secret, state, says):
    (found,) = look(tmp_path, secret)
    assert (found[0], says in found[1]) == (state, True)
    assert "hunter2" not in found[1]


def test_secret_that_others_read_is_named(tmp_path):
    assert [state for state, found in look(tmp_path, mode=0o644) if "read by others" in found] == ["wrong"]


def test_address_that_nobody_listed_or_that_leads_nowhere_is_named(tmp_path):
    assert [one[0] for one in look(tmp_path, internal=())] == ["wrong"]
    assert [one[0] for one in look(tmp_path, dial_url="https://pbx.invalid/dial")] == ["look"]
    clear = look(tmp_path, dial_url="http://192.0.2.7:80/dial", internal=("192.0.2.7:80",))
    assert [(state, "in clear" in found) for state, found in clear] == [("look", True)]


def test_certificate_that_is_none_is_named(tmp_path):
    (tmp_path / "ca.pem").write_text("no certificate")
    for name in ("ca.pem", "gone.pem"):
        assert [one[0] for one in look(tmp_path, authority=name)] == ["wrong"]


def test_desks_without_telephones_and_a_telephone_system_that_tells_nothing_are_named():
    store, on = MemoryStore(), TelephoneOut(dial_url=URL, secret_file="x")
    assert [one.state for one in look_at_desks(TelephoneOut(), store)] == []
    assert ["no desk" in one.found for one in look_at_desks(on, store)] == [True, False]
    with store.transaction() as transaction:
        row = LineRow(desk="desk-1", exact=None, number="1001", removed=False, site_id=None)
        transaction.put_lines([StoredLine("line-1", row, 1)])
    assert ["tells of calls" in one.found for one in look_at_desks(on, store)] == [True]
    store.close()


def test_the_command_looks_at_it(tmp_path, capsys):
    folder = make_folder(tmp_path / "centre").folder
    (folder / "tocsin.toml").write_text(f'[telephone]\ndial_url = "{URL}"\nsecret_file = "gone"\n')
    assert main(["doctor", "--dir", str(folder), "--json"]) == 1
    found = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    told = [(one["what"], one["state"]) for one in found if one["what"] == "telephone"]
    assert told == [("telephone", "wrong"), ("telephone", "wrong"), ("telephone", "look"), ("telephone", "look")]
