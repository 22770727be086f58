"""`tocsin export rejected-frames --unsealed`: the bytes come out with a reason, and the journal says so."""

import json

import pytest

from support.fakes import START_US
from tocsin.cli import main
from tocsin.cli.folder import held_folder
from tocsin.model.lists import RejectedFrame
from tocsin.model.signals import SealedPart

FRAME = b'\n0000"broken"\r'


@pytest.fixture
def folder(tmp_path, capsys):
    made = tmp_path / "centre"
    assert main(["init", str(made)]) == 0
    with held_folder(made) as opened:
        key, sealed, _ = opened.vault.seal("intake", START_US, SealedPart(raw=FRAME, peer="192.0.2.9:4000"))
        row = RejectedFrame(
            account=None,
            at=START_US,
            id=0,
            key=key,
            outcome="discarded",
            reason="crc",
            sealed=sealed,
            token=None,
            transport="tcp",
        )
        with opened.store.transaction() as transaction:
            transaction.add_rejected([row], 10)
    capsys.readouterr()
    return made


def export(folder, *words):
    return main(["export", "rejected-frames", "--dir", str(folder), "--format", "json", *words])


def reads(folder, capsys):
    assert main(["journal", "export", "--dir", str(folder), "--kind", "vault.read"]) == 0
    return [json.loads(line)["body"] for line in capsys.readouterr().out.splitlines()]


def test_without_unsealed_neither_bytes_nor_sender_come_out(folder, capsys):
    assert export(folder) == 0
    (row,) = json.loads(capsys.readouterr().out)
    assert not {"raw", "peer", "sealed"} & set(row)
    assert reads(folder, capsys) == []


def test_with_a_reason_they_come_out_and_the_reading_is_a_fact(folder, capsys):
    assert export(folder, "--unsealed", "--reason", "fault_finding") == 0
    (row,) = json.loads(capsys.readouterr().out)
    assert (bytes.fromhex(row["raw"]), row["peer"], row["reason"]) == (FRAME, "192.0.2.9:4000", "crc")
    assert reads(folder, capsys) == [{"count": 1, "reason": "fault_finding", "what": "rejected_frames"}]


@pytest.mark.parametrize("words", [("--unsealed",), ("--unsealed", "--reason", "curiosity"), ("--reason", "audit")])
def test_without_a_known_reason_nothing_is_read(folder, capsys, words):
    assert export(folder, *words) == 2
    assert "usage.unsealed" in capsys.readouterr().err
    assert reads(folder, capsys) == []


def test_only_rejected_frames_can_be_unsealed(folder, capsys):
    assert main(["export", "accounts", "--dir", str(folder), "--unsealed", "--reason", "audit"]) == 2
    assert "usage.unsealed" in capsys.readouterr().err
