"""Text messages and calls, by HTTP, in the shape that Twilio's interface has. Tested against our simulator alone.

Whether anything is delivered, the provider tells by callback; what is said in a call, it asks for. Both come by paths
that nobody can guess (`web.api.notice_callbacks`).
"""

import base64
from collections.abc import Callable
from typing import Final, Literal
from urllib.parse import urlencode

import msgspec

from tocsin.model.notices import Accepted, ContactAddress, Failed, Message, Outcome
from tocsin.model.values import Code, Secret
from tocsin.notify.http import HttpAnswer, HttpClient, outcome_of
from tocsin.rules.voice import RING_S
from tocsin.settings import GatewayProvider

SMS_FIELDS: Final = ("Body", "From", "StatusCallback", "To")
CALL_FIELDS: Final = ("From", "Method", "StatusCallback", "StatusCallbackEvent", "Timeout", "To", "Url")
"""All that leaves when it is sent. In a call the centre's name and the priority are said; type and place once 1 was
pressed."""

ID_MAX: Final = 100
TO_ERRORS: Final = frozenset({21211, 21214, 21217, 21610, 21612, 21614})
"""Codes that say that this number cannot be reached."""


class _Answer(msgspec.Struct):
    sid: str | None = None
    code: int | None = None


_ANSWER: Final = msgspec.json.Decoder(_Answer)


class GatewayNotifier:
    """Sends text messages, or makes calls, by one provider (`model.ports.Notifier`)."""

    def __init__(
        self,
        client: HttpClient,
        settings: GatewayProvider,
        token: Callable[[], str],
        channel: Literal["sms", "voice"],
    ) -> None:
        """Use the account of `settings`; `token` is read when it is needed, so that it may be changed."""
        assert settings.url is not None, "it is set up"
        self._client = client
        self._url = settings.url.rstrip("/")
        self._settings = settings
        self._token = token
        self._channel: Literal["sms", "voice"] = channel

    async def send(self, message: Message, address: ContactAddress) -> Outcome:
        """Hand it to the provider, under the message's own key."""
        try:
            token = self._token()
        except OSError:
            return Failed(Code("token_file"), is_provider=True)
        sender = self._settings.sender or ""
        if self._channel == "sms":
            path, form = "/Messages.json", sms_of(message, address, sender)
        else:
            path, form = "/Calls.json", call_of(message, address, sender)
        account = f"{self._settings.account}:{token}".encode()
        headers = {
            "authorization": "Basic " + base64.b64encode(account).decode(),
            "content-type": "application/x-www-form-urlencoded",
            "idempotency-key": message.key,
            "user-agent": "tocsin",
        }
        answer = await self._client.post(self._url + path, headers, urlencode(form).encode())
        if not isinstance(answer, HttpAnswer):
            # The address is the administrator's, so what is wrong with it is the provider's failure.
            return Failed(answer.reason, is_provider=True) if isinstance(answer, Failed) else answer
        said = _decoded(answer.body)
        refused = outcome_of(answer, is_contacts=False)
        if refused is not None:
            return Failed(Code("number_refused")) if said.code in TO_ERRORS else refused
        return Accepted(None if said.sid is None else Secret(said.sid[:ID_MAX]))

    async def close(self) -> None:
        """Let go of connections."""
        await self._client.close()


def sms_of(message: Message, address: ContactAddress, sender: str) -> dict[str, str]:
    """The form of a text message."""
    return {
        "To": address.address,
        "From": sender,
        "Body": message.text,
        "StatusCallback": f"{message.answer_url}/sms",
    }


def call_of(message: Message, address: ContactAddress, sender: str) -> dict[str, str]:
    """The form of a call: what is said in it is asked for when somebody takes it."""
    return {
        "To": address.address,
        "From": sender,
        "Url": f"{message.answer_url}/voice/1.0",
        "Method": "POST",
        "Timeout": str(RING_S),
        "StatusCallback": f"{message.answer_url}/call",
        "StatusCallbackEvent": "completed",
    }


def _decoded(body: bytes) -> _Answer:
    try:
        return _ANSWER.decode(body)
    except msgspec.DecodeError:
        return _Answer()
