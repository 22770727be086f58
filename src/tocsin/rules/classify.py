"""What a signal says: its type and priority, by the zone list, by the code tables, or by caution (CODES.md, rule 8)."""

from typing import Final

import msgspec

from tocsin.model.catalogue import MACHINE_NEVER, Catalogue, CodeRule, HazardClass, IncidentType, Kind
from tocsin.model.signals import SignalBody
from tocsin.model.sites import AccountPlace, ZoneRule, zone_number
from tocsin.model.values import Code
from tocsin.rules import reasons

UNCLASSIFIED: Final = Code("TECH-UNCLASSIFIED")
HOLD_UP: Final = Code("HOLD-UP")
INFORMATION: Final = 5
"""The priority that opens nothing."""

UNCLASSIFIED_PRIORITY: Final = 2
CAUTION_FAMILIES: Final = frozenset("FKSGMQHP")
"""Families of DC-03 of which an unknown code could be about life: fire, heat, sprinkler, gas, medical, assistance,
hold-up, panic (CODES.md, rule 7)."""

CAUTION_GROUPS: Final = frozenset({"10", "11", "12"})
"""The same of Contact ID: medical, fire, panic and hold-up."""

SILENT_FAMILIES: Final = frozenset("HP")
SILENT_GROUPS: Final = frozenset({"12"})
_LETTERS: Final = {"1": "E", "3": "R", "6": "P"}
"""How a Contact ID qualifier is shown: event, restored, still present."""

ALARM_KINDS: Final = frozenset({"alarm", "duress"})
URGENT: Final = 2
"""Up to this priority whatever an unknown account says counts as an alarm."""

_ZONE_ADDRESSES: Final = frozenset({"zone", "unknown"})


class Reading(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What a signal says, and why we read it so."""

    code: Code | None
    """As shown: a Contact ID code carries its letter, `E131`. None for a message without an event."""
    detector: Code | None
    """As `zone`; of a disputed message too, where it counts at the account that the data name."""
    hazard: HazardClass | None
    is_known_code: bool
    kind: Kind | None
    """None where no table has the code."""
    priority: int
    """1 to 5; 5 opens nothing."""
    reason: Code
    """Of `rules.reasons`."""
    silent: bool
    """A silent call for help: no sound at the site, no call to the premises first."""
    type: Code | None
    """What it opens; at priority 5, what it speaks about. Never None at priority 1 to 4."""
    zone: Code | None
    """Its zone without leading zeros; `door-3` where the address is no zone. None where it names none, where it is
    sealed, and of a disputed message, since it would name another place of the sender's account."""


def classify(signal: SignalBody, place: AccountPlace | None, catalogue: Catalogue) -> Reading:
    """Read a signal: zone of the account, then code tables, then caution.

    `place` is that of the object's account, None where it is unknown. Raises nothing, whatever the signal holds.
    Source: CODES.md, rules 1 to 10; DC09.md section 4 (disputed).
    """
    if signal.code is None or signal.format is None:
        return _caution(None, None, UNCLASSIFIED_PRIORITY, reasons.NO_EVENT, catalogue)
    rule = catalogue.codes.get((signal.format, signal.code))
    zones = {} if place is None or signal.disputed else place.zones
    reading = _unknown_code(signal, zones, catalogue) if rule is None else _by_table(signal, rule, zones, catalogue)
    if signal.disputed:
        reading = msgspec.structs.replace(reading, zone=None)
    if not signal.known and reading.priority < INFORMATION and not _is_alarm(reading):
        # Nobody knows where it is, and nobody is in danger: it waits in the queue of unknown accounts (rule 9).
        return msgspec.structs.replace(reading, priority=INFORMATION, reason=reasons.UNKNOWN_ACCOUNT_QUEUE)
    if signal.disputed and reading.priority < INFORMATION:
        reason = reasons.DISPUTED if reading.is_known_code else reasons.DISPUTED_UNKNOWN_CODE
        return msgspec.structs.replace(reading, reason=reason)
    return reading


def shown_code(format_: str, code: str, qualifier: str | None) -> Code:
    """The code as people see it: `FA`, `E131`."""
    return Code(_LETTERS.get(qualifier or "1", "E") + code if format_ == "CID" else code)


def is_restored(signal: SignalBody, rule: CodeRule) -> bool:
    """The qualifier says that it is over (rule 2). Where the kind stays the same at 3, the qualifier says nothing."""
    return signal.format == "CID" and signal.qualifier == "3" and rule.kind_restore != rule.kind


def _by_table(signal: SignalBody, rule: CodeRule, zones: dict[str, ZoneRule], catalogue: Catalogue) -> Reading:
    over = is_restored(signal, rule)
    zone = _zone(signal, rule.address_is)
    reading = Reading(
        code=shown_code(rule.format, rule.code, signal.qualifier),
        detector=zone,
        hazard=rule.hazard,
        is_known_code=True,
        kind=rule.kind_restore if over else rule.kind,
        priority=INFORMATION if over else rule.priority,
        reason=reasons.BY_CODE,
        silent=rule.kind == "duress" and not over,
        type=rule.type,
        zone=zone,
    )
    if reading.priority < INFORMATION and reading.zone is not None:  # `door-3` stands in no zone list
        said = zones.get(reading.zone)
        if said is not None and (rule.kind == "alarm" or rule.type == UNCLASSIFIED):
            return _by_zone(reading, said, catalogue)
    return reading


def _by_zone(reading: Reading, said: ZoneRule, catalogue: Catalogue) -> Reading:
    """What a person said of the zone counts more than what the code says. A type that no machine opens does not."""
    type_ = machine_type(said.type, catalogue)
    if type_ is not None:
        return msgspec.structs.replace(
            reading,
            hazard=type_.hazard,
            priority=said.priority or type_.priority,
            reason=reasons.BY_ZONE,
            silent=reading.silent or is_silent(type_.type),
            type=type_.type,
        )
    if said.priority is not None:
        return msgspec.structs.replace(reading, priority=said.priority, reason=reasons.BY_ZONE_PRIORITY)
    return reading


def _unknown_code(signal: SignalBody, zones: dict[str, ZoneRule], catalogue: Catalogue) -> Reading:
    """A code of no table: unclassified, with the caution of rule 7. Nothing is guessed from a letter but caution."""
    assert signal.code is not None
    assert signal.format is not None
    shown = shown_code(signal.format, signal.code, signal.qualifier)
    zone = _zone(signal, "unknown")
    if signal.format == "CID" and signal.qualifier == "3":  # rule 2
        reading = _caution(shown, zone, INFORMATION, reasons.UNKNOWN_CODE, catalogue)
        return msgspec.structs.replace(reading, kind="restoral")
    if signal.format == "CID":
        is_grave = signal.code[:2] in CAUTION_GROUPS
        is_quiet = signal.code[:2] in SILENT_GROUPS
    else:
        is_grave = signal.code[:1] in CAUTION_FAMILIES
        is_quiet = signal.code[:1] in SILENT_FAMILIES
    reason = reasons.UNKNOWN_CODE_CAUTION if is_grave else reasons.UNKNOWN_CODE
    if is_quiet:
        reason = reasons.UNKNOWN_CODE_SILENT
    reading = _caution(shown, zone, 1 if is_grave else UNCLASSIFIED_PRIORITY, reason, catalogue)
    reading = msgspec.structs.replace(reading, silent=is_quiet)
    said = None if zone is None else zones.get(zone)
    return reading if said is None else _zone_caution(reading, said, catalogue)


def _zone_caution(reading: Reading, said: ZoneRule, catalogue: Catalogue) -> Reading:
    """An unknown code at a zone that a person described: it may be no alarm, yet it is as urgent as one of it."""
    type_ = machine_type(said.type, catalogue)
    of_zone = said.priority or (type_.priority if type_ is not None else INFORMATION)
    is_quiet = reading.silent or (type_ is not None and is_silent(type_.type))
    if of_zone >= reading.priority and is_quiet == reading.silent:
        return reading
    return msgspec.structs.replace(
        reading, priority=min(of_zone, reading.priority), reason=reasons.UNKNOWN_CODE_ZONE, silent=is_quiet
    )


def _caution(shown: Code | None, zone: Code | None, priority: int, reason: Code, catalogue: Catalogue) -> Reading:
    type_ = catalogue.types.get(UNCLASSIFIED)
    return Reading(
        code=shown,
        detector=zone,
        hazard="technical" if type_ is None else type_.hazard,
        is_known_code=False,
        kind=None,
        priority=priority,
        reason=reason,
        silent=False,
        type=UNCLASSIFIED,
        zone=zone,
    )


def machine_type(type_: Code | None, catalogue: Catalogue) -> IncidentType | None:
    """The type, where it is in the catalogue and a machine may open it (rule 10); else None."""
    found = None if type_ is None else catalogue.types.get(type_)
    if found is None or found.opened_by != "any" or found.hazard in MACHINE_NEVER:
        return None
    return found


def is_silent(type_: Code) -> bool:
    """The type is a silent call for help, or a local type of it (`HOLD-UP.COUNTER`)."""
    return type_.partition(".")[0] == HOLD_UP


def _is_alarm(reading: Reading) -> bool:
    """Of an unknown account: it keeps type and priority (rule 9). Urgent ones count too, whatever their kind."""
    return reading.kind in ALARM_KINDS or reading.kind == "tamper" or reading.priority <= URGENT


def _zone(signal: SignalBody, address_is: str) -> Code | None:
    """The address, unless it names a user: as it is where it is a zone, else with the word for what it is."""
    if signal.address_withheld or address_is == "user":
        return None
    if not signal.address:
        return None
    plain = zone_number(signal.address)
    if address_is in _ZONE_ADDRESSES:
        return plain
    if plain == "0":
        return None
    word = "number" if address_is == "none" else address_is
    return Code(f"{word}-{plain}")
