"""`tocsin user` as a person meets it: the same words and the same answers, whether the centre runs or not."""

import contextlib
import io
import json
import re

import msgspec
import pytest

from support.centres import make_folder, rows
from support.in_process import serving
from support.people import OTHER_PASSWORD, PASSWORD
from tocsin.cli import main
from tocsin.settings import load
from tocsin.store.sqlite import SqliteStore

LINK = re.compile(r"http://127\.0\.0\.1:(\d+)/sign-in/[A-Za-z0-9_-]{43}\n")


@pytest.fixture
def folder(tmp_path):
    return make_folder(tmp_path / "centre").folder


@pytest.fixture(params=["runs", "does not run"])
def at(request, folder):
    """The folder of a centre that runs, or does not."""
    with serving(load(folder, {})) if request.param == "runs" else contextlib.nullcontext():
        yield folder


@pytest.fixture
def run(capsys, monkeypatch):
    """Exit status, standard output and standard error of a command; `typed` is what comes on standard input."""

    def command(*words, at, typed=""):
        capsys.readouterr()
        monkeypatch.setattr("sys.stdin", io.StringIO(typed))
        status = main([*map(str, words), "--dir", str(at)])
        said = capsys.readouterr()
        return status, said.out, said.err

    return command


def facts(folder, *kinds):
    store = SqliteStore(folder / "tocsin.db")
    try:
        entries = [msgspec.json.decode(stored.row.entry) for stored in store.entries(0, 1000)]
    finally:
        store.close()
    return [(entry["kind"], entry["actor"], entry["body"]) for entry in entries if entry["kind"].startswith(kinds)]


def listed(run, at):
    return [json.loads(line) for line in run("user", "list", "--json", at=at)[1].splitlines()]


def test_user_is_made_listed_given_roles_renamed_and_removed(run, at):
    status, out, err = run("user", "add", "Ana Horvat", "--role", "operator", "--role", "auditor", at=at)
    assert (status, re.sub(r"user-\d+", "user-N", out)) == (
        0,
        "user-N  Ana Horvat  (auditor, operator)  links only  0 sessions\n",
    )
    assert 'tocsin user link "Ana Horvat"' in err
    id_ = out.split()[0]
    assert run("user", "add", "Bo Larsen", at=at)[0] == 0
    assert [(one["name"], one["roles"]) for one in listed(run, at)] == [
        ("Ana Horvat", ["auditor", "operator"]),
        ("Bo Larsen", ["operator"]),
    ]
    assert "(supervisor)" in run("user", "roles", "ana  HORVAT", "--role", "supervisor", at=at)[1]
    assert "Ana Moreau" in run("user", "rename", id_, "Ana Moreau", at=at)[1]
    assert run("user", "remove", "Ana Moreau", "--yes", at=at)[1] == f"Removed {id_}. No session was open.\n"
    assert [one["name"] for one in listed(run, at)] == ["Bo Larsen"]
    assert [(actor, body["removed"]) for _, actor, body in facts(at, "user.set")] == [
        *[("cli", False)] * 4,
        ("cli", True),
    ]


@pytest.mark.parametrize(
    ("words", "status", "code"),
    [
        (["add", "ANA horvat"], 1, "access.name_taken"),
        (["add", "\x07"], 1, "access.name"),
        (["add", "Bo", "--role", "king"], 1, "access.roles"),
        (["roles", "Ana Horvat"], 1, "access.roles"),
        (["roles", "Ana Horvat", "--role", "operator"], 1, "access.last_administrator"),
        (["remove", "Ana Horvat", "--yes"], 1, "access.last_administrator"),
        (["remove", "Ana Horvat"], 2, "usage.yes"),
        (["remove", "Nobody", "--yes"], 1, "user.unknown"),
        (["rename", "Nobody", "Bo"], 1, "user.unknown"),
        (["link", "Nobody"], 1, "user.unknown"),
        (["password", "Nobody"], 1, "user.unknown"),
        (["sessions", "Nobody"], 1, "user.unknown"),
        (["sign-out", "Nobody"], 1, "user.unknown"),
        (["sign-out", "Ana Horvat", "--session", "session-9"], 1, "access.no_session"),
        (["grant", "Ana Horvat", "site-9"], 1, "access.grant"),
        (["reset", "Nobody"], 1, "user.unknown"),
    ],
)
def test_what_cannot_be_done_is_said_and_changes_nothing(run, folder, words, status, code):
    assert run("user", "add", "Ana Horvat", "--role", "administrator", at=folder)[0] == 0
    before = facts(folder, "")
    found, out, err = run("user", *words, at=folder, typed=f"{PASSWORD}\n")
    assert (found, out) == (status, "")
    assert err.endswith(f"[{code}]\n")
    assert facts(folder, "") == before


def test_same_is_said_by_a_centre_that_runs(run, at):
    run("user", "add", "Ana Horvat", "--role", "administrator", at=at)
    for words, code in (
        (["add", "ana horvat"], "access.name_taken"),
        (["roles", "Ana Horvat", "--role", "operator"], "access.last_administrator"),
        (["sign-out", "Nobody"], "user.unknown"),
        (["password", "Ana Horvat"], "access.password_length"),
    ):
        status, out, err = run("user", *words, at=at, typed="short\n")
        assert (status, out, err.endswith(f"[{code}]\n")) == (1, "", True)


def test_password_comes_from_standard_input_and_stands_in_no_word_of_the_command(run, at):
    run("user", "add", "Ana Horvat", at=at)
    status, out, err = run("user", "password", "Ana Horvat", at=at, typed=f"{PASSWORD}\n")
    assert (status, re.sub(r"user-\d+", "user-N", out)) == (
        0,
        "Set the password of user-N. No session was open.\n",
    )
    assert PASSWORD not in out + err
    [item] = listed(run, at)
    assert item["credentials"]["password"] is not None
    assert item["credentials"]["totp"] is None
    for path in at.iterdir():
        if path.is_file():
            assert PASSWORD.encode() not in path.read_bytes(), path
    status, _, err = run("user", "password", "Ana Horvat", at=at, typed="Ana Horvat 2026!\n")
    assert (status, err.endswith("[access.password_weak]\n")) == (1, True)


def test_password_that_was_set_opens_the_running_centre_and_a_new_one_signs_everybody_out(run, folder):
    with serving(load(folder, {})) as centre:
        access = centre.service._access
        run("user", "add", "Ana Horvat", at=folder)
        run("user", "password", "Ana Horvat", at=folder, typed=PASSWORD)
        secret, session = access.sign_in_with_password("ana horvat", PASSWORD, None, "192.0.2.7")
        _, out, _ = run("user", "sessions", at=folder)
        assert out.startswith(f"{session.id}  Ana Horvat ({session.user})  by password  since ")
        assert json.loads(run("user", "sessions", "Ana Horvat", "--json", at=folder)[1])["id"] == session.id
        _, out, _ = run("user", "password", "Ana Horvat", at=folder, typed=f"{OTHER_PASSWORD}\r\n")
        assert out == f"Set the password of {session.user}. 1 session ended.\n"
        assert access.session(secret) is None
        assert access.sign_in_with_password("ana horvat", OTHER_PASSWORD, None, "192.0.2.7")


def test_session_is_ended_alone_or_with_all_others(run, folder):
    with serving(load(folder, {})) as centre:
        access = centre.service._access
        run("user", "add", "Ana Horvat", at=folder)
        user = access.find("Ana Horvat")
        secrets = [access.sign_in(access.create_link(user, "cli").secret) for _ in range(3)]
        one = secrets[0][1].id
        _, out, _ = run("user", "sign-out", "Ana Horvat", "--session", one, at=folder)
        assert out == f"{user}: 1 session ended.\n"
        assert [access.session(secret) is not None for secret, _ in secrets] == [False, True, True]
        assert run("user", "sign-out", user, at=folder)[1] == f"{user}: 2 sessions ended.\n"
        assert run("user", "sign-out", user, at=folder)[1] == f"{user}: No session was open.\n"
        assert run("user", "sessions", at=folder)[1] == "No session is open.\n"


def test_link_is_for_somebody_who_is_there_and_changes_no_role(run, at):
    run("user", "add", "Ana Horvat", "--role", "auditor", at=at)
    for name in ("ana horvat", listed(run, at)[0]["id"]):
        status, out, _ = run("user", "link", name, at=at)
        assert (status, LINK.fullmatch(out) is not None or out.startswith("/sign-in/")) == (0, True)
    assert [one["roles"] for one in listed(run, at)] == [["auditor"]]
    assert len(facts(at, "link.created")) == 2


def test_grant_is_given_listed_and_taken_back(run, at, tmp_path):
    table = tmp_path / "accounts.csv"
    table.write_text("account,site\n5512,North Pier\n", encoding="utf-8")
    assert run("import", "accounts", table, at=at)[0] == 0
    site = rows(at / "tocsin.db", "SELECT id FROM sites")[0][0]
    run("user", "add", "Ana Horvat", "--role", "site-contact", at=at)
    assert run("user", "grant", "Ana Horvat", site, at=at)[1].endswith(f"  0 sessions  sees {site}\n")
    assert listed(run, at)[0]["grants"] == [site]
    run("user", "grant", "Ana Horvat", site, "--take-back", at=at)
    assert listed(run, at)[0]["grants"] == []


def test_reset_takes_authenticator_recovery_codes_and_pin_and_leaves_the_password(run, folder):
    with serving(load(folder, {})) as centre:
        access = centre.service._access
        run("user", "add", "Ana Horvat", at=folder)
        run("user", "password", "Ana Horvat", at=folder, typed=PASSWORD)
        user = access.find("Ana Horvat")
        import pyotp

        access.confirm_totp(user, pyotp.TOTP(access.begin_totp(user).secret).now())
        access.set_pin(user, "280619")
        assert "password, authenticator, PIN, 10 recovery codes" in run("user", "list", at=folder)[1]
        assert "  password  0 sessions\n" in run("user", "reset", "Ana Horvat", at=folder)[1]
        assert access.sign_in_with_password("Ana Horvat", PASSWORD, None, "192.0.2.7")


def test_empty_centre_says_that_there_is_nobody(run, at):
    assert run("user", "list", at=at)[1] == "There are no users.\n"
    assert run("user", "list", "--json", at=at)[1] == ""
    assert run("user", "sessions", at=at)[1] == "No session is open.\n"
