"""`tocsin demo` from its first word to its last."""

import contextlib
import os
import re
import signal
import socket
import subprocess

import psutil
import pytest

from support.centres import SETTINGS, make_folder, rows
from support.server import Server, environment, run_tocsin, wait_for
from support.zygote import start
from tocsin.cli import main

DEADLINE_S = 60
ON_THE_WAY_MAX = 10
"""Messages that are stored, and whose acknowledgement the end of the demo overtook."""

pytestmark = pytest.mark.slow


class Demo:
    """The demo as a process whose temporary folder stands below `place`."""

    def __init__(self, place, *words):
        self.place = place
        place.mkdir(exist_ok=True)
        self.process = start(
            ["demo", *words],
            env=environment({"TMPDIR": str(place)}),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def __enter__(self):
        return self

    def __exit__(self, *error):
        # The whole group: a demo that was killed may have left its centre behind.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.communicate()

    def children(self):
        try:
            return psutil.Process(self.process.pid).children(recursive=True)
        except psutil.NoSuchProcess:
            return []

    def read_to(self, begin):
        """Lines of its output up to one that begins so."""
        lines = []
        while not lines or not lines[-1].startswith(begin):
            line = self.process.stdout.readline()
            assert line, lines
            lines.append(line.rstrip("\n"))
        return lines

    def end(self):
        """Status, the rest of the output, and what was said on stderr."""
        out, err = self.process.communicate(timeout=DEADLINE_S)
        return self.process.returncode, out.splitlines(), err


def counted(lines):
    """What was acknowledged in this run and what the journal holds of it, by its own last words."""
    (words,) = [line for line in lines if "were acknowledged" in line]
    found = re.fullmatch(
        r"In this run ([\d,]+) messages were acknowledged; the journal holds ([\d,]+) signals of it\.", words
    )
    return tuple(int(number.replace(",", "")) for number in found.groups())


def free_port():
    with socket.socket() as made:
        made.bind(("127.0.0.1", 0))
        return made.getsockname()[1]


def test_demo_ends_by_itself_its_counts_agree_and_its_folder_goes(tmp_path):
    with socket.socket() as blocker:
        blocker.bind(("127.0.0.1", 0))
        blocker.listen()
        taken = blocker.getsockname()[1]
        with Demo(tmp_path / "tmp", "--seconds", "2", "--pace", "3600", "--port", taken) as demo:
            status, lines, err = demo.end()
    assert (status, err) == (0, f"Port {taken} is in use; taking a free one.\n")
    assert re.fullmatch(r"Open this link: http://127\.0\.0\.1:\d+/sign-in/[\w-]{40,}", lines[0])
    assert f":{taken}/" not in lines[0]
    kept = (
        rf"The centre is in {re.escape(str(tmp_path))}/tmp/tocsin-demo-\S+, which is gone at the end; --dir keeps one\."
    )
    assert [line for line in lines if re.fullmatch(kept, line)]
    assert "Enter pulls the plug: the centre is killed, and comes back. Ctrl-C ends the demo." in lines
    acked, stored = counted(lines)
    assert 20 < acked <= stored <= acked + ON_THE_WAY_MAX
    assert any(line.startswith("Whole: ") for line in lines)
    assert os.listdir(tmp_path / "tmp") == []


def test_folder_that_was_named_is_kept_and_used_a_second_time(tmp_path):
    folder = tmp_path / "centre"
    stored = []
    for _ in range(2):
        port = free_port()
        with Demo(tmp_path / "tmp", "--seconds", "1", "--pace", "3600", "--port", port, "--dir", folder) as demo:
            status, lines, err = demo.end()
        assert (status, err) == (0, "")
        assert lines[0].startswith(f"Open this link: http://127.0.0.1:{port}/sign-in/")
        assert f"The centre is in {folder}." in lines
        stored.append(counted(lines))
    # Each run is counted by itself.
    for acked, held in stored:
        assert 0 < acked <= held <= acked + ON_THE_WAY_MAX
    signals = rows(folder / "tocsin.db", "SELECT count(*) FROM journal WHERE kind = 'signal'")[0][0]
    assert signals == stored[0][1] + stored[1][1]
    kinds = [kind for (kind,) in rows(folder / "tocsin.db", "SELECT kind FROM journal ORDER BY seq")]
    assert (kinds.count("account.set"), kinds.count("centre.started"), kinds[-1]) == (121, 2, "centre.stopped")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["SIGINT", "SIGTERM"])
def test_demo_that_is_ended_counts_what_was_acknowledged_and_leaves_nothing(tmp_path, number):
    with Demo(tmp_path / "tmp", "--pace", "3600", "--port", "0") as demo:
        lines = demo.read_to("Enter pulls the plug")
        children = wait_for(demo.children, 10, "the centre")
        web = re.search(r"http://(\S+):(\d+)/sign-in/", lines[0])
        database = next((tmp_path / "tmp").iterdir()) / "tocsin.db"
        wait_for(
            lambda: rows(database, "SELECT count(*) FROM journal WHERE kind = 'signal'")[0][0] > 5, 20, "some signals"
        )
        demo.process.send_signal(number)
        status, lines, err = demo.end()
    acked, stored = counted(lines)
    assert (status, err) == (0, "")
    assert 0 < acked <= stored <= acked + ON_THE_WAY_MAX
    assert [child for child in children if child.is_running()] == []
    with socket.socket() as again, pytest.raises(ConnectionRefusedError):
        again.connect((web[1], int(web[2])))
    assert os.listdir(tmp_path / "tmp") == []


def test_demo_without_panels_says_how_to_send_and_that_works(tmp_path):
    with Demo(tmp_path / "tmp", "--no-panels", "--port", "0") as demo:
        lines = demo.read_to("Enter pulls the plug")
        (words,) = [line for line in lines if line.startswith("No panels are sending. Be one: ")]
        command = words[words.index("panel send") :].split()
        sent = run_tocsin(*command)
        assert (sent.status, sent.errors) == (0, "")
        demo.process.send_signal(signal.SIGINT)
        status, lines, _ = demo.end()
    assert (status, counted(lines)) == (0, (0, 1))


@pytest.mark.parametrize("words", [(), ("--flood",)], ids=["calm", "flood"])
def test_flood_begins_at_once_and_a_calm_town_lets_a_newcomer_look_around(tmp_path, words):
    folder = tmp_path / "centre"
    with Demo(tmp_path / "tmp", "--seconds", "6", "--port", "0", "--dir", folder, *words) as demo:
        assert demo.end()[0] == 0
    opened = rows(folder / "tocsin.db", "SELECT count(*) FROM journal WHERE kind = 'incident.opened'")[0][0]
    assert (opened > 0) == bool(words)


def test_demo_of_a_folder_with_wrong_settings_says_which_and_ends(tmp_path):
    folder = tmp_path / "centre"
    folder.mkdir()
    (folder / "tocsin.toml").write_text("[web]\nlistn = 'x'\n")
    with Demo(tmp_path / "tmp", "--dir", folder, "--port", "0") as demo:
        status, lines, err = demo.end()
    assert (status, lines) == (1, [])
    assert "the nearest known one is web.listen" in err


def test_demo_never_sends_to_a_centre_of_somebodys_own(tmp_path):
    folder = tmp_path / "centre"
    assert main(["init", str(folder)]) == 0
    with Demo(tmp_path / "tmp", "--dir", folder, "--port", "0") as demo:
        status, lines, err = demo.end()
    assert (status, lines) == (1, [])
    assert "no simulated panel may send to a centre in service" in err
    assert err.endswith("[demo.not_a_demo]\n")
    kinds = [kind for (kind,) in rows(folder / "tocsin.db", "SELECT kind FROM journal ORDER BY seq")]
    assert kinds == ["centre.created"]


def test_second_demo_of_a_folder_is_refused_in_a_sentence(tmp_path):
    folder = tmp_path / "town"
    make_folder(folder, toml=SETTINGS + "\n[centre]\ndemo = true\n")
    with Server(folder), Demo(tmp_path / "tmp", "--dir", folder, "--port", "0") as demo:
        status, lines, err = demo.end()
    assert (status, lines) == (1, [])
    assert err.startswith(f"The demo in {folder} runs already. Nothing was changed.")
    assert err.endswith("[demo.runs]\n")


def test_help_has_an_example(capsys):
    assert main(["demo", "--help"]) == 0
    assert "Example: tocsin demo --flood" in capsys.readouterr().out
