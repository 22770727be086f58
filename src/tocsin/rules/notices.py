"""What the centre notices of itself, as incidents; and the incident that follows a signal no rule could take."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from tocsin.model.catalogue import Catalogue
from tocsin.model.chains import CHAIN_BROKEN, CHAINS_WORK
from tocsin.model.incidents import Incident, IncidentJoined, IncidentOpened
from tocsin.model.journal import CentreNoticed
from tocsin.model.notices import CHANNELS, CONTACT_GONE, NOBODY_REACHED, SOMEBODY_REACHED
from tocsin.model.signals import SignalBody
from tocsin.model.values import Code, Micros, Ref, SignalId


class _Notice(NamedTuple):
    type: Code
    reason: Code
    ends: Code | None
    """The notice that says that it is over."""


NOTICES: Final[dict[str, _Notice]] = {
    "disk_full": _Notice(Code("TECH-CENTRE"), Code("notice_disk_full"), Code("disk_room")),
    "core_stalled": _Notice(Code("TECH-CENTRE"), Code("notice_core_stalled"), None),
    "core_late": _Notice(Code("TECH-CENTRE"), Code("notice_core_late"), Code("core_in_time")),
    "timers_stopped": _Notice(Code("TECH-CENTRE"), Code("notice_timers_stopped"), Code("timers_run")),
    "supervision_stopped": _Notice(Code("TECH-CENTRE"), Code("notice_supervision_stopped"), Code("supervision_runs")),
    "notices_stopped": _Notice(Code("TECH-CENTRE"), Code("notice_notices_stopped"), Code("notices_run")),
    "tail_lost": _Notice(Code("TECH-CENTRE"), Code("notice_tail_lost"), None),
    "restored": _Notice(Code("TECH-CENTRE"), Code("notice_restored"), None),
    "sender_stopped": _Notice(Code("TECH-SOURCE"), Code("notice_sender_stopped"), None),
    "account_refused": _Notice(Code("TECH-SOURCE"), Code("notice_account_refused"), None),
    "message_set_aside": _Notice(Code("TECH-SOURCE"), Code("notice_message_set_aside"), None),
    "access_attacked": _Notice(Code("TECH-ACCESS"), Code("notice_access_attacked"), Code("access_quiet")),
    "broker_lost": _Notice(Code("TECH-SOURCE"), Code("notice_broker_lost"), Code("broker_back")),
    CHAIN_BROKEN: _Notice(Code("TECH-NOTIFY"), Code("notice_chain_broken"), CHAINS_WORK),
    NOBODY_REACHED: _Notice(Code("TECH-NOTIFY"), Code("notice_nobody_reached"), SOMEBODY_REACHED),
    CONTACT_GONE: _Notice(Code("TECH-NOTIFY"), Code("notice_contact_gone"), None),
    "unknown_waiting": _Notice(Code("TECH-UNKNOWNACCOUNT"), Code("notice_unknown_waiting"), None),
}
DESK_NOTICE: Final = "desk_unattended"
NOTICES[DESK_NOTICE] = _Notice(Code("TECH-CENTRE"), Code("notice_desk_unattended"), Code("desk_unattended_over"))
NOTIFY_FAILED: Final = Code("notify_failed")
NOTIFY_WORKS: Final = Code("notify_works")
NOTICES.update(
    {
        f"{NOTIFY_FAILED}_{channel}_{rank}": _Notice(
            Code("TECH-NOTIFY"), Code(f"notice_notify_{channel}_{rank}"), Code(f"{NOTIFY_WORKS}_{channel}_{rank}")
        )
        for channel in CHANNELS
        for rank in (1, 2)
    }
)
"""Notices that a person must act on, by name. A provider of notices has one each: one incident, over when it works."""

ENDS: Final[dict[str, Code]] = {notice.ends: notice.reason for notice in NOTICES.values() if notice.ends is not None}
NOTICE_OVER: Final = Code("notice_over")
NOTICE_AGAIN: Final = Code("notice_again")
QUARANTINE_TYPE: Final = Code("TECH-UNCLASSIFIED")
QUARANTINED: Final = Code("quarantined")


def decide_notice(
    notice: CentreNoticed, at: Micros, candidates: Sequence[Incident], number: int, config: int, catalogue: Catalogue
) -> IncidentOpened | tuple[Ref, IncidentJoined] | None:
    """Open an incident for a notice, join the open one of the same, or mark it as over; None where nobody must act."""
    name = _name(notice)
    if name in ENDS:
        reason = ENDS[name]
        for incident in candidates:
            if incident.reason == reason and incident.account == notice.account:
                return incident.id, joined_by_centre(incident, at, config, reason=NOTICE_OVER, is_over=True)
        return None
    known = NOTICES.get(name)
    if known is None:
        return None
    for incident in candidates:
        if incident.reason == known.reason and incident.account == notice.account:
            return incident.id, joined_by_centre(incident, at, config, reason=NOTICE_AGAIN, is_over=False)
    type_ = catalogue.types[known.type]
    return IncidentOpened(
        account=notice.account,
        account_id=None,
        catalogue=catalogue.version,
        code=None,
        config=config,
        exercise=False,
        hazard=type_.hazard,
        line=None,
        number=number,
        opened_at=at,
        origin="centre",
        points=(),
        priority=type_.priority,
        reason=known.reason,
        receiver=None,
        signal=None,
        silent=False,
        site_id=None,
        type=known.type,
        zone=None,
    )


def _name(notice: CentreNoticed) -> str:
    """By what a notice is known: one about a provider of notices, by the provider too."""
    if notice.notice in (NOTIFY_FAILED, NOTIFY_WORKS):
        return f"{notice.notice}_{notice.reason}"
    return notice.notice


def quarantine_incident(
    signal: SignalBody | None,
    signal_id: SignalId | None,
    account_id: Ref | None,
    at: Micros,
    number: int,
    config: int,
    catalogue: Catalogue,
) -> IncidentOpened:
    """The incident for an entry that a rule failed on: nobody knows what it says, so a person looks at once.

    Priority 1, since it could be any alarm. It asks the catalogue for nothing but the type's class: what failed once
    must not be asked again.
    """
    return IncidentOpened(
        account=None if signal is None else signal.account,
        account_id=account_id,
        catalogue=catalogue.version,
        code=None if signal is None else signal.code,
        config=config,
        exercise=signal is not None and signal.exercise,
        hazard="technical",
        line=None if signal is None else signal.line,
        number=number,
        opened_at=at if signal is None else signal.received_at,
        origin="centre" if signal is None else "signal",
        points=(),
        priority=1,
        reason=QUARANTINED,
        receiver=None if signal is None else signal.receiver,
        signal=signal_id,
        silent=False,
        site_id=None,
        type=QUARANTINE_TYPE,
        zone=None,
    )


def joined_by_centre(incident: Incident, at: Micros, config: int, *, reason: Code, is_over: bool) -> IncidentJoined:
    """What the centre itself said belongs to an open incident of its own: again, or that it is over."""
    return IncidentJoined(
        at=at,
        code=None,
        condition="returned" if is_over else "active",
        config=config,
        confirmed=incident.confirmed,
        exercise=incident.exercise,
        gap_s=max(0, (at - incident.last_at) // 1_000_000),
        is_alarm=not is_over,
        is_news=not is_over and incident.condition == "returned",
        kind=Code("trouble_restoral" if is_over else "trouble"),
        points_added=(),
        points_ended=(),
        points_full=incident.points_full,
        priority=incident.priority,
        raised_from=None,
        reason=reason,
        signal=None,
        silent=incident.silent,
        zone=None,
    )
