"""`tocsin doctor` finds what is really wrong, names it, and says what to do."""

import socket

import pytest
from structlog.testing import capture_logs

from support.centres import KEYED_CSV, SETTINGS, edit, held, make_folder, rows, secret_names, udp_taken
from support.certificates import Authority
from support.doctor import examine, wrong
from support.in_process import serving
from tocsin.centre.folder import FolderLock
from tocsin.cli import main
from tocsin.settings import load
from tocsin.system import SystemClock

HOUR_US = 3_600_000_000


@pytest.fixture
def folder(tmp_path):
    return make_folder(tmp_path / "centre").folder


def test_sound_centre_has_nothing_wrong(folder, capsys):
    status, findings = examine(folder, capsys, "--deep")
    assert (status, wrong(findings)) == (0, {})
    assert set(findings) == {
        "settings", "SQLite", "disk", "fsync", "open files", "clock", "centre", "port", "keys", "journal", "database",
    }  # fmt: skip
    assert findings["journal"] == [("ok", "1 entries, its tail is whole", "")]
    assert findings["database"] == [("ok", "looked through, sound", "")]
    assert findings["centre"] == [("ok", "not running", "")]
    assert not (folder / "doctor.probe").exists()


def test_running_centre_is_asked_and_not_disturbed(folder, capsys):
    with socket.create_server(("127.0.0.1", 0)) as free:
        mail = f"127.0.0.1:{free.getsockname()[1]}"
    (folder / "tocsin.toml").write_text(SETTINGS + f'[receivers.mail]\nlisten = "{mail}"\ndomain = "alarm.example"\n')
    with held(load(folder, {})) as centre:
        centre.add(KEYED_CSV)
    with capture_logs(), serving(load(folder, {})) as centre:
        status, findings = examine(folder, capsys)
        assert (status, wrong(findings)) == (0, {})
        assert findings["centre"] == [("ok", "running, 3 accounts, answers on its control socket", "")]
        assert not {"port", "keys", "journal"} & set(findings)
        assert findings["mail"][-1] == ("ok", f"{mail} takes mail", "")
        assert centre.get("/readyz").status == 200


def test_misspelt_setting_is_named_and_ends_the_visit(folder, capsys):
    (folder / "tocsin.toml").write_text("[web]\nlistn = '127.0.0.1:0'\n")
    status, findings = examine(folder, capsys)
    assert (status, list(findings)) == (1, ["settings"])
    ((state, found, remedy),) = findings["settings"]
    assert state == "wrong"
    assert "the nearest known one is web.listen" in found
    assert remedy == "Correct the file; the reference is docs/reference/settings.md"


def tcp_taken():
    blocker = socket.create_server(("127.0.0.1", 0))
    return blocker, f"127.0.0.1:{blocker.getsockname()[1]}"


@pytest.mark.parametrize(
    ("kind", "text", "says"),
    [
        (socket.SOCK_STREAM, "[web]\nlisten = '{0}'\n[receivers.dc09]\nlisten = []\n", "web.listen"),
        (socket.SOCK_STREAM, "[web]\nlisten = '127.0.0.1:0'\n[receivers.dc09]\nlisten = ['{0}']\n", "receivers.dc09"),
        (socket.SOCK_DGRAM, "[web]\nlisten = '127.0.0.1:0'\n[receivers.dc09]\nlisten = ['{0}']\n", "receivers.dc09"),
    ],
    ids=["web", "tcp", "udp"],
)
def test_port_in_use_is_named(folder, capsys, kind, text, says):
    blocker, address = udp_taken() if kind == socket.SOCK_DGRAM else tcp_taken()
    with blocker:
        (folder / "tocsin.toml").write_text(text.format(address))
        status, findings = examine(folder, capsys)
    assert status == 1
    ((found, remedy),) = wrong(findings)["port"]
    assert found.startswith(says)
    assert f"'{address}' cannot be opened: Address already in use" in found
    assert remedy == "End the program that has it, or set another"


@pytest.mark.parametrize("name", ["master.key", "keys.db"])
def test_secret_that_others_may_read_is_named(folder, capsys, name):
    (folder / name).chmod(0o644)
    status, findings = examine(folder, capsys)
    assert status == 1
    assert (f"{folder / name} can be read by others", f"chmod 600 {folder / name}") in wrong(findings)["keys"]


def replace(folder):
    """A centre that was restored over, with its keys, and one whose keys are gone."""
    for number in (1, 2):
        (folder / f"replaced-{number}").mkdir()
    (folder / "replaced-2" / "keys.db").write_bytes(b"keys")


def test_keys_of_a_centre_that_was_restored_over_are_named_with_what_to_do(folder, capsys):
    replace(folder)
    status, findings = examine(folder, capsys)
    ((state, found, remedy),) = findings["erasure"]
    assert (status, state) == (0, "look")
    assert found.startswith(f"{folder / 'replaced-2'} has a centre that was restored over")
    assert f"rm -r {folder / 'replaced-2'}. " in remedy


def test_each_start_warns_of_keys_of_a_centre_that_was_restored_over(folder):
    replace(folder)
    with capture_logs() as logs, serving(load(folder, {})):
        pass
    warned = [(line["log_level"], line["folder"]) for line in logs if line["event"] == "folder.replaced_keys"]
    assert warned == [("warning", str(folder / "replaced-2"))]


def test_wrong_master_key_is_named(folder, capsys):
    (folder / "master.key").write_text("ab" * 32)
    status, findings = examine(folder, capsys)
    assert status == 1
    assert "does not open keys.db" in wrong(findings)["journal"][0][0]


def test_keys_of_accounts_that_are_lost_are_named(folder, capsys):
    with held(load(folder, {})) as centre:
        centre.add(KEYED_CSV)
        centre.vault.secrets_delete(secret_names(folder))
    status, findings = examine(folder, capsys)
    assert (status, wrong(findings)) == (
        1,
        {
            "keys": [
                (
                    "the keys of 1 accounts are not in keys.db, so all their frames are refused: 2",
                    "Put the newest keys.db back, or import these accounts again with their keys",
                )
            ]
        },
    )


def test_broken_journal_is_named(folder, capsys):
    edit(folder / "tocsin.db", "UPDATE journal SET hash = zeroblob(32)")
    status, findings = examine(folder, capsys)
    assert status == 1
    assert "The journal is broken at seq 1" in wrong(findings)["journal"][0][0]


def test_damaged_database_is_found_by_the_deep_look_alone(folder, capsys):
    index = "SELECT rootpage FROM sqlite_master WHERE name = 'sqlite_autoindex_unknown_accounts_1'"
    ((page,),) = rows(folder / "tocsin.db", index)
    with (folder / "tocsin.db").open("r+b") as file:
        file.seek((page - 1) * 8192)
        file.write(bytes(8192))
    assert examine(folder, capsys)[0] == 0
    status, findings = examine(folder, capsys, "--deep")
    assert status == 1
    assert wrong(findings)["database"][0][1] == "Keep this folder as it is, and restore a backup"


def test_clock_behind_the_journal_is_looked_at_and_nothing_wrong(folder, capsys):
    class Ahead(SystemClock):
        """A clock that is an hour ahead."""

        def now_us(self):
            return super().now_us() + HOUR_US

    with held(load(folder, {}), clock=Ahead()) as centre:
        centre.add(b"account\n1\n")
    status, findings = examine(folder, capsys)
    assert (status, wrong(findings)) == (0, {})
    assert (
        "look",
        "the machine's clock is behind the journal's last entry",
        "Set the clock: until it has caught up, entries keep the time of the last one",
    ) in findings["clock"]


def test_folder_without_a_centre_is_named(tmp_path, capsys):
    (tmp_path / "tocsin.toml").write_text(SETTINGS)
    status, findings = examine(tmp_path, capsys)
    assert status == 1
    assert wrong(findings)["journal"][0][0].startswith(f"There is no centre in {tmp_path}")


def test_folder_that_cannot_be_written_is_named(tmp_path, capsys):
    (tmp_path / "tocsin.toml").write_text(SETTINGS)
    (tmp_path / "lock").mkdir()
    (tmp_path / "doctor.probe").mkdir()
    status, findings = examine(tmp_path, capsys)
    assert status == 1
    assert wrong(findings)["fsync"][0][0] == f"a file in {tmp_path} cannot be made durable: Is a directory"
    assert "cannot be written" in wrong(findings)["folder"][0][0]


def test_folder_held_by_something_that_does_not_answer_is_named(folder, capsys):
    with FolderLock(folder):
        status, findings = examine(folder, capsys)
    assert status == 1
    assert "nobody answers on its control socket" in wrong(findings)["centre"][0][0]


TLS = SETTINGS + '[receivers.dc09.tls]\nlisten = ["127.0.0.1:0"]\ncertificate = "server.pem"\nkey = "server.key"\n'


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (400, ("ok", "certificate and key fit, valid for 399 days", "")),
        (10, ("look", "the certificate ends in 9 days", "Put a new one in its place")),
        (-3, ("wrong", "the certificate ended 4 days ago", "Put a new one in its place")),
    ],
)
def test_certificate_that_ends_is_told_in_time(folder, capsys, days, expected):
    Authority(folder, "authority").give("server", "receiver", days=days)
    (folder / "tocsin.toml").write_text(TLS)
    status, findings = examine(folder, capsys)
    assert (status, findings["TLS"]) == (int(expected[0] == "wrong"), [expected])


def test_certificate_that_is_not_there_is_named(folder, capsys):
    (folder / "tocsin.toml").write_text(TLS)
    status, findings = examine(folder, capsys)
    assert status == 1
    assert "The certificate or key of receivers.dc09.tls cannot be used" in wrong(findings)["TLS"][0][0]


HTTPS = '[web]\nlisten = "127.0.0.1:0"\ncertificate = "server.pem"\nkey = "server.key"\n'


def test_certificate_of_the_console_is_looked_at_too(folder, capsys):
    authority = Authority(folder, "authority")
    for days, state in ((400, "ok"), (10, "look"), (-3, "wrong")):
        authority.give("server", "centre", days=days)
        (folder / "tocsin.toml").write_text(HTTPS)
        status, findings = examine(folder, capsys)
        assert (status, findings["HTTPS"][0][0]) == (int(state == "wrong"), state)
    (folder / "server.key").unlink()
    status, findings = examine(folder, capsys)
    assert "web.certificate or web.key cannot be used" in wrong(findings)["HTTPS"][0][0]


@pytest.mark.parametrize(
    ("web", "is_told"),
    [
        ('listen = "127.0.0.1:0"', False),
        ('listen = "localhost:0"', False),
        ('listen = "0.0.0.0:0"', True),
        ('listen = "0.0.0.0:0"\npublic_url = "http://alarms.example"', True),
        ('listen = "0.0.0.0:0"\npublic_url = "https://alarms.example"', False),
    ],
)
def test_console_that_others_reach_without_encryption_is_told(folder, capsys, web, is_told):
    (folder / "tocsin.toml").write_text(f"[web]\n{web}\n")
    _, findings = examine(folder, capsys)
    found = findings.get("HTTPS", [])
    assert [finding[0] for finding in found] == (["look"] if is_told else [])


def test_person_reads_one_line_a_finding_and_the_remedy_below_it(folder, capsys):
    (folder / "master.key").chmod(0o644)
    assert main(["doctor", "--dir", str(folder)]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert f"ok     settings    {folder / 'tocsin.toml'} is sound" in lines
    at = lines.index(f"wrong  keys        {folder / 'master.key'} can be read by others")
    assert lines[at + 1] == f"                   -> chmod 600 {folder / 'master.key'}"


def test_help_has_an_example(capsys):
    assert main(["doctor", "--help"]) == 0
    assert "Example: tocsin doctor --dir /srv/centre" in capsys.readouterr().out
