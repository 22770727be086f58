"""What must be true of places, read from the journal at the end: zones out of service, codes of installers, schedules.

It works out by itself what was out of service and who kept which hours, from the facts and from what those outside
know; of the product's own rules it asks nothing.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import msgspec

from tocsin.model.journal import StoredEntry
from tocsin.model.schedules import SCHEDULE_MISSED, SCHEDULE_SET
from tocsin.model.values import Micros, Ref, Seq
from tocsin.simulation.machine import SECOND_US
from tocsin.simulation.panels import ALARMS, Reported
from tocsin.simulation.place_work import Places, Promise
from tocsin.simulation.site_judge import ALL_PATHS, KINDS, SiteEnd

STRANGE: Final = frozenset({"QQ"})
"""Codes in no table: they may be about life, and count then."""

OF_ZONES: Final = frozenset((*ALARMS, "FT", "BT", *STRANGE))
"""Codes whose number is a zone's; others name a user, or a part of the panel."""

EARLY_S: Final = 120.0
SURE_S: Final = 60.0
SHUT_S: Final = 2_100.0
"""A place that opens only after that opened too late, however long the centre stood still meanwhile."""

NAMED_MAX: Final = 3


class _Entry(msgspec.Struct, gc=False):
    body: dict[str, Any]
    cause: Seq | None
    ref: Ref | None


_ENTRY: Final = msgspec.json.Decoder(_Entry)
_KINDS: Final = frozenset(
    {
        "incident.opened",
        "incident.joined",
        "test.begun",
        "test.extended",
        "signal",
        "zones.out_extended",
        "zones.put_back",
        "zones.taken_out",
        SCHEDULE_MISSED,
        SCHEDULE_SET,
        *KINDS,
    }
)


class PlaceEnd:
    """Reads what the journal says of places, entry by entry."""

    def __init__(self, places: Places, clock_steps: Sequence[float]) -> None:
        """Compare with what those outside know."""
        self._places = places
        self._steps = clock_steps
        self._outs: dict[Ref, dict[str, Any]] = {}
        self._signals: dict[Seq, tuple[Ref | None, dict[str, Any]]] = {}
        self._shown: dict[Ref, bool] = {}
        self._tests: list[tuple[set[str], Micros, list[Micros]]] = []
        """Places that were on test, since when, and the ends that this had: there nobody waits for an opening."""
        self._test_of: dict[Ref, list[Micros]] = {}
        self._missed: dict[tuple[Ref, Micros], Seq] = {}
        self._became: set[Seq] = set()
        self._set: dict[Ref, list[Micros]] = {}
        self._sites = SiteEnd(places.panels, places.site_of)
        self.found: list[str] = []
        self.hidden = self.waited = self.kept = 0
        """Incidents that a zone out of service kept back; places that stayed shut, and that opened in time."""

    def take(self, stored: StoredEntry) -> None:
        """The next entry."""
        row = stored.row
        if row.kind not in _KINDS:
            return
        entry = _ENTRY.decode(row.entry)
        body = entry.body
        match row.kind:
            case "signal":
                self._signals[row.seq] = entry.ref, body
                self._sites.signal(body["account"], body["code"], body["received_at"])
            case "supervision.missing":
                self._sites.missing(row.seq, row.at, body["paths"])
            case "clock.stepped" | "centre.started":
                self._sites.begun_anew()
            case "zones.taken_out":
                self._outs[Ref(f"out-{row.seq}")] = {**body, "seq": row.seq, "ended": None}
            case "zones.out_extended" if entry.ref is not None:
                self._outs[entry.ref]["until"] = body["until"]
            case "zones.put_back" if entry.ref is not None:
                self._outs[entry.ref]["ended"] = row.seq
            case "test.begun":
                self._test_of[Ref(f"test-{row.seq}")] = ends = [body["until"]]
                self._tests.append(({one for one in (body["account_id"], body["site_id"]) if one}, row.at, ends))
            case "test.extended" if entry.ref is not None:
                self._test_of[entry.ref].append(body["until"])
            case "incident.opened":
                self._opened(row.seq, entry)
            case "incident.joined":
                self._joined(entry)
            case "schedule.missed" if entry.ref is not None and body["what"] == "open":
                self._missed[entry.ref, body["due_at"]] = row.seq
            case "schedule.set":
                self._set.setdefault(entry.ref or Ref(f"schedule-{row.seq}"), []).append(row.at)
            case _:
                pass

    @property
    def sites_lost(self) -> int:
        """Paths whose whole site was lost with them."""
        return self._sites.lost

    def findings(self) -> list[str]:
        """What is wrong, in sentences."""
        for (_, due_at), seq in self._missed.items():
            if seq not in self._became:
                self.found.append(f"that a place did not open by {due_at} stands in the journal, and nobody was told.")
        self.found += self._sites.found
        self.found += self._hours()
        self.found += self._visits()
        return self.found[:NAMED_MAX]

    # Zones out of service --------------------------------------------------------------------------------------------

    def _covering(self, seq: Seq) -> list[dict[str, Any]]:
        """By what the zone of a signal is out of service."""
        ref, signal = self._signals[seq]
        zone = self._zone_of(signal)
        return [
            out
            for out in self._outs.values()
            if out["account_id"] == ref
            and zone in out["zones"]
            and out["seq"] < seq
            and (out["ended"] is None or seq < out["ended"])
            and signal["received_at"] < out["until"]
        ]

    def _zone_of(self, signal: Mapping[str, Any]) -> str | None:
        """As the panel itself knows it."""
        panel = self._places.panels.get(signal["account"])
        number = int(signal["sequence"] or 0)
        if panel is None or not 1 <= number <= len(panel.ledger) or signal["code"] not in OF_ZONES:
            return None
        return str(panel.ledger[number - 1].zone)

    def _opened(self, seq: Seq, entry: _Entry) -> None:
        body = entry.body
        is_shown = body.get("presentation", "shown") == "shown"
        if body["type"] == ALL_PATHS:
            self._sites.opened(body["number"], body["account"], entry.cause)
        self._shown[Ref(f"incident-{seq}")] = is_shown
        if entry.cause is not None:
            self._became.add(entry.cause)
        if entry.cause is None or entry.cause not in self._signals:
            return
        covering = self._covering(entry.cause)
        is_out = body.get("presentation") == "out_of_service"
        self.hidden += is_out
        if is_out and not covering:
            self.found.append(
                f"incident {body['number']} starts no response, since its zone is out of service, and it is not: an "
                "alarm was hidden."
            )
        live = [set(out["live"]) for out in covering]
        is_of_life = body["silent"] or body["code"] in STRANGE
        if is_out and live and all(body["hazard"] in one for one in live):
            self.found.append(f"incident {body['number']} is about life, and was hidden with its zone out of service.")
        if is_shown and live and not is_of_life and any(body["hazard"] not in one for one in live):
            self.found.append(f"a zone out of service opened incident {body['number']}, which is not about life.")

    def _joined(self, entry: _Entry) -> None:
        if entry.cause is not None:
            self._became.add(entry.cause)
        if (
            entry.cause is None
            or entry.cause not in self._signals
            or entry.ref is None
            or not self._shown.get(entry.ref, True)
        ):
            return
        body = entry.body
        covering = self._covering(entry.cause)
        _, signal = self._signals[entry.cause]
        is_of_life = body["silent"] or signal["code"] in STRANGE | {"FA", "KA", "MA", "HA", "PA"}
        if covering and not is_of_life and body["is_alarm"] and body["is_news"]:
            self.found.append(f"a zone that is out of service raised {entry.ref}, with {signal['code']}.")

    # Schedules -------------------------------------------------------------------------------------------------------

    def _hours(self) -> list[str]:
        found: list[str] = []
        for id_, promises in self._places.promises.items():
            for one in promises:
                if self._is_unsure(id_, one):
                    continue
                told = (id_, one.due_at) in self._missed
                if self._has_opened(one):
                    self.kept += 1
                    if told:
                        found.append(f"account {one.panel.setup.account} opened in time, and was told of as late.")
                elif self._stays_shut(one):
                    self.waited += 1
                    if not told:
                        found.append(
                            f"account {one.panel.setup.account} did not open by its time, and nobody was told."
                        )
        return found

    def _is_unsure(self, id_: Ref, one: Promise) -> bool:
        """Changed meanwhile, on test around it, a clock set around it, or the run ended before."""
        ids = {ref for ref, number in self._places.account_of.items() if number == one.panel.setup.account}
        is_stepped = not one.is_dated or any(one.set_s <= at_s <= one.due_s + SHUT_S for at_s in self._steps)
        is_over = self._places.world.now_s < one.due_s + 2 * SURE_S  # the end is quiet: by then it was told
        is_changed = any(one.since < at < one.due_at + SHUT_S * SECOND_US for at in self._set.get(id_, ()))
        site = self._places.site_of.get(one.panel.setup.account)
        places = {*ids, site}
        is_tested = any(
            places & of and begun_at <= one.due_at + SHUT_S * SECOND_US and max(ends) >= one.due_at
            for of, begun_at, ends in self._tests
        )
        return is_stepped or is_over or is_changed or is_tested

    def _said(self, one: Promise, since_s: float, until_s: float) -> list[Reported]:
        """Openings and closings that may have been under way then."""
        return [
            said
            for said in one.panel.ledger
            if said.code in ("OP", "CL") and said.sent_s <= until_s and (said.acked_s or said.last_s + 60) >= since_s
        ]

    def _has_opened(self, one: Promise) -> bool:
        """It said so, and it was acknowledged in time, and nothing else was said since the hours were set."""
        said = self._said(one, one.set_s - 600, one.due_s + SHUT_S)
        if [each.code for each in said[-2:]] != ["CL", "OP"] or any(each.code == "OP" for each in said[:-1]):
            return False
        opened = said[-1]
        begins_s = one.opens_s - EARLY_S + SURE_S
        return opened.acked_s is not None and opened.sent_s > begins_s and opened.acked_s < one.due_s - SURE_S

    def _stays_shut(self, one: Promise) -> bool:
        """It was closed, and that was acknowledged; and it said nothing since."""
        said = self._said(one, one.set_s - 600, one.due_s + SHUT_S)
        if not said or any(each.code != "CL" for each in said):
            return False
        acked_s = [each.acked_s for each in said]
        return all(at_s is not None and at_s < one.due_s - SURE_S for at_s in acked_s)

    # Codes of installers ---------------------------------------------------------------------------------------------

    def _visits(self) -> Iterable[str]:
        for one in self._places.visits:
            if one.is_opened != (one.left_s > 0):
                yield (
                    f"an installer's code with {one.left_s:.0f} s left was "
                    f"{'taken' if one.is_opened else 'refused'} at {one.at_s:.0f} s."
                )


__all__ = ["PlaceEnd"]
