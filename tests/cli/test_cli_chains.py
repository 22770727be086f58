"""`tocsin chains dry-run`: a stored chain on the incidents of the last days, asked of the running centre."""

import json

from support.centres import make_folder
from support.room import ROLES, room, wait_for_open
from support.server import run_tocsin
from support.tour import TABLES
from tocsin.cli import main


def test_stored_chain_is_tried_by_name_and_what_would_have_been_told_to_nobody_is_the_exit_status(tmp_path):
    settings = "\n[notify.webhook]\nenabled = true\n"
    with room(tmp_path, settings=settings, **TABLES) as made:
        ana = made.person("Ana", ROLES)
        ana.ask("POST", "/api/v1/me/contacts", {"channel": "webhook", "address": "https://hooks.example/ana"})
        ana.ask("PUT", "/api/v1/me/reach", {"kind": "from_home"})
        steps = [{"kind": "notify", "users": [ana.id]}]
        answer = ana.ask("POST", "/api/v1/chains", {"name": "crew", "priorities": [1], "steps": steps})
        assert answer.status == 201, answer.text
        made.alarm("1001", "FA", 1)
        (incident,) = wait_for_open(ana, 1)
        asked = ("chains", "dry-run", "--dir", str(made.folder))
        said = run_tocsin(*asked, "--chain", "Crew")
        assert said.status == 0, said.errors
        assert "The chain Crew would have been for 1 of them:" in said.output
        assert f"#{incident['number']} of " in said.output
        assert "0 s  notify: Ana (webhook)" in said.output
        assert json.loads(run_tocsin(*asked, "--chain", "crew", "--json").output)["told"] == 1
        gone = run_tocsin(*asked, "--chain", "night")
        assert (gone.status, "[chain.unknown]" in gone.errors, "crew" in gone.errors) == (1, True, True)


def test_stopped_centre_is_not_guessed_about(tmp_path, capsys):
    make_folder(tmp_path / "centre")
    assert main(["chains", "dry-run", "--dir", str(tmp_path / "centre"), "--chain", "crew"]) == 1
    assert "[chain.stopped]" in capsys.readouterr().err
