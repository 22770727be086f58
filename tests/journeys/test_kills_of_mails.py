"""A mail that was stored and not answered, since the process died, comes again and is stored once."""

import smtplib
from pathlib import Path

import pytest

from support.bad_disk import WAL, BadDisk
from support.centres import held, rows
from support.journal_reader import read_journal, signals
from support.server import free_port, wait_for
from tocsin.model.sources import MailLine, MailWay, SourceRow
from tocsin.model.values import Actor
from tocsin.settings import load

pytestmark = pytest.mark.afresh
SENDER = "panel@site.example"
DOMAIN = "mail.example"


def send(port: int, to: str, number: int) -> bool:
    """Was it answered 250?"""
    text = f"Subject: Zone 3 in alarm\r\nMessage-ID: <{number}@panel>\r\n\r\nx\r\n"
    try:
        with smtplib.SMTP("127.0.0.1", port, timeout=10) as client:
            client.sendmail(SENDER, [to], text)
    except (OSError, smtplib.SMTPException):
        return False
    return True


@pytest.mark.slow
@pytest.mark.requires("cc")
def test_death_between_stored_and_answered_makes_no_second_signal_of_a_mail(serve, disk: BadDisk, folder: Path) -> None:
    with held(load(folder, {})) as centre:
        (account, *_) = centre.store.accounts()
        lines = (MailLine(pattern="Zone * in alarm", word="smoke"),)
        row = SourceRow(account_id=account.id, mail=MailWay(lines=lines), way="mail")
        made = centre.centre.sources.make(row, Actor("cli"), ([SENDER], ["127.0.0.1"]))
        door = centre.centre.sources.door(made.id)
    assert door is not None
    port, to = free_port(), f"{door.local}@{DOMAIN}"
    settings = {"TOCSIN_RECEIVERS__MAIL__LISTEN": f"127.0.0.1:{port}", "TOCSIN_RECEIVERS__MAIL__DOMAIN": DOMAIN}
    server = serve({**disk.environment, **settings})
    with server:
        server.wait_ready()
        assert send(port, to, 1)
        # Decided on, and its count written: from now on the next sync is that of the next mail.
        wait_for(lambda: '"stored":1' in counts(folder) and server.metric("tocsin_core_waiting") == 0, 30, "at rest")
        disk.kill_after(WAL)
        assert not send(port, to, 2), "answered, though the process died"
        server.wait_exit()
    disk.heal()
    before = [str(entry.id) for entry in signals(read_journal(folder))]
    assert len(before) == 2
    with server:
        server.wait_ready()
        assert send(port, to, 2), "the sender's queue tries again"
        server.stop()
    assert [str(entry.id) for entry in signals(read_journal(folder))] == before


def counts(folder: Path) -> str:
    """What was counted of sources, as it is stored."""
    return "".join(
        str(one) for one in rows(folder / "tocsin.db", "SELECT value FROM meta WHERE name = 'source_counts'")
    )
