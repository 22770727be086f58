"""Incidents made by hand."""

from tocsin.model.incidents import Incident, Point


def incident(seq, *, points=0, **fields):
    """An open burglary at account 1234 that the fact `seq` opened, but for `fields`."""
    return Incident(
        **{
            "account": "1234",
            "account_id": "account-1",
            "acted": seq,
            "alarm_at": seq * 10,
            "alarmed": seq,
            "claimed_at": None,
            "claimed_by": None,
            "closed_at": None,
            "closed_by": None,
            "code": "BA",
            "condition": "active",
            "confirmed": False,
            "disposition": None,
            "exercise": False,
            "hazard": "intrusion",
            "id": f"incident-{seq}",
            "last_at": seq * 10,
            "line": None,
            "number": seq,
            "opened_at": seq * 10,
            "origin": "signal",
            "points": tuple(point(n + 1) for n in range(points)),
            "points_full": False,
            "presentation": "shown",
            "priority": 2,
            "reason": "code",
            "receiver": None,
            "signals": 1,
            "silent": False,
            "site_id": "site-1",
            "state": "open",
            "type": "INT-BURGLARY",
            "version": seq,
            "zone": "1",
            **fields,
        }
    )


def point(zone, **fields):
    """A zone of account 1234 in burglary alarm."""
    return Point(
        **{
            "account": "1234",
            "account_id": "account-1",
            "code": "BA",
            "format": "SIA",
            "kind": "alarm",
            "type": "INT-BURGLARY",
            "zone": str(zone),
            **fields,
        }
    )
