"""Mail of machines on a real socket: who may send, what is stored, and that 250 means it is durable."""

import asyncio
import smtplib
import socket
import ssl

import pytest

from support.certificates import Authority
from support.mails import MAIL, SENDER, run, signals
from tocsin.intake.mail.receiver import PER_HOST_MAX, PER_MINUTE
from tocsin.intake.mail.server import mail_server
from tocsin.model.errors import CentreFault
from tocsin.model.values import Actor
from tocsin.settings import MailIn


def test_a_mail_is_stored_once_and_answered_250_and_nothing_else_of_it_is_kept(tmp_path):
    def story(work):
        assert work.send()[0] == 250
        assert work.order == ["stored"]
        (body,) = signals(work)
        assert (body["source"], body["transport"], body["code"], body["address"], body["path"]) == (
            "mail", "smtp", "111", "3", work.source.id
        )  # fmt: skip
        assert work.send()[0] == 250
        assert len(signals(work)) == 1
        assert work.counts() == (2, 1, 1, {})
        for file in (tmp_path / "centre").iterdir():
            if file.is_file():
                content = file.read_bytes()
                assert b"Muster" not in content, file
                assert b"panel@site" not in content, file
                assert work.door.local.encode() not in content, file

    run(tmp_path, story)


def test_a_mail_without_an_id_is_a_repeat_for_five_minutes(tmp_path):
    def story(work):
        text = MAIL.replace("Message-ID: <1@panel>\r\n", "")
        assert [work.send(text)[0], work.send(text)[0]] == [250, 250]
        assert len(signals(work)) == 1
        work.centre.clock.advance(301)
        assert work.send(text)[0] == 250
        assert len(signals(work)) == 2

    run(tmp_path, story)


def test_only_named_senders_at_addresses_of_ours_are_taken(tmp_path):
    def story(work):
        assert work.send(sender="other@site.example") == (550, "5.7.1 Not from this sender or network")
        assert work.send(to="somebody@elsewhere.example") == (550, "5.1.1 No such address here")
        assert work.send(to=f"{work.door.local}x@mail.example")[0] == 550
        assert work.send(to=f"{work.door.local}@elsewhere.example")[0] == 550
        found = work.centre.centre.sources
        work.source = found.change(
            work.source.id, work.source.seq, work.source.row, Actor("cli"), ([SENDER], ["192.0.2.0/24"])
        )
        work.mails.look()
        assert work.send() == (550, "5.7.1 Not from this sender or network")
        assert signals(work) == []
        assert work.counts() == (0, 0, 0, {"sender": 1, "network": 1})
        assert work.mails.refused == {"address": 3}

    run(tmp_path, story)


def test_what_cannot_be_stored_is_answered_451_so_that_it_comes_again(tmp_path):
    def story(work):
        work.fault = CentreFault("the disk is full", "journal.full")
        assert work.send()[0] == 451
        work.fault = RuntimeError("a fault of ours")
        assert work.send()[0] == 451
        work.fault = None
        work.mails.is_accepting = False
        assert work.send()[0] == 451
        work.mails.is_accepting = True
        work.waiting_signals = 10
        assert work.send()[0] == 451
        work.waiting_signals = 0
        assert work.send()[0] == 250
        assert len(signals(work)) == 1

    run(tmp_path, story)


def test_our_own_test_goes_over_the_socket_and_nobody_else_may_use_its_sender(tmp_path):
    def story(work):
        receipt = asyncio.run_coroutine_threadsafe(work.mails.test(work.source, b"12345678"), work.loop).result(20)
        (body,) = signals(work)
        assert (body["frame"], body["code"], body["source"]) == (receipt.id, "605", "mail")
        assert work.counts() == (0, 0, 0, {})
        assert work.send(sender=f"test-{b'12345678'.hex()}@mail.example")[0] == 550
        work.fault = CentreFault("the disk is full", "journal.full")
        with pytest.raises(CentreFault, match="451"):
            asyncio.run_coroutine_threadsafe(work.mails.test(work.source, b"1"), work.loop).result(20)

    run(tmp_path, story)


def test_starttls_is_offered_with_the_certificate_of_the_settings_and_what_comes_by_it_counts_as_encrypted(tmp_path):
    authority = Authority(tmp_path, "authority")
    certificate, key = authority.give("mail", "mail.example", dns=["mail.example"])
    server = mail_server(
        MailIn(listen="127.0.0.1:0", domain="mail.example", certificate=str(certificate), key=str(key)), tmp_path
    )
    server.listener.close()
    trusting = ssl.create_default_context(cafile=str(authority.file))

    def story(work):
        host, port = work.address
        with smtplib.SMTP(host, port, timeout=10) as client:
            client._host = "mail.example"  # the name that it asked for: here nobody resolves it
            client.starttls(context=trusting)
            client.sendmail(SENDER, [work.to], MAIL)
        (body,) = signals(work)
        assert body["encrypted"] is True
        assert work.send(MAIL.replace("<1@", "<2@"))[0] == 250, "in clear it is still taken"
        assert [one["encrypted"] for one in signals(work)] == [True, False]
        # By a name that the certificate has not.
        with smtplib.SMTP(host, port, timeout=10) as client, pytest.raises(ssl.SSLCertVerificationError):
            client.starttls(context=trusting)

    run(tmp_path, story, tls=server.tls)


def test_a_flood_of_one_source_is_told_to_wait(tmp_path):
    def story(work):
        for n in range(PER_MINUTE):
            assert work.send(MAIL.replace("<1@", f"<{n}@"))[0] == 250
        assert work.send()[0] == 451
        work.centre.clock.advance(61)
        assert work.send(MAIL.replace("<1@", "<99@"))[0] == 250
        assert work.counts() == (PER_MINUTE + 2, PER_MINUTE + 1, 0, {"rate": 1})

    run(tmp_path, story)


def test_what_a_machine_may_not_say_is_refused_for_good_and_counted(tmp_path):
    def story(work):
        code, words = work.send(MAIL.replace("Zone 3 in alarm", "Person detected"))
        assert code == 550
        assert "docs/explanation/scope.md" in words
        assert work.counts() == (1, 0, 0, {"scope": 1})

    run(tmp_path, story)


def test_one_mail_goes_to_one_source_and_the_others_are_asked_for_again(tmp_path):
    def story(work):
        with smtplib.SMTP(*work.address, timeout=10) as client:
            client.ehlo()
            client.mail(SENDER)
            assert client.rcpt(work.to)[0] == 250
            assert client.rcpt(work.to)[0] == 452

    run(tmp_path, story)


def test_connections_of_one_host_are_bounded_and_their_places_come_back(tmp_path):
    def story(work):
        many = [socket.create_connection(work.address, timeout=10) for _ in range(PER_HOST_MAX)]
        assert all(one.recv(100).startswith(b"220") for one in many)
        with socket.create_connection(work.address, timeout=10) as more:
            assert more.recv(100).startswith(b"421")
        for one in many:
            one.close()
        for _ in range(200):
            if not work.mails.is_full("127.0.0.1"):
                break
            with socket.create_connection(work.address, timeout=10) as again:
                again.recv(100)
        assert work.send()[0] == 250

    run(tmp_path, story)


@pytest.mark.parametrize(
    "lines", [b"", b"\r\n" * 50, b"\xff\xfe\r\n", b"DATA\r\n", b"MAIL FROM:<>\r\nRCPT TO:<>\r\nDATA\r\n", b"x" * 70_000]
)
def test_nonsense_on_the_socket_harms_nobody(tmp_path, lines):
    def story(work):
        with socket.create_connection(work.address, timeout=10) as one:
            one.recv(100)
            one.sendall(lines)
        assert work.send()[0] == 250

    run(tmp_path, story)
