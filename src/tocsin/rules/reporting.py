"""What a person's report becomes: an incident of its own, or news of an open one. Who takes it decides which.

Pure: report + catalogue + state in, facts or a refusal out. A person may report any type but those that the centre
itself raises. Type and priority are the catalogue's; what is joined becomes as urgent as the more urgent of the two.
Source: CODES.md, "Columns of the catalogue"; SCOPE.md, R2; decision 0068.
"""

from typing import Final

from tocsin.model.call_forms import REPORTS_MAX, IncidentReported, ReportedPlace, Way
from tocsin.model.catalogue import Catalogue, IncidentType
from tocsin.model.errors import BadInput, Conflict
from tocsin.model.incidents import Incident, IncidentOpened
from tocsin.model.values import Code, Micros, Ref
from tocsin.rules.classify import is_silent
from tocsin.rules.reasons import MISSED_CHECK_IN, REPORTED_BY_CALL, REPORTED_BY_STAFF

REASONS: Final[dict[Way, Code]] = {
    "call": REPORTED_BY_CALL,
    "check_in": MISSED_CHECK_IN,
    "duty": REPORTED_BY_STAFF,
}
"""Why one was opened, by the way in."""


def type_of(word: str, catalogue: Catalogue) -> IncidentType:
    """The type that a person names by its word or its short number.

    Raises:
        BadInput: there is none, or only the centre itself opens it.
    """
    found = catalogue.types.get(word) or next((one for one in catalogue.types.values() if one.short == word), None)
    if found is None:
        raise BadInput(
            "The catalogue has no such incident type. Nothing was opened. Choose one of its types, or type its three "
            "digits",
            "call.type",
        )
    if found.opened_by == "centre":
        raise BadInput(
            f"{found.type} is raised by the centre itself, of its own equipment. Nothing was opened. Choose what "
            "happens at the place",
            "call.centre_type",
        )
    return found


def decide_opening(
    way: Way,
    found: IncidentType,
    site_id: Ref | None,
    at: Micros,
    number: int,
    config: int,
    catalogue: Catalogue,
    *,
    exercise: bool = False,
) -> IncidentOpened:
    """What a report opens. A site on test is no test for somebody who telephones: it is shown."""
    return IncidentOpened(
        account=None,
        account_id=None,
        catalogue=catalogue.version,
        code=None,
        config=config,
        exercise=exercise,
        hazard=found.hazard,
        line=None,
        number=number,
        opened_at=at,
        origin=way,
        points=(),
        priority=found.priority,
        reason=REASONS[way],
        receiver=None,
        signal=None,
        silent=is_silent(found.type),
        site_id=site_id,
        type=found.type,
        zone=None,
    )


def decide_reported(
    incident: Incident,
    found: IncidentType,
    *,
    way: Way,
    call: Ref | None,
    place: ReportedPlace,
    site_id: Ref | None,
    value: Ref,
    is_first: bool,
    device_time: Micros | None = None,
    waited_s: int | None = None,
    is_handed_over: bool = False,
) -> IncidentReported:
    """What a report says of the incident that it opened, or that somebody chose for it.

    Raises:
        Conflict: that is closed, or holds as many as it can.
    """
    must_be_open(incident)
    if incident.reports >= REPORTS_MAX:
        raise Conflict(
            f"Incident {incident.number} holds {REPORTS_MAX} reports, and no more are kept. Nothing was changed. Open "
            "a new incident, or write a note there",
            "call.reports_full",
        )
    priority = found.priority if found.priority < incident.priority else incident.priority
    return IncidentReported(
        call=call,
        confirmed=incident.confirmed or not is_first,
        device_time=device_time,
        exercise=incident.exercise,
        is_first=is_first,
        is_handed_over=is_handed_over,
        place=place,
        priority=priority,
        raised_from=incident.priority if priority < incident.priority else None,
        silent=incident.silent or is_silent(found.type),
        site_id=site_id,
        type=found.type,
        value=value,
        waited_s=waited_s,
        way=way,
    )


def must_be_open(incident: Incident) -> None:
    """A report joins what is open.

    Raises:
        Conflict: it is closed.
    """
    if incident.state == "closed":
        raise Conflict(
            f"Incident {incident.number} is closed: the report did not join it. Nothing was changed. Open a new "
            "incident, or reopen that one",
            "incident.closed",
        )
