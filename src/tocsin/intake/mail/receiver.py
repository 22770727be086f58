"""What becomes of a mail: its source by its address, who may send there, what it says, the commit, and only then 250.

Works in the event loop. The server is no relay: it takes mail for its sources' addresses, from the senders and networks
that are named for each, and for nobody else. 451 says that the sender is to try again, 550 that it is of no use.
Source: RFC 5321 sections 3.6.2, 4.2 and 4.5.3; RFC 3463 (enhanced codes).
"""

import asyncio
import ipaddress
import smtplib
import ssl
import sys
from collections import Counter, OrderedDict, deque
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

import msgspec
import structlog

from tocsin.centre.configuration import Secrets
from tocsin.centre.mail_doors import MailDoor, read_door
from tocsin.centre.snapshot import AccountSnapshot
from tocsin.centre.supervision import Watch
from tocsin.intake.mail.pictures import MailPictures
from tocsin.intake.webhook.counts import SourceTally
from tocsin.intake.webhook.receiver import Posted, arrival_of, trial_of
from tocsin.journal.writer import Queue
from tocsin.model.accounts import Account
from tocsin.model.errors import CentreFault
from tocsin.model.ports import Clock, Store
from tocsin.model.signals import Differs, Given, Identity, Receipt
from tocsin.model.sources import StoredSource
from tocsin.model.values import Code, Ref
from tocsin.protocols.machine_messages import Fault, MachineMessage
from tocsin.protocols.mail_in import MAIL_BYTES_MAX, read_mail

PER_MINUTE: Final = 20
"""Mails of one source. Others are unharmed; the sender's queue tries again."""

AT_ONCE: Final = 2
"""Mails that are read at once: each is up to 10 MB in memory, and its parsing a thread."""

CONNECTIONS_MAX: Final = 50
PER_HOST_MAX: Final = 10
IDLE_S: Final = 60.0
CALLS_MAX: Final = 100
"""Of one command in one connection."""

TEST_S: Final = 10.0
"""For our own test to be stored."""

AGAIN_US: Final = 300_000_000
"""So long the same mail without an id is a repeat."""

if TYPE_CHECKING:
    from aiosmtpd.smtp import SMTP, Envelope, Session

_LOG = structlog.get_logger("intake.mail")
NO_SUCH: Final = "550 5.1.1 No such address here"
NOT_LET: Final = "550 5.7.1 Not from this sender or network"
LATER: Final = "451 4.3.0 Not stored: send it again later"
TOO_MUCH: Final = "451 4.7.1 Too many mails a minute: send it again later"


class _Way:
    """A source, and who may send to it."""

    __slots__ = ("account", "door", "networks", "source", "times_s")

    def __init__(self, source: StoredSource, account: Account, door: MailDoor) -> None:
        self.source = source
        self.account = account
        self.door = door
        self.networks = [ipaddress.ip_network(one) for one in door.networks]
        self.times_s: deque[float] = deque(maxlen=PER_MINUTE)

    def lets(self, sender: str, host: str) -> str | None:
        """The rule that refuses it; None where it may send."""
        try:
            address = ipaddress.ip_address(host)
        except ValueError:
            return "network"
        if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is not None:
            address = address.ipv4_mapped
        if not any(address in one for one in self.networks):
            return "network"
        return None if sender.lower() in self.door.senders else "sender"


class Mails:
    """Takes mail for one centre. A handler of aiosmtpd."""

    def __init__(
        self,
        *,
        domain: str,
        tls: ssl.SSLContext | None,
        store: Store,
        writer: Queue[Posted],
        tally: SourceTally,
        watch: Watch,
        clock: Clock,
        queue_max: int,
        secrets: Secrets,
        pictures: MailPictures,
    ) -> None:
        """Serve with these; `tls` is what STARTTLS is offered with."""
        self._domain = domain.lower()
        self._tls = tls
        self._store = store
        self._writer = writer
        self._tally = tally
        self._watch = watch
        self._clock = clock
        self._queue_max = queue_max
        self._secrets = secrets
        self._pictures = pictures
        self._snapshot: AccountSnapshot | None = None
        self._sources: list[StoredSource] = []
        self._ways: dict[str, _Way] = {}
        self._hosts: Counter[str] = Counter()
        self._reading = asyncio.Semaphore(AT_ONCE)
        self._server: asyncio.Server | None = None
        self._trials: dict[str, tuple[Ref, asyncio.Future[Receipt]]] = {}
        """Tests on their way, by the sender that is let in for each."""
        self.refused: OrderedDict[str, int] = OrderedDict()
        """What no source is known of, by reason, since the start."""
        self.is_accepting = True

    # What others ask -------------------------------------------------------------------------------------------------

    def address_of(self, door: MailDoor) -> str:
        """Where a source's mail goes."""
        return f"{door.local}@{self._domain}"

    def use(self, snapshot: AccountSnapshot) -> None:
        """Judge by this picture of the accounts from now on."""
        self._snapshot = snapshot
        self._sources = []
        self.look()

    def look(self) -> None:
        """Take up the sources as they are set up now. Once a second, and after a change of accounts."""
        sources = [one for one in self._store.sources() if one.row.mail is not None]
        if sources == self._sources:
            return
        self._sources = sources
        accounts = {one.id: one for one in self._store.accounts([one.row.account_id for one in sources])}
        ways: dict[str, _Way] = {}
        old = {one.source.id: one for one in self._ways.values()}
        names = [one.row.secret for one in sources if one.row.secret is not None]
        opened = self._secrets.secrets_get(names)
        for one in sources:
            account, name = accounts.get(one.row.account_id), one.row.secret
            if account is None or name is None or name not in opened:
                continue
            way = _Way(one, account, read_door(opened[name]))
            if one.id in old:
                way.times_s = old[one.id].times_s
            ways[way.door.local] = way
        self._ways = ways

    async def serve(self, listener: Any) -> None:
        """Take connections of this socket."""
        loop = asyncio.get_running_loop()

        # Late: a centre without mail has no use for it, nor for what it needs (`process.leave_out`).
        for name in ("attr", "attrs"):
            if name in sys.modules and sys.modules[name] is None:
                del sys.modules[name]
        from tocsin.intake.mail.connection import MailConnection

        def made() -> MailConnection:
            return MailConnection(
                self,
                loop=loop,
                hostname=self._domain,
                ident="Tocsin",
                data_size_limit=MAIL_BYTES_MAX,
                tls_context=self._tls,
                timeout=IDLE_S,
                command_call_limit=CALLS_MAX,
            )

        self._server = await loop.create_server(made, sock=listener)

    async def close(self) -> None:
        """Take no more connections; those that are there end with the loop."""
        if self._server is not None:
            self._server.close()

    def is_full(self, host: str) -> bool:
        """There is no place for one more connection of a host."""
        return self._hosts.total() >= CONNECTIONS_MAX or self._hosts[host] >= PER_HOST_MAX

    def opened(self, host: str, *, by: int) -> None:
        """A connection of a host came (1) or went (-1)."""
        self._hosts[host] += by
        if self._hosts[host] <= 0:
            del self._hosts[host]

    async def test(self, source: StoredSource, random: bytes) -> Receipt:
        """Send a test of a source to our own address, from a sender that is let in this once.

        Raises:
            CentreFault: it was not stored; with what was answered.
        """
        way = next((one for one in self._ways.values() if one.source.id == source.id), None)
        if way is None or self._server is None or not self._server.sockets:
            raise _trial_fault("no mail is taken for it: its account is gone, or the server is not there")
        sender = f"test-{random.hex()}@{self._domain}"
        told: asyncio.Future[Receipt] = asyncio.get_running_loop().create_future()
        self._trials[sender] = (source.id, told)
        address, port = self._server.sockets[0].getsockname()[:2]
        everywhere = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - it is compared, not bound
        host = everywhere.get(str(address)) or str(address)
        try:
            await asyncio.to_thread(_send_test, host, port, sender, self.address_of(way.door))
            return await told
        except (OSError, smtplib.SMTPException) as error:
            raise _trial_fault(f"our own server answered {error}"[:200]) from error
        finally:
            del self._trials[sender]

    # aiosmtpd's side -------------------------------------------------------------------------------------------------

    async def handle_RCPT(  # noqa: N802 - the library's name
        self, _server: "SMTP", session: "Session", envelope: "Envelope", address: str, _options: Sequence[str]
    ) -> str:
        """Is it an address of ours, and may this sender send there?"""
        if envelope.rcpt_tos:
            return "452 4.5.3 One address a mail: send it again for the others"
        way = self._way(address)
        if way is None:
            self.refused["address"] = self.refused.get("address", 0) + 1
            return NO_SUCH
        trial = self._trials.get(envelope.mail_from or "")
        rule = (
            None
            if trial is not None and trial[0] == way.source.id
            else way.lets(envelope.mail_from or "", _host(session))
        )
        if rule is not None:
            self._refuse(way.source.id, rule)
            return NOT_LET
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, _server: "SMTP", session: "Session", envelope: "Envelope") -> str:  # noqa: N802
        """Store what it says; 250 when that is durable."""
        way = self._way(envelope.rcpt_tos[0])
        if way is None:
            return NO_SUCH  # it was removed meanwhile
        trial = self._trials.get(envelope.mail_from or "")
        if trial is not None:
            return await self._take_test(way, trial[1])
        content = envelope.original_content or b""
        return await self._take(way, content, _host(session), is_encrypted=session.ssl is not None)

    async def handle_exception(self, error: Exception) -> str:
        """Whatever failed here is no word on the mail: it must come again."""
        _LOG.error("mail.failed", kind=type(error).__name__)
        return LATER

    async def _take(self, way: _Way, content: bytes, host: str, *, is_encrypted: bool) -> str:
        source, account = way.source, way.account
        self._tally.received(source.id)
        now_s = self._clock.monotonic_s()
        if len(way.times_s) == PER_MINUTE and now_s - way.times_s[0] < 60.0:
            self._refuse(source.id, "rate")
            return TOO_MUCH
        way.times_s.append(now_s)
        if not self.is_accepting or self._writer.waiting_signals >= self._queue_max:
            return LATER
        assert source.row.mail is not None, "a mail source has lines"
        async with self._reading:
            found = await asyncio.to_thread(read_mail, content, source.row.mail.lines)
        if isinstance(found, Fault):
            self._refuse(source.id, found.rule)
            return f"550 5.6.0 {found.words} [{found.code}]"
        try:
            receipt = await self._store_it(source, account, found, is_encrypted=is_encrypted)
        except CentreFault:
            return LATER
        if isinstance(receipt, Differs):
            self._refuse(source.id, "conflict")
            return "550 5.6.0 Something else is stored under its id"
        each = receipt.each or (receipt,)
        repeated = sum(1 for one in each if one.duplicate_of is not None)
        repeats = len(found) if repeated == len(each) else repeated
        self._tally.stored(source.id, len(found) - repeats, repeats, self._clock.now_us())
        self._heard(account, host)
        _LOG.info("signal.stored", source="mail", by=source.id, id=each[0].id, signals=len(found))
        await self._pictures.take(source.id, content, each)
        return f"250 2.0.0 Stored as {each[0].id}"

    async def _take_test(self, way: _Way, told: "asyncio.Future[Receipt]") -> str:
        config = 0 if self._snapshot is None else self._snapshot.config
        arrival = trial_of(way.source.id, way.account, self._clock.now_us(), config, "mail")
        answer: asyncio.Future[Receipt | Differs] = asyncio.get_running_loop().create_future()
        self._writer.submit(arrival, Posted(answer))
        try:
            receipt = await answer
        except CentreFault:
            return LATER
        if isinstance(receipt, Receipt) and not told.done():
            told.set_result(receipt)
        return "250 2.0.0 Stored"

    async def _store_it(
        self, source: StoredSource, account: Account, found: list[MachineMessage], *, is_encrypted: bool
    ) -> Receipt | Differs:
        config = 0 if self._snapshot is None else self._snapshot.config
        given = tuple(_given(source.id, one) for one in found)
        arrival = arrival_of(
            source.id, account, found, given, self._clock.now_us(), config, is_encrypted=is_encrypted, way="mail"
        )
        if found[0].id is None:
            content = [(one.cid, one.device, one.is_active, one.text) for one in found]
            identity = Identity(f"mail\n{source.id}\n{content!r}".encode(), AGAIN_US)
            arrival = msgspec.structs.replace(arrival, given=None, identity=identity)
        answer: asyncio.Future[Receipt | Differs] = asyncio.get_running_loop().create_future()
        self._writer.submit(arrival, Posted(answer))
        return await answer

    def _way(self, address: str) -> _Way | None:
        local, _, domain = address.rpartition("@")
        return self._ways.get(local.lower()) if domain.lower() == self._domain else None

    def _refuse(self, source: Ref, rule: str) -> None:
        self._tally.refused(source, Code(rule), self._clock.now_us())
        _LOG.info("signal.refused", source=source, rule=rule)

    def _heard(self, account: Account, host: str) -> None:
        """The source is heard: supervision of its account counts from here."""
        if self._snapshot is None:
            return
        for policy in self._snapshot.numbered(account.row.account.upper()):
            if policy.id == account.id:
                self._watch.note(policy.slot, None, None, "smtp", host, is_poll=False)


def _send_test(host: str, port: int, sender: str, to: str) -> None:
    with smtplib.SMTP(host, port, timeout=TEST_S) as client:
        client.sendmail(sender, [to], "Subject: Test\r\n\r\nTest\r\n")


def _trial_fault(words: str) -> CentreFault:
    fault = CentreFault(f"The test was not stored: {words}. Look at the settings and the log", "source.test")
    fault.permanent = False
    return fault


def _host(session: "Session") -> str:
    peer = session.peer
    return str(peer[0]) if isinstance(peer, tuple) and peer else ""


def _given(source: Ref, one: MachineMessage) -> Given | None:
    if one.id is None:
        return None
    return Given(f"{source}\nmail\n{one.id}".encode(), repr((one.cid, one.device, one.is_active, one.text)).encode())
