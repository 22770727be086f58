"""What people change of the configuration one by one: sites, accounts, zones, and numbers that are none of ours.

Each change names the version that its author saw. Where somebody else changed the row since, it is refused and says who
and when: nothing is overwritten unseen. What is refused changed nothing.
"""

import hashlib
import re
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Final

import msgspec

from tocsin.centre.account_import import (
    AccountDraft,
    PlannedAccount,
    check_carriers,
    identity_of,
    settle,
)
from tocsin.centre.configuration import (
    AccountToStore,
    Change,
    Configuration,
    KeyholderToStore,
    Once,
    PhrasesToStore,
    SiteToStore,
    WishesToStore,
)
from tocsin.centre.table_files import Problems
from tocsin.model.accounts import (
    REFUSAL_DAYS_MAX,
    Account,
    AccountRow,
    NumberRefused,
    Refusal,
    RefusalAnswer,
    RefusalReason,
)
from tocsin.model.errors import BadInput, Conflict
from tocsin.model.incidents import Incident
from tocsin.model.keyholders import SitePhrasesRow, WishesRow
from tocsin.model.ports import Clock, Store
from tocsin.model.sites import Site, SiteRow, Zone, ZoneRow
from tocsin.model.values import AccountNumber, Actor, Code, Micros, Ref, Seq

NAMED_MAX: Final = 20
"""Incidents or accounts that a refusal names; the rest is counted."""

REFUSALS_MAX: Final = 1_000
"""Numbers that may be refused at the same time."""

_ID: Final = re.compile(r"[a-z]{1,16}-[0-9]{1,16}")
_DAY_US: Final = 86_400_000_000
_PAGE: Final = 1_000
ONE: Final = 1
"""The place of a form's only row in a list of mistakes."""


class _Who(msgspec.Struct):
    actor: Actor | None
    at: Micros


_WHO: Final = msgspec.json.Decoder(_Who)


class Overtaken(Conflict):
    """Somebody changed the row since it was looked at."""

    def __init__(self, ref: Ref, by: Actor | None, at: Micros) -> None:
        """Tell who changed `ref`, and when."""
        super().__init__(
            f"{ref} was changed by {by or 'the centre'} since you looked at it. Nothing of yours was saved. Look at it "
            "as it is now, and save again",
            "config.overtaken",
        )
        self.ref = ref
        self.by = by
        self.at = at


class Number(msgspec.Struct, frozen=True, kw_only=True):
    """A number that sends, as the list of unknown accounts has it."""

    account: AccountNumber
    receiver: Code | None
    line: Code | None


class Editor:
    """Changes of the configuration by people. May be used from any thread."""

    def __init__(self, configuration: Configuration, store: Store, clock: Clock) -> None:
        """Change `configuration`, whose tables are in `store`."""
        self._configuration = configuration
        self._store = store
        self._clock = clock

    # Sites -----------------------------------------------------------------------------------------------------------

    def make_site(self, row: SiteRow, actor: Actor, once: Once | None = None) -> Site:
        """Make a site; its texts are in clear.

        Raises:
            Conflict: there is one of this name, which is named.
        """
        with self._configuration.changing:
            if (earlier := self._configuration.answered(actor, once)) is not None:
                return self._site(earlier.made)
            self._refuse_taken_name(row, None)
            change = Change(sites=(SiteToStore(id=None, row=row),))
            return self._configuration.commit(change, actor, once=once).sites[0]

    def change_site(self, id_: Ref, version: Seq, row: SiteRow, actor: Actor, once: Once | None = None) -> Site:
        """Put a site's row in place of what it is.

        Raises:
            BadInput: there is no such site.
            Overtaken: it was changed since `version`.
            Conflict: another site has this name.
        """
        with self._configuration.changing:
            if self._configuration.answered(actor, once) is not None:
                return self._site(id_)
            self._refuse_overtaken(self._site(id_), version)
            self._refuse_taken_name(row, id_)
            change = Change(sites=(SiteToStore(id=id_, row=row),))
            return self._configuration.commit(change, actor, once=once).sites[0]

    def remove_site(self, id_: Ref, version: Seq, actor: Actor, once: Once | None = None) -> None:
        """Remove a site; its texts, phrases and wishes are destroyed, its keyholders go as those who are removed do.

        Raises:
            BadInput, Overtaken: as `change_site`.
            Conflict: incidents there, or of an account there, are open; or accounts stand there. The incidents are told
                before all else: somebody is being helped there now.
        """
        with self._configuration.changing:
            if self._configuration.answered(actor, once) is not None:
                return
            site = self._site(id_)
            self._refuse_open(self._is_at(id_), id_)
            self._refuse_overtaken(site, version)
            if accounts := self._store.account_count(id_):
                stand = "1 account stands" if accounts == 1 else f"{accounts:,} accounts stand"
                raise Conflict(
                    f"{stand} at {id_}. Nothing was removed. Move them to another site or remove them first",
                    "sites.has_accounts",
                )
            change = self._without_site(id_)
            # Looked at again in the writer's turn: nothing opens between this look and the removal.
            check = self._is_at(id_)
            self._configuration.commit(change, actor, check=lambda: self._refuse_open(check, id_), once=once)

    # Accounts --------------------------------------------------------------------------------------------------------

    def make_account(
        self,
        draft: AccountDraft,
        site_id: Ref | None,
        actor: Actor,
        once: Once | None = None,
        *,
        new_site: SiteRow | None = None,
    ) -> Account:
        """Make an account, at a site that is there or that is made with it.

        Open incidents of its number, while it was unknown, are moved to it by the core, from the fact alone.

        Raises:
            BadInput: the site is not there; or the row cannot be (BadForm).
            Conflict: there is such an account, or such a site.
        """
        with self._configuration.changing:
            if (earlier := self._configuration.answered(actor, once)) is not None:
                return self.account(earlier.made)
            self._refuse_taken_number(draft.row, None)
            planned = self._settled(draft, None, site_id)
            sites = () if new_site is None else (SiteToStore(id=None, row=new_site),)
            if new_site is not None:
                self._refuse_taken_name(new_site, None)
            account = AccountToStore(
                id=None, row=planned.row, secret=planned.secret, new_site=None if new_site is None else 0
            )
            return self._configuration.commit(Change(sites=sites, accounts=(account,)), actor, once=once).accounts[0]

    def change_account(
        self,
        id_: Ref,
        version: Seq,
        draft: AccountDraft,
        site_id: Ref | None,
        actor: Actor,
        once: Once | None = None,
    ) -> Account:
        """Put an account's row in place of what it is; without a key in the draft it keeps the one that it has.

        Raises:
            BadInput: there is no such account or site; or the row cannot be (BadForm).
            Overtaken: it was changed since `version`.
            Conflict: another account has this number, receiver and line.
        """
        with self._configuration.changing:
            account = self.account(id_)
            if self._configuration.answered(actor, once) is not None:
                return account
            self._refuse_overtaken(account, version)
            self._refuse_taken_number(draft.row, id_)
            planned = self._settled(draft, account, site_id)
            if account.row.key is not None and planned.row.key is None and planned.secret is None:
                self._refuse_carrier(account, "loses its key")
            item = AccountToStore(id=id_, row=planned.row, secret=planned.secret)
            return self._configuration.commit(Change(accounts=(item,)), actor, once=once).accounts[0]

    def remove_account(self, id_: Ref, version: Seq, actor: Actor, once: Once | None = None) -> None:
        """Remove an account and its zones; its key and its names are destroyed. What it sends is unknown from then on.

        Raises:
            BadInput, Overtaken: as `change_account`.
            Conflict: incidents of it are open, or it carries other accounts.
        """
        with self._configuration.changing:
            if self._configuration.answered(actor, once) is not None:
                return
            account = self.account(id_)
            self._refuse_overtaken(account, version)
            self._refuse_carrier(account, "is removed")
            gone = msgspec.structs.replace(account.row, removed=True, key=None, name=None, partitions=None, paths=None)
            zones = tuple(_removed(zone) for zone in self._store.zones((id_,)))
            schedules = tuple(self._store.schedules([id_]))
            change = Change(
                accounts=(AccountToStore(id=id_, row=gone),),
                zones=zones,
                schedules_ended=schedules,
                zones_back=tuple(out for out in self._store.zones_out() if out.taken.account_id == id_),
            )
            self._configuration.commit(
                change,
                actor,
                check=lambda: self._refuse_open(lambda incident: incident.account_id == id_, id_),
                once=once,
            )

    def set_zones(
        self, account_id: Ref, version: int, rows: Sequence[ZoneRow], actor: Actor, once: Once | None = None
    ) -> None:
        """Let an account have these zones and no others; names are in clear, each number stands once.

        Raises:
            BadInput: there is no such account.
            Overtaken: its zones were changed since `version` (`zones_version`).
        """
        with self._configuration.changing:
            self.account(account_id)
            if self._configuration.answered(actor, once) is not None:
                return
            old = self._store.zones((account_id,))
            if zones_version(old) != version:
                newest = max((zone.seq for zone in old), default=self.account(account_id).seq)
                raise Overtaken(account_id, *self.who(newest))
            opened = {zone.row.number: zone.row for zone in self._configuration.zones((account_id,))}
            wanted = {row.number for row in rows}
            changed = [row for row in rows if not _is_same(row, opened.get(row.number))]
            gone = [_removed(zone) for zone in old if zone.row.number not in wanted]
            if changed or gone:
                self._configuration.commit(Change(zones=(*changed, *gone)), actor, once=once)

    # Numbers that are none of ours -----------------------------------------------------------------------------------

    def refuse_number(
        self,
        number: Number,
        answer: RefusalAnswer,
        reason: RefusalReason,
        until: Micros,
        actor: Actor,
    ) -> Refusal:
        """Answer an unknown number with DUH or silence from now on, and store nothing of it, until a time.

        Raises:
            BadInput: the time is not within 30 days from now.
            Conflict: the number is an account of ours, or too many are refused.
        """
        now = self._clock.now_us()
        if not now < until <= now + REFUSAL_DAYS_MAX * _DAY_US:
            raise BadInput(
                f"A number is refused until a time from now to {REFUSAL_DAYS_MAX} days ahead. Nothing was changed. "
                "Name such a time; it can be refused again when it is over",
                "unknown.until",
            )
        with self._configuration.changing:
            if self._configuration.is_known(number.receiver, number.line, number.account):
                raise Conflict(
                    f"Account {number.account} is one of ours. Nothing was changed. Remove the account if it is not",
                    "unknown.ours",
                )
            if len(self.refused()) >= REFUSALS_MAX:
                raise Conflict(
                    f"{REFUSALS_MAX:,} numbers are refused already. Nothing was changed. Take back one of them, or set "
                    "`receivers.dc09.unknown_accounts` for all",
                    "unknown.too_many",
                )
            return self._refuse(number, answer, reason, until, actor)

    def take_back(self, number: Number, actor: Actor) -> None:
        """Let a refused number be unknown again: stored, acknowledged by the receiver's setting, and listed.

        Raises:
            BadInput: it is not refused.
        """
        with self._configuration.changing:
            key = number.account.upper(), number.receiver, number.line
            if key not in {(row.account.upper(), row.receiver, row.line) for row in map(_row, self.refused())}:
                raise BadInput(
                    f"Number {number.account} is not refused, or not any more. Nothing was changed. Look at the list "
                    "again",
                    "refusals.unknown",
                )
            self._refuse(number, None, None, self._clock.now_us(), actor)

    def refused(self) -> list[Refusal]:
        """Numbers that are refused now, in the order in which they were."""
        now = self._clock.now_us()
        return [one for one in self._store.refusals() if one.row.answer is not None and now < one.row.until]

    # Questions -------------------------------------------------------------------------------------------------------

    def account(self, id_: Ref | None) -> Account:
        """An account as it is stored.

        Raises:
            BadInput: there is none.
        """
        found = [] if id_ is None else self._store.accounts((id_,))
        if not found:
            raise BadInput(_gone("account", id_), "accounts.unknown")
        return found[0]

    def who(self, seq: Seq) -> tuple[Actor | None, Micros]:
        """Who made a fact, and when."""
        return who_made(self._store, seq)

    # Inside ----------------------------------------------------------------------------------------------------------

    def _without_site(self, id_: Ref) -> Change:
        """What ends with a site."""
        now = self._clock.now_us()
        keyholders = [one for one in self._store.keyholders([id_]) if one.row.removed_at is None]
        return Change(
            sites=(SiteToStore(id=id_, row=SiteRow(removed=True)),),
            keyholders=tuple(
                KeyholderToStore(id=one.id, row=msgspec.structs.replace(one.row, removed_at=now)) for one in keyholders
            ),
            phrases=tuple(
                PhrasesToStore(row=SitePhrasesRow(site_id=id_), verifier=None) for _ in self._store.site_phrases([id_])
            ),
            wishes=tuple(
                WishesToStore(row=WishesRow(site_id=id_), wishes=None) for _ in self._store.site_wishes([id_])
            ),
            warnings_ended=tuple(self._store.place_warnings([id_])),
        )

    def _site(self, id_: Ref | None) -> Site:
        found = [] if id_ is None else self._store.sites((id_,))
        if not found:
            raise BadInput(_gone("site", id_), "sites.unknown")
        return found[0]

    def _settled(self, draft: AccountDraft, account: Account | None, site_id: Ref | None) -> PlannedAccount:
        """The account as it is stored, checked against what is there."""
        if site_id is not None:
            self._site(site_id)
        problems = Problems("form")
        planned = settle(draft, account, {}, _Notes(problems))
        if planned is not None:
            planned = msgspec.structs.replace(planned, row=msgspec.structs.replace(planned.row, site_id=site_id))
            check_carriers([planned], self._numbered(planned.row.carried_by), set(), problems, "is not at the centre")
        refuse_bad_form(problems)
        assert planned is not None, "what is wrong was noted"
        return planned

    def _numbered(self, number: AccountNumber | None) -> list[Account]:
        """Accounts of a number."""
        if number is None:
            return []
        found = self._store.account_page(None, _PAGE, number=number.upper())
        return [account for account in found if account.row.account.upper() == number.upper()]

    def _refuse_taken_name(self, row: SiteRow, id_: Ref | None) -> None:
        assert row.name is not None, "a site has a name"
        found = self._configuration.names.site_named(row.name)
        if found is not None and found != id_:
            raise Conflict(
                f"{found} has this name already; names are compared without case. Nothing was changed. Give another, "
                "or use that site",
                "sites.taken",
            )

    def _refuse_taken_number(self, row: AccountRow, id_: Ref | None) -> None:
        for account in self._numbered(row.account):
            if account.id != id_ and identity_of(account.row) == identity_of(row):
                raise Conflict(
                    f"Account {row.account} is there already with this receiver and line: {account.id}. Nothing was "
                    "changed. Change that one, or give another number, receiver or line",
                    "accounts.taken",
                )

    def _refuse_carrier(self, account: Account, fate: str) -> None:
        """An account that others are carried by stays as it is: without its key their messages would be refused."""
        if any(other.id != account.id and other.row.key is not None for other in self._numbered(account.row.account)):
            return
        number = account.row.account.upper()
        carried = [
            other.row.account
            for other in self._store.accounts()
            if other.row.carried_by is not None and other.row.carried_by.upper() == number
        ]
        if carried:
            raise Conflict(
                f"Account {account.row.account} carries {_some(carried)}; where it {fate}, their messages would be "
                "refused. Nothing was changed. Change these first",
                "accounts.carries",
            )

    def _refuse_overtaken(self, found: Account | Site, version: Seq) -> None:
        if found.seq != version:
            raise Overtaken(found.id, *self.who(found.seq))

    def _is_at(self, site_id: Ref) -> Callable[[Incident], bool]:
        """Whether an incident is of this site: it says so, or its account stands there now."""
        accounts: set[Ref] = set()
        after: tuple[str, int] | None = None
        while page := self._store.account_page(after, _PAGE, site_id=site_id):
            accounts.update(account.id for account in page)
            after = page[-1].row.account.upper(), int(page[-1].id.rpartition("-")[2])
        return lambda incident: incident.site_id == site_id or incident.account_id in accounts

    def _refuse_open(self, is_there: Callable[[Incident], bool], id_: Ref) -> None:
        """Refuse where incidents are open there, and name them. In the writer's turn nothing opens in between."""
        numbers: list[int] = []
        before: Seq | None = None
        while page := self._store.incidents("open", before, _PAGE):
            # A call of the control room itself stops nothing: to be refused would tell of it.
            numbers.extend(one.number for one in page if is_there(one) and not one.is_room)
            before = page[-1].version
        if numbers:
            shown = _some([f"#{number}" for number in sorted(numbers)])
            raise Conflict(
                f"Incidents are open at {id_}: {shown}. Nothing was removed. Close them first",
                "config.open_incidents",
            )

    def _refuse(
        self, number: Number, answer: RefusalAnswer | None, reason: RefusalReason | None, until: Micros, actor: Actor
    ) -> Refusal:
        row = NumberRefused(
            account=number.account,
            answer=answer,
            line=number.line,
            reason=reason,
            receiver=number.receiver,
            until=until,
        )
        return self._configuration.commit(Change(refusals=(row,)), actor).refusals[0]


def who_made(store: Store, seq: Seq) -> tuple[Actor | None, Micros]:
    """Who made a fact, and when."""
    found = _WHO.decode(store.entries(Seq(seq - 1), 1)[0].row.entry)
    return found.actor, found.at


def refuse_bad_form(problems: Problems) -> None:
    """Refuse a form with mistakes.

    Raises:
        BadForm: each of them, in the order of the form.
    """
    if found := problems.shown:
        raise BadForm(problem.reason for problem in found)


class BadForm(BadInput):
    """Fields of a form are wrong, so nothing was changed. Names each."""

    def __init__(self, reasons: Iterable[str]) -> None:
        """Make the error with these sentences, each beginning with its field."""
        self.reasons = list(reasons)
        super().__init__(f"{'; '.join(self.reasons)}. Nothing was changed", "config.form")


def zones_version(zones: Collection[Zone]) -> int:
    """What a change of an account's zones must name: another number for every other list of them."""
    stands = sorted((zone.row.number, zone.seq) for zone in zones)
    return int.from_bytes(hashlib.sha256(msgspec.json.encode(stands)).digest()[:6], "big")


class _Notes:
    """Notes mistakes of a form (`account_import.Notes`)."""

    def __init__(self, problems: Problems) -> None:
        self._problems = problems

    def note(self, reason: str) -> None:
        self._problems.add(ONE, reason)


def _is_same(row: ZoneRow, old: ZoneRow | None) -> bool:
    return old is not None and msgspec.structs.replace(row, config=old.config) == old


def _removed(zone: Zone) -> ZoneRow:
    return ZoneRow(account_id=zone.row.account_id, number=zone.row.number, removed=True)


def _row(refusal: Refusal) -> NumberRefused:
    return refusal.row


def _gone(noun: str, id_: Ref | None) -> str:
    # What is no id of ours may be anything, and is not repeated.
    shown = f" {id_}" if id_ is not None and _ID.fullmatch(id_) else " of this id"
    return f"There is no {noun}{shown}, or not any more. Nothing was changed. Look at the list again"


def _some(names: Sequence[str]) -> str:
    more = len(names) - NAMED_MAX
    return ", ".join(names[:NAMED_MAX]) + (f" and {more:,} more" if more > 0 else "")
