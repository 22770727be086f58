"""What becomes of a request: its source, its messages, the commit, and only then its receipts.

Works in the event loop and does no I/O. The only way to a 202 is `delivered`, which the writer's receipts come to.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Final, Literal

import structlog

from tocsin.centre.configuration import Secrets
from tocsin.centre.snapshot import AccountSnapshot
from tocsin.centre.supervision import Watch
from tocsin.intake.dc09.counters import Counters
from tocsin.intake.mqtt.receiver import Brokered
from tocsin.intake.webhook.counts import SourceTally
from tocsin.journal.writer import Queue
from tocsin.model.accounts import Account
from tocsin.model.errors import BadInput, CentreFault, Conflict, Forbidden, TooMany
from tocsin.model.machines import TRIAL_CID, TRIAL_TEXT
from tocsin.model.ports import Clock, Store
from tocsin.model.signals import Arrival, Differs, Given, Receipt, SealedPart, Signal
from tocsin.model.sources import SourceWay, StoredSource
from tocsin.model.values import AccountNumber, Code, Micros, Ref
from tocsin.protocols.machine_messages import Fault, MachineMessage, read_messages
from tocsin.protocols.mapped import read_mapped
from tocsin.protocols.standard_webhooks import TOLERANCE_S, Wrong, wrong_with

BYTES_PER_S: Final = 1_000_000
"""What one source may send, on average over a second. Others are unharmed."""

WAITING_MAX: Final = 64
"""Requests of one source that wait for storage at once."""

KEY_MAX: Final = 200
SIGNATURE_WORDS: Final[dict[Wrong, str]] = {
    "missing": "headers of a signature are missing",
    "time": f"time stamp is more than {TOLERANCE_S} s off, or none",
    "signature": "signature is not of its secret",
}
if TYPE_CHECKING:
    from tocsin.intake.mail.receiver import Mails

_LOG = structlog.get_logger("intake.webhook")


class Posted:
    """A request between "queued" and "stored"."""

    __slots__ = ("answer",)

    def __init__(self, answer: "asyncio.Future[Receipt | Differs]") -> None:
        """Hold what its handler waits for."""
        self.answer = answer


class Bucket:
    """How much a source has sent of what it may send a second."""

    __slots__ = ("_at_s", "_left", "waiting")

    def __init__(self, now_s: float) -> None:
        """Begin full."""
        self._at_s = now_s
        self._left = float(BYTES_PER_S)
        self.waiting = 0

    def spend(self, size: int, now_s: float) -> bool:
        """Take from it; False where that is too much, and nothing was taken."""
        self._left = min(float(BYTES_PER_S), self._left + max(0.0, now_s - self._at_s) * BYTES_PER_S)
        self._at_s = now_s
        if size > self._left:
            return False
        self._left -= size
        return True


class Webhooks:
    """Takes requests of machines for one centre."""

    def __init__(
        self,
        *,
        store: Store,
        writer: Queue[Posted],
        tally: SourceTally,
        watch: Watch,
        clock: Clock,
        queue_max: int,
        secrets: Secrets,
        panels: Callable[[], Counters] = Counters,
    ) -> None:
        """Serve with these. `panels` gives what the panels' receiver counted, to show all ways in together."""
        self._store = store
        self._writer = writer
        self._watch = watch
        self._clock = clock
        self._queue_max = queue_max
        self._secrets = secrets
        self._opened: dict[Code, bytes] = {}
        """Secrets of sources that sign, unwrapped once: a name never has another."""
        self.panels = panels
        self.brokered: Brokered | None = None
        """What reads a broker, where one is set up: the page of sources shows all ways in together."""
        self.mails: Mails | None = None
        """What takes mail, likewise."""
        self._snapshot: AccountSnapshot | None = None
        self._accounts: dict[Ref, Account | None] = {}
        self._buckets: OrderedDict[Ref, Bucket] = OrderedDict()
        self.tally = tally
        self.is_accepting = True
        """False while storage refuses."""

    def use(self, snapshot: AccountSnapshot) -> None:
        """Judge by this picture of the accounts from now on."""
        self._snapshot = snapshot
        self._accounts = {}

    async def take(
        self,
        token: Ref,
        named: Ref | None,
        body: bytes,
        headers: Mapping[str, str],
        *,
        host: str,
        is_encrypted: bool,
    ) -> Sequence[Receipt]:
        """Store what a request holds, whole; return one receipt a message, in their order, after the commit.

        `named`: the source that it asks for, None where its token has one alone. `headers` by name in lower case.

        Raises:
            Forbidden: the token is of no such source.
            BadInput: a message is refused, and with it the request; its number is named.
            Conflict: under an id that was given, something else is stored.
            TooMany: the source sends more than it may.
            CentreFault: it could not be stored. Nothing of it is; the sender tries again.
        """
        now, now_s = self._clock.now_us(), self._clock.monotonic_s()
        source, account = self.enter("webhook", token, named, body, headers)
        bucket = self._bucket(source.id, now_s)
        found = read_body(source, body, headers)
        if isinstance(found, Fault):
            self._refuse(source.id, found.rule, now)
            raise refusal(found, source.id)
        if not found:
            self._heard(account, host)  # numbers between their limits: the source is heard, and says nothing new
            return ()
        config = 0 if self._snapshot is None else self._snapshot.config
        given = self._ids(token, found, headers)
        arrival = arrival_of(source.id, account, found, given, now, config, is_encrypted=is_encrypted)
        answer: asyncio.Future[Receipt | Differs] = asyncio.get_running_loop().create_future()
        bucket.waiting += 1
        try:
            self._writer.submit(arrival, Posted(answer))
            receipt = await answer
        finally:
            bucket.waiting -= 1
        if isinstance(receipt, Differs):
            self._refuse(source.id, "conflict", now)
            raise Conflict(
                f"{source.id}: message {receipt.index + 1} has an id under which something else is stored already. "
                "Nothing of the request was stored. Give each signal an id of its own",
                "intake.conflict",
            )
        each = receipt.each or (receipt,)
        repeated = sum(1 for one in each if one.duplicate_of is not None)
        self.tally.stored(source.id, len(each) - repeated, repeated, now)
        self._heard(account, host)
        _LOG.info(
            "signal.stored",
            source="webhook",
            account=account.row.account,
            id=each[0].id,
            signals=len(each),
            repeated=repeated,
            stored_ms=round((self._clock.monotonic_s() - now_s) * 1000, 1),
        )
        return each

    async def test(self, source: StoredSource) -> Receipt:
        """Store a test of a source, as a request of it would be; it is not heard by that.

        Raises:
            CentreFault: it could not be stored.
            Forbidden: its account is not there any more.
        """
        account = self._account(source.row.account_id)
        if account is None:
            raise _no_account(source.id)
        config = 0 if self._snapshot is None else self._snapshot.config
        arrival = trial_of(source.id, account, self._clock.now_us(), config)
        answer: asyncio.Future[Receipt | Differs] = asyncio.get_running_loop().create_future()
        self._writer.submit(arrival, Posted(answer))
        receipt = await answer
        assert isinstance(receipt, Receipt), "nothing was given that it could differ from"
        return receipt

    def enter(
        self,
        way: SourceWay,
        token: Ref,
        named: Ref | None,
        body: bytes,
        headers: Mapping[str, str],
        *,
        cost_min: int = 0,
    ) -> tuple[StoredSource, Account]:
        """See that a request may come in, before it is read: whose it is, how much they send, and its signature.

        `cost_min`: it counts as so many bytes at least, of the BYTES_PER_S that a source may send.

        Raises:
            Forbidden, TooMany, CentreFault: as `take`.
        """
        source, account = self._source(way, token, named)
        now, now_s = self._clock.now_us(), self._clock.monotonic_s()
        self.tally.received(source.id)
        bucket = self._bucket(source.id, now_s)
        if bucket.waiting >= WAITING_MAX or not bucket.spend(max(len(body), cost_min), now_s):
            self.refuse(source.id, "rate")
            raise TooMany(
                f"{source.id} sends more than {BYTES_PER_S:,} bytes a second, or has {WAITING_MAX} requests waiting. "
                "Nothing of this one was stored. Send it again in a second, and less at once",
                "intake.rate",
            )
        if not self.is_accepting or self._writer.waiting_signals >= self._queue_max:
            fault = CentreFault(
                "As much waits for storage as may. Nothing of the request was stored. Send it again", "intake.full"
            )
            fault.permanent = False
            raise fault
        self._check_signature(source, headers, body, now)
        return source, account

    def refuse(self, source: Ref, rule: str) -> None:
        """Count something of a source as refused, or as left out."""
        self._refuse(source, rule, self._clock.now_us())

    def stored(self, source: StoredSource, account: Account, host: str, *, is_repeat: bool) -> None:
        """Something of a source that is no signal is durable: it is heard."""
        self.tally.stored(source.id, 0 if is_repeat else 1, 1 if is_repeat else 0, self._clock.now_us())
        self._heard(account, host)

    def delivered(self, tag: Posted, receipt: Receipt | Differs | CentreFault) -> None:
        """What became of a request, from the writer."""
        if tag.answer.done():
            return  # whoever asked has gone; a repeat of it is known by its id
        if isinstance(receipt, CentreFault):
            tag.answer.set_exception(receipt)
        else:
            tag.answer.set_result(receipt)

    def _source(self, way: SourceWay, token: Ref, named: Ref | None) -> tuple[StoredSource, Account]:
        allowed = [one for one in self._store.sources() if token in one.row.tokens and one.row.way == way]
        of_name = [one for one in allowed if one.id == named] if named is not None else allowed
        if len(of_name) != 1:
            raise Forbidden(
                "The token may send for no source, or not for this one, or for several and the request names none. "
                "Nothing was stored. Bind it to the source on the page of sources, and name that in the address: "
                "?source=source-12",
                "intake.source",
            )
        account = self._account(of_name[0].row.account_id)
        if account is None:
            raise _no_account(of_name[0].id)
        return of_name[0], account

    def _account(self, id_: Ref) -> Account | None:
        """The account, read once after each change of any."""
        if id_ not in self._accounts:
            self._accounts[id_] = next(iter(self._store.accounts([id_])), None)
        return self._accounts[id_]

    def _check_signature(self, source: StoredSource, headers: Mapping[str, str], body: bytes, now: Micros) -> None:
        name = source.row.secret
        if name is None:
            return
        if name not in self._opened:
            self._opened[name] = self._secrets.secret_get(name)
        wrong = wrong_with(headers, body, self._opened[name], now // 1_000_000)
        if wrong is not None:
            self._refuse(source.id, "signature", now)
            raise Forbidden(
                f"{source.id} signs its requests, and this one's {SIGNATURE_WORDS[wrong]}. Nothing of it was stored. "
                "Set the source's secret and the clock at the sender",
                "intake.signature",
            )

    def _bucket(self, source: Ref, now_s: float) -> Bucket:
        found = self._buckets.get(source)
        if found is None:
            found = self._buckets[source] = Bucket(now_s)
        return found

    def _refuse(self, source: Ref, rule: str, now: Micros) -> None:
        self.tally.refused(source, Code(rule), now)
        _LOG.info("signal.refused", source=source, rule=rule)

    def _ids(self, token: Ref, found: Sequence[MachineMessage], headers: Mapping[str, str]) -> tuple[Given | None, ...]:
        """Who each message is: by the request's key, with its number where there are several; else by its own id."""
        key = headers.get("idempotency-key") or headers.get("webhook-id")
        if key is not None and len(key) > KEY_MAX:
            raise BadInput(
                f"The key of the request has more than {KEY_MAX} characters. Nothing was stored. Send a shorter one",
                "intake.id",
            )
        made: list[Given | None] = []
        for index, one in enumerate(found):
            if key is not None:
                name = f"key\n{key}\n{index}"
            elif one.id is not None:
                name = f"id\n{one.id}"
            else:
                made.append(None)
                continue
            made.append(Given(f"{token}\n{name}".encode(), _content(one)))
        return tuple(made)

    def _heard(self, account: Account, host: str) -> None:
        """The source is heard: supervision of its account counts from here."""
        if self._snapshot is None:
            return
        for policy in self._snapshot.numbered(account.row.account.upper()):
            if policy.id == account.id:
                self._watch.note(policy.slot, None, None, "http", host, is_poll=False)


def read_body(source: StoredSource, body: bytes, headers: Mapping[str, str]) -> list[MachineMessage] | Fault:
    """What a request of a source says, by its mapping or in one of our forms. `headers` by name in lower case."""
    if source.row.mapping is not None:
        return read_mapped(body, source.row.mapping)
    return read_messages(body, headers.get("content-type", ""), headers)


def refusal(fault: Fault, source: Ref) -> BadInput:
    """A fault as the sender is told it."""
    where = "" if fault.index is None else f" message {fault.index + 1} of the request:"
    return BadInput(
        f"{source}:{where} {fault.words[0].lower() if where else fault.words[0]}{fault.words[1:]}. Nothing of the "
        "request was stored. Mend that, and send it again",
        fault.code,
    )


def _no_account(source: Ref) -> Forbidden:
    return Forbidden(
        f"The account of {source} is not there any more. Nothing was stored. Give the source another",
        "intake.account",
    )


def trial_of(
    source: Ref, account: Account, now: Micros, config: int, way: Literal["webhook", "mail"] = "webhook"
) -> Arrival:
    """A test from the page of a source."""
    said = MachineMessage(
        cid=TRIAL_CID, is_active=True, device=None, values=(), device_time=None, text=TRIAL_TEXT, id=None
    )
    return arrival_of(source, account, [said], (None,), now, config, is_encrypted=False, way=way)


def arrival_of(
    source: Ref,
    account: Account,
    found: Sequence[MachineMessage],
    given: tuple[Given | None, ...],
    now: Micros,
    config: int,
    *,
    is_encrypted: bool,
    way: Literal["webhook", "mail"] = "webhook",
) -> Arrival:
    """What a request brought: all its messages in one arrival, so that they are stored together or not at all."""
    return Arrival(
        signals=tuple(signal_of(source, account, one, is_encrypted=is_encrypted, way=way) for one in found),
        sealed=tuple(None if one.text is None else SealedPart(text=one.text) for one in found),
        seal_class="intake",
        identity=None,
        received_at=now,
        config=config,
        given=given,
    )


def signal_of(
    source: Ref,
    account: Account,
    one: MachineMessage,
    *,
    is_encrypted: bool,
    way: Literal["webhook", "mail"] = "webhook",
) -> Signal:
    """A message as a signal of its account, in the words of Contact ID (decision 0065)."""
    number = AccountNumber(account.row.account)
    return Signal(
        source=way,
        account=number,
        transmitter=number,
        account_ref=account.id,
        data_account=None,
        disputed=False,
        receiver=None,
        line=None,
        sequence=Code("0"),
        token=Code("JSON" if way == "webhook" else "MAIL"),
        format=None if one.cid is None else Code("CID"),
        block=None,
        code=one.cid,
        qualifier=None if one.cid is None else Code("1" if one.is_active else "3"),
        address=one.device,
        address_withheld=False,
        partition=None,
        peripheral=None,
        values=one.values,
        category=None,
        path=Code(source),
        trigger=None,
        device_time=one.device_time,
        event_time=None,
        encrypted=is_encrypted,
        transport="http" if way == "webhook" else "smtp",
    )


def _content(one: MachineMessage) -> bytes:
    said = (one.cid, one.is_active, one.device, [(v.milli, v.unit) for v in one.values], one.device_time, one.text)
    return repr(said).encode()
