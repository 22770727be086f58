"""Notices to a program that somebody named as a contact: a CloudEvent, signed as Standard Webhooks says.

Tested against our simulator. The id stays for every sending of an attempt; the time stamp is of the sending.
"""

import base64
import binascii
import hmac
from typing import Final

import msgspec

from tocsin.model.notices import Accepted, ContactAddress, Failed, Message, Outcome
from tocsin.model.values import Code
from tocsin.notify.http import HttpAnswer, HttpClient, outcome_of
from tocsin.notify.times import iso_of

FIELDS: Final = (
    "data.answer_url",
    "data.callback_url",
    "data.exercise",
    "data.expires_at",
    "data.number",
    "data.priority",
    "data.purpose",
    "data.text",
    "data.type",
    "datacontenttype",
    "id",
    "source",
    "specversion",
    "time",
    "type",
)
"""All that leaves: ids, codes, times, links. No address, no person, no place."""

SECRET_PREFIX: Final = "whsec_"  # noqa: S105 - what every secret of a webhook begins with
EVENT_TYPE: Final = "org.tocsin.notice"


class WebhookNotifier:
    """Sends notices to programs (`model.ports.Notifier`)."""

    def __init__(self, client: HttpClient, source: str) -> None:
        """Send by `client`, as the centre that `source` names."""
        self._client = client
        self._source = source

    async def send(self, message: Message, address: ContactAddress) -> Outcome:
        """Call the contact's address. 2xx is the receipt: the program has it."""
        body = event_of(message, self._source)
        headers = {"content-type": "application/cloudevents+json", "user-agent": "tocsin"}
        if address.secret is not None:
            headers |= signed(message.key, message.sent_at // 1_000_000, body, address.secret)
        answer = await self._client.post(address.address, headers, body)
        if not isinstance(answer, HttpAnswer):
            return answer
        if 300 <= answer.status < 400:
            return Failed(Code("redirect"))
        return outcome_of(answer, is_contacts=True) or Accepted(None, is_received=True)

    async def close(self) -> None:
        """Let go of connections."""
        await self._client.close()


def event_of(message: Message, source: str) -> bytes:
    """The body, as it is signed."""
    return msgspec.json.encode(
        {
            "specversion": "1.0",
            "id": message.key,
            "source": source,
            "type": EVENT_TYPE,
            "time": iso_of(message.queued_at),
            "datacontenttype": "application/json",
            "data": {
                "purpose": message.purpose,
                "number": message.number,
                "priority": message.priority,
                "type": message.type,
                "exercise": message.exercise,
                "text": message.title,
                "expires_at": iso_of(message.expires_at),
                "answer_url": message.answer_url,
                "callback_url": message.callback_url,
            },
        }
    )


def signed(id_: str, timestamp_s: int, body: bytes, secret: str) -> dict[str, str]:
    """The three headers of a Standard Webhooks signature, version 1."""
    mac = hmac.digest(key_of(secret), b"%s.%d.%s" % (id_.encode(), timestamp_s, body), "sha256")
    return {
        "webhook-id": id_,
        "webhook-timestamp": str(timestamp_s),
        "webhook-signature": "v1," + base64.b64encode(mac).decode(),
    }


def key_of(secret: str) -> bytes:
    """The key of a secret as it is typed in; what is no base64 is taken as it is."""
    try:
        return base64.b64decode(secret.removeprefix(SECRET_PREFIX), validate=True)
    except (binascii.Error, ValueError):
        return secret.encode()
