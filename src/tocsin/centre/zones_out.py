"""Taking zones out of service, putting the end off, and putting them back: by people, and by the clock.

They always have an end, and are put back by themselves. What was active then opens as an incident
(`centre.on_test_core.take_ended`).
"""

from collections.abc import Callable
from typing import Final

import msgspec

from tocsin.centre.configuration import Run
from tocsin.centre.held import HeldEnds
from tocsin.centre.out_core import id_of_out
from tocsin.centre.out_facts import put_back
from tocsin.centre.place_names import CONFIG
from tocsin.centre.timers import Timers, set_timer
from tocsin.model.catalogue import HazardClass
from tocsin.model.errors import BadInput, Conflict, Forbidden
from tocsin.model.journal import Fact
from tocsin.model.on_test import STAY_LIVE
from tocsin.model.out_of_service import (
    OUT_ENDS,
    OUT_S_MAX,
    OUTS_MAX,
    SUPERVISED_OUT_S_MAX,
    ZONES_OUT_EXTENDED,
    ZONES_OUT_MAX,
    ZONES_TAKEN_OUT,
    OutReason,
    ZonesOut,
    ZonesOutExtended,
    ZonesTakenOut,
)
from tocsin.model.ports import Appender, Clock, Store, StoreTransaction
from tocsin.model.sites import zone_number
from tocsin.model.values import Actor, Code, Micros, Ref
from tocsin.rules.out_of_service import apply_out

SECOND: Final = 1_000_000
AGAIN_US: Final = 24 * 3600 * SECOND
"""Taken out again so soon after the end, they could be forgotten: it is marked."""


class WantedOut(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody wants to take out of service."""

    account_id: Ref
    not_live: tuple[HazardClass, ...]
    """Of the classes about life, those that start no response either, each by its name."""
    reason: OutReason
    until: Micros
    zones: tuple[Code, ...]


class ZonesOutOfService:
    """Commands about zones out of service. From any thread but the writer's."""

    def __init__(self, *, store: Store, run: Run, clock: Clock) -> None:
        """Work on these."""
        self._store = store
        self._run = run
        self._clock = clock
        self.on_timed: Callable[[], None] = lambda: None
        """Called when an end was set or put off: whoever runs timers looks again."""

    def take_out(self, wanted: WantedOut, actor: Actor, *, is_supervisor: bool = False) -> ZonesOut:
        """Take zones of an account out of service from now on.

        Raises:
            BadInput: no such account, or zones, an end or a class that cannot be.
            Forbidden: it is for longer than a day, and a supervisor did not ask.
            Conflict: one of them is out of service already.
        """
        now = self._clock.now_us()
        _check_until(wanted.until, now, is_supervisor=is_supervisor)
        if strange := set(wanted.not_live) - STAY_LIVE:
            raise BadInput(
                f"What is not to stay live is named one by one, of {', '.join(sorted(STAY_LIVE))}; this names "
                f"{', '.join(sorted(strange))}. Nothing was changed. Leave that out",
                "out_of_service.live",
            )
        zones = tuple(sorted({zone_number(zone) for zone in wanted.zones}, key=lambda one: (len(one), one)))
        if not 1 <= len(zones) <= ZONES_OUT_MAX:
            raise BadInput(
                f"Zones are taken out of service by their numbers, 1 to {ZONES_OUT_MAX} at once, and this names "
                f"{len(zones)}. Nothing was changed. Put the account on test where all of it is to rest",
                "out_of_service.zones",
            )
        found = self._store.accounts([wanted.account_id])
        if not found:
            raise BadInput(
                "There is no such account, or not any more. Nothing was changed. Look for it again",
                "out_of_service.account",
            )

        def work(transaction: StoreTransaction, appender: Appender) -> ZonesOut:
            known = self._store.zones_out(ended_after=Micros(now - AGAIN_US))
            going_on = [one for one in known if one.ended_at is None]
            if len(going_on) >= OUTS_MAX:
                raise Conflict(
                    f"Zones are out of service {OUTS_MAX:,} times, and no more can be. Nothing was changed. Put back "
                    "those that work again",
                    "out_of_service.full",
                )
            same = [one for one in known if one.taken.account_id == wanted.account_id]
            already = {zone for one in same if one.ended_at is None for zone in one.taken.zones if zone in zones}
            if already:
                raise Conflict(
                    f"{_named(already)} of this account {'is' if len(already) == 1 else 'are'} out of service already. "
                    "Nothing was changed. Put that end off, or put them back first",
                    "out_of_service.same",
                )
            body = ZonesTakenOut(
                account_id=wanted.account_id,
                again=any(one.ended_at is not None and not set(zones).isdisjoint(one.taken.zones) for one in same),
                config=int(transaction.get_meta(CONFIG) or 0),
                exercise=False,
                live=tuple(sorted(STAY_LIVE - set(wanted.not_live))),
                reason=wanted.reason,
                site_id=found[0].row.site_id,
                until=wanted.until,
                zones=zones,
            )
            seq = appender.append(Fact(kind=ZONES_TAKEN_OUT, body=body, actor=actor))
            id_ = id_of_out(seq)
            out = apply_out(None, body, seq=seq, at=appender.at, actor=actor, id_=id_)
            transaction.put_zones_out(out)
            set_timer(transaction, appender, OUT_ENDS, id_, wanted.until, Code("ends"), actor=actor)
            return out

        out = self._run(lambda journal: journal.decide(work))
        self.on_timed()
        return out

    def extend(self, id_: Ref, until: Micros, actor: Actor, *, is_supervisor: bool = False) -> ZonesOut:
        """Put the end off: an act of its own, each time.

        Raises:
            BadInput: there is no such thing, or the end cannot be.
            Forbidden: it would go on for longer than a day from now, and a supervisor did not ask.
            Conflict: it is over, or does not end before that.
        """
        now = self._clock.now_us()
        _check_until(until, now, is_supervisor=is_supervisor)

        def work(transaction: StoreTransaction, appender: Appender) -> ZonesOut:
            out = self.one(id_)
            if out.ended_at is not None or out.until <= now:
                raise Conflict(
                    "These zones are back in service. Nothing was changed. Take them out anew, where that is still "
                    "needed",
                    "out_of_service.over",
                )
            if until <= out.until:
                raise Conflict(
                    "They are not put back before that. Nothing was changed. Name a later end, or put them back now",
                    "out_of_service.not_later",
                )
            body = ZonesOutExtended(exercise=out.taken.exercise, until=until)
            seq = appender.append(Fact(kind=ZONES_OUT_EXTENDED, body=body, ref=id_, actor=actor))
            out = apply_out(out, body, seq=seq, at=appender.at, actor=actor, id_=id_)
            transaction.put_zones_out(out)
            set_timer(transaction, appender, OUT_ENDS, id_, until, Code("extended"), actor=actor)
            return out

        out = self._run(lambda journal: journal.decide(work))
        self.on_timed()
        return out

    def put_back(self, id_: Ref, actor: Actor) -> ZonesOut:
        """Put zones back into service now. Where they are already, nothing changes.

        Raises:
            BadInput: there is no such thing.
        """

        def work(transaction: StoreTransaction, appender: Appender) -> ZonesOut:
            out = self.one(id_)
            return out if out.ended_at is not None else put_back(out, "by_hand", transaction, appender, actor)

        return self._run(lambda journal: journal.decide(work))

    def one(self, id_: Ref) -> ZonesOut:
        """Zones that are out of service, or were, by the name of that.

        Raises:
            BadInput: there is no such thing.
        """
        out = self._store.zones_out_by(id_)
        if out is None:
            raise BadInput(
                "Nothing was taken out of service under this name. Nothing was changed. Look at the list again",
                "out_of_service.unknown",
            )
        return out


def register_zones_out(timers: Timers, store: Store) -> None:
    """Put zones back by these timers, whatever the clock is thought of: what is out of service hides alarms."""
    ends = HeldEnds(
        store.zones_out_by, lambda out, transaction, appender: put_back(out, "due", transaction, appender, None)
    )
    timers.register(OUT_ENDS, ends, is_prompt=True)


def _named(zones: set[Code]) -> str:
    ordered = sorted(zones, key=lambda one: (len(one), one))
    return f"Zone{'' if len(ordered) == 1 else 's'} {', '.join(ordered)}"


def _check_until(until: Micros, now: Micros, *, is_supervisor: bool) -> None:
    length_s = (until - now) / SECOND
    if length_s <= 0 or length_s > SUPERVISED_OUT_S_MAX:
        raise BadInput(
            f"Zones are put back after now, and within {SUPERVISED_OUT_S_MAX // 86_400} days. Nothing was changed. "
            "Name such an end; it can be put off when somebody has looked at it again",
            "out_of_service.until",
        )
    if length_s > OUT_S_MAX and not is_supervisor:
        raise Forbidden(
            f"More than {OUT_S_MAX // 3600} hours out of service is a supervisor's to set. Nothing was changed. Name "
            "an earlier end, or ask a supervisor",
            "out_of_service.longer",
        )


__all__ = ["WantedOut", "ZonesOutOfService", "register_zones_out"]
