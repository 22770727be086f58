"""A centre at work: started and ended in order, whole over real sockets."""

import json
import socket
import threading

import pytest
from structlog.testing import capture_logs

from support.centres import KEY, KEYED_CSV, edit, held, make_folder, rows, secret_names, udp_taken
from support.fakes import ManualClock
from support.in_process import InProcess, frame, serving, wait_for
from tocsin.centre.folder import CONTROL, LAST_SEEN, FolderLock
from tocsin.centre.last_seen import read as read_last_seen
from tocsin.centre.tables import KINDS, plan_table
from tocsin.intake.listening import bind, bind_pair
from tocsin.journal.heads import read_heads
from tocsin.journal.notes import Note
from tocsin.model.errors import BadInput

pytestmark = pytest.mark.slow  # whole processes, or long lists: not for `make quick`

DC09 = '[web]\nlisten = "127.0.0.1:0"\n\n[receivers.dc09]\nlisten = '


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "centre"


def filled(folder, **options):
    """A centre with accounts 1 and 3 in clear and 2 with a key."""
    settings = make_folder(folder, **options)
    with held(settings, clock=options.get("clock")) as centre:
        centre.add(KEYED_CSV)
    return settings


def facts(folder):
    """Kind and body of every fact, in order."""
    found = rows(folder / "tocsin.db", "SELECT kind, entry FROM journal ORDER BY seq")
    return [(kind, json.loads(entry)["body"]) for kind, entry in found]


def kinds(folder):
    return [kind for kind, _ in facts(folder)]


# At work -------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    with serving(filled(tmp_path_factory.mktemp("service") / "centre")) as made:
        yield made


def test_process_answers_and_is_ready(running):
    assert running.get("/healthz")[:] == (200, "text/plain; charset=utf-8", "ok\n")
    assert running.get("/readyz").json == {"ready": True, "missing": []}
    problem = running.get("/api/v1/incidents")
    assert (problem.status, problem.type) == (401, "application/problem+json")
    assert problem.json["code"] == "access.not_signed_in"
    assert running.get("/nowhere").json["code"] == "http.404"


@pytest.mark.parametrize("way", ["tcp", "udp"])
def test_every_frame_is_counted_by_what_became_of_it(running, way):
    before = running.metrics()
    start = 100 if way == "tcp" else 200
    spoilt = bytearray(frame("1", 1))
    spoilt[-3] ^= 1
    sent = [
        ("stored", frame("1", start), ["ACK"], None),
        ("repeated", frame("1", start), ["ACK"], None),
        ("poll", frame("1", start, token="NULL", data=None), ["ACK"], None),
        ("stored", frame("2", start, key=KEY), ["ACK"], KEY),
        ("stored", frame("77", start), ["ACK"], None),  # unknown: stored all the same
        ("stored", frame("1", start + 1, data="#2|NBA01"), ["ACK"], None),  # disputed
        ("downgrade", frame("2", start + 2), [], None),
        ("decrypt", frame("2", start + 3, key=bytes(16)), [], None),
        ("time", frame("2", start + 4, key=KEY, at=1_700_000_000_000_000), ["NAK"], KEY),
        ("payload", frame("1", start + 5, data="#1|"), ["DUH"], None),
        ("crc", bytes(spoilt), [], None),
    ]
    for what, data, expected, key in sent:
        assert (what, running.send(data, way=way, key=key, answers=len(expected))) == (what, expected)
    after = running.metrics()
    grown = {name: after[name] - before.get(name, 0) for name in after if after[name] != before.get(name, 0)}
    grown = {name: value for name, value in grown.items() if "frames" in name or "signals_" in name}
    assert grown == {
        'tocsin_frames_total{result="stored"}': 4,
        'tocsin_frames_total{result="repeated"}': 1,
        'tocsin_frames_total{result="poll"}': 1,
        'tocsin_frames_refused_total{outcome="discarded",reason="downgrade"}': 1,
        'tocsin_frames_refused_total{outcome="discarded",reason="decrypt"}': 1,
        'tocsin_frames_refused_total{outcome="refused",reason="time"}': 1,
        'tocsin_frames_refused_total{outcome="refused",reason="payload"}': 1,
        'tocsin_frames_refused_total{outcome="discarded",reason="crc"}': 1,
        "tocsin_signals_disputed_total": 1,
        "tocsin_signals_unknown_total": 1,
    }
    assert after["tocsin_acknowledgement_seconds_count"] - before["tocsin_acknowledgement_seconds_count"] == 5


def test_account_imported_while_it_runs_is_judged_by_from_then_on(running):
    assert running.send(frame("88", 1), key=None) == ["ACK"]
    wait_for(lambda: any(row.account == "88" for row in running.remote.unknown_accounts()))
    accounts = running.remote.accounts()
    plan = plan_table(KINDS["accounts"], running.remote, b"account,key\n88," + KEY.hex().encode())
    result = running.remote.import_table(plan, running.remote.config())
    assert (result.new, running.metrics()["tocsin_accounts"]) == (1, len(accounts) + 1)
    assert running.send(frame("88", 2), answers=0) == []
    assert running.send(frame("88", 3, key=KEY), key=KEY) == ["ACK"]
    assert not any(row.account == "88" for row in running.remote.unknown_accounts())


def test_command_gets_a_head_signed_for_all_that_is_stored(running):
    running.send(frame("1", 300))
    wait_for(lambda: running.metrics()["tocsin_core_waiting"] == 0)
    seq = running.remote.sign_head()
    assert running.metrics()["tocsin_journal_signed_seq"] == seq
    newest = [item for item in read_heads(running.settings.heads_path) if isinstance(item, Note)][-1]
    assert newest.size == seq == len(facts(running.settings.folder))


def test_log_names_no_address_and_no_key(running):
    with capture_logs() as logs:
        running.send(frame("2", 400, key=KEY), key=KEY)
        running.send(frame("2", 401), answers=0)
    text = repr(logs)
    assert "127.0.0.1" not in text
    assert KEY.hex() not in text.lower()


# Start and end -------------------------------------------------------------------------------------------------------


def test_end_is_the_last_fact_and_signed_and_last_seen_is_kept(folder):
    settings = filled(folder)
    with serving(settings) as centre:
        centre.send(frame("1", 1))
        centre.send(frame("2", 1, key=KEY), key=KEY, way="udp")
    found = kinds(folder)[-8:]
    # When an incident follows its signal is a matter of microseconds; that all of it comes before the end is not.
    assert (found[0], found[-1]) == ("centre.started", "centre.stopped")
    assert sorted(found[1:-1]) == [*["incident.opened"] * 2, *["signal"] * 2, *["timer.set"] * 2]
    newest = [item for item in read_heads(settings.heads_path) if isinstance(item, Note)][-1]
    assert newest.size == len(kinds(folder))
    seen = read_last_seen((folder / LAST_SEEN).read_bytes())
    ways = [seen.routes[route].transport for route in seen.route]
    assert list(zip(seen.account, ways, strict=True)) == [(2, "tcp"), (3, "udp")]
    assert not (folder / CONTROL).exists()
    with FolderLock(folder):
        pass
    with serving(settings):
        pass
    again = read_last_seen((folder / LAST_SEEN).read_bytes())
    assert (again.account, again.digest, again.saved_at > seen.saved_at) == (seen.account, seen.digest, True)
    assert list(again.heard_at) == pytest.approx(list(seen.heard_at), abs=100_000)


def test_broken_last_seen_file_keeps_nothing_from_starting(folder):
    settings = make_folder(folder)
    (folder / LAST_SEEN).write_bytes(b'{"v":')
    with serving(settings) as centre, capture_logs():
        assert centre.get("/readyz").status == 200


def test_second_process_is_refused_while_it_runs(running):
    with pytest.raises(Exception, match=r"is in use by process \d+.*folder\.in_use"):
        InProcess(running.settings).start()
    assert running.remote.config() >= 1


def taken(kind):
    if kind == socket.SOCK_DGRAM:
        return udp_taken()
    made = socket.socket(socket.AF_INET, kind)
    made.bind(("127.0.0.1", 0))
    made.listen()
    return made, f"127.0.0.1:{made.getsockname()[1]}"


@pytest.mark.parametrize(
    ("kind", "section", "setting"),
    [
        (socket.SOCK_STREAM, "web]\nlisten = '{}'", "web.listen"),
        (socket.SOCK_STREAM, "receivers.dc09]\nlisten = ['127.0.0.1:0', '{}']", "receivers.dc09.listen"),
        (socket.SOCK_DGRAM, "receivers.dc09]\nlisten = ['{}']", "receivers.dc09.listen"),
    ],
    ids=["web", "tcp", "udp"],
)
def test_port_in_use_is_one_sentence_and_nothing_is_left_running(folder, kind, section, setting):
    blocker, address = taken(kind)
    text = "[" + section.format(address) + "\n"
    text += '[receivers.dc09]\nlisten = ["127.0.0.1:0"]\n' if "web" in setting else '[web]\nlisten = "127.0.0.1:0"\n'
    threads = set(threading.enumerate())
    with blocker, pytest.raises(BadInput) as refused:
        InProcess(make_folder(folder, toml=text)).start()
    assert str(refused.value) == (
        f"{setting} = '{address}' cannot be opened: Address already in use. Nothing was started. End the program that "
        "has the port (perhaps another centre), or set another port [settings.port]"
    )
    assert not (folder / CONTROL).exists()
    with FolderLock(folder):
        pass
    assert {thread.name for thread in set(threading.enumerate()) - threads} == set()
    assert kinds(folder)[-1] == "centre.created", "the journal says nothing of a start that was none"


def test_address_of_another_machine_is_one_sentence(folder):
    settings = make_folder(folder, toml=DC09 + '["no-such-host.invalid:10000"]\n')
    with pytest.raises(
        BadInput, match=r"receivers\.dc09\.listen = .* is no address of this machine.*settings\.address"
    ):
        InProcess(settings).start()


def test_two_addresses_are_both_heard(folder):
    settings = filled(folder, toml=DC09 + '["127.0.0.1:0", "[::1]:0"]\n')
    with serving(settings) as centre:
        assert [address[0] for address in centre.service.dc09_addresses] == ["127.0.0.1", "::1"]
        assert centre.send(frame("1", 1), listener=0) == ["ACK"]
        assert centre.send(frame("1", 2), listener=1) == ["ACK"]
        assert centre.metrics()["tocsin_paths_heard"] == 1  # an account of one path, by whichever way it comes


def test_no_address_switches_the_receiver_off_and_the_rest_is_served(folder):
    with serving(filled(folder, toml=DC09 + "[]\n")) as centre:
        assert (centre.service.dc09_addresses, centre.get("/readyz").status) == ([], 200)
        assert len(centre.remote.accounts()) == 3


def test_port_that_the_system_chose_is_the_same_for_tcp_and_udp():
    pairs = [bind_pair("127.0.0.1:0", "receivers.dc09.listen") for _ in range(20)]
    numbers = [(stream.getsockname(), datagrams.getsockname()) for stream, datagrams in pairs]
    for pair in pairs:
        for made in pair:
            made.close()
    assert all(stream == datagrams for stream, datagrams in numbers)


def test_port_that_was_named_is_tried_once_and_left_free():
    blocker, address = taken(socket.SOCK_DGRAM)
    with blocker:
        with pytest.raises(BadInput, match=r"settings\.port"):
            bind_pair(address, "receivers.dc09.listen")
        bind(address, socket.SOCK_STREAM, "x").close()


# What is wrong is shown ----------------------------------------------------------------------------------------------


def test_account_whose_key_is_lost_is_named_and_refused_until_the_key_is_imported_again(folder):
    settings = filled(folder)
    with held(settings) as centre:
        centre.vault.secrets_delete(secret_names(folder))
    with capture_logs() as logs, serving(settings) as centre:
        assert centre.get("/readyz").json == {
            "ready": False,
            "missing": ["keys of 1 accounts are lost, all their frames are refused: account-3"],
        }
        assert [(log["log_level"], log["account_ids"]) for log in logs if log["event"] == "accounts.key_lost"] == [
            ("error", ("account-3",))
        ]
        assert centre.send(frame("2", 1), answers=0) == []
        assert centre.send(frame("2", 2, key=KEY), key=KEY, answers=0) == []
        assert centre.send(frame("1", 1)) == ["ACK"]
        remote = centre.remote
        plan = plan_table(KINDS["accounts"], remote, KEYED_CSV, same_keys=remote.same_keys)
        assert remote.import_table(plan, remote.config()).changed == 1
        wait_for(lambda: centre.get("/readyz").status == 200)
        assert centre.send(frame("2", 3, key=KEY), key=KEY) == ["ACK"]


def test_number_set_up_while_it_did_not_run_is_no_unknown_account_any_more(folder):
    settings = make_folder(folder)
    with serving(settings) as centre:
        centre.send(frame("1", 1))
        wait_for(lambda: [row.account for row in centre.remote.unknown_accounts()] == ["1"])
    with held(settings) as centre:
        centre.add(KEYED_CSV)
    with serving(settings) as centre:
        assert centre.remote.unknown_accounts() == []


# Lost tails, and keys of days past -----------------------------------------------------------------------------------


def lose_tail(folder, settings):
    kept = (folder / "tocsin.db").read_bytes()
    with serving(settings):
        pass
    lost = len(kinds(folder))
    (folder / "tocsin.db").write_bytes(kept)
    return lost


def test_accepted_loss_is_on_record_begins_an_epoch_and_keeps_the_old_heads(folder):
    settings = filled(folder)
    lost = lose_tail(folder, settings)
    old_heads = settings.heads_path.read_bytes()
    with pytest.raises(Exception, match=r"journal\.lost_tail"):
        InProcess(settings).start()
    assert settings.heads_path.read_bytes() == old_heads
    with serving(settings, accept_lost_tail=True) as centre:
        assert centre.send(frame("1", 1)) == ["ACK"]
    (notice,) = (body for kind, body in facts(folder) if kind == "centre.noticed")
    assert notice == {"account": None, "count": lost, "notice": "tail_lost", "reason": None}
    epochs = [body["epoch"] for kind, body in facts(folder) if kind in ("centre.started", "centre.stopped")]
    assert epochs[-2:] == [2, 2]
    assert (folder / "heads.txt.epoch-1").read_bytes() == old_heads
    with serving(settings, accept_lost_tail=True):
        pass
    assert (facts(folder)[-1][1]["epoch"], kinds(folder).count("centre.noticed")) == (2, 1)


def test_heads_of_a_second_loss_of_the_same_epoch_replace_none(folder):
    settings = filled(folder)
    kept = (folder / "tocsin.db").read_bytes()
    lose_tail(folder, settings)
    for _ in range(2):
        (folder / "tocsin.db").write_bytes(kept)
        with serving(settings, accept_lost_tail=True):
            pass
    names = sorted(file.name for file in folder.glob("heads.txt*"))
    assert names == ["heads.txt", "heads.txt.epoch-1", "heads.txt.epoch-1.2"]


def test_keys_of_days_past_are_destroyed_at_the_start_and_journalled(folder):
    clock = ManualClock()
    settings = filled(folder, clock=clock)
    for _ in range(14):
        with held(settings, clock=clock) as centre:
            centre.opened.erase_expired(centre.journal, clock.now_us())
        clock.advance(86_400)
    assert "vault.erased" not in kinds(folder)
    before = rows(folder / "keys.db", "SELECT count(*) FROM day_keys WHERE destroyed_at IS NULL")[0][0]
    with serving(settings, clock=clock):
        pass
    (erased,) = [body["keys"] for kind, body in facts(folder) if kind == "vault.erased"]
    gone = rows(folder / "keys.db", "SELECT id FROM day_keys WHERE destroyed_at IS NOT NULL ORDER BY id")
    assert [(key,) for key in erased] == gone
    assert len(gone) == 1
    assert before > len(gone)


def test_changed_database_is_told_before_anything_listens(folder):
    settings = filled(folder)
    edit(folder / "tocsin.db", "UPDATE journal SET entry = replace(entry, 'cli', 'you') WHERE seq = 3")
    with pytest.raises(Exception, match=r"broken at seq 3.*journal\.broken"):
        InProcess(settings).start()
    with FolderLock(folder):
        pass
