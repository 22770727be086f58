"""Journals for figures: made fact by fact, read back by both computations."""

import msgspec
import pysqlite3.dbapi2 as dbapi

from support.made_journal import Journal, signer
from tocsin.centre.profiles import shipped
from tocsin.reports.figures import Ask, Span
from tocsin.reports.figures_by_lines import figures_by_lines
from tocsin.reports.figures_by_sql import figures_by_sql

SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 3600 * SECOND
DAY = 24 * HOUR
BEGIN = 1_790_294_400_000_000
"""A midnight, UTC."""

KEY = signer(1)


class Facts(Journal):
    """A journal whose facts are given at times of one's own, rising."""

    def __init__(self):
        super().__init__(KEY)
        self.at = BEGIN - 2 * DAY
        self.number = 0

    def put(self, at, kind, body, **more):
        """Append a fact at `at`; return its seq."""
        self.at = max(self.at, at) - 1000
        self.add(kind, body, **more)
        return len(self.rows)

    def opened(self, at, **more):
        """An incident; return its id."""
        self.number += 1
        cause = more.pop("cause", None)
        body = {
            "account": "1234", "account_id": "account-2", "catalogue": "c" * 16, "code": "FA", "config": 1,
            "exercise": False, "hazard": "fire", "is_room": False, "line": None, "number": self.number,
            "opened_at": at, "origin": "signal", "points": [], "presentation": "shown", "priority": 1,
            "raised_by": None, "reason": "by_code", "receiver": None, "signal": None, "silent": False,
            "site_id": None, "test": None, "type": "FIRE-SMOKE", "zone": "1", **more,
        }  # fmt: skip
        return f"incident-{self.put(at, 'incident.opened', body, cause=cause)}"

    def joined(self, at, incident, **more):
        body = {
            "at": at, "code": "FA", "condition": "active", "config": 1, "confirmed": False, "exercise": False,
            "gap_s": 1, "is_alarm": True, "is_news": False, "kind": "alarm", "points_added": [], "points_ended": [],
            "points_full": False, "priority": 1, "raised_from": None, "reason": "same_zone", "signal": None,
            "silent": False, "zone": "1", **more,
        }  # fmt: skip
        return self.put(at, "incident.joined", body, ref=incident)

    def claimed(self, at, incident, who="user-1"):
        return self.put(at, "incident.claimed", {"exercise": False, "previous": None}, ref=incident, actor=who)

    def released(self, at, incident, who="user-1"):
        return self.put(at, "incident.released", {"exercise": False}, ref=incident, actor=who)

    def closed(self, at, incident, who="user-1", disposition="real"):
        body = {"disposition": disposition, "exercise": False, "note": None}
        return self.put(at, "incident.closed", body, ref=incident, actor=who)

    def reopened(self, at, incident, who="user-1"):
        body = {"exercise": False, "reason": "more_to_do"}
        return self.put(at, "incident.reopened", body, ref=incident, actor=who)

    def merged(self, at, incident, into, who="user-1"):
        body = {"disposition": "duplicate", "exercise": False, "into": into, "number": 1, "reason": "merged_by_person"}
        return self.put(at, "incident.merged", body, ref=incident, actor=who)

    def unmerged(self, at, incident, who="user-1"):
        return self.put(at, "incident.unmerged", {"condition": "active", "exercise": False}, ref=incident, actor=who)

    def plan_begun(self, at, incident, *, alone):
        return self.put(at, "incident.plan_begun", {"alone": alone}, ref=incident)

    def desk(self, at, label, hazards=(), priorities=()):
        body = {
            "hazards": list(hazards),
            "label": label,
            "priorities": list(priorities),
            "removed": False,
            "roster": None,
        }
        return f"desk-{self.put(at, 'desk.set', body, actor='user-1')}"

    def on_shift(self, at, who, desk):
        body = {"desk": desk, "from_shift": None, "until": at + 8 * HOUR}
        return f"shift-{self.put(at, 'shift.begun', body, actor=who)}"

    def off_shift(self, at, shift, who="user-1"):
        return self.put(at, "shift.ended", {"listed": None, "reason": "by_hand", "to": None}, ref=shift, actor=who)

    def missing(self, at, *paths, cause=None, exercise=False):
        rows = [
            {"account": account, "account_id": f"account-{account}", "all_lost": True, "heard_at": at - ago,
             "limit_s": limit_s, "path": "only", "together": False}
            for account, ago, limit_s in paths
        ]  # fmt: skip
        body = {"cause": cause, "config": 1, "exercise": exercise, "group": None, "paths": rows}
        return self.put(at, "supervision.missing", body)

    def returned(self, at, *accounts, reason="heard"):
        rows = [
            {"account": one, "account_id": f"account-{one}", "away_s": 1, "path": "only", "reason": reason}
            for one in accounts
        ]
        return self.put(at, "supervision.returned", {"config": 1, "exercise": False, "paths": rows})

    def signal(self, at, *, exercise=False):
        body = {"account": "1234", "exercise": exercise, "received_at": at}
        return self.put(at, "signal", body, stream="main")


def an_ask(since=BEGIN, until=BEGIN + DAY, as_of=None, profile="en50518-2019", load="eemua-191", **more):
    """A period of UTC days, in shifts of eight hours."""
    days = range(since, until, DAY)
    plain = {
        "since": since,
        "until": until,
        "as_of": until if as_of is None else as_of,
        "months": (Span(label="2026-09", since=since, until=until),),
        "shifts": tuple(
            Span(label=label, since=day + first * HOUR, until=day + (first + 8) * HOUR)
            for day in days
            for label, first in (("00-08", 0), ("08-16", 8), ("16-24", 16))
        ),
        "days": tuple(days),
        "buckets": tuple(range(since, until, (until - since) // 24)),
        "profile": shipped(profile),
        "load_profile": shipped(load),
    }
    return Ask(**(plain | more))


def database(journal, path):
    """The journal's own table in a file, as the store has it."""
    path.unlink(missing_ok=True)
    connection = dbapi.connect(str(path))
    connection.execute("PRAGMA synchronous = OFF")
    connection.execute(
        "CREATE TABLE journal (seq INTEGER PRIMARY KEY, at BIGINT, kind TEXT, stream TEXT, number BIGINT, entry BLOB, "
        "hash BLOB, key BIGINT, sealed BLOB)"
    )
    connection.executemany(
        "INSERT INTO journal (seq, at, kind, stream, number, entry, hash) VALUES (?, ?, ?, ?, ?, ?, ?)",
        [(row.seq, row.at, row.kind, row.stream, row.number, row.entry, row.hash) for row in journal.rows],
    )
    connection.commit()
    connection.close()
    return path


def both(journal, path, ask):
    """The figures, which both computations agree on."""
    by_lines = figures_by_lines(journal.lines, ask)
    by_sql = figures_by_sql(database(journal, path), ask)
    assert msgspec.to_builtins(by_sql) == msgspec.to_builtins(by_lines)
    return by_lines
