"""What becomes of a request of a telephone system, and of a caller's position: authorised, read, stored, answered.

In the event loop; what waits for the commit does so in a thread of commands, and only then is a request answered.
"""

import asyncio
import ipaddress
from collections.abc import Mapping
from typing import Final

import structlog

from tocsin.centre.dials import Dials
from tocsin.centre.rings import Rings
from tocsin.intake.webhook.receiver import BYTES_PER_S, Webhooks, refusal
from tocsin.model.errors import CentreFault, Forbidden, TooMany
from tocsin.model.rings import Ring
from tocsin.model.sources import PbxWay
from tocsin.model.values import Ref
from tocsin.protocols.aml import read_aml
from tocsin.protocols.machine_messages import Fault
from tocsin.protocols.telephone import CallMessage, read_call

CALLS_PER_S: Final = 50
"""What one telephone system may tell in a second; others are unharmed."""

COST_MIN: Final = BYTES_PER_S // CALLS_PER_S

_LOG = structlog.get_logger("intake.telephone")


class Telephone:
    """Takes what telephone systems tell, for one centre."""

    def __init__(self, webhooks: Webhooks, rings: Rings, dials: Dials) -> None:
        """Let `webhooks` say who may send; what is told goes to `rings`, and to `dials` where a desk asked for it."""
        self._webhooks = webhooks
        self._rings = rings
        self._dials = dials

    async def take(
        self, token: Ref, named: Ref | None, body: bytes, headers: Mapping[str, str], *, host: str
    ) -> tuple[Ring, bool]:
        """Store what is told of a call; return the call as it is then, and whether that was news, after the commit.

        Raises:
            Forbidden: the token is of no such source, the address is not on its list, or the signature is not right.
            BadInput: the message is refused.
            TooMany: the source sends more than it may, or as many calls are kept as can be.
            CentreFault: it could not be stored; sending it again can help.
        """
        source, account = self._webhooks.enter("pbx", token, named, body, headers, cost_min=COST_MIN)
        way = source.row.pbx or PbxWay()
        if way.hosts and not is_listed(host, way):
            self._webhooks.refuse(source.id, "address")
            raise Forbidden(
                f"{source.id} sends from an address that is not on its list. Nothing was stored. Add the telephone "
                "system's address on the page of sources",
                "intake.address",
            )
        message = read_call(body, headers.get("content-type", ""), dict(way.names))
        if isinstance(message, Fault):
            self._webhooks.refuse(source.id, message.rule)
            raise refusal(message, source.id)
        if message.is_caller_odd:
            self._webhooks.refuse(source.id, "caller")
        if message.is_location_odd:
            self._webhooks.refuse(source.id, "location")
        try:
            ring, is_news = await asyncio.to_thread(self._tell, source.id, message)
        except TooMany:
            self._webhooks.refuse(source.id, "full")
            raise
        self._webhooks.stored(source, account, host, is_repeat=not is_news)
        _LOG.info("ring.told", source=source.id, ring=ring.id, told=message.event, news=is_news)
        return ring, is_news

    def _tell(self, source: Ref, message: CallMessage) -> tuple[Ring, bool]:
        return self._dials.tell(source, message) or self._rings.tell(source, message)

    async def locate(
        self, token: Ref, named: Ref | None, body: bytes, headers: Mapping[str, str], *, host: str
    ) -> None:
        """Take a caller's position, or throw it away and count it.

        Raises:
            Forbidden: the token is of no such source, or the signature is not right. Whatever else is wrong is counted,
                and told to nobody: who telephones for help is not to be sent twice.
        """
        try:
            source, account = self._webhooks.enter("aml", token, named, body, headers, cost_min=COST_MIN)
        except (TooMany, CentreFault):
            return
        message = read_aml(body)
        if message is None:
            self._webhooks.refuse(source.id, "form")
            return
        try:
            is_matched = await asyncio.to_thread(self._rings.locate, message.device_number, message.location)
        except CentreFault as fault:
            self._webhooks.refuse(source.id, "storage")
            _LOG.error("ring.not_located", source=source.id, code=fault.code)
            return
        self._webhooks.stored(source, account, host, is_repeat=False)
        _LOG.info("ring.located", source=source.id, matched=is_matched)


def is_listed(host: str, way: PbxWay) -> bool:
    """The address is one of those that the telephone system may send from."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    return any(address in ipaddress.ip_network(one) for one in way.hosts)
