"""What becomes of the incidents of a number that was unknown, once it is set up."""

import msgspec

from tocsin.model.accounts import AccountRow
from tocsin.model.incidents import Incident, IncidentPlaced
from tocsin.model.values import Ref


def place_incident(
    incident: Incident, row: AccountRow, account_id: Ref, site_id: Ref | None, config: int
) -> IncidentPlaced | None:
    """Move an incident of an unknown account to the account that was set up for its number; None where it is not its.

    Only the number is compared, without case: who sets a number up while its alarm waits means that alarm.
    """
    if incident.account_id is not None or incident.account is None or incident.origin != "signal":
        return None
    if incident.account.upper() != row.account.upper():
        return None
    points = tuple(
        msgspec.structs.replace(point, account_id=account_id) if point.account_id is None else point
        for point in incident.points
    )
    return IncidentPlaced(
        account_id=account_id, config=config, exercise=incident.exercise, points=points, site_id=site_id
    )
