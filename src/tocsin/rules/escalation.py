"""What happens while nobody claims an incident: state and time in, the next step out.

An open incident of priority 1 or 2 waits for as long as nobody has it. Each step counts from the one before. Whoever
claims or closes it ends the waiting; given back, or raised, it waits from the beginning. The last step tells people to
telephone: a chain never ends in silence. Source: INTEGRATIONS.md, section 10; STANDARDS.md, lessons 3 to 6.
"""

from collections.abc import Collection, Sequence
from typing import Final

import msgspec

from tocsin.model.escalation import Chain, ChainStep, Escalation, Tell
from tocsin.model.incidents import Incident
from tocsin.model.notices import Notice
from tocsin.model.values import Code, Micros

SECOND_US: Final = 1_000_000
ESCALATED_PRIORITY: Final = 2
"""The least urgent that escalates by itself."""

ROLES: Final[dict[Tell, tuple[str, ...]]] = {
    "second_desk": (),
    "supervisor": ("supervisor",),
    "everyone": ("operator", "supervisor"),
    "notify": (),
    "again": (),
    "telephone": ("supervisor",),
    "webhook": (),
}
"""Whom a step sends notices to by role. Another desk is told by its screen and its sound; whom steps of the centre's
own chains tell, these say themselves."""


def make_chain(second_desk_s: int, supervisor_s: int, again_s: int, repeats: int) -> Chain:
    """The chain of an unclaimed incident of one priority, as the centre has set it.

    The first two count from the beginning; everybody is told `repeats` times, `again_s` apart; then comes the last.
    """
    assert 0 < second_desk_s < supervisor_s
    assert again_s > 0
    assert repeats > 0
    return (
        ChainStep(tell="second_desk", wait_s=second_desk_s),
        ChainStep(tell="supervisor", wait_s=supervisor_s - second_desk_s),
        *(ChainStep(tell="everyone", wait_s=again_s) for _ in range(repeats)),
        ChainStep(tell="telephone", wait_s=again_s),
    )


def is_waiting(incident: Incident) -> bool:
    """Must somebody claim it who has not?"""
    return (
        incident.state == "open"
        and incident.claimed_by is None
        and incident.priority <= ESCALATED_PRIORITY
        and incident.presentation == "shown"
    )


def is_searched(incident: Incident) -> bool:
    """Somebody is looked for by a help note that nobody said when to look at again: an earlier release knew no date."""
    return incident.hazard == "missing_person" and incident.help_version > 0 and incident.look_again_at is None


def begins(before: Incident | None, after: Incident) -> bool:
    """Has it begun to wait with this change, or to wait for what is more urgent?"""
    return is_waiting(after) and (before is None or not is_waiting(before) or after.priority < before.priority)


def ends(before: Incident | None, after: Incident) -> Code | None:
    """Why it has ceased to wait with this change; None where it has not."""
    if before is None or not is_waiting(before) or is_waiting(after):
        return None
    if after.state == "closed":
        return Code("closed")
    return Code("claimed") if after.claimed_by is not None else Code("not_shown")


def next_step(chain: Chain, last: Escalation | None, skips: Collection[Tell] = ()) -> int | None:
    """Number of the step after `last`; None behind the last one. Steps of `skips` are left out.

    Where nobody could be told, the same people are not tried again: the next others are.
    """
    behind = range(0 if last is None else last.step + 1, len(chain))
    failed = last if last is not None and has_failed(last) else None
    return next((step for step in behind if chain[step].tell not in skips and not _is_same(chain, failed, step)), None)


def next_due(chain: Chain, last: Escalation | None, since: Micros, skips: Collection[Tell] = ()) -> Micros | None:
    """When the step after `last` is due, which was taken at `since`; at once where `last` reached nobody.

    What is left out is waited for all the same: nobody is told earlier by it.
    """
    step = next_step(chain, last, skips)
    if step is None:
        return None
    first = 0 if last is None else last.step + 1
    wait_s = 0 if last is not None and has_failed(last) else sum(one.wait_s for one in chain[first : step + 1])
    return Micros(since + wait_s * SECOND_US)


def is_refused(last: Escalation, notices: Sequence[Notice]) -> bool:
    """Has everybody whom the last step told of it said "cannot", or turned out not to be reached? Then nobody waits."""
    of_incident = [one for one in notices if one.plan and one.purpose == "incident"]
    told = {one.recipient for one in of_incident if last.seq is not None and one.seq > last.seq}
    newest = {one.recipient: one for one in sorted(of_incident, key=lambda one: one.seq) if one.recipient in told}
    return (
        tells_people(last.tell)
        and last.tell != "webhook"
        and last.bundled == 0
        and len(told) >= last.told > 0
        and all(one.answer == "cannot" or one.state in ("failed", "expired") for one in newest.values())
        and any(one.answer == "cannot" for one in newest.values())
    )


def has_failed(taken: Escalation) -> bool:
    """It should have sent notices, and reached nobody: no notice goes out, and nobody is at a desk that it named."""
    return tells_people(taken.tell) and taken.told == taken.bundled == 0 and not taken.desks


def is_end(chain: Chain, step: int) -> bool:
    """Is this the last step of a chain that tells others than before, or behind it?"""
    return all(one.tell in ("again", "telephone", "webhook") for one in chain[step + 1 :])


def tells_people(tell: Tell) -> bool:
    """Does a step of this sort send notices?"""
    return tell != "second_desk"


def _is_same(chain: Chain, failed: Escalation | None, step: int) -> bool:
    """Would this step tell the very people of the one that reached nobody?"""
    if failed is None or chain[step].tell != failed.tell:
        return False
    if failed.tell not in ("notify", "webhook") or failed.step >= len(chain):
        return True
    return msgspec.structs.replace(chain[step], wait_s=0) == msgspec.structs.replace(chain[failed.step], wait_s=0)
