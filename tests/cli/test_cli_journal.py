"""`tocsin journal` on folders and exports, running and stopped."""

import base64
import json
import shutil
import signal
import sqlite3
import subprocess
import threading

import pytest

from support.centres import KEYED_CSV, edit, held, make_folder, rows
from support.in_process import frame, serving, wait_for
from support.made_journal import Journal, signer
from support.zygote import start
from tocsin.cli import main
from tocsin.journal.heads import append_head, read_heads
from tocsin.journal.notes import Note
from tocsin.journal.ranges import RANGE_ENTRIES
from tocsin.journal.verify import RANGES_MIN
from tocsin.store.sqlite import SqliteStore

pytestmark = pytest.mark.slow  # whole processes, or long lists: not for `make quick`

KINDS = ["centre.created", "account.set", "account.set", "account.set", "centre.started", "signal", "signal", "signal"]


@pytest.fixture(scope="module")
def stopped(tmp_path_factory):
    """A centre that ran, took three signals, and was stopped."""
    settings = make_folder(tmp_path_factory.mktemp("stopped") / "centre")
    with held(settings) as centre:
        centre.add(KEYED_CSV)
    with serving(settings) as centre:
        centre.send(*(frame("1", number) for number in (1, 2, 3)))
        centre.send(frame("1", 3))
    return settings.folder


@pytest.fixture
def folder(stopped, tmp_path):
    """A copy that may be spoilt."""
    return shutil.copytree(stopped, tmp_path / "centre")


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    settings = make_folder(tmp_path_factory.mktemp("running") / "centre")
    with serving(settings) as centre:
        centre.send(*(frame("1", number) for number in (1, 2, 3)))
        yield centre


def ask(capsysbinary, *words):
    """Status, lines on stdout as JSON, and stderr of a journal command."""
    status = main(["journal", *map(str, words)])
    out, err = capsysbinary.readouterr()
    return status, [json.loads(line) for line in out.splitlines()], err.decode()


def seqs_of(folder, kind="%"):
    """Seqs of the entries of a kind, straight from the database."""
    found = rows(folder / "tocsin.db", "SELECT seq, kind FROM journal ORDER BY seq")
    return [seq for seq, one in found if kind in ("%", one)]


def verify(capsys, *words):
    status = main(["journal", "verify", *map(str, words), "--json"])
    out, err = capsys.readouterr()
    assert err == ""
    verdict = json.loads(out)
    assert verdict["exit"] == status
    return verdict


@pytest.fixture(scope="module")
def long(tmp_path_factory):
    """A centre with a journal so long that processes of their own follow its ranges."""
    settings = make_folder(tmp_path_factory.mktemp("long") / "centre")
    journal = Journal(signer(1))
    for _ in range(RANGES_MIN):
        journal.signals(RANGE_ENTRIES - 500)
        journal.sign()
    settings.database_path.unlink()
    store = SqliteStore(settings.database_path)
    with store.transaction() as transaction:
        transaction.append(journal.rows)
    store.close()
    settings.heads_path.unlink()
    for head in journal.heads:
        append_head(settings.heads_path, head)
    return settings.folder


# Verify --------------------------------------------------------------------------------------------------------------


def test_whole_folder_is_0_and_counted(stopped, capsys):
    assert main(["journal", "verify", "--dir", str(stopped)]) == 0
    end = seqs_of(stopped)[-1]
    assert capsys.readouterr().out.startswith(f"Whole: {end} entries, seq 1 to {end}; ")
    verdict = verify(capsys, "--dir", stopped)
    assert {name: verdict[name] for name in ("first_bad_seq", "entries", "last_seq", "signed_seq")} == {
        "first_bad_seq": None,
        "entries": end,
        "last_seq": end,
        "signed_seq": end,
    }


def test_running_centre_is_verified_to_its_end_beside_its_work(running, capsys):
    wait_for(lambda: running.metrics()["tocsin_core_waiting"] == 0)
    end = seqs_of(running.settings.folder)[-1]
    verdict = verify(capsys, "--dir", running.settings.folder)
    assert (verdict["exit"], verdict["entries"], verdict["signed_seq"]) == (0, end, end)


EDITS = {
    "entry": ('UPDATE journal SET entry = replace(entry, \'"account":"1"\', \'"account":"9"\') WHERE seq = 7', 7),
    "no JSON": ("UPDATE journal SET entry = x'00ff0a7b' WHERE seq = 7", 7),
    "no object": ("UPDATE journal SET entry = '[]' WHERE seq = 7", 7),
    "hash": ("UPDATE journal SET hash = zeroblob(32) WHERE seq = 7", 7),
    "column at": ("UPDATE journal SET at = at + 1 WHERE seq = 7", 7),
    "column at as text": ("UPDATE journal SET at = 'noon' WHERE seq = 7", 7),
    "column kind": ("UPDATE journal SET kind = 'centre.noticed' WHERE seq = 7", 7),
    "column number": ("UPDATE journal SET number = 77 WHERE seq = 7", 7),
    "column stream": ("UPDATE journal SET stream = 'west' WHERE seq = 7", 7),
    "gone": ("DELETE FROM journal WHERE seq = 7", 7),
    "end gone": ("DELETE FROM journal WHERE seq = 9", 9),
    "first": ("UPDATE journal SET entry = replace(entry, 'Control room', 'Other room!!') WHERE seq = 1", 1),
}


@pytest.mark.parametrize("change", EDITS)
def test_whatever_is_changed_in_the_database_is_1_and_its_seq_named(folder, capsys, change):
    sql, seq = EDITS[change]
    edit(folder / "tocsin.db", sql)
    verdict = verify(capsys, "--dir", folder)
    assert (verdict["exit"], verdict["first_bad_seq"]) == (1, seq)
    assert main(["journal", "verify", "--dir", str(folder)]) == 1
    assert capsys.readouterr().out.splitlines()[0]


def test_journal_without_signed_heads_cannot_be_judged(folder, capsys):
    (folder / "heads.txt").unlink()
    verdict = verify(capsys, "--dir", folder)
    assert (verdict["exit"], verdict["first_bad_seq"], verdict["signed_seq"]) == (3, None, 0)


def test_long_journal_is_whole_and_a_changed_entry_far_inside_is_named(long, capsys, tmp_path):
    verdict = verify(capsys, "--dir", long)
    assert (verdict["exit"], verdict["entries"]) == (0, RANGES_MIN * (RANGE_ENTRIES - 500) + 1)
    assert verdict["signed_seq"] == verdict["last_seq"] == verdict["entries"]
    with sqlite3.connect(long / "tocsin.db") as connection:
        connection.execute("UPDATE journal SET at = at + 1 WHERE seq = 45678")
    connection.close()
    verdict = verify(capsys, "--dir", long)
    assert (verdict["exit"], verdict["first_bad_seq"]) == (1, 45678)


def test_export_alone_is_judged_as_its_folder_is(stopped, tmp_path, capsys):
    export = tmp_path / "export.jsonl"
    assert main(["journal", "export", "--dir", str(stopped), "--out", str(export)]) == 0
    assert capsys.readouterr() == ("", "")
    assert verify(capsys, "--export", export)["exit"] == 0
    lines = export.read_bytes().splitlines(keepends=True)
    export.write_bytes(b"".join([*lines[:6], lines[6].replace(b'"account":"1"', b'"account":"9"'), *lines[7:]]))
    assert (lambda v: (v["exit"], v["first_bad_seq"]))(verify(capsys, "--export", export)) == (1, 7)
    export.write_bytes(b"")
    assert verify(capsys, "--export", export)["exit"] == 3


def test_head_kept_elsewhere_confirms_a_folder_and_betrays_one_written_anew(stopped, tmp_path, capsys):
    trusted = tmp_path / "trusted.txt"
    trusted.write_bytes((stopped / "heads.txt").read_bytes())
    assert verify(capsys, "--dir", stopped, "--trusted", trusted)["exit"] == 0
    other = make_folder(tmp_path / "other", is_new=True).folder
    trusted.write_bytes((other / "heads.txt").read_bytes())
    assert verify(capsys, "--dir", stopped, "--trusted", trusted)["exit"] != 0


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ([], "Name either a folder with --dir or an export with --export [usage.verify]\n"),
        (
            ["--dir", ".", "--export", "x"],
            "Name either a folder with --dir or an export with --export [usage.verify]\n",
        ),
        (["--export", "none.jsonl"], "There is no file none.jsonl. Nothing was judged [usage.no_file]\n"),
        (["--dir", ".", "--trusted", "none"], "There is no file none. Nothing was judged [usage.no_file]\n"),
    ],
    ids=["neither", "both", "no export", "no heads"],
)
def test_wrong_use_of_verify_is_2_with_a_sentence(capsys, words, message):
    assert main(["journal", "verify", *words]) == 2
    assert capsys.readouterr() == ("", message)


def test_folder_without_a_centre_is_named(tmp_path, capsys):
    (tmp_path / "tocsin.toml").write_text("")
    for command in ("verify", "export", "tail"):
        assert main(["journal", command, "--dir", str(tmp_path)]) == 1
        assert capsys.readouterr().err == (
            f"There is no centre in {tmp_path}. Nothing was changed. Make one with `tocsin init {tmp_path}` "
            "[folder.no_centre]\n"
        )


# Export --------------------------------------------------------------------------------------------------------------


def test_export_has_every_entry_in_order_under_the_promised_keys(stopped, capsysbinary):
    status, lines, err = ask(capsysbinary, "export", "--dir", stopped)
    assert (status, err) == (0, "")
    assert [line["seq"] for line in lines] == seqs_of(stopped)
    # When the core's facts and timers follow their signals is a matter of microseconds.
    lines = [line for line in lines if not line["kind"].startswith(("incident.", "timer."))]
    assert [line["kind"] for line in lines] == [*KINDS, "centre.stopped"]
    assert [list(line) for line in lines] == [
        ["seq", "id", "at", "kind", "v", "ref", "actor", "cause", "body", "prev", "hash", "derived"]
    ] * 9
    assert [line["id"] for line in lines] == [None] * 5 + ["main-1", "main-2", "main-3", None]
    assert [line["derived"].get("duplicates") for line in lines] == [None] * 5 + [0, 0, 1, None]


def test_export_carries_the_signed_heads_where_they_stand_for(stopped, capsysbinary):
    _, lines, _ = ask(capsysbinary, "export", "--dir", stopped)
    heads = {item.size: item for item in read_heads(stopped / "heads.txt") if isinstance(item, Note)}
    carried = {line["seq"]: line["derived"]["head"] for line in lines if "head" in line["derived"]}
    assert carried == {size: head.format().decode() for size, head in heads.items()}
    assert max(carried) == len(lines)
    for seq, text in carried.items():
        assert base64.b64decode(text.splitlines()[2]).hex() == lines[seq - 1]["hash"]


def test_export_says_nothing_that_is_sealed(stopped, capsysbinary):
    main(["journal", "export", "--dir", str(stopped)])
    out = capsysbinary.readouterr().out
    ((sealed,),) = rows(stopped / "tocsin.db", "SELECT sealed FROM journal WHERE seq = 6")
    assert b"127.0.0.1" not in out
    assert sealed.hex().encode() not in out
    assert base64.b64encode(sealed) not in out


def test_export_of_one_kind_after_a_seq(stopped, capsysbinary):
    first, *later = seqs_of(stopped, "signal")
    end = seqs_of(stopped)[-1]
    _, lines, _ = ask(capsysbinary, "export", "--dir", stopped, "--kind", "signal", "--after", first)
    assert [(line["seq"], line["kind"]) for line in lines] == [(seq, "signal") for seq in later]
    _, lines, _ = ask(capsysbinary, "export", "--dir", stopped, "--after", end - 1)
    assert [line["seq"] for line in lines] == [end]
    assert ask(capsysbinary, "export", "--dir", stopped, "--after", end) == (0, [], "")


def test_export_of_a_running_centre_is_whole(running, tmp_path, capsys):
    export = tmp_path / "export.jsonl"
    assert main(["journal", "export", "--dir", str(running.settings.folder), "--out", str(export)]) == 0
    assert verify(capsys, "--export", export)["exit"] == 0


@pytest.mark.parametrize(
    ("kind", "remedy"),
    [("singal", "did you mean signal?"), ("zzz", "there are centre.created, centre.started,")],
)
def test_kind_that_is_none_is_wrong_use_and_the_nearest_named(stopped, capsys, kind, remedy):
    for command in ("export", "tail"):
        assert main(["journal", command, "--dir", str(stopped), "--kind", kind]) == 2
        err = capsys.readouterr().err
        assert err.startswith(f"The journal has no kind {kind!r}; {remedy}")
        assert err.endswith("[usage.kind]\n")


def test_export_that_cannot_be_written_is_a_sentence(stopped, tmp_path, capsys):
    assert main(["journal", "export", "--dir", str(stopped), "--out", str(tmp_path)]) == 2
    assert capsys.readouterr().err == f"{tmp_path} cannot be written: Is a directory. Nothing was exported " + (
        "[usage.no_file]\n"
    )


@pytest.mark.requires("linux")
def test_export_to_a_full_disk_is_a_failed_job_and_said(stopped, capsys):
    assert main(["journal", "export", "--dir", str(stopped), "--out", "/dev/full"]) == 1
    assert capsys.readouterr().err == (
        "/dev/full cannot be written: No space left on device. The export is not whole: delete it, and make room or "
        "name another file [export.file]\n"
    )


# Tail ----------------------------------------------------------------------------------------------------------------


def test_tail_is_the_newest_20_entries_or_what_comes_after_a_seq(tmp_path, capsysbinary):
    settings = make_folder(tmp_path / "centre")
    with held(settings) as centre:
        centre.add(b"account\n" + b"".join(b"%d\n" % n for n in range(1, 40)))
    _, lines, _ = ask(capsysbinary, "tail", "--dir", settings.folder)
    assert [line["seq"] for line in lines] == list(range(21, 41))
    _, lines, _ = ask(capsysbinary, "tail", "--dir", settings.folder, "--after", "38")
    assert [line["seq"] for line in lines] == [39, 40]


def test_tail_of_a_kind(stopped, capsysbinary):
    _, lines, _ = ask(capsysbinary, "tail", "--dir", stopped, "--kind", "centre.stopped")
    assert [line["seq"] for line in lines] == seqs_of(stopped)[-1:]


class Following:
    """`tocsin journal tail --follow` as a process."""

    def __init__(self, folder, *words):
        command = ["journal", "tail", "--dir", folder, "--follow", *words]
        self.process = start(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.seen = []
        self.said = []
        self._threads = [threading.Thread(target=self._read), threading.Thread(target=self._listen)]
        for thread in self._threads:
            thread.start()

    def _read(self):
        for line in self.process.stdout:
            self.seen.append(json.loads(line)["seq"])

    def _listen(self):
        self.said.extend(self.process.stderr)

    def end(self, number=signal.SIGINT):
        self.process.send_signal(number)
        try:
            return self.process.wait(15)
        finally:
            self.process.kill()
            for thread in self._threads:
                thread.join(10)
            self.process.stdout.close()
            self.process.stderr.close()


def test_tail_follows_what_comes_in_and_ends_on_ctrl_c(tmp_path):
    settings = make_folder(tmp_path / "centre")
    with serving(settings) as centre:
        following = Following(settings.folder, "--kind", "signal")
        try:
            centre.send(frame("1", 1))
            wait_for(lambda: len(following.seen) == 1)
            centre.send(frame("1", 2))
            wait_for(lambda: len(following.seen) == 2)
            assert following.seen == seqs_of(settings.folder, "signal")
        finally:
            status = following.end()
        assert (status, following.said) == (0, [])


def test_tail_that_follows_waits_for_a_stopped_centre_and_never_keeps_it_from_starting(tmp_path):
    settings = make_folder(tmp_path / "centre")
    following = Following(settings.folder)
    try:
        wait_for(lambda: following.seen == [1])
        for run in (1, 2):
            with serving(settings) as centre:
                centre.send(frame("1", run))
                wait_for(lambda: centre.metrics()["tocsin_core_waiting"] == 0)
                wait_for(lambda: following.seen == seqs_of(settings.folder))
    finally:
        status = following.end()
    assert status == 0
    assert set(following.said) == {"The centre does not run; waiting for it.\n"}


# Help ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", ["verify", "export", "tail"])
def test_every_command_has_an_example_in_its_help(capsys, command):
    assert main(["journal", command, "--help"]) == 0
    assert f"Example: tocsin journal {command} " in " ".join(capsys.readouterr().out.split())
