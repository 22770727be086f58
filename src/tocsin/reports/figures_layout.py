"""How the facts that count are laid out in SQL: tables of one connection alone, beside the journal's own.

Whatever is put into these statements is a word or a number of the program; values of anybody are bound.
"""

from typing import Final

from tocsin.model.incidents import REPORTED
from tocsin.reports.figures import ACTIVE_AFTER, UNHEARD

CLOSINGS: Final = ("incident.closed", "incident.merged")
REOPENINGS: Final = ("incident.reopened", "incident.unmerged")
TAKEN: Final = (*REOPENINGS, "incident.claimed")
"""Since then it is somebody's."""
ACTS: Final = (*TAKEN, *CLOSINGS, "incident.released")


def listed(words: tuple[str, ...]) -> str:
    """Words of ours as a list in SQL."""
    return ", ".join(f"'{word}'" for word in words)


LAYOUT: Final = f"""
CREATE TEMP TABLE facts AS
  SELECT seq, at, kind, CAST(entry AS TEXT) AS e FROM main.journal WHERE kind IN (
    'incident.opened', 'incident.joined', 'incident.claimed', 'incident.released', 'incident.closed',
    'incident.reopened', 'incident.plan_begun', 'incident.merged', 'incident.unmerged', 'shift.begun', 'shift.ended',
    'desk.set', 'supervision.missing', 'supervision.returned');
CREATE TEMP TABLE opened AS
  SELECT 'incident-' || seq AS id, seq, at, e ->> '$.body.opened_at' AS opened_at, e ->> '$.body.hazard' AS hazard,
    e ->> '$.body.priority' AS priority, e ->> '$.body.account' AS account, e ->> '$.body.zone' AS zone,
    e ->> '$.body.code' AS code, e ->> '$.body.type' AS type, e ->> '$.body.origin' AS origin,
    e ->> '$.body.exercise' AS exercise,
    coalesce(e ->> '$.body.presentation', 'shown') AS presentation, e ->> '$.body.reason' AS reason,
    coalesce(e ->> '$.body.is_room', 0) AS is_room, e ->> '$.body.split' IS NOT NULL AS is_split
  FROM facts WHERE kind = 'incident.opened';
CREATE UNIQUE INDEX temp.opened_id ON opened (id);
CREATE TEMP TABLE acts AS
  SELECT e ->> '$.ref' AS id, seq, at, kind, e ->> '$.actor' AS actor, e ->> '$.body.disposition' AS disposition
  FROM facts
  WHERE kind IN ({listed(ACTS)})
    AND e ->> '$.ref' IN (SELECT id FROM opened);
CREATE INDEX temp.acts_id ON acts (id, seq);
CREATE TEMP TABLE planned AS
  SELECT DISTINCT e ->> '$.ref' AS id FROM facts WHERE kind = 'incident.plan_begun' AND e ->> '$.body.alone';
CREATE UNIQUE INDEX temp.planned_id ON planned (id);
CREATE TEMP TABLE cases AS
  WITH claimed AS (
    SELECT id, at, actor, row_number() OVER (PARTITION BY id ORDER BY seq) AS n FROM acts
    WHERE kind = 'incident.claimed' AND actor GLOB 'user-*'),
  closed AS (
    SELECT id, at, actor, kind, row_number() OVER (PARTITION BY id ORDER BY seq) AS n FROM acts
    WHERE kind IN ({listed(CLOSINGS)})),
  ended AS (
    SELECT id, disposition, row_number() OVER (PARTITION BY id ORDER BY seq DESC) AS n FROM acts
    WHERE kind IN ({listed(CLOSINGS + REOPENINGS)}))
  SELECT o.*, c.at AS claimed_at, c.actor AS claimer, f.at AS closed_at, l.disposition AS disposition,
    max(0, c.at - o.opened_at) AS reaction,
    CASE WHEN f.at >= c.at THEN f.at - c.at END AS handling,
    CASE
      WHEN o.exercise THEN 'exercise'
      WHEN o.presentation IN ('on_test', 'out_of_service', 'shelved') THEN o.presentation
      WHEN o.reason IN ({listed(ACTIVE_AFTER)}) THEN 'after_test'
      WHEN o.origin IN ({listed(tuple(sorted(REPORTED)))}) AND c.at = o.at THEN 'by_call'
      WHEN o.is_split OR (f.kind = 'incident.merged' AND (c.at IS NULL OR c.at > f.at)) THEN 'regrouped'
      WHEN f.at IS NOT NULL AND f.actor IS NULL AND (c.at IS NULL OR c.at > f.at) THEN 'by_plan'
      WHEN o.id IN (SELECT id FROM planned) THEN 'after_plan'
    END AS exclusion
  FROM opened o
  LEFT JOIN claimed c ON c.id = o.id AND c.n = 1
  LEFT JOIN closed f ON f.id = o.id AND f.n = 1
  LEFT JOIN ended l ON l.id = o.id AND l.n = 1
  WHERE NOT (o.is_room AND l.disposition IS NULL);
CREATE UNIQUE INDEX temp.cases_id ON cases (id);
CREATE TEMP TABLE desks AS
  SELECT id, e ->> '$.body.label' AS label, e -> '$.body.hazards' AS hazards, e -> '$.body.priorities' AS priorities
  FROM (
    SELECT coalesce(e ->> '$.ref', 'desk-' || seq) AS id, e, row_number() OVER (
      PARTITION BY coalesce(e ->> '$.ref', 'desk-' || seq) ORDER BY seq DESC) AS n
    FROM facts WHERE kind = 'desk.set')
  WHERE n = 1;
CREATE TEMP TABLE turns AS
  SELECT b.seq, b.e ->> '$.actor' AS user, b.e ->> '$.body.desk' AS desk,
    coalesce(d.label, b.e ->> '$.body.desk') AS label, b.at AS begun_at, f.at AS ended_at
  FROM facts b
  LEFT JOIN desks d ON d.id = b.e ->> '$.body.desk'
  LEFT JOIN facts f ON f.kind = 'shift.ended' AND f.e ->> '$.ref' = 'shift-' || b.seq
  WHERE b.kind = 'shift.begun';
CREATE INDEX temp.turns_user ON turns (user, begun_at);
CREATE TEMP TABLE spans (kind TEXT, label TEXT, since INTEGER, until INTEGER);
CREATE TEMP TABLE buckets (n INTEGER PRIMARY KEY, since INTEGER);
CREATE TEMP TABLE midnights (at INTEGER);
CREATE TEMP TABLE shown (dimension TEXT, part INTEGER, key TEXT);
CREATE TEMP TABLE staffed (begun INTEGER, ended INTEGER);
CREATE TEMP TABLE heard (at INTEGER, priority INTEGER);
"""
"""Facts, incidents with what became of them, desks, shifts; and what the asker brings."""

OF_ALL: Final = """
CREATE TEMP TABLE measured AS
  SELECT * FROM cases WHERE exclusion IS NULL AND opened_at >= :since AND opened_at < :until
"""
"""What is measured of the period."""

KEYED: Final = """
CREATE TEMP TABLE keyed AS
  SELECT 'all' AS dimension, :all AS key, id FROM measured
  UNION ALL SELECT 'hazard', hazard, id FROM measured
  UNION ALL SELECT 'desk', coalesce((
      SELECT t.label FROM turns t WHERE t.user = m.claimer AND t.begun_at <= m.claimed_at
        AND (t.ended_at IS NULL OR t.ended_at > m.claimed_at) ORDER BY t.seq DESC LIMIT 1), :no_desk), m.id
    FROM measured m WHERE m.claimed_at IS NOT NULL
  UNION ALL SELECT 'shift', coalesce((SELECT s.label FROM spans s WHERE s.kind = 'shift' AND s.since <= m.opened_at
      AND m.opened_at < s.until LIMIT 1), ''), m.id FROM measured m
  UNION ALL SELECT 'month', coalesce((SELECT s.label FROM spans s WHERE s.kind = 'month' AND s.since <= m.opened_at
      AND m.opened_at < s.until LIMIT 1), ''), m.id FROM measured m
"""
"""Each of them under its class, desk, shift and month."""

RANKED: Final = """
SELECT g, max(c), max(CASE WHEN n = (c + 1) / 2 THEN us END), max(CASE WHEN n = (c * 9 + 9) / 10 THEN us END), max(us)
FROM (SELECT g, us, row_number() OVER (PARTITION BY g ORDER BY us) AS n, count(*) OVER (PARTITION BY g) AS c
  FROM ({values}))
GROUP BY g
"""
"""Cases, median, ninth of ten and longest of each group, by nearest rank."""

OF_PARTS: Final = "measured m JOIN keyed k ON k.id = m.id JOIN shown s ON s.dimension = k.dimension AND s.key = k.key"
IS_HEARD: Final = f"coalesce(exclusion, '') NOT IN ({listed(UNHEARD)})"
"""Of these somebody heard: they are load."""
