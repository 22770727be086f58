"""A held centre with a core, an incident, and people who can be reached: what tests of notices work on."""

from support.fakes import arrival
from tocsin.centre.contacts import rebuild_contacts
from tocsin.centre.core import Core
from tocsin.centre.outbox import Sent, rebuild_notices
from tocsin.model.commands import Claim, Close, Command
from tocsin.model.notices import ContactAddress
from tocsin.rules.catalogue import shipped_catalogue

ANA, BO, CAM = "user-7", "user-8", "user-9"
PLANT = "+12025550177"
WAYS = {("sms", 1), ("sms", 2), ("email", 1), ("webhook", 1)}


class Staff:
    """A held centre with a core, one open incident, and people who can be reached."""

    def __init__(self, made):
        self.made = made
        self.centre, self.store, self.clock = made.centre, made.store, made.clock
        self.contacts, self.outbox = made.centre.contacts, made.centre.outbox
        made.add(b"account\n1001\n")
        self.told = []
        core = Core(
            made.store, made.clock, shipped_catalogue(), made.centre.places(), self.told.append, made.centre.keeper
        )
        made.journal.attach(core)
        made.centre.use_core(core)
        self.woken = []
        self.outbox.use(WAYS, "t-1-", "https://c.example", lambda: self.woken.append(1))
        self._count = 0

    def incident(self, code="FA"):
        self._count += 1
        (account,) = self.store.accounts()
        made = arrival(
            b"%d" % self._count, account="1001", code=code, account_ref=account.id, received_at=self.clock.now_us()
        )
        self.made.journal.store([made])
        self.made.journal.store([])
        return self.store.signal_rows(0, 1000)[-1].incident

    def close(self, incident):
        for act in (Claim(), Close(disposition="real")):
            self._count += 1
            version = self.store.incident(incident).version
            command = Command(actor=ANA, id=f"c{self._count}", incident=incident, version=version, act=act)
            self.centre.handle(command)

    def home(self, *people, address=PLANT, channel="sms"):
        """They are reached from home."""
        for person in people:
            self.contacts.set_reach(person, "from_home", not_now_until=None, on_duty_until=None)
            self.contacts.add(person, channel, ContactAddress(address=address))

    def notify(self, incident, *people, command="n1", wanted=None):
        return self.outbox.notify(incident, people, ANA, command, wanted)

    def send(self, outcome):
        """Send all that is due; return what was sent."""
        sent = []
        while sendings := self.outbox.take():
            sent += sendings
            self.outbox.sent([Sent(one, outcome) for one in sendings])
        return sent

    def link(self, notice, attempt=1):
        page, _ = self.outbox.links(self.store.notice(notice.id), attempt)
        return self.outbox.link(page.rpartition("/")[2])

    def journal(self):
        found = []
        while page := self.store.entries(len(found), 1000):
            found += page
        return found

    def kinds(self):
        return [stored.row.kind for stored in self.journal()]

    def states(self):
        return {one.recipient: (one.state, one.reason) for one in self.store.notices(1000)}

    def check(self):
        """Facts alone make the same tables, and every notice that is not over stands in the outbox."""
        contacts, reach = rebuild_contacts(self.journal())
        assert (contacts, reach) == (self.store.contacts(), self.store.reach())
        notices = rebuild_notices(self.journal())
        assert notices == list(reversed(self.store.notices(10_000)))
        wanted = sorted((one.due_at, one.id) for one in notices if one.due_at is not None)
        assert [(row.due_at, row.notice) for row in self.store.outbox(10_000)] == wanted
