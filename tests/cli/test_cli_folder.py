"""Commands ask the running centre, or hold the folder themselves: the person sees no difference."""

import json
import socket
import threading

import pytest
from structlog.testing import capture_logs

from support.centres import KEY, KEYED_CSV, held, make_folder, rows, secret_names
from support.in_process import frame, serving, wait_for
from tocsin.centre.folder import CONTROL, FolderLock
from tocsin.centre.tables import KINDS
from tocsin.cli import main
from tocsin.cli.accounts import run_import
from tocsin.cli.folder import held_folder, open_centre
from tocsin.journal.heads import read_heads
from tocsin.journal.notes import Note
from tocsin.model.errors import Conflict

pytestmark = pytest.mark.slow  # whole processes, or long lists: not for `make quick`


@pytest.fixture
def settings(tmp_path):
    return make_folder(tmp_path / "centre")


@pytest.fixture
def table(tmp_path):
    file = tmp_path / "accounts.csv"
    file.write_bytes(KEYED_CSV)
    return file


def test_import_and_export_say_the_same_of_a_running_and_of_a_stopped_centre(tmp_path, table, capsys):
    said = []
    for number in range(2):
        settings = make_folder(tmp_path / f"centre-{number}")
        words = ["--dir", str(settings.folder)]
        commands = [
            ["import", "accounts", str(table), "--dry-run", "--json", *words],
            ["import", "accounts", str(table), *words],
            ["import", "accounts", str(table), "--json", *words],
            ["export", "accounts", *words],
            ["export", "unknown-accounts", *words],
            ["export", "rejected-frames", *words],
        ]
        if number:
            with capture_logs(), serving(settings):
                statuses = [main(command) for command in commands]
        else:
            statuses = [main(command) for command in commands]
        said.append((statuses, capsys.readouterr()))
    assert said[0] == said[1]
    statuses, (out, _) = said[0]
    assert statuses == [0] * 6
    assert "Imported: 3 new, 0 changed, 0 same." in out
    assert json.loads(out.splitlines()[2])["same"] == 3


def test_import_into_a_stopped_centre_is_signed_and_its_key_is_sealed_away(settings, table, capsys):
    assert main(["import", "accounts", str(table), "--dir", str(settings.folder)]) == 0
    newest = [item for item in read_heads(settings.heads_path) if isinstance(item, Note)][-1]
    ((entries,),) = rows(settings.database_path, "SELECT count(*) FROM journal")
    assert newest.size == entries == 4
    assert len(secret_names(settings.folder)) == 1
    for file in settings.folder.iterdir():
        data = file.read_bytes()
        assert KEY not in data, file.name
        assert KEY.hex().encode() not in data.lower(), file.name
    assert main(["journal", "verify", "--dir", str(settings.folder)]) == 0
    capsys.readouterr()


def test_import_into_a_running_centre_is_used_at_once(settings, table):
    with serving(settings) as centre:
        assert main(["import", "accounts", str(table), "--dir", str(settings.folder)]) == 0
        wait_for(lambda: centre.metrics()["tocsin_accounts"] == 3)
        assert centre.send(frame("2", 1, key=KEY), key=KEY) == ["ACK"]


def test_file_with_a_bad_row_changes_nothing_in_a_running_centre(settings, tmp_path, capsys):
    (tmp_path / "bad.csv").write_text("account,line\n1,\n#,\n2,zz\n")
    with serving(settings) as centre:
        assert main(["import", "accounts", str(tmp_path / "bad.csv"), "--dir", str(settings.folder)]) == 1
        err = capsys.readouterr().err
        assert [line.split(":")[0] for line in err.splitlines()[:2]] == ["line 3", "line 4"]
        assert centre.remote.accounts() == []


def test_two_imports_at_once_are_one_after_the_other_or_refused(settings, tmp_path):
    files = []
    for number in range(6):
        files.append(tmp_path / f"{number}.csv")
        files[-1].write_text("account,key\n" + "".join(f"{number}{n},{KEY.hex()}\n" for n in range(20)))
    statuses = []
    with serving(settings) as centre:

        def run(file):
            try:
                with open_centre(settings.folder) as at:
                    run_import(at, KINDS["accounts"], file.read_bytes())
                statuses.append("done")
            except Conflict as error:
                statuses.append(error.code)

        threads = [threading.Thread(target=run, args=(file,)) for file in files]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        accounts = centre.remote.accounts()
        assert set(statuses) <= {"done", "config.changed"}
        assert (len(statuses), len(accounts)) == (6, 20 * statuses.count("done"))
        assert sorted(a.row.key.name for a in accounts) == secret_names(settings.folder)
        assert centre.remote.config() == statuses.count("done")


def test_folder_held_by_another_command_is_said_and_who_has_it(settings, capsys):
    with FolderLock(settings.folder):
        assert main(["export", "accounts", "--dir", str(settings.folder)]) == 1
    assert "is in use by process" in capsys.readouterr().err


def test_socket_left_by_a_killed_process_is_in_nobodys_way(settings, capsys):
    with socket.socket(socket.AF_UNIX) as left:
        left.bind(str(settings.folder / CONTROL))
    assert main(["export", "accounts", "--dir", str(settings.folder)]) == 0
    with socket.socket(socket.AF_UNIX) as left:
        left.bind(str(settings.folder / CONTROL))
    with serving(settings) as centre:
        assert centre.remote.accounts() == []
    capsys.readouterr()


def test_command_lets_the_folder_go_whatever_happens(settings):
    with pytest.raises(ZeroDivisionError), open_centre(settings.folder):
        raise ZeroDivisionError
    with pytest.raises(ZeroDivisionError), held_folder(settings.folder):
        raise ZeroDivisionError
    with held(settings) as centre, FolderLock(settings.folder):
        assert centre.centre.accounts() == []
