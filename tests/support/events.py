"""Signals as the journal has them, and a small centre that takes them through the rules alone."""

from collections.abc import Iterable, Mapping

import msgspec

from support.fakes import SECOND, START_US
from tocsin.model.incidents import Incident, IncidentJoined, IncidentOpened, IncidentRestored
from tocsin.model.signals import SignalBody
from tocsin.model.sites import AccountPlace, ZoneRule
from tocsin.rules.catalogue import shipped_catalogue
from tocsin.rules.chatter import Folded, fold
from tocsin.rules.classify import classify
from tocsin.rules.correlate import decide_signal, restore_others
from tocsin.rules.incident import BODIES, apply
from tocsin.rules.lifecycle import decide
from tocsin.rules.reasons import FOLDED

CATALOGUE = shipped_catalogue()


def event(account="5512", **fields) -> SignalBody:
    plain = {
        "account": account,
        "address": None,
        "address_withheld": False,
        "block": None,
        "category": None,
        "code": None,
        "commitment": None,
        "config": 1,
        "data_account": None,
        "device_time": None,
        "disputed": False,
        "encrypted": False,
        "event": 1,
        "event_time": None,
        "events": 1,
        "exercise": False,
        "format": None,
        "frame": "r-1",
        "known": True,
        "line": "0",
        "partition": None,
        "path": None,
        "peripheral": None,
        "qualifier": None,
        "received_at": START_US,
        "receiver": None,
        "sequence": "0001",
        "source": "dc09",
        "token": "SIA-DCS",
        "transmitter": account,
        "transport": "tcp",
        "trigger": None,
        "values": (),
    }
    return SignalBody(**(plain | fields))


def sia(code, zone=None, **fields) -> SignalBody:
    return event(**({"format": "SIA", "block": "N", "code": code, "address": zone} | fields))


def cid(code, zone=None, qualifier="1", **fields) -> SignalBody:
    given = {"format": "CID", "code": code, "address": zone, "qualifier": qualifier, "token": "ADM-CID"}
    return event(**(given | fields))


def user(signal: SignalBody) -> SignalBody:
    """The same with its address sealed."""
    return msgspec.structs.replace(signal, address=None, address_withheld=True)


def zones(**rules) -> dict[str, ZoneRule]:
    """`z5=("FIRE-SMOKE", None)` is what a person said of zone 5."""
    return {name.removeprefix("z"): ZoneRule(*rule) for name, rule in rules.items()}


def read(signal: SignalBody, zone_rules: Mapping[str, ZoneRule] | None = None):
    return classify(signal, AccountPlace(None, dict(zone_rules or {})) if signal.known else None, CATALOGUE)


class Room:
    """A centre without a store: accounts and their sites, incidents, and where each signal ended."""

    def __init__(self, sites: Mapping[str, str] | None = None, zone_rules: Mapping[str, ZoneRule] | None = None):
        """`sites` says which site an account number stands at; numbers that are not in it have none."""
        self.sites = dict(sites or {})
        self.zones = dict(zone_rules or {})
        self.incidents: dict[str, Incident] = {}
        self.ended: list[tuple[str, str, str | None]] = []
        """Outcome, reason and incident of each signal."""
        self.facts: list[tuple[str, str, int, int, str | None, bytes]] = []
        """Incident, kind, seq, at, actor and body of each fact."""
        self.seq = 100
        self.now = START_US

    def wait(self, seconds) -> "Room":
        self.now += round(seconds * SECOND)
        return self

    def take(self, signal: SignalBody) -> Incident | None:
        """Take a signal as received now; return the incident in which it ended."""
        signal = msgspec.structs.replace(signal, received_at=self.now)
        self.seq += 1
        id_ = f"r-{self.seq}"
        account_id = f"account-{signal.account.upper()}" if signal.known else None
        site = self.sites.get(signal.account) if signal.known else None
        place = AccountPlace(site, self.zones) if signal.known else None
        reading = classify(signal, place, CATALOGUE)
        candidates = list(self.incidents.values())
        number = len(self.incidents) + 1
        decided = decide_signal(reading, signal, id_, account_id, site, candidates, number, 1, CATALOGUE)
        match decided:
            case IncidentOpened():
                incident = self._apply(None, decided, None)
                self.ended.append(("opened", decided.reason, incident.id))
                return incident
            case (joined, IncidentJoined() as body):
                incident = self._apply(self.incidents[joined], body, None)
                self.ended.append(("joined", body.reason, joined))
                for other, restored in restore_others(
                    reading, signal, id_, account_id, joined, candidates, 1, CATALOGUE
                ):
                    assert isinstance(restored, IncidentRestored)
                    self._apply(self.incidents[other], restored, None)
                return incident
            case Folded():
                before = self.incidents[decided.incident]
                self._apply(before, fold(before, None, decided, signal, self.seq, 1), None)
                self.ended.append(("joined", FOLDED, before.id))
                return self.incidents[before.id]
            case reason:
                assert isinstance(reason, str)
                self.ended.append(("filed", reason, None))
                return None

    def take_all(self, signals: Iterable[SignalBody]) -> None:
        for signal in signals:
            self.take(signal)

    def act(self, incident: Incident, act, actor="user-1", version=None) -> Incident:
        """Carry out an act on an incident as it is, by default seen as it is."""
        now = self.incidents[incident.id]
        self.seq += 1
        body = decide(now, act, actor, now.version if version is None else version)
        return now if body is None else self._apply(now, body, actor)

    def now_of(self, incident: Incident) -> Incident:
        return self.incidents[incident.id]

    @property
    def open(self) -> list[Incident]:
        return [one for one in self.incidents.values() if one.state == "open"]

    @property
    def last(self) -> tuple[str, str]:
        """Outcome and reason of the last signal."""
        return self.ended[-1][:2]

    def rebuilt(self) -> dict[str, Incident]:
        """The incidents made anew from the facts as they would stand in the journal."""
        made: dict[str, Incident] = {}
        for id_, kind, seq, at, actor, body in self.facts:
            decoded = msgspec.json.decode(body, type=BODIES[kind])
            made[id_] = apply(made.get(id_), decoded, seq=seq, at=at, actor=actor, id_=id_)
        return made

    def _apply(self, incident: Incident | None, body, actor) -> Incident:
        self.seq += 1
        id_ = f"incident-{self.seq}" if incident is None else incident.id
        kind = next(kind for kind, of_kind in BODIES.items() if of_kind is type(body))
        self.facts.append((id_, kind, self.seq, self.now, actor, msgspec.json.encode(body)))
        after = apply(incident, body, seq=self.seq, at=self.now, actor=actor, id_=id_)
        self.incidents[id_] = after
        return after
