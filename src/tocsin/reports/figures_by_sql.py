"""Figures by SQL over the journal's table of a centre, running or not: nothing is written to it.

The facts are laid out as tables of this connection alone, and counted there. Written apart from `figures_by_lines`.
"""

import contextlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, cast

from tocsin.model.profiles import Figure
from tocsin.model.values import Code, Seq
from tocsin.reports.figures import (
    ALL,
    CHATTER_SIGNALS,
    DAY_US,
    DIMENSIONS,
    EDGES_S,
    EXCLUSIONS,
    FLOOD_BEGINS_MILLI,
    FLOOD_ENDS_MILLI,
    HOUR_US,
    MINUTE_US,
    NO_DESK,
    NOT_ALARMS,
    PEOPLE_MIN,
    SLOT_US,
    WORST_MAX,
    Ask,
    Dimension,
    Figures,
    Group,
    Load,
    Paths,
    Result,
    Source,
    Spread,
    Times,
    join_small,
)
from tocsin.reports.figures_layout import IS_HEARD, KEYED, LAYOUT, OF_ALL, OF_PARTS, RANKED, TAKEN, listed
from tocsin.store.driver import dbapi
from tocsin.store.reading import faults

SECOND_US: Final = 1_000_000


def figures_by_sql(path: Path, ask: Ask) -> Figures:
    """Compute all figures from the database in a file.

    Raises:
        CentreFault: it could not be read.
    """
    with faults(), contextlib.closing(dbapi.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
        connection.isolation_level = None
        connection.execute("PRAGMA temp_store = MEMORY")
        # One view of the journal for all that follows, whatever the centre writes meanwhile.
        connection.execute("BEGIN")
        return _Report(connection, ask).figures()


class _Report:
    def __init__(self, connection: Any, ask: Ask) -> None:
        self._connection = connection
        self._ask = ask
        self._named = {"since": ask.since, "until": ask.until, "as_of": ask.as_of, "end": min(ask.until, ask.as_of)}

    def figures(self) -> Figures:
        for statement in LAYOUT.split(";\n"):
            if statement.strip():
                self._run(statement)
        ask = self._ask
        many = self._connection.executemany
        for kind, spans in (("month", ask.months), ("shift", ask.shifts)):
            many("INSERT INTO spans VALUES (?, ?, ?, ?)", [(kind, one.label, one.since, one.until) for one in spans])
        many("INSERT INTO buckets VALUES (?, ?)", list(enumerate(ask.buckets)))
        many("INSERT INTO midnights VALUES (?)", [(day,) for day in ask.days])
        self._run(OF_ALL)
        self._run("CREATE UNIQUE INDEX temp.measured_id ON measured (id)")
        self._run(KEYED, all=ALL, no_desk=NO_DESK)
        groups, is_withheld = self._groups()
        load, joined = self._load()
        (entries, last_seq), *_ = self._run("SELECT count(*), coalesce(max(seq), 0) FROM main.journal")
        excluded = dict(
            self._run(
                "SELECT exclusion, count(*) FROM cases WHERE opened_at >= :since AND opened_at < :until GROUP BY 1"
            )
        )
        return Figures(
            entries=entries,
            last_seq=Seq(last_seq),
            signals=self._one(
                "SELECT count(*) FROM (SELECT CAST(entry AS TEXT) AS e FROM main.journal WHERE kind = 'signal') WHERE "
                "NOT e ->> '$.body.exercise' AND e ->> '$.body.received_at' >= :since AND "
                "e ->> '$.body.received_at' < :until"
            ),
            incidents=sum(excluded.values()),
            excluded=tuple((one, excluded.get(one, 0)) for one in EXCLUSIONS),
            unclaimed=self._one("SELECT count(*) FROM measured WHERE claimed_at IS NULL"),
            claimed_by_programs=self._one(
                "SELECT count(*) FROM measured m WHERE (SELECT a.actor GLOB 'user-*' FROM acts a WHERE a.id = m.id AND "
                "a.kind = 'incident.claimed' ORDER BY a.seq LIMIT 1) = 0"
            ),
            reopened=self._one(
                "SELECT count(DISTINCT m.id) FROM measured m JOIN acts a ON a.id = m.id AND a.kind = "
                "'incident.reopened'"
            ),
            is_withheld=is_withheld,
            groups=groups,
            spreads=self._spreads(),
            load=load,
            load_joined=joined,
            bars=self._bars(),
            worst_ten=self._one(
                "SELECT coalesce(sum(n), 0) FROM (SELECT count(*) AS n FROM cases WHERE account IS NOT NULL AND "
                f"{IS_HEARD} AND opened_at >= :since AND opened_at < :until GROUP BY account ORDER BY n DESC LIMIT 10)"
            ),
            chattering=self._chattering(),
            stale=self._one(
                "SELECT coalesce(max(n), 0) FROM (SELECT (SELECT count(*) FROM cases WHERE "
                f"{IS_HEARD} AND opened_at <= d.at - :day AND (closed_at IS NULL OR closed_at > d.at)) AS n "
                "FROM midnights d WHERE d.at <= :as_of)",
                day=DAY_US,
            ),
            sources=self._sources(),
            paths=self._paths(),
        )

    def _run(self, statement: str, **values: object) -> list[tuple[Any, ...]]:
        return cast("list[tuple[Any, ...]]", self._connection.execute(statement, {**self._named, **values}).fetchall())

    def _one(self, statement: str, **values: object) -> int:
        return int(self._run(statement, **values)[0][0])

    # Reaction and handling -------------------------------------------------------------------------------------------

    def _groups(self) -> tuple[tuple[Group, ...], bool]:
        parts: list[tuple[Dimension, tuple[str, ...]]] = []
        for dimension in DIMENSIONS:
            found = {
                key: (cases, {one for one in json.loads(people) if one is not None})
                for key, cases, people in self._run(
                    "SELECT k.key, count(*), json_group_array(DISTINCT m.claimer) FROM keyed k JOIN measured m "
                    "ON m.id = k.id WHERE k.dimension = :dimension GROUP BY k.key",
                    dimension=dimension,
                )
            }
            joined = join_small(found)
            if dimension == "all" and not joined:
                return (), bool(found)
            for labels in joined:
                self._connection.executemany(
                    "INSERT INTO shown VALUES (?, ?, ?)", [(dimension, len(parts), label) for label in labels]
                )
                parts.append((dimension, labels))
        counts = {
            part: (cases, unclaimed, closers)
            for part, cases, unclaimed, closers in self._run(
                "SELECT s.part, count(*), sum(m.claimed_at IS NULL), "
                "count(DISTINCT CASE WHEN m.handling IS NOT NULL THEN m.claimer END) "
                f"FROM {OF_PARTS} GROUP BY s.part"
            )
        }
        reactions = self._times(f"SELECT s.part AS g, m.reaction AS us FROM {OF_PARTS} WHERE m.reaction IS NOT NULL")
        handlings = self._times(f"SELECT s.part AS g, m.handling AS us FROM {OF_PARTS} WHERE m.handling IS NOT NULL")
        results = [
            self._results(one, len(parts))
            for one in self._ask.profile.figures
            if one.measure in ("reaction", "handling")
        ]
        return tuple(
            Group(
                dimension=dimension,
                labels=labels,
                cases=counts[part][0],
                unclaimed=counts[part][1],
                reaction=reactions.get(part),
                handling=handlings.get(part) if counts[part][2] >= PEOPLE_MIN else None,
                results=tuple(one[part] for one in results),
            )
            for part, (dimension, labels) in enumerate(parts)
        ), False

    def _results(self, figure: Figure, parts: int) -> list[Result]:
        """Of one figure, for each part in order."""
        rows = self._run(
            "SELECT s.part, count(*), count(DISTINCT m.claimer), "
            "sum(CASE WHEN :is_reaction THEN coalesce(m.reaction <= :limit, 0) ELSE m.handling <= :limit END), "
            "sum(:is_reaction AND m.reaction IS NULL AND :as_of - m.opened_at <= :limit) "
            f"FROM {OF_PARTS} WHERE (:is_reaction OR m.handling IS NOT NULL) "
            "AND (:hazards = '[]' OR m.hazard IN (SELECT value FROM json_each(:hazards))) "
            "AND (:priorities = '[]' OR m.priority IN (SELECT value FROM json_each(:priorities))) GROUP BY s.part",
            is_reaction=figure.measure == "reaction",
            limit=(figure.limit_s or 0) * SECOND_US,
            hazards=json.dumps(figure.hazards),
            priorities=json.dumps(figure.priorities),
        )
        made = [Result(figure=figure.id, cases=0, within=0, waiting=0, is_withheld=False)] * parts
        for part, cases, people, within, waiting in rows:
            is_few = people < PEOPLE_MIN
            made[part] = Result(
                figure=figure.id,
                cases=0 if is_few else cases - waiting,
                within=0 if is_few else within,
                waiting=0 if is_few else waiting,
                is_withheld=is_few,
            )
        return made

    def _times(self, values: str, **named: object) -> dict[int, Times]:
        return {
            group: Times(cases=cases, median_us=median, p90_us=p90, longest_us=longest)
            for group, cases, median, p90, longest in self._run(RANKED.format(values=values), **named)
        }

    def _spreads(self) -> tuple[Spread, ...]:
        sets = dict.fromkeys(one.hazards for one in self._ask.profile.figures if one.measure == "reaction") or {
            (): None
        }
        edges = ", ".join(f"coalesce(sum(reaction <= {edge * SECOND_US}), 0)" for edge in EDGES_S)
        made: list[Spread] = []
        for hazards in sets:
            (cases, people, *within), *_ = self._run(
                f"SELECT count(*), count(DISTINCT claimer), {edges} FROM measured "
                "WHERE :hazards = '[]' OR hazard IN (SELECT value FROM json_each(:hazards))",
                hazards=json.dumps(hazards),
            )
            if people >= PEOPLE_MIN:
                made.append(Spread(hazards=hazards, cases=cases, claimed_within=tuple(within)))
        return tuple(made)

    # Load ------------------------------------------------------------------------------------------------------------

    def _load(self) -> tuple[tuple[Load, ...], tuple[str, ...]]:
        self._run("INSERT INTO staffed SELECT :since, :end WHERE :end > :since")
        made = [self._load_of("room", ALL)]
        for (label,) in self._run("SELECT DISTINCT label FROM spans WHERE kind = 'shift' ORDER BY label"):
            self._staff(
                "SELECT max(since, :since) AS b, min(until, :end) AS f FROM spans WHERE kind = 'shift' "
                "AND label = :label",
                label=label,
            )
            made.append(self._load_of("shift", label))
        joined: list[str] = []
        clipped = (
            "SELECT max(begun_at, :since) AS b, min(coalesce(ended_at, :end), :end) AS f, user, desk, label FROM turns"
        )
        for desk, label, people in self._run(
            f"SELECT desk, label, count(DISTINCT user) FROM ({clipped}) WHERE f > b GROUP BY desk ORDER BY label, desk"
        ):
            if people < PEOPLE_MIN:
                joined.append(label)
                continue
            self._staff(f"SELECT b, f FROM ({clipped}) WHERE desk = :desk", desk=desk)
            made.append(self._load_of("desk", label, desk))
        return tuple(made), tuple(joined)

    def _staff(self, spans: str, **named: object) -> None:
        """Note when somebody was there: stretches that overlap or touch are one."""
        self._run("DELETE FROM staffed")
        self._run(
            "INSERT INTO staffed SELECT min(b), max(f) FROM (SELECT b, f, sum(is_new) OVER (ORDER BY b, f ROWS "
            "UNBOUNDED PRECEDING) AS island FROM (SELECT b, f, coalesce(b > max(f) OVER (ORDER BY b, f ROWS BETWEEN "
            f"UNBOUNDED PRECEDING AND 1 PRECEDING), 1) AS is_new FROM ({spans}) WHERE f > b)) GROUP BY island",
            **named,
        )

    def _load_of(self, kind: Any, label: str, desk: str = "") -> Load:
        self._run("DELETE FROM heard")
        self._run(
            f"INSERT INTO heard SELECT c.opened_at, c.priority FROM cases c LEFT JOIN desks d ON d.id = :desk WHERE "
            f"{IS_HEARD} AND c.opened_at >= :since AND c.opened_at < :until "
            "AND EXISTS (SELECT 1 FROM staffed WHERE begun <= c.opened_at AND c.opened_at < ended) "
            "AND (coalesce(d.hazards, '[]') = '[]' OR c.hazard IN (SELECT value FROM json_each(d.hazards))) "
            "AND (coalesce(d.priorities, '[]') = '[]' OR c.priority IN (SELECT value FROM json_each(d.priorities)))",
            desk=desk,
        )
        (slots, staffed_us), *_ = self._run(
            "SELECT coalesce(sum(last - first + 1 - coalesce(first = before, 0)), 0), coalesce(sum(us), 0) FROM ("
            "SELECT begun / :slot AS first, (ended - 1) / :slot AS last, "
            "lag((ended - 1) / :slot) OVER (ORDER BY begun) AS before, ended - begun AS us FROM staffed)",
            slot=SLOT_US,
        )
        (count, *mix), *_ = self._run(
            "SELECT count(*), coalesce(sum(priority = 1), 0), coalesce(sum(priority = 2), 0), "
            "coalesce(sum(priority = 3), 0), coalesce(sum(priority = 4), 0) FROM heard"
        )
        floods, flood_us = self._floods()
        return Load(
            kind=kind,
            label=label,
            annunciated=count,
            slots=slots,
            mean_milli=self._one("SELECT coalesce((2000 * :n + :slots) / (2 * :slots), 0)", n=count, slots=slots),
            peak_slot=self._peak(SLOT_US),
            peak_hour=self._peak(HOUR_US),
            peak_minute=self._peak(MINUTE_US),
            floods=floods,
            flood_us=flood_us,
            staffed_us=staffed_us,
            priorities=(mix[0], mix[1], mix[2], mix[3]),
        )

    def _peak(self, width_us: int) -> int:
        return self._one(
            "SELECT coalesce(max(n), 0) FROM (SELECT count(*) OVER (ORDER BY at RANGE BETWEEN "
            f"{width_us - 1} PRECEDING AND CURRENT ROW) AS n FROM heard)"
        )

    def _floods(self) -> tuple[int, int]:
        targets = {one.measure: one.target_milli or 0 for one in self._ask.load_profile.figures}
        begins = targets.get("load.flood_begins", FLOOD_BEGINS_MILLI)
        (count, us), *_ = self._run(
            """
            WITH changes AS (SELECT at, 1 AS step FROM heard UNION ALL SELECT at + :slot, -1 FROM heard),
            counted AS (SELECT at, step, row_number() OVER (ORDER BY at, step) AS n,
              sum(step) OVER (ORDER BY at, step ROWS UNBOUNDED PRECEDING) AS there FROM changes),
            marked AS (SELECT at, n,
              max(CASE WHEN step > 0 AND there * 1000 > :begins THEN n END) OVER (ORDER BY n) AS began,
              max(CASE WHEN there * 1000 < :ends THEN n END) OVER (ORDER BY n) AS ended FROM counted),
            judged AS (SELECT at, n, coalesce(began, 0) > coalesce(ended, 0) AS is_flood,
              lead(at) OVER (ORDER BY n) AS next FROM marked),
            edged AS (SELECT *, lag(is_flood) OVER (ORDER BY n) AS was_flood FROM judged)
            SELECT coalesce(sum(is_flood AND NOT coalesce(was_flood, 0)), 0),
              coalesce(sum(CASE WHEN is_flood THEN max(0, min(coalesce(next, :end), :end) - at) END), 0) FROM edged
            """,
            slot=SLOT_US,
            begins=begins,
            ends=min(begins, targets.get("load.flood_ends", FLOOD_ENDS_MILLI)),
        )
        return count, us

    def _bars(self) -> tuple[tuple[int, int, int, int], ...]:
        made = dict.fromkeys(range(len(self._ask.buckets)), (0, 0, 0, 0))
        for bucket, a, b, c, d in self._run(
            "SELECT bucket, sum(priority = 1), sum(priority = 2), sum(priority = 3), sum(priority = 4) FROM ("
            "SELECT priority, (SELECT max(n) FROM buckets WHERE since <= opened_at) AS bucket FROM cases "
            f"WHERE {IS_HEARD} AND opened_at >= :since AND opened_at < :until) WHERE bucket IS NOT NULL GROUP BY bucket"
        ):
            made[bucket] = (a, b, c, d)
        return tuple(made.values())

    def _chattering(self) -> int:
        return self._one(
            f"""
            WITH events AS (
              SELECT account, zone, code, opened_at AS at, seq FROM cases WHERE {IS_HEARD}
              UNION ALL
              SELECT c.account, f.e ->> '$.body.zone', f.e ->> '$.body.code', f.e ->> '$.body.at', f.seq
              FROM facts f JOIN cases c ON c.id = f.e ->> '$.ref'
              WHERE f.kind = 'incident.joined' AND f.e ->> '$.body.is_alarm' AND {IS_HEARD}),
            spaced AS (SELECT account, zone, code, at - lag(at, {CHATTER_SIGNALS - 1}) OVER (
                PARTITION BY account, zone, code ORDER BY at, seq) AS us
              FROM events WHERE at >= :since AND at < :until)
            SELECT count(*) FROM (SELECT 1 FROM spaced WHERE us < :minute GROUP BY account, zone, code)
            """,
            minute=MINUTE_US,
        )

    # Unwanted alarms -------------------------------------------------------------------------------------------------

    def _sources(self) -> tuple[Source, ...]:
        self._run(
            "CREATE TEMP TABLE judged AS SELECT id, hazard, type, account, account || ' zone ' || zone AS zone, "
            f"disposition FROM cases WHERE {IS_HEARD} AND opened_at >= :since AND opened_at < :until AND "
            f"disposition IS NOT NULL AND disposition NOT IN ({listed(NOT_ALARMS)})"
        )
        self._run(
            "CREATE TEMP TABLE spells AS SELECT id, actor, max(0, coalesce(next, :as_of) - at) AS us FROM (SELECT id, "
            "at, kind, actor, lead(at) OVER (PARTITION BY id ORDER BY seq) AS next FROM acts) "
            f"WHERE kind IN ({listed(TAKEN)}) AND id IN (SELECT id FROM judged WHERE "
            "disposition = 'unwanted')"
        )
        self._run("CREATE INDEX temp.spells_id ON spells (id)")
        made: list[Source] = []
        for dimension in ("hazard", "type", "account", "zone"):
            is_worst = dimension in ("account", "zone")
            rows = self._run(
                f"""
                SELECT j.{dimension} AS key, count(*) AS closed, sum(disposition = 'real'),
                  sum(disposition = 'unwanted') AS unwanted,
                  (SELECT CASE WHEN count(DISTINCT s.actor) FILTER (WHERE s.actor GLOB 'user-*') >= :least
                     THEN sum(s.us) END FROM spells s JOIN judged i ON i.id = s.id WHERE i.{dimension} = j.{dimension})
                FROM judged j WHERE j.{dimension} IS NOT NULL GROUP BY j.{dimension}
                HAVING NOT :is_worst OR unwanted > 0
                ORDER BY unwanted DESC, closed DESC, key LIMIT :most
                """,
                least=PEOPLE_MIN,
                is_worst=is_worst,
                most=WORST_MAX if is_worst else -1,
            )
            made += [
                Source(dimension=dimension, key=key, closed=closed, real=real, unwanted=unwanted, operator_us=us)
                for key, closed, real, unwanted, us in rows
            ]
        return tuple(made)

    # Paths -----------------------------------------------------------------------------------------------------------

    def _paths(self) -> Paths:
        self._run(
            """
            CREATE TEMP TABLE losses AS
            SELECT f.seq, f.at, f.e ->> '$.body.cause' AS cause, p.value ->> '$.account' AS account,
              p.value ->> '$.account_id' AS account_id, p.value ->> '$.path' AS path,
              p.value ->> '$.all_lost' AS all_lost, p.value ->> '$.heard_at' AS heard_at,
              p.value ->> '$.limit_s' AS limit_s,
              (SELECT min(i.at) FROM facts i WHERE i.kind IN ('incident.opened', 'incident.joined')
                 AND i.e ->> '$.cause' = f.seq) AS raised
            FROM facts f, json_each(f.e, '$.body.paths') p
            WHERE f.kind = 'supervision.missing' AND NOT f.e ->> '$.body.exercise'
              AND f.at >= :since AND f.at < :until
            """
        )
        self._run(
            """
            CREATE TEMP TABLE back AS
            SELECT f.seq, f.at, p.value ->> '$.account_id' AS account_id, p.value ->> '$.path' AS path,
              p.value ->> '$.reason' AS reason
            FROM facts f, json_each(f.e, '$.body.paths') p WHERE f.kind = 'supervision.returned'
            """
        )
        self._run("CREATE INDEX temp.back_of ON back (account_id, path, seq)")
        self._run(
            "CREATE TEMP TABLE ends AS SELECT l.*, max(0, raised - heard_at) AS fault, b.at AS back_at, b.reason AS "
            "reason FROM losses l LEFT JOIN back b ON b.rowid = (SELECT rowid FROM back WHERE account_id = "
            "l.account_id AND path = l.path AND seq > l.seq ORDER BY seq LIMIT 1)"
        )
        (losses, own, all_lost, raised, within, heard, unwatched, still), *_ = self._run(
            "SELECT count(*), coalesce(sum(cause IS NULL), 0), coalesce(sum(all_lost), 0), count(fault), "
            "coalesce(sum(fault <= limit_s * 1000000), 0), coalesce(sum(reason = 'heard'), 0), "
            "coalesce(sum(reason <> 'heard'), 0), coalesce(sum(back_at IS NULL), 0) FROM ends"
        )
        values = {
            "path_fault": "SELECT 0 AS g, fault AS us FROM ends WHERE fault IS NOT NULL",
            "restoral": "SELECT 0 AS g, max(0, back_at - at) AS us FROM ends WHERE reason = 'heard'",
        }
        return Paths(
            losses=losses,
            own=own,
            common=losses - own,
            all_lost=all_lost,
            without_incident=losses - raised,
            within=within,
            fault=self._times(values["path_fault"]).get(0),
            returned=heard,
            unwatched=unwatched,
            still_missing=still,
            restoral=self._times(values["restoral"]).get(0),
            results=tuple(
                self._path_result(one, values[one.measure])
                for one in self._ask.profile.figures
                if one.measure in values
            ),
            worst=tuple(
                self._rows_of_two(
                    "SELECT account, count(*) AS n FROM losses GROUP BY account ORDER BY n DESC, account LIMIT :most",
                    most=WORST_MAX,
                )
            ),
        )

    def _path_result(self, figure: Figure, values: str) -> Result:
        (cases, within), *_ = self._run(
            f"SELECT count(*), coalesce(sum(us <= :limit), 0) FROM ({values})",
            limit=(figure.limit_s or 0) * SECOND_US,
        )
        return Result(figure=Code(figure.id), cases=cases, within=within, waiting=0, is_withheld=False)

    def _rows_of_two(self, statement: str, **named: object) -> Iterator[tuple[str, int]]:
        yield from ((account, count) for account, count in self._run(statement, **named))
