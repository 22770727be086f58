"""The control socket: the same answers as the centre itself, to its own user alone, whatever is thrown at it."""

import asyncio
import contextlib
import socket
import stat
import threading

import msgspec
import pytest
from structlog.testing import capture_logs

from support.centres import KEY, KEYED_CSV, held, make_folder
from support.fakes import START_US
from tocsin.centre.control import ControlServer, RemoteCentre, Request
from tocsin.centre.folder import CONTROL
from tocsin.centre.table_plan import ImportResult
from tocsin.model.errors import (
    BadInput,
    CentreFault,
    Conflict,
    DiskFault,
    JournalFull,
    KeyMissing,
    Refused,
    TocsinError,
)
from tocsin.model.lists import RejectedFrame, UnknownAccount
from tocsin.model.signals import SealedPart

REQUEST_BYTES_MAX = 100_000


class Serving:
    """A control socket answered by a thread of its own, as the service's event loop would."""

    def __init__(self, centre, path, request_bytes_max=REQUEST_BYTES_MAX):
        self.path = path
        self.remote = RemoteCentre(path)
        self._server = ControlServer(centre, path, request_bytes_max)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def run(self, coroutine):
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(10)

    def __enter__(self):
        self._thread.start()
        self.run(self._server.start())
        return self

    def __exit__(self, *error):
        self.run(self._server.close())
        self.run(self._rest())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    async def _rest(self):
        others = asyncio.all_tasks() - {asyncio.current_task()}
        await asyncio.wait_for(asyncio.gather(*others), 10)
        await asyncio.get_running_loop().shutdown_default_executor()

    @contextlib.contextmanager
    def connection(self):
        with socket.socket(socket.AF_UNIX) as made:
            made.settimeout(10)
            made.connect(str(self.path))
            yield made

    def say(self, data):
        """What it answers to these bytes."""
        with self.connection() as connection:
            connection.sendall(data)
            connection.shutdown(socket.SHUT_WR)
            with connection.makefile("rb") as lines:
                return [msgspec.json.decode(line) for line in lines]


@pytest.fixture(scope="module")
def centre(tmp_path_factory):
    unknown = [
        UnknownAccount(
            account="99", first_at=1, last_at=2, line=None, polls=0, receiver="1", signals=1, transport="udp",
            unreadable=0,
        )
    ]  # fmt: skip
    folder = tmp_path_factory.mktemp("control") / "centre"
    with held(make_folder(folder), unknown=lambda: unknown) as made:
        made.folder = folder
        made.add(KEYED_CSV)
        made.add(b"name,address\nPier,1 Quay\n", kind="sites")
        made.add(b"account,zone,name\n1,007,Gate\n", kind="zones")
        key, sealed, _ = made.vault.seal("intake", START_US, SealedPart(raw=b"\n\x00\xff\r", peer="192.0.2.1:1"))
        with made.store.transaction() as transaction:
            transaction.add_rejected(
                [
                    RejectedFrame(
                        account=None, at=START_US, id=0, key=key, outcome="discarded", reason="crc", sealed=sealed,
                        token=None, transport="tcp",
                    )
                ],
                10,
            )  # fmt: skip
        yield made


@pytest.fixture(scope="module")
def serving(centre):
    with Serving(centre.centre, centre.folder / CONTROL) as made:
        yield made


@pytest.mark.parametrize(
    "ask",
    [
        lambda centre: centre.config(),
        lambda centre: centre.accounts(),
        lambda centre: centre.sites(),
        lambda centre: centre.zones(),
        lambda centre: centre.same_keys([(centre.accounts()[1].row.key, key) for key in (KEY, b"another key 1234")]),
        lambda centre: centre.entries(0, 3),
        lambda centre: centre.entries(2**53 - 1, 3),
        lambda centre: centre.sign_head(),
        lambda centre: centre.unknown_accounts(),
        lambda centre: centre.rejected_frames(5),
        lambda centre: centre.open_rejected(5, "audit"),
    ],
    ids=[
        "config", "accounts", "sites", "zones", "same_keys", "entries", "no entries", "sign_head", "unknown",
        "rejected", "open_rejected",
    ],
)  # fmt: skip
def test_every_question_has_the_answer_that_the_centre_itself_gives(serving, centre, ask):
    assert ask(serving.remote) == ask(centre.centre)


def outcome(ask):
    try:
        ask()
    except TocsinError as error:
        return type(error), str(error), error.code
    raise AssertionError("it was not refused")


@pytest.mark.parametrize(
    "ask",
    [
        lambda centre, plan: centre.open_rejected(5, "curiosity"),
        lambda centre, plan: centre.import_table(plan, 77),
    ],
    ids=["reason", "conflict"],
)
def test_every_refusal_is_the_one_of_the_centre_itself(serving, centre, ask):
    plan = centre.plan(b"account,key\n55," + KEY.hex().encode() + b"\n")
    assert outcome(lambda: ask(serving.remote, plan)) == outcome(lambda: ask(centre.centre, plan))


@pytest.mark.parametrize("family", [BadInput, Conflict, Refused, JournalFull, DiskFault, KeyMissing, CentreFault])
def test_error_keeps_its_family_sentence_and_code(centre, tmp_path, family):
    error = family("Nothing was done", "some.code")

    def fail():
        raise error

    with (
        held(make_folder(tmp_path / "other"), sign_head=fail) as other,
        Serving(other.centre, tmp_path / CONTROL) as at,
    ):
        assert outcome(at.remote.sign_head) == (family, "Nothing was done [some.code]", "some.code")


def test_import_over_the_socket_is_the_import_itself(tmp_path):
    settings = make_folder(tmp_path / "centre")
    with held(settings) as centre, Serving(centre.centre, tmp_path / CONTROL) as serving:
        assert serving.remote.import_table(centre.plan(KEYED_CSV), 0) == ImportResult(
            new=3, changed=0, same=0, config=1
        )
        assert centre.centre.snapshot().find(None, 0, "2").key == KEY


def test_socket_is_nobody_elses_to_open_and_goes_with_the_server(centre, tmp_path):
    path = tmp_path / CONTROL
    with Serving(centre.centre, path):
        mode = path.stat().st_mode
        assert (stat.S_ISSOCK(mode), stat.S_IMODE(mode)) == (True, 0o600)
    assert not path.exists()


@pytest.mark.requires("linux")
def test_folder_with_a_path_longer_than_a_socket_may_have_is_served(centre, tmp_path):
    folder = tmp_path / ("long" * 20) / ("path" * 20)
    folder.mkdir(parents=True)
    with Serving(centre.centre, folder / CONTROL) as serving:
        assert len(str(serving.path)) > 108
        assert serving.remote.config() == centre.centre.config()


def test_dead_socket_of_a_killed_process_is_replaced(centre, tmp_path):
    left = socket.socket(socket.AF_UNIX)
    left.bind(str(tmp_path / CONTROL))
    left.close()
    with Serving(centre.centre, tmp_path / CONTROL) as serving:
        assert serving.remote.config() == centre.centre.config()


UNREADABLE = "The control socket got a request that it cannot read"


@pytest.mark.parametrize(
    ("request_", "message"),
    [
        (b"", UNREADABLE),
        (b"\x00\xff\x16\x03\x01 garbage\n", UNREADABLE),
        (b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", UNREADABLE),
        (b'{"op":"entries","after":-1}\n', UNREADABLE),
        (b'{"op":"entries","limit":99999999999999999999}\n', UNREADABLE),
        (b'{"op":7}\n', UNREADABLE),
        (b'{"op":"accounts"', UNREADABLE),
        (b'{"op":"import"}\n', "The control socket got an import without rows"),
        (b'{"op":"dispatch"}\n', "The centre knows no question 'dispatch'; is it an older version?"),
        (b"x" * (REQUEST_BYTES_MAX + 5), f"The control socket got a request of more than {REQUEST_BYTES_MAX} bytes"),
    ],
    ids=["empty", "garbage", "http", "negative", "too large a number", "type", "half", "no plan", "unknown", "huge"],
)
def test_rubbish_gets_a_clear_answer_and_the_next_question_is_answered(serving, centre, request_, message):
    error = {"message": message, "code": "control.request", "kind": "BadInput"}
    assert serving.say(request_) == [{"error": error}]
    assert serving.remote.config() == centre.centre.config()


def test_request_longer_than_the_system_buffers_is_refused_too(serving, centre):
    # It may be cut off while it still talks.
    with serving.connection() as connection, contextlib.suppress(ConnectionError):
        connection.sendall(b"x" * 5_000_000)
    assert serving.remote.config() == centre.centre.config()


def test_client_that_goes_away_in_the_middle_harms_nobody(serving, centre):
    centre.add(b"account\n" + b"".join(b"%d\n" % n for n in range(100, 3000)))
    serving.remote.config()
    with serving.connection() as connection:
        connection.sendall(b'{"op":"entries","limit":5000}\n')
        assert len(connection.recv(10)) > 0
    with serving.connection() as connection:
        connection.sendall(b'{"op":"ent')
    assert len(serving.remote.entries(0, 5000)) == centre.journal.head.seq


def test_bug_of_ours_is_answered_logged_and_ends_nothing(tmp_path):
    with (
        held(make_folder(tmp_path / "centre"), sign_head=lambda: 1 // 0) as centre,
        Serving(centre.centre, tmp_path / CONTROL) as serving,
        capture_logs() as logs,
    ):
        assert outcome(serving.remote.sign_head) == (
            CentreFault,
            "The centre failed to answer (ZeroDivisionError); its log says more [control.failed]",
            "control.failed",
        )
        assert [(log["event"], log["op"]) for log in logs] == [("control.failed", "sign_head")]
        assert serving.remote.config() == 0


def test_request_that_holds_keys_shows_none(serving, centre):
    request = Request(op="same_keys", pairs=((centre.centre.accounts()[1].row.key, KEY),))
    assert (repr(request), f"{request}") == ("Request(same_keys)",) * 2


@contextlib.contextmanager
def answering(path, data):
    """A server that answers anything with `data` and closes."""
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))
        listener.listen(1)

        def serve():
            connection, _ = listener.accept()
            with connection:
                connection.recv(1000)
                connection.sendall(data)

        thread = threading.Thread(target=serve)
        thread.start()
        yield
        thread.join(10)


@pytest.mark.parametrize(
    "data",
    [b"", b'{"item":1}\n', b"garbage\n", b'{"item":"x"}\n{"done":true}\n'],
    ids=["none", "half", "other", "type"],
)
def test_answer_that_is_none_is_said_and_nothing_is_made_up(tmp_path, data):
    with answering(tmp_path / CONTROL, data), pytest.raises(CentreFault) as failed:
        RemoteCentre(tmp_path / CONTROL).config()
    assert str(failed.value) == (
        f"The centre in {tmp_path} is running but does not answer on its control socket. Nothing is known to have been "
        "changed. Look at its log, or stop it and try again [control.no_answer]"
    )


def test_socket_that_nobody_answers_is_said(tmp_path):
    left = socket.socket(socket.AF_UNIX)
    left.bind(str(tmp_path / "dead.sock"))
    left.close()
    for name in ("dead.sock", "none.sock"):
        with pytest.raises(CentreFault) as failed:
            RemoteCentre(tmp_path / name).config()
        assert str(failed.value) == (
            f"The folder {tmp_path} is in use, and nobody answers on its control socket: a centre is starting or "
            "ending. Nothing was changed. Try again in a moment [control.no_answer]"
        )
