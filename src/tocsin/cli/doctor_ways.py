"""What `tocsin doctor` says of the ways in beside panels: the broker that is read, and the mail that is taken."""

import ipaddress
import socket
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final

from tocsin.cli.finding import Finding, validity
from tocsin.model.errors import TocsinError
from tocsin.model.sources import StoredSource
from tocsin.settings import MailIn, Mqtt, Settings, split_address

TOPICS_SHOWN_MAX: Final = 5
MAIL_S: Final = 5.0
"""For our own mail server to say that it is there."""

GREETING: Final = b"220 "
UNSET: Final = "tocsin.invalid"
KEPT: Final = "what waits there is the broker's to keep: persistence, autosave_interval, max_queued_messages"


def ways_in(
    settings: Settings, sources: Sequence[StoredSource] | None, lost: Callable[[], Sequence[str]]
) -> Iterator[Finding]:
    """The broker and the mail; `sources`: None where the centre runs, which alone knows them.

    `lost` names sources by mail whose address is not to be had any more.
    """
    yield from _broker(settings.receivers.mqtt, settings.folder, sources)
    yield from _mail(settings.receivers.mail, settings.folder, sources, lost)


def _broker(mqtt: Mqtt, folder: Path, sources: Sequence[StoredSource] | None) -> Iterator[Finding]:
    from tocsin.intake.mqtt.broker import broker_of
    from tocsin.intake.mqtt.probe import probe
    from tocsin.intake.mqtt.receiver import convention_of

    there = [one for one in sources or () if one.row.mqtt is not None]
    if mqtt.host is None:
        if there:
            yield Finding(
                "broker",
                "wrong",
                f"{len(there)} sources send to a broker, and none is read",
                "Set receivers.mqtt.host, or remove the sources",
            )
        return
    try:
        broker = broker_of(mqtt, folder)
    except TocsinError as error:
        yield Finding("broker", "wrong", error.message, "Put the file there, and let this user read it")
        return
    assert broker is not None, "it has a host"
    if mqtt.certificate is not None:
        yield validity("broker", folder / mqtt.certificate)
    topics = [topic for one in there for topic in (*convention_of(one.row).told_by(), *convention_of(one.row).topics())]
    found = probe(broker, topics)
    where = f"{mqtt.host}:{mqtt.port}"
    if found.why == "refused":
        yield Finding(
            "broker",
            "wrong",
            f"{where} does not let us in: {found.said}",
            "Set receivers.mqtt.user and password_file, or the certificate, as the broker has them for this centre",
        )
        return
    if found.why is not None:
        yield Finding(
            "broker",
            "wrong",
            f"{where} cannot be reached: {found.said}",
            "Start the broker; look at host, port, security and authority of receivers.mqtt, and at what is between",
        )
        return
    how = "encrypted" if broker.tls is not None else "in clear"
    yield Finding("broker", "ok", f"{where} lets us in, MQTT {mqtt.protocol}, {how}; {KEPT}")
    yield from _rights(f"tocsin/{mqtt.client_id}/test", found.unread, is_test_back=found.is_test_back)
    if broker.tls is None and not _is_here(mqtt.host):
        yield Finding(
            "broker",
            "look",
            "what comes from it is not encrypted: it can be read and changed on the way",
            "Set receivers.mqtt.security to tls, and the broker's port for it",
        )
    if found.lets_anybody and not _is_here(mqtt.host):
        yield Finding(
            "broker",
            "look",
            "it lets in who has no name: whoever reaches it can say what any sensor says",
            "Set allow_anonymous false at the broker, and give each client a name",
        )


def _rights(test_topic: str, unread: Sequence[str], *, is_test_back: bool) -> Iterator[Finding]:
    if unread:
        more = "" if len(unread) <= TOPICS_SHOWN_MAX else f" and {len(unread) - TOPICS_SHOWN_MAX} more"
        yield Finding(
            "broker",
            "wrong",
            f"it does not let us read {', '.join(unread[:TOPICS_SHOWN_MAX])}{more}",
            "Let this centre's name read them: an access list of the broker says who may",
        )
    if not is_test_back:
        yield Finding(
            "broker",
            "look",
            f"what we write to {test_topic} does not come back, so no source there can be tried",
            "Let this centre's name write and read that topic",
        )


def _mail(
    mail: MailIn, folder: Path, sources: Sequence[StoredSource] | None, lost: Callable[[], Sequence[str]]
) -> Iterator[Finding]:
    from tocsin.intake.listening import bind
    from tocsin.intake.mail.server import tls_of

    there = [one for one in sources or () if one.row.mail is not None]
    if mail.listen is None:
        if there:
            yield Finding(
                "mail",
                "wrong",
                f"{len(there)} sources send by mail, and none is taken",
                "Set receivers.mail.listen, or remove the sources",
            )
        return
    try:
        tls = tls_of(mail, folder)
    except TocsinError as error:
        yield Finding("mail", "wrong", error.message, "Name the server's own certificate and key, both PEM")
        return
    if tls is None:
        yield Finding(
            "mail",
            "look",
            "STARTTLS is not offered: mail comes in clear, and its address, which is a key, can be read on the way",
            "Set receivers.mail.certificate and key, where mail comes over a network that is not your own",
        )
    else:
        assert mail.certificate is not None, "TLS is of it"
        yield validity("mail", folder / mail.certificate)
    if mail.domain == UNSET:
        yield Finding(
            "mail",
            "look",
            f"addresses end in @{UNSET}: nobody but a server that is told so sends there",
            "Set receivers.mail.domain to the name that mail for this centre goes to",
        )
    if sources is None:
        yield _answers(mail.listen)
        return
    try:
        bind(mail.listen, socket.SOCK_STREAM, "receivers.mail.listen").close()
    except TocsinError as error:
        yield Finding("mail", "wrong", error.message, "End the program that has it, or set another")
    else:
        yield Finding("mail", "ok", f"{mail.listen} TCP is free, for {len(there)} addresses at @{mail.domain}")
    if gone := lost():
        yield Finding(
            "mail",
            "wrong",
            f"nobody knows any more where {', '.join(gone)} is to send, and what it sends is refused",
            "Put the newest keys.db back; or remove these sources, add them anew, and give the senders their addresses",
        )


def _answers(listen: str) -> Finding:
    """Whether the running centre takes mail."""
    host, port = split_address(listen)
    if port == 0:
        return Finding("mail", "ok", "taken at a port that the system chose")
    everywhere = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - it is compared, not bound
    try:
        with socket.create_connection((everywhere.get(host, host), port), MAIL_S) as found:
            said = found.recv(200)
    except OSError as error:
        words = error.strerror or "no answer"
        return Finding("mail", "wrong", f"{listen} does not answer: {words}", "Start the centre anew, look at its log")
    if not said.startswith(GREETING):
        return Finding("mail", "wrong", f"what answers at {listen} takes no mail now", "Look at what it is")
    return Finding("mail", "ok", f"{listen} takes mail")


def _is_here(host: str) -> bool:
    """Whether it is this machine."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
