"""Notices to browsers that people subscribed, through their makers' servers. Tested against our simulator.

The maker sees that something comes, and not what: number, priority and link are encrypted for the browser alone. What
the maker says is that it took it; that it was seen, our page tells.
"""

from collections.abc import Callable
from typing import Final

import msgspec
from cryptography.hazmat.primitives.asymmetric import ec

from tocsin.model.notices import Accepted, ContactAddress, Failed, Message, Outcome
from tocsin.model.ports import Clock, Ids
from tocsin.model.values import Code, Secret
from tocsin.notify.http import HttpAnswer, HttpClient, outcome_of
from tocsin.protocols.web_push import SALT_BYTES, encrypt, from_base64url, vapid

FIELDS: Final = ("exercise", "expires_at", "id", "number", "priority", "purpose", "title", "type", "url")
"""All that leaves, encrypted for the browser."""

TTL_MAX_S: Final = 3600


class WebPushNotifier:
    """Sends notices to browsers (`model.ports.Notifier`)."""

    def __init__(
        self,
        client: HttpClient,
        key: ec.EllipticCurvePrivateKey,
        contact: str,
        clock: Clock,
        ids: Ids,
        make_key: Callable[[], ec.EllipticCurvePrivateKey] = lambda: ec.generate_private_key(ec.SECP256R1()),
    ) -> None:
        """Send as the centre whose `key` browsers subscribed with; `make_key` makes one for each message."""
        self._client = client
        self._key = key
        self._contact = contact
        self._clock = clock
        self._ids = ids
        self._make_key = make_key

    async def send(self, message: Message, address: ContactAddress) -> Outcome:
        """Hand it to the maker's server. 404 and 410 say that the browser is subscribed no more."""
        try:
            receiver, auth = from_base64url(address.p256dh or ""), from_base64url(address.auth or "")
            body = encrypt(payload_of(message), receiver, auth, self._make_key(), self._ids.token_bytes(SALT_BYTES))
        except ValueError:
            return Failed(Code("bad_subscription"), is_gone=True)
        now_s = self._clock.now_us() // 1_000_000
        headers = {
            "authorization": vapid(address.address, self._contact, self._key, now_s),
            "content-encoding": "aes128gcm",
            "content-type": "application/octet-stream",
            "ttl": str(max(0, min(TTL_MAX_S, message.expires_at // 1_000_000 - now_s))),
            "urgency": "high",
            "user-agent": "tocsin",
        }
        answer = await self._client.post(address.address, headers, body)
        if not isinstance(answer, HttpAnswer):
            return answer
        if answer.status in (401, 403):
            return Failed(Code(f"http_{answer.status}"), is_provider=True)
        return outcome_of(answer, is_contacts=True) or Accepted(Secret(message.key))

    async def close(self) -> None:
        """Let go of connections."""
        await self._client.close()


def payload_of(message: Message) -> bytes:
    """What the browser is given: code, priority, "open to read". No address, no person, no place."""
    return msgspec.json.encode(
        {
            "id": message.key,
            "purpose": message.purpose,
            "title": message.title,
            "number": message.number,
            "priority": message.priority,
            "type": message.type,
            "exercise": message.exercise,
            "expires_at": message.expires_at // 1000,
            "url": message.answer_url,
        }
    )
