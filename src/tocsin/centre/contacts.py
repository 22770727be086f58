"""How who works here can be reached: contacts, each sealed under a key of its own, and when somebody may be notified.

A contact's key dies with it: who changes a number makes a new contact, and the old one is in no file any more. Nobody
is shown a whole address, its owner neither; it is opened at sending alone.
"""

import base64
import binascii
import re
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from typing import Final
from urllib.parse import urlsplit

import msgspec
import structlog

from tocsin.centre.configuration import Run
from tocsin.centre.own_calendar import DAY_MIN
from tocsin.centre.rosters import checked_zone
from tocsin.centre.values import Values
from tocsin.model.errors import BadInput, Conflict
from tocsin.model.journal import CentreNoticed, Fact, StoredEntry
from tocsin.model.notices import (
    AWAY_DAYS_MAX,
    CONTACT_GONE,
    CONTACT_SET,
    CONTACTS_MAX,
    NORMAL_AFTER_MAX_S,
    REACH_SET,
    RECEIPTS,
    URGENT_AFTER_MAX_S,
    WEEKLY_MAX,
    AwayDay,
    AwayWeekly,
    Channel,
    Contact,
    ContactAddress,
    ContactRow,
    OwnCalendar,
    OwnRules,
    Reach,
    ReachRow,
    StaffKind,
)
from tocsin.model.ports import Appender, Clock, Ids, Store, StoreTransaction
from tocsin.model.values import Actor, Code, Micros, PersonalText, Ref, Secret, ZoneName

ADDRESS_FIELD: Final = Code("address")
EMAIL_MAX: Final = 254
URL_MAX: Final = 1000
DUTY_MAX_US: Final = 24 * 3_600_000_000
"""On duty for so long at once: who forgets to end it is not called for ever."""

NOT_NOW_MAX_US: Final = 30 * 24 * 3_600_000_000
"""\"Not now\" for so long at once: who forgets it comes back by itself."""

_EMAIL: Final = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.)+[A-Za-z][A-Za-z0-9-]{1,62}")
_TELEPHONE: Final = re.compile(r"\+[1-9][0-9]{6,14}")
_ENCODE: Final = msgspec.json.Encoder().encode
_ADDRESS: Final = msgspec.json.Decoder(ContactAddress)
_LOG = structlog.get_logger("contacts")


class _ContactEntry(msgspec.Struct):
    body: ContactRow
    ref: Ref


class _ReachEntry(msgspec.Struct):
    body: ReachRow
    ref: Ref


_CONTACT_ENTRY: Final = msgspec.json.Decoder(_ContactEntry)
_REACH_ENTRY: Final = msgspec.json.Decoder(_ReachEntry)


class Contacts:
    """Contacts of staff, and when each may be notified. From any thread but the writer's."""

    def __init__(self, *, store: Store, run: Run, clock: Clock, ids: Ids, values: Values) -> None:
        """Work on these."""
        self._store = store
        self._run = run
        self._clock = clock
        self._ids = ids
        self._values = values

    def of(self, user: Actor) -> list[tuple[Contact, str]]:
        """Somebody's contacts in the order in which they were made, each as far as it is shown: never whole."""
        return [(one, hint_of(one.row.channel, self.address(one))) for one in self._store.contacts(user)]

    def address(self, contact: Contact) -> ContactAddress | None:
        """Where a provider sends to, for the moment of sending; None where its key is no more."""
        rows = [row for row in self._store.values(contact.id, ADDRESS_FIELD) if row.ref == contact.row.address]
        opened = self._values.open(rows)
        return next((_ADDRESS.decode(value) for value in opened.values()), None)

    def add(self, user: Actor, channel: Channel, address: ContactAddress) -> Contact:
        """Add a way to reach somebody. It counts when a test has come through to it.

        Raises:
            BadInput: the address is none of this channel's.
            Conflict: the person has as many as one may have.
        """
        checked = checked_address(channel, address)
        id_ = Ref(f"contact-{int.from_bytes(self._ids.token_bytes(6), 'big') + 1}")
        value = self._values.seal(id_, ADDRESS_FIELD, _ENCODE(checked), is_new=True)
        row = ContactRow(address=value.ref, channel=channel, reason=Code("added"), tested_at=None, user=user)

        def work(transaction: StoreTransaction, appender: Appender) -> Contact:
            if len(self._store.contacts(user)) >= CONTACTS_MAX:
                raise Conflict(
                    f"You have {CONTACTS_MAX} contacts, which is the limit. Nothing was changed. Remove one first",
                    "contact.full",
                )
            self._values.store(transaction, [value], appender.at)
            return set_contact(transaction, appender, id_, row, user)

        return self._run(lambda journal: journal.decide(work))

    def remove(self, user: Actor, id_: Ref, actor: Actor | None = None) -> None:
        """Forget a contact; its address is destroyed for ever. `actor` is who does it, where that is somebody else.

        Raises:
            BadInput: the person has no such contact.
        """
        found = self.own(user, id_)
        self._remove([found], Code("removed"), actor or user)

    def remove_gone(self, contacts: Iterable[Contact]) -> None:
        """Forget contacts that a provider says are no more."""
        gone = list(contacts)
        self._remove(gone, Code("gone"), None)
        left = {one.row.user for one in self._store.contacts()}
        if alone := {one.row.user for one in gone} - left:
            self._run(lambda journal: journal.record([_contact_gone(len(alone))]))

    def sweep(self, is_living: Callable[[Actor], bool]) -> None:
        """Forget the contacts of people who were removed."""
        gone = [one for one in self._store.contacts() if not is_living(one.row.user)]
        if gone:
            self._remove(gone, Code("user_removed"), None)

    def own(self, user: Actor, id_: Ref) -> Contact:
        """A contact of somebody's.

        Raises:
            BadInput: the person has no such contact.
        """
        found = next((one for one in self._store.contacts(user) if one.id == id_), None)
        if found is None:
            raise BadInput(
                "You have no such contact, or not any more. Nothing was changed. Look at your account again",
                "contact.unknown",
            )
        return found

    def reach(self, user: Actor) -> ReachRow | None:
        """When somebody may be notified; None where nothing was ever said."""
        found = self._store.reach(user)
        return found[0].row if found else None

    def set_reach(
        self, user: Actor, kind: StaffKind, *, not_now_until: Micros | None, on_duty_until: Micros | None
    ) -> ReachRow:
        """Say when one may be notified. Each kind has one time of its own, and the other counts for nothing.

        Raises:
            BadInput: a time is past, too far ahead, or of the other kind.
        """
        now = self._clock.now_us()
        is_shift = kind == "on_shift"
        until, most = (on_duty_until, DUTY_MAX_US) if is_shift else (not_now_until, NOT_NOW_MAX_US)
        if (not_now_until if is_shift else on_duty_until) is not None:
            raise BadInput(
                'Who is on shift is on duty until a time; who is called from home says "not now" until a time. '
                "Nothing was changed. Give the time of your kind",
                "reach.kind",
            )
        if until is not None and not now < until <= now + most:
            raise BadInput(
                f"This time is past, or more than {most // 3_600_000_000} hours ahead. Nothing was changed. Give a "
                "nearer one; you can say it again then",
                "reach.time",
            )
        return self._say(
            user,
            lambda row: msgspec.structs.replace(
                row, kind=kind, not_now_until=not_now_until, on_duty_until=on_duty_until
            ),
        )

    def set_rules(self, user: Actor, rules: OwnRules) -> ReachRow:
        """Say by which channels one is told, and how soon. An empty set is the ladder of the centre.

        Raises:
            BadInput: a channel stands there twice, a time is beyond its limit, or what is urgent comes by e-mail alone.
        """
        for times, most_s in ((rules.urgent, URGENT_AFTER_MAX_S), (rules.normal, NORMAL_AFTER_MAX_S)):
            channels = [one.channel for one in times]
            if len(set(channels)) < len(channels) or any(not 0 <= one.after_s <= most_s for one in times):
                raise BadInput(
                    f"Each channel begins once, urgent ones within {URGENT_AFTER_MAX_S} s, others within "
                    f"{NORMAL_AFTER_MAX_S} s. Nothing was changed. Give such times",
                    "reach.rules",
                )
        if rules.urgent and not RECEIPTS.intersection(one.channel for one in rules.urgent):
            raise BadInput(
                "E-mail tells nobody that it was read: what is urgent needs another channel beside it. Nothing was "
                "changed. Add one, or go by the times of the centre",
                "reach.rules",
            )
        kept = rules if rules.urgent or rules.normal else None
        return self._say(user, lambda row: msgspec.structs.replace(row, rules=kept))

    def set_away(
        self,
        user: Actor,
        zone: ZoneName,
        *,
        weekly: tuple[AwayWeekly, ...] | None = None,
        days: tuple[AwayDay, ...] | None = None,
    ) -> ReachRow:
        """Say when "not now" holds by itself, each week or on some days; None: as before. Days that are over go.

        Raises:
            BadInput: there is no such time zone, or a span cannot be; or there are too many.
        """
        checked_zone(zone)
        spans = [*(one.hours for one in weekly or ()), *(hours for one in days or () for hours in one.hours)]
        is_wrong = any(not (0 <= one.from_min < DAY_MIN and one.from_min < one.to_min <= 2 * DAY_MIN) for one in spans)
        is_wrong |= any(
            not 0 <= one.weekday <= 6 or one.hours.to_min > one.hours.from_min + DAY_MIN for one in weekly or ()
        )
        if is_wrong or len(weekly or ()) > WEEKLY_MAX or len(days or ()) > AWAY_DAYS_MAX:
            raise BadInput(
                f"The own calendar has at most {WEEKLY_MAX} spans a week, each of a day at most, and {AWAY_DAYS_MAX} "
                "days. Nothing was changed. Leave some out, or mend the times",
                "reach.away",
            )
        day_before = Micros(self._clock.now_us() - 2 * DUTY_MAX_US)
        first = datetime.fromtimestamp(day_before // 1_000_000, UTC).date().isoformat()

        def say(row: ReachRow) -> ReachRow:
            old = row.away
            new = OwnCalendar(
                days=tuple(one for one in (days if days is not None else old.days if old else ()) if one.date >= first),
                weekly=weekly if weekly is not None else old.weekly if old else (),
                zone=zone,
            )
            return msgspec.structs.replace(row, away=new if new.days or new.weekly else None)

        return self._say(user, say)

    def _say(self, user: Actor, change: Callable[[ReachRow], ReachRow]) -> ReachRow:
        def work(transaction: StoreTransaction, appender: Appender) -> ReachRow:
            before = self.reach(user)
            row = change(before or ReachRow(kind="on_shift", not_now_until=None, on_duty_until=None))
            if row != before:
                seq = appender.append(Fact(kind=REACH_SET, body=row, ref=Ref(user), actor=user))
                transaction.put_reach([Reach(user, row, seq)])
            return row

        return self._run(lambda journal: journal.decide(work))

    def _remove(self, contacts: Sequence[Contact], reason: Code, actor: Actor | None) -> None:
        ids = [one.id for one in contacts]
        now = self._clock.now_us()

        def work(transaction: StoreTransaction, appender: Appender) -> None:
            there = {one.id for one in self._store.contacts()}
            for one in contacts:
                if one.id in there:  # nobody was quicker
                    row = msgspec.structs.replace(one.row, address=None, reason=reason)
                    set_contact(transaction, appender, one.id, row, actor)
                transaction.drop_values(one.id)

        # The key first: killed between the two, the contact reaches nobody and can be removed again.
        self._run(lambda journal: (self._values.destroy(ids, [], now), journal.decide(work)))


def _contact_gone(count: int) -> Fact:
    body = CentreNoticed(account=None, count=count, notice=CONTACT_GONE, reason=None)
    return Fact(kind=Code("centre.noticed"), body=body)


def set_contact(
    transaction: StoreTransaction, appender: Appender, id_: Ref, row: ContactRow, actor: Actor | None
) -> Contact:
    """Say how a contact is from now on, in the transaction of what causes it."""
    seq = appender.append(Fact(kind=CONTACT_SET, body=row, ref=id_, actor=actor))
    contact = Contact(id_, row, seq)
    transaction.put_contacts([contact])
    return contact


def rebuild_contacts(entries: Iterable[StoredEntry]) -> tuple[list[Contact], list[Reach]]:
    """Apply the journal's facts again: what results equals the live tables byte for byte, with the vault empty."""
    contacts: dict[Ref, Contact] = {}
    reach: dict[Actor, Reach] = {}
    for stored in entries:
        row = stored.row
        if row.kind == CONTACT_SET:
            entry = _CONTACT_ENTRY.decode(row.entry)
            contacts[entry.ref] = Contact(entry.ref, entry.body, row.seq)
            if entry.body.address is None:
                del contacts[entry.ref]
        elif row.kind == REACH_SET:
            said = _REACH_ENTRY.decode(row.entry)
            reach[Actor(said.ref)] = Reach(Actor(said.ref), said.body, row.seq)
    return (sorted(contacts.values(), key=lambda one: one.seq), sorted(reach.values(), key=lambda one: one.seq))


def checked_address(channel: Channel, address: ContactAddress) -> ContactAddress:
    """An address as it is kept.

    Raises:
        BadInput: it is none of this channel's.
    """
    text = address.address.strip()
    match channel:
        case "email":
            if len(text) > EMAIL_MAX or not _EMAIL.fullmatch(text):
                raise _bad("an e-mail address, such as name@example.org")
            return ContactAddress(address=text)
        case "sms" | "voice":
            text = re.sub(r"[ ()/.-]", "", text)
            if not _TELEPHONE.fullmatch(text):
                raise _bad("a telephone number with its country: + and 7 to 15 digits")
            return ContactAddress(address=text)
        case "webhook":
            return ContactAddress(address=_checked_url(text, ("https", "http")), secret=address.secret)
        case "push":
            return ContactAddress(
                address=_checked_url(text, ("https", "http")),
                auth=_checked_key(address.auth, 16),
                p256dh=_checked_point(address.p256dh),
            )


def hint_of(channel: Channel, address: ContactAddress | None) -> str:
    """As much of an address as its owner needs to know it again."""
    if address is None:
        return "(its key is lost)"
    text = address.address
    match channel:
        case "email":
            name, _, host = text.partition("@")
            return f"{name[:1]}...@{host}"
        case "sms" | "voice":
            return f"{text[:3]}...{text[-2:]}"
        case "webhook" | "push":
            return urlsplit(text).hostname or ""


def _checked_url(text: str, schemes: tuple[str, ...]) -> PersonalText:
    try:
        url = urlsplit(text)
        is_good = (
            len(text) <= URL_MAX
            and text.isascii()
            and text.isprintable()
            and " " not in text
            and url.scheme in schemes
            and bool(url.hostname)
            and url.username is None
            and url.fragment == ""
            and (url.port or 443) > 0
        )
    except ValueError:
        is_good = False
    if not is_good:
        raise _bad(f"a URL of at most {URL_MAX} characters, without name and password: https://...")
    return text


def _checked_key(given: Secret | None, length: int) -> Secret:
    if len(_decoded(given)) != length:
        raise _bad("a subscription as the browser gives it")
    assert given is not None, "it was decoded"
    return given


def _checked_point(given: Secret | None) -> Secret:
    from cryptography.hazmat.primitives.asymmetric import ec  # few have a browser ring (decision 0030)

    try:
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), _decoded(given))
    except ValueError:
        raise _bad("a subscription as the browser gives it") from None
    assert given is not None, "it was decoded"
    return given


def _decoded(given: Secret | None) -> bytes:
    text = given or ""
    if len(text) > 120:
        return b""
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return b""


def _bad(wanted: str) -> BadInput:
    return BadInput(f"This is no address of its channel. Nothing was changed. Give {wanted}", "contact.address")
