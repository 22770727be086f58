"""A room over HTTP with texts in it: a core, an operator, and two supervisors who agree on something."""

import msgspec

from support.fakes import ManualClock, arrival
from support.web import Site
from tocsin.centre.core import Core
from tocsin.model.commands import Claim, Close, Command
from tocsin.model.signals import SealedPart
from tocsin.rules.catalogue import shipped_catalogue

WORDS = "Frau Yilmaz opens at the gate"


class Room(Site):
    """A site with a core, an operator, and two supervisors."""

    def __init__(self, settings, clock=None):
        super().__init__(settings, clock=clock or ManualClock())
        held = self.held
        self.core = Core(
            held.store, held.clock, shipped_catalogue(), keeper=held.centre.keeper, follower=held.centre.escalating
        )
        held.journal.attach(self.core)
        held.centre.use_core(self.core)
        self.operator = self.user("operator")
        self.one, self.other = self.signed_in("supervisor"), self.signed_in("supervisor")
        self._acts = 0

    def incident(self, text="boiler room, Yilmaz", code="FA", account="4711"):
        """An open incident with a panel's text."""
        made = arrival(code.encode() + account.encode(), account=account, code=code, received_at=self.clock.now_us())
        part = SealedPart(raw=b"frame of Yilmaz", text=text)
        self.held.journal.store([msgspec.structs.replace(made, sealed=(part,))])
        self.held.journal.store([])
        incident = self.held.store.signal_rows(0, 10_000)[-1].incident
        self.act(Claim(), incident)
        return incident

    def act(self, act, incident, text=None):
        self._acts += 1
        version = self.held.store.incident(incident).version
        command = Command(actor=self.operator, id=f"a{self._acts}", incident=incident, version=version, act=act)
        return self.held.centre.incident_texts.handle(command, text)

    def closed(self, **options):
        incident = self.incident(**options)
        self.act(Close(disposition="real", note=None), incident, WORDS)
        return incident

    def agreed(self, act, parameters, *, given=True):
        """Ask as the one supervisor, answer as the other; return the approval's id."""
        asked = self.one.post(
            "/api/v1/approvals",
            json={
                "act": act,
                "parameters": parameters,
                "subject": parameters.get("incident"),
                "reason": parameters.get("reason", "time"),
            },
        )
        assert asked.status_code == 201, asked.text
        id_ = asked.json()["id"]
        answered = self.other.post(f"/api/v1/approvals/{id_}/answer", json={"given": given})
        assert answered.status_code == 200, answered.text
        return id_

    def data(self, incident):
        return self.one.get(f"/api/v1/incidents/{incident}/data").json()
