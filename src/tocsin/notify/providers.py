"""Which ways out a centre's settings switch on, and what serves each. Without a setting nothing leaves.

What serves a way is imported where it is switched on: the libraries behind them are nothing to a centre that tells
nobody (decision 0030).
"""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

from tocsin.model.notices import ProviderRank
from tocsin.model.ports import Clock, Ids, Notifier
from tocsin.rules.ladder import Way
from tocsin.settings import GatewayProvider, Settings, Smtp

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric import ec

    from tocsin.notify.telephone import TelephoneSystem

SECRET_BYTES_MAX: Final = 4096
PUSH_KEY: Final = "notify-push-key"


class PushKeys(Protocol):
    """Where the key lies that browsers subscribe with (`vault.Vault`)."""

    def secrets_get(self, names: Sequence[str]) -> Mapping[str, bytes]:
        """Unwrap many; those that are not there are left out."""
        ...

    def secret_put(self, name: str, secret: bytes) -> None:
        """Wrap and store one; durable when this returns."""
        ...


def make_notifiers(
    settings: Settings, source: str, push_key: "ec.EllipticCurvePrivateKey | None", clock: Clock, ids: Ids
) -> Mapping[Way, Notifier]:
    """The providers that are set up, by channel and rank. No connection is made before something is sent.

    `source` names the centre to programs, `push_key` to the makers of browsers.
    """
    notify = settings.notify
    made: dict[Way, Notifier] = {}
    if notify.webhook.enabled:
        from tocsin.notify.http import HttpClient
        from tocsin.notify.webhook import WebhookNotifier

        made["webhook", 1] = WebhookNotifier(HttpClient(notify.internal), source)
    if push_key is not None and notify.push.contact is not None:
        from tocsin.notify.http import HttpClient
        from tocsin.notify.web_push import WebPushNotifier

        client = HttpClient(notify.internal)
        made["push", 1] = WebPushNotifier(client, push_key, notify.push.contact, clock, ids)
    mails: tuple[tuple[ProviderRank, Smtp], ...] = ((1, notify.email), (2, notify.email.second))
    for rank, server in mails:
        if server.host is not None:
            from tocsin.notify.email import EmailNotifier

            password = _first_line(settings.folder, server.password_file)
            made["email", rank] = EmailNotifier(server, settings.centre.name, password)
    gateways: tuple[tuple[ProviderRank, GatewayProvider], ...] = ((1, notify.gateway), (2, notify.gateway.second))
    for rank, one in gateways:
        if one.url is not None:
            from tocsin.notify.gateway import GatewayNotifier
            from tocsin.notify.http import HttpClient

            token = _first_line(settings.folder, one.token_file)
            if one.sms:
                made["sms", rank] = GatewayNotifier(HttpClient(notify.internal), one, token, "sms")
            if one.calls:
                made["voice", rank] = GatewayNotifier(HttpClient(notify.internal), one, token, "voice")
    return made


def make_telephone_system(settings: Settings, source: str, clock: Clock) -> "TelephoneSystem | None":
    """What calls for a desk; None where it is off: desks dial by hand. No connection is made before."""
    telephone = settings.telephone
    if telephone.dial_url is None:
        return None
    from tocsin.notify.telephone import TelephoneSystem

    return TelephoneSystem(
        telephone.dial_url,
        _first_line(settings.folder, telephone.secret_file),
        source,
        clock,
        internal=telephone.internal,
        authority=None if telephone.authority is None else str(settings.folder / telephone.authority),
    )


def push_key_of(settings: Settings, keys: PushKeys) -> "ec.EllipticCurvePrivateKey | None":
    """The key that browsers subscribe with, made when it is first needed; None where Web Push is off."""
    if not settings.notify.push.enabled:
        return None
    from cryptography.hazmat.primitives.asymmetric import ec

    found = keys.secrets_get([PUSH_KEY]).get(PUSH_KEY)
    if found is None:
        made = ec.generate_private_key(ec.SECP256R1())
        found = made.private_numbers().private_value.to_bytes(32, "big")
        keys.secret_put(PUSH_KEY, found)
    return ec.derive_private_key(int.from_bytes(found, "big"), ec.SECP256R1())


def _first_line(folder: Path, file: str | None) -> Callable[[], str]:
    """Reads the first line of a file each time: a secret that was changed counts at once, and stays in no memory."""

    def read() -> str:
        if file is None:
            return ""
        with (folder / file).open("rb") as stream:
            return stream.read(SECRET_BYTES_MAX).split(b"\n")[0].strip().decode("utf-8", "replace")

    return read
