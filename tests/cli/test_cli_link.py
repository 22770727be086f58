"""`tocsin link`, `tocsin token` and the first user of `tocsin init`, as a person meets them; the centre runs or not."""

import http.client
import json
import re

import msgspec
import pytest

from support.centres import make_folder, rows
from support.in_process import serving
from tocsin.cli import main
from tocsin.settings import load
from tocsin.store.sqlite import SqliteStore

LINK = re.compile(r"http://127\.0\.0\.1:(\d+)/sign-in/([A-Za-z0-9_-]{43})\n")
PATH = re.compile(r"/sign-in/([A-Za-z0-9_-]{43})\n")
TOKEN = re.compile(r"tcn_[A-Za-z0-9_-]{43}\n")


@pytest.fixture
def folder(tmp_path):
    return make_folder(tmp_path / "centre").folder


def entries(folder):
    store = SqliteStore(folder / "tocsin.db")
    try:
        return [msgspec.json.decode(stored.row.entry) for stored in store.entries(0, 1000)]
    finally:
        store.close()


def facts(folder, kind):
    return [(entry["actor"], entry["body"]) for entry in entries(folder) if entry["kind"] == kind]


def run(capsys, *words):
    """Exit status, standard output and standard error of a command, without what a centre logged before it."""
    capsys.readouterr()
    status = main([str(word) for word in words])
    said = capsys.readouterr()
    return status, said.out, said.err


def press(address, path):
    """Use a link up; return the status."""
    connection = http.client.HTTPConnection(*address, timeout=10)
    try:
        connection.request("POST", path)
        return connection.getresponse().status
    finally:
        connection.close()


# init ----------------------------------------------------------------------------------------------------------------


def test_init_with_a_name_makes_administrator_and_supervisor_and_prints_a_link(tmp_path, capsys):
    folder = tmp_path / "centre"
    status, out, _ = run(capsys, "init", folder, "--admin", "  Ana   Horvat ")
    assert status == 0
    assert "Sign-in link for Ana Horvat; it works once, within 24 hours, while the centre runs:\n" in out
    assert re.search(r"^  http://127\.0\.0\.1:8400/sign-in/[A-Za-z0-9_-]{43}$", out, re.MULTILINE)
    [(actor, body)] = facts(folder, "user.set")
    assert (actor, body["roles"]) == ("cli", ["administrator", "supervisor"])
    [(_, body)] = facts(folder, "link.created")
    assert body["expires_at"] - entries(folder)[-1]["at"] == pytest.approx(86_400_000_000, abs=5_000_000)
    assert run(capsys, "journal", "verify", "--dir", folder)[0] == 0


def test_init_without_a_name_makes_nobody(tmp_path, capsys):
    folder = tmp_path / "centre"
    status, out, _ = run(capsys, "init", folder)
    assert (status, "link" in out) == (0, False)
    assert facts(folder, "user.set") == []


def test_init_with_a_name_that_is_none_makes_no_centre(tmp_path, capsys):
    folder = tmp_path / "centre"
    status, _, err = run(capsys, "init", folder, "--admin", " ")
    assert (status, folder.exists()) == (1, False)
    assert err.endswith("[access.name]\n")


# link ----------------------------------------------------------------------------------------------------------------


def test_link_for_somebody_new_goes_alone_to_standard_output(folder, capsys):
    status, out, err = run(capsys, "link", "Bo Novak", "--role", "supervisor", "--role", "auditor", "--dir", folder)
    assert status == 0
    assert PATH.fullmatch(out)  # the test's centre has a port that is not known before it runs
    assert err == (
        "A new user, auditor, supervisor. The link works once, within 15 minutes, while the centre runs:\n"
        "Put the centre's address before it, which `tocsin serve` prints at its start.\n"
    )
    assert run(capsys, "link", "--list", "--dir", folder)[1] == "user-2  Bo Novak  (auditor, supervisor)\n"


def test_somebody_new_without_a_role_is_operator_and_a_known_one_keeps_the_roles(folder, capsys):
    for _ in range(2):
        assert run(capsys, "link", "Ana", "--dir", folder)[0] == 0
    assert run(capsys, "link", "ana", "--role", "auditor", "--dir", folder)[0] == 0
    assert run(capsys, "link", "ANA", "--dir", folder)[0] == 0
    assert [body["roles"] for _, body in facts(folder, "user.set")] == [["operator"], ["auditor"]]
    assert len(facts(folder, "link.created")) == 4


def test_name_is_not_needed_where_there_is_only_one_user(folder, capsys):
    run(capsys, "link", "Ana", "--dir", folder)
    assert run(capsys, "link", "--dir", folder)[0] == 0
    run(capsys, "link", "Bo", "--dir", folder)
    status, out, err = run(capsys, "link", "--dir", folder)
    assert (status, out) == (2, "")
    assert err.startswith("There are 2 users, and none was named.")
    assert err.endswith("[usage.user]\n")


def test_role_that_does_not_exist_is_refused(folder, capsys):
    status, out, err = run(capsys, "link", "Ana", "--role", "king", "--dir", folder)
    assert (status, out) == (1, "")
    assert err.endswith("[access.roles]\n")
    assert facts(folder, "user.set") == []


def test_link_as_json_has_what_a_program_needs(folder, capsys):
    status, out, err = run(capsys, "link", "Ana", "--dir", folder, "--json")
    found = json.loads(out)
    assert (status, err) == (0, "")
    assert (found["user"], found["is_new"], found["roles"], found["url"]) == ("user-2", True, ["operator"], None)
    assert PATH.fullmatch(found["path"] + "\n")
    assert set(found) == {"user", "is_new", "roles", "expires_at", "url", "path"}


@pytest.mark.parametrize(
    ("toml", "url"),
    [
        ('[web]\nlisten = "127.0.0.1:8400"\n', "http://127.0.0.1:8400"),
        ('[web]\nlisten = "0.0.0.0:8400"\n', "http://127.0.0.1:8400"),
        ('[web]\nlisten = "[::]:8400"\n', "http://[::1]:8400"),
        ('[web]\nlisten = "192.0.2.7:80"\n', "http://192.0.2.7:80"),
        ('[web]\nlisten = "127.0.0.1:0"\npublic_url = "https://alarms.example/"\n', "https://alarms.example"),
        ('[web]\nlisten = "127.0.0.1:8443"\ncertificate = "c.pem"\nkey = "k.pem"\n', "https://127.0.0.1:8443"),
    ],
)
def test_link_has_the_address_of_the_settings(tmp_path, capsys, toml, url):
    folder = make_folder(tmp_path / "centre", toml=toml).folder
    assert run(capsys, "link", "Ana", "--dir", folder)[1].startswith(f"{url}/sign-in/")


def test_link_of_a_running_centre_has_its_address_and_lets_in_once(folder, capsys, tmp_path):
    with serving(load(folder, {})) as centre:
        status, out, _ = run(capsys, "link", "Ana", "--dir", folder)
        found = LINK.fullmatch(out)
        assert (status, int(found[1])) == (0, centre.service.web_address[1])
        path = f"/sign-in/{found[2]}"
        assert press(centre.service.web_address, path) == 303
        assert press(centre.service.web_address, path) == 410
        assert run(capsys, "link", "--list", "--dir", folder, "--json")[1] == (
            json.dumps({"id": "user-3", "name": "Ana", "roles": ["operator"]}) + "\n"
        )


def test_link_made_before_the_start_is_good_after_it(folder, capsys):
    path = PATH.fullmatch(run(capsys, "link", "Ana", "--dir", folder)[1])
    with serving(load(folder, {})) as centre:
        assert press(centre.service.web_address, f"/sign-in/{path[1]}") == 303


def test_folder_without_a_centre_is_said_so(tmp_path, capsys):
    (tmp_path / "tocsin.toml").write_text("")
    for words in (("link", "Ana"), ("token", "list"), ("token", "create", "--scope", "read")):
        status, _, err = run(capsys, *words, "--dir", tmp_path)
        assert status == 1
        assert err.endswith("[folder.no_centre]\n")


# token ---------------------------------------------------------------------------------------------------------------


def ask(address, path, token):
    connection = http.client.HTTPConnection(*address, timeout=10)
    try:
        connection.request("GET", path, headers={"authorization": f"Bearer {token}"})
        return connection.getresponse().status
    finally:
        connection.close()


def test_token_goes_alone_to_standard_output_and_is_kept_nowhere(folder, capsys):
    status, out, err = run(capsys, "token", "create", "--scope", "read", "--scope", "handle", "--dir", folder)
    assert (status, bool(TOKEN.fullmatch(out))) == (0, True)
    assert re.fullmatch(r"token-2, until \d{4}-\d\d-\d\d \d\d:\d\d UTC\. It is shown this once:\n", err)
    assert [body["scopes"] for _, body in facts(folder, "token.created")] == [["handle", "read"]]
    secret = out.strip().encode()
    assert [file.name for file in folder.iterdir() if secret in file.read_bytes()] == []
    listed = run(capsys, "token", "list", "--dir", folder)[1]
    assert re.fullmatch(r"token-2  alive  handle,read  until .* UTC  never used\n", listed)


def test_token_of_a_running_centre_opens_its_scope_until_it_is_revoked(folder, capsys):
    with serving(load(folder, {})) as centre:
        address = centre.service.web_address
        token = run(capsys, "token", "create", "--scope", "read", "--days", "1", "--dir", folder)[1].strip()
        assert ask(address, "/api/v1/catalogue", token) == 200
        assert ask(address, "/api/v1/users", token) == 403
        [item] = [json.loads(line) for line in run(capsys, "token", "list", "--dir", folder, "--json")[1].splitlines()]
        assert (item["state"], item["scopes"], item["used_at"] is not None) == ("alive", ["read"], True)
        assert run(capsys, "token", "revoke", item["id"], "--dir", folder)[1] == f"Revoked {item['id']}.\n"
        assert ask(address, "/api/v1/catalogue", token) == 401
        status, _, err = run(capsys, "token", "revoke", item["id"], "--dir", folder)
        assert (status, err.endswith("[token.unknown]\n")) == (1, True)


def test_token_that_sends_for_no_source_yet_is_told_where_to_bind_it(folder, capsys):
    _, out, err = run(capsys, "token", "create", "--scope", "intake", "--dir", folder)
    assert TOKEN.fullmatch(out)
    assert "bind it to one on the page of sources" in err


@pytest.mark.parametrize(
    ("words", "code"),
    [(["--scope", "all"], "usage.scope"), (["--scope", "read", "--days", "0"], "usage.days"), ([], None)],
)
def test_token_that_cannot_be_is_wrong_use(folder, capsys, words, code):
    status, out, err = run(capsys, "token", "create", *words, "--dir", folder)
    assert (status, out) == (2, "")
    assert code is None or err.endswith(f"[{code}]\n")
    assert facts(folder, "token.created") == []


def test_last_use_is_on_the_disk_when_the_centre_has_ended(folder, capsys):
    with serving(load(folder, {})) as centre:
        token = run(capsys, "token", "create", "--scope", "read", "--dir", folder)[1].strip()
        assert ask(centre.service.web_address, "/api/v1/catalogue", token) == 200
    assert [used is not None for (used,) in rows(folder / "tocsin.db", "SELECT used_at FROM access")] == [True]
    assert " used 20" in run(capsys, "token", "list", "--dir", folder)[1]


def test_export_of_the_journal_names_nobody_and_holds_no_secret(folder, capsys):
    run(capsys, "link", "Ana Horvat", "--dir", folder)
    token = run(capsys, "token", "create", "--scope", "read", "--dir", folder)[1].strip()
    out = run(capsys, "journal", "export", "--dir", folder)[1]
    assert out.count("\n") == 4
    assert "Ana" not in out
    assert token not in out
