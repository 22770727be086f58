"""Calls by the centre's own telephone system: one signed request, answered at once or given up.

*Tested against our simulator.* What leaves is listed in `FIELDS`: the desk's telephone, the number to call, and the
name of the call. It goes to the one address of the settings, and is never sent a second time: `centre.dials`.
Source: INTEGRATIONS.md, sections 8 and 14; decision 0082.
"""

import ssl
from collections.abc import Callable
from typing import Final

import msgspec

from tocsin.model.dials import DialFailure
from tocsin.model.notices import Retry
from tocsin.model.ports import Clock
from tocsin.model.values import Code
from tocsin.notify.http import HttpAnswer, HttpClient
from tocsin.notify.times import iso_of
from tocsin.notify.webhook import signed

FIELDS: Final = (
    "data.call",
    "data.extension",
    "data.number",
    "datacontenttype",
    "id",
    "source",
    "specversion",
    "time",
    "type",
)
"""All that leaves."""

EVENT_TYPE: Final = "org.tocsin.dial"
ANSWER_S: Final = 3.0
"""So long somebody at a desk waits before they dial by hand."""


class TelephoneSystem:
    """Asks the centre's own telephone system for calls. Used by one event loop."""

    def __init__(
        self,
        url: str,
        secret: Callable[[], str],
        source: str,
        clock: Clock,
        *,
        internal: tuple[str, ...] = (),
        authority: str | None = None,
        answer_s: float = ANSWER_S,
    ) -> None:
        """Ask at `url`, as the centre that `source` names; `secret` reads what requests are signed with.

        `internal` are addresses (HOST:PORT) of private networks that it may stand at; `authority` is a file with the
        certificate that its own is signed by.
        """
        self._url = url
        self._secret = secret
        self._source = source
        self._clock = clock
        self._internal = internal
        self._authority = authority
        self._answer_s = answer_s
        self._client: HttpClient | None = None

    async def dial(self, call: str, extension: Code, number: str) -> DialFailure | None:
        """Have the telephone at `extension` ring, and then `number`; None: the telephone system has taken it."""
        try:
            secret = self._secret()
            client = self._client = self._client or HttpClient(self._internal, verify=self._verify())
        except (OSError, ssl.SSLError):
            return "secret"
        if not secret:
            return "secret"
        now = self._clock.now_us()
        body = event_of(call, extension, number, self._source, iso_of(now))
        headers = {"content-type": "application/cloudevents+json", "user-agent": "tocsin"}
        headers |= signed(call, now // 1_000_000, body, secret)
        answer = await client.post(self._url, headers, body, self._answer_s)
        if isinstance(answer, HttpAnswer):
            return None if 200 <= answer.status < 300 else "refused"
        if isinstance(answer, Retry):
            return "timeout" if answer.reason == "timeout" else "unreachable"
        return "address"

    def _verify(self) -> ssl.SSLContext | None:
        return None if self._authority is None else ssl.create_default_context(cafile=self._authority)

    async def close(self) -> None:
        """Let go of connections."""
        if self._client is not None:
            await self._client.close()


def event_of(call: str, extension: Code, number: str, source: str, time: str) -> bytes:
    """The body, as it is signed."""
    return msgspec.json.encode(
        {
            "specversion": "1.0",
            "id": call,
            "source": source,
            "type": EVENT_TYPE,
            "time": time,
            "datacontenttype": "application/json",
            "data": {"call": call, "extension": extension, "number": number},
        }
    )
