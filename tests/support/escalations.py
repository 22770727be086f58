"""A held centre with a core and a scheduler that turns when told, by a clock that moves when told."""

import msgspec

from support.fakes import arrival
from tocsin.centre.core import Core
from tocsin.centre.outbox import Sent
from tocsin.centre.scheduler import Scheduler
from tocsin.model.access import User, UserRow
from tocsin.model.commands import Command
from tocsin.model.escalation import UNCLAIMED
from tocsin.model.notices import Accepted, ContactAddress
from tocsin.rules.catalogue import shipped_catalogue

SECOND = 1_000_000
BOSS, ANA = "user-1", "user-2"


class Room:
    """A held centre with a core and a scheduler that turns when told."""

    def __init__(self, made):
        self.made, self.clock = made, made.clock
        self.centre, self.store = made.centre, made.store
        self.committed, self.woken = [], []
        self.core = Core(
            made.store,
            made.clock,
            shipped_catalogue(),
            made.centre.places(),
            on_committed=self.committed.append,
            keeper=made.centre.keeper,
            follower=made.centre.escalating,
        )
        made.journal.attach(self.core)
        made.centre.use_core(self.core)
        made.centre.outbox.use({("sms", 1)}, "t-1-", "https://c.example", lambda: None)
        made.centre.escalating.on_notices = lambda: self.woken.append(1)
        self.scheduler = Scheduler(made.centre.timers, made.store, lambda work: work(made.journal), made.clock)
        self._count = made.journal.head.seq * 100

    def users(self, **roles):
        """People, by their roles; all reached from home."""
        for id_, own in roles.items():
            row = UserRow(name=f"{id_}-name", roles=own)
            with self.store.transaction() as transaction:
                transaction.put_users([User(id_.replace("_", "-"), row, 0)])

    def home(self, *people):
        for person in people:
            self.centre.contacts.set_reach(person, "from_home", not_now_until=None, on_duty_until=None)
            self.centre.contacts.add(person, "sms", ContactAddress(address="+12025550177"))

    def alarm(self, code="FA", account="1001"):
        self._count += 1
        ref = next((one.id for one in self.store.accounts() if one.row.account == account), None)
        what = {"account": account, "account_ref": ref, "code": code, "received_at": self.clock.now_us()}
        self.made.journal.store([arrival(b"%d" % self._count, **what)])
        self.made.journal.store([])
        self.scheduler.wake()
        return self.store.signal_rows(0, 10_000)[-1].incident

    def act(self, incident, act, actor=ANA):
        self._count += 1
        version = self.store.incident(incident).version
        self.centre.handle(Command(actor=actor, id=f"c{self._count}", incident=incident, version=version, act=act))
        self.scheduler.wake()

    def answer(self, notice, answer):
        """Somebody answers by the link of a notice, as the page does."""
        outbox = self.centre.outbox
        for sending in outbox.take():
            outbox.sent([Sent(sending, Accepted(None))])
        page, _ = outbox.links(self.store.notice(notice.id), 1)
        outbox.answer(outbox.link(page.rpartition("/")[2]), answer)
        self.scheduler.wake()

    def pass_s(self, seconds):
        """Let time go by, turning as the thread does."""
        end_s = self.clock.monotonic_s() + seconds
        while True:
            wait_s = self.scheduler.turn()
            left_s = end_s - self.clock.monotonic_s()
            if left_s <= 0:
                return
            self.clock.advance(min(max(wait_s, 0.001), left_s))

    def send(self, receipt=None):
        """Give all that is due to providers, which take it; `receipt` comes back of each. Returns what was sent."""
        outbox, sent = self.centre.outbox, []
        while sendings := outbox.take():
            sent += sendings
            outbox.sent([Sent(one, Accepted(None)) for one in sendings])
        for one in sent if receipt else ():
            page, _ = outbox.links(one.notice, one.number)
            outbox.receipt(outbox.link(page.rpartition("/")[2]), receipt)
        self.scheduler.wake()
        return sent

    def run_s(self, seconds, receipt=None, each_s=5):
        """Let time go by, sending what is due; returns when, to whom, by which channel and of which incident."""
        found = []
        for at_s in range(each_s, seconds + 1, each_s):
            self.pass_s(each_s)
            found += [(at_s, one.notice.recipient, one.step.channel, one.notice.incident) for one in self.send(receipt)]
        return found

    def told(self, incident):
        return [(one.tell, one.told) for one in self.store.incident(incident).escalated]

    def timers(self):
        return {timer.ref: timer.due_at for timer in self.store.timers(kind=UNCLAIMED)}

    def facts(self, kind):
        found, after = [], 0
        while page := self.store.entries(after, 1000):
            found += [msgspec.json.decode(one.row.entry) for one in page if one.row.kind == kind]
            after = page[-1].row.seq
        return found

    def steps(self):
        return [
            (fact["ref"], fact["body"]["tell"], fact["body"]["late_s"]) for fact in self.facts("incident.escalated")
        ]
