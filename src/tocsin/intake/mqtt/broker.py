"""The broker of the settings: who we are to it, and how it is known."""

import ssl
from pathlib import Path

from tocsin.intake.mqtt.bridge import Broker
from tocsin.model.errors import BadInput
from tocsin.model.values import Secret
from tocsin.settings import Mqtt


def broker_of(settings: Mqtt, folder: Path) -> Broker | None:
    """The broker that is set up; None where none is.

    Raises:
        BadInput: a file is not there, or is none of certificates.
    """
    if settings.host is None:
        return None
    return Broker(
        host=settings.host,
        port=settings.port,
        client_id=settings.client_id,
        protocol=settings.protocol,
        username=settings.user,
        password=_password(folder, settings.password_file),
        tls=_tls(settings, folder) if settings.security == "tls" else None,
    )


def _password(folder: Path, file: str | None) -> Secret | None:
    if file is None:
        return None
    try:
        return Secret((folder / file).read_text(encoding="utf-8").split("\n", 1)[0].rstrip("\r"))
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(
            f"receivers.mqtt.password_file: {folder / file} cannot be read: "
            f"{error.strerror if isinstance(error, OSError) else 'it is no text'}. Nothing was started. Write the "
            "password into it, and let the centre read it",
            "settings.file",
        ) from error


def _tls(settings: Mqtt, folder: Path) -> ssl.SSLContext:
    try:
        context = ssl.create_default_context(
            cafile=None if settings.authority is None else str(folder / settings.authority)
        )
        if settings.certificate is not None and settings.key is not None:
            context.load_cert_chain(folder / settings.certificate, folder / settings.key)
    except OSError as error:  # ssl.SSLError is one
        raise BadInput(
            "receivers.mqtt: the files of the authority, of our certificate or of its key cannot be used "
            f"({error.strerror or error}). Nothing was started. Name files in PEM that the centre may read",
            "settings.file",
        ) from error
    return context
