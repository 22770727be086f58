"""Which ways out a centre's settings switch on, and what serves each. Without a setting nothing leaves."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from tocsin.model.notices import ProviderRank
from tocsin.model.ports import Notifier
from tocsin.notify.email import EmailNotifier
from tocsin.notify.gateway import GatewayNotifier
from tocsin.notify.http import HttpClient
from tocsin.notify.webhook import WebhookNotifier
from tocsin.rules.delivery import Way
from tocsin.settings import GatewayProvider, Settings, Smtp

SECRET_BYTES_MAX: Final = 4096


def make_notifiers(settings: Settings, source: str) -> Mapping[Way, Notifier]:
    """The providers that are set up, by channel and rank. No connection is made before something is sent.

    `source` names the centre to programs.
    """
    notify = settings.notify
    made: dict[Way, Notifier] = {}
    if notify.webhook.enabled:
        made["webhook", 1] = WebhookNotifier(HttpClient(notify.internal), source)
    mails: tuple[tuple[ProviderRank, Smtp], ...] = ((1, notify.email), (2, notify.email.second))
    for rank, server in mails:
        if server.host is not None:
            password = _first_line(settings.folder, server.password_file)
            made["email", rank] = EmailNotifier(server, settings.centre.name, password)
    gateways: tuple[tuple[ProviderRank, GatewayProvider], ...] = ((1, notify.gateway), (2, notify.gateway.second))
    for rank, one in gateways:
        if one.url is not None:
            token = _first_line(settings.folder, one.token_file)
            if one.sms:
                made["sms", rank] = GatewayNotifier(HttpClient(notify.internal), one, token, "sms")
            if one.voice:
                made["voice", rank] = GatewayNotifier(HttpClient(notify.internal), one, token, "voice")
    return made


def _first_line(folder: Path, file: str | None) -> Callable[[], str]:
    """Reads the first line of a file each time: a secret that was changed counts at once, and stays in no memory."""

    def read() -> str:
        if file is None:
            return ""
        with (folder / file).open("rb") as stream:
            return stream.read(SECRET_BYTES_MAX).split(b"\n")[0].strip().decode("utf-8", "replace")

    return read
