"""The mail server of the settings: its socket, its domain, and what STARTTLS is offered with."""

import socket
import ssl
from pathlib import Path

import msgspec

from tocsin.intake.listening import bind
from tocsin.model.errors import BadInput
from tocsin.settings import MailIn


class MailServer(msgspec.Struct, frozen=True):
    """Where mail comes to."""

    domain: str
    listener: socket.socket
    tls: ssl.SSLContext | None


def mail_server(settings: MailIn, folder: Path) -> MailServer | None:
    """The server that is set up, its address taken; None where none is.

    Raises:
        BadInput: the address is not to be had, or a file cannot be used.
    """
    if settings.listen is None:
        return None
    tls = tls_of(settings, folder)
    return MailServer(settings.domain, bind(settings.listen, socket.SOCK_STREAM, "receivers.mail.listen"), tls)


def tls_of(settings: MailIn, folder: Path) -> ssl.SSLContext | None:
    """What STARTTLS is offered with; None where nothing is set for it.

    Raises:
        BadInput: a file cannot be used.
    """
    if settings.certificate is None or settings.key is None:
        return None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        context.load_cert_chain(folder / settings.certificate, folder / settings.key)
    except OSError as error:  # ssl.SSLError is one
        raise BadInput(
            "receivers.mail: the certificate or its key cannot be used "
            f"({error.strerror or type(error).__name__}). Nothing was started. Name files in PEM that the centre may "
            "read",
            "settings.tls",
        ) from error
    return context
