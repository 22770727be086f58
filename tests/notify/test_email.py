"""Notices by e-mail, against aiosmtpd."""

import email

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from support.notices import message, run
from support.server import free_port
from tocsin.model.notices import Accepted, ContactAddress, Failed, Retry
from tocsin.notify.email import FIELDS, EmailNotifier
from tocsin.settings import Smtp

MESSAGE = message()
TO = ContactAddress(address="ana@example.org")


class Mailbox:
    """What the server was given; `said` is its answer to a mail, `to` to a recipient."""

    def __init__(self):
        self.mails = []
        self.said = "250 taken"
        self.to = "250 good"

    async def handle_RCPT(self, _server, _session, envelope, address, _options):  # noqa: N802 - the library's name
        if self.to.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.to

    async def handle_DATA(self, _server, _session, envelope):  # noqa: N802 - the library's name
        self.mails.append((list(envelope.rcpt_tos), envelope.content))
        return self.said


@pytest.fixture
def mailbox():
    box = Mailbox()

    def check(_server, _session, _envelope, _mechanism, data):
        is_right = data.login == b"centre" and data.password == b"right"
        return AuthResult(success=is_right, handled=False)

    controller = Controller(
        box, hostname="127.0.0.1", port=free_port(), authenticator=check, auth_require_tls=False, auth_required=False
    )
    controller.start()
    box.port = controller.port
    yield box
    controller.stop()


def send(port, messages=(MESSAGE,), password="right", **changes):
    plain = {"host": "127.0.0.1", "port": port, "security": "none", "sender": "centre@example.org"}
    made = EmailNotifier(Smtp(**(plain | changes)), "Harbour", lambda: password)
    return run(made, *((one, TO) for one in messages))


def test_mail_holds_what_is_declared_number_first_and_a_link(mailbox):
    (outcome,) = send(mailbox.port)
    assert isinstance(outcome, Accepted)
    assert not outcome.is_received, "a server's yes is no receipt"
    ((recipients, content),) = mailbox.mails
    mail = email.message_from_bytes(content)
    ours = set(mail.keys()) - {"MIME-Version", "Content-Type", "Content-Transfer-Encoding", "X-Peer"}
    assert ours | {"text"} == set(FIELDS)
    assert (recipients, mail["Subject"]) == (["ana@example.org"], "#4720 P1 (Harbour)")
    assert message().answer_url in mail.get_payload()


def test_mail_that_is_sent_again_has_the_same_message_id(mailbox):
    send(mailbox.port, (message(), message(sent_at=1)))
    assert len({email.message_from_bytes(content)["Message-ID"] for _, content in mailbox.mails}) == 1


def test_server_that_says_later_is_asked_later_and_one_that_says_never_is_not(mailbox):
    mailbox.said = "451 later"
    assert send(mailbox.port) == [Retry(None, "smtp_451")]
    mailbox.said = "554 never"
    assert send(mailbox.port) == [Failed("smtp_554")]
    mailbox.to = "550 nobody"
    assert send(mailbox.port) == [Failed("smtp_550")]


def test_wrong_password_and_a_server_without_tls_are_the_providers_failure(mailbox):
    wrong = send(mailbox.port, password="wrong", user="centre", password_file="x")
    assert wrong == [Failed("smtp_sign_in", is_provider=True)]
    assert isinstance(send(mailbox.port, user="centre", password_file="x")[0], Accepted)
    assert send(mailbox.port, security="starttls") == [Failed("smtp_tls", is_provider=True)]
    assert len(mailbox.mails) == 1, "nothing is sent in clear where TLS was asked for"


def test_server_that_is_not_there_is_tried_again():
    assert send(free_port()) == [Retry(None, "unreachable")]
