"""Any order of asking, sending, answers, silence, restarts and a restore: nobody is silently not told."""

import contextlib
import shutil
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from support.centres import held, make_folder
from support.fakes import ManualClock, arrival
from tocsin.centre.core import Core
from tocsin.centre.outbox import Outbox, Sent, hold_pending, rebuild_notices
from tocsin.model.notices import Accepted, ContactAddress, Failed, Retry
from tocsin.rules.catalogue import shipped_catalogue
from tocsin.system import SystemClock, SystemIds

PEOPLE = ["user-7", "user-8", "user-9"]
WAYS = {("sms", 1), ("sms", 2), ("email", 1)}
OUTCOMES = [Accepted("a"), Accepted(None, is_received=True), Retry(None, "http_503"), Failed("http_400")]
OVER = ("delivered", "seen", "answered", "failed", "expired", "held")
"""States of what wants nothing more; of an incident those that are received may want something still."""


class Reaching(RuleBasedStateMachine):
    """One centre, three people, and a process that may die between any two steps."""

    def __init__(self):
        super().__init__()
        self.place = Path(tempfile.mkdtemp(prefix="tocsin-outbox-"))
        self.stack = contextlib.ExitStack()
        self.clock = ManualClock(SystemClock().now_us())
        self.made = self.stack.enter_context(held(make_folder(self.place / "centre"), clock=self.clock))
        self.made.add(b"account\n1001\n")
        core = Core(self.made.store, self.clock, shipped_catalogue(), self.made.centre.places())
        self.made.journal.attach(core)
        (account,) = self.made.store.accounts()
        self.made.journal.store([arrival(b"1", account="1001", code="FA", account_ref=account.id)])
        self.made.journal.store([])
        (self.incident,) = self.made.store.incidents("open", None, 5)
        for person, channel, address in (("user-7", "sms", "+12025550177"), ("user-8", "email", "b@example.org")):
            self.made.centre.contacts.set_reach(person, "from_home", not_now_until=None, on_duty_until=None)
            self.made.centre.contacts.add(person, channel, ContactAddress(address=address))
        self.asked = 0
        self.keys = {}
        self.under_way = []
        self.restart()

    @rule()
    def restart(self):
        """A process of its own: what it had in memory is gone."""
        centre = self.made.centre
        self.outbox = Outbox(
            store=self.made.store, run=centre.run, clock=self.clock, ids=SystemIds(), contacts=centre.contacts,
            link_key=self.made.vault.identity_key,
        )  # fmt: skip
        self.outbox.use(WAYS, "t-1-", "https://c.example", lambda: None)
        self.under_way = []

    @rule(people=st.lists(st.sampled_from(PEOPLE), min_size=1, max_size=3, unique=True))
    def notify(self, people):
        self.asked += len(people)
        self.outbox.notify(self.incident.id, people, "user-5", f"c{self.asked}")

    @rule(limit=st.integers(1, 5))
    def take(self, limit):
        taken = self.outbox.take(limit)
        for one in taken:
            known = self.keys.setdefault((one.notice.id, one.number), (one.message.key, one.message.answer_url))
            assert known == (one.message.key, one.message.answer_url), "sent again under the same key and link"
        # A provider that hangs holds up nothing else: a later attempt may begin meanwhile, never the same one.
        at_it = {(one.notice.id, one.number) for one in self.under_way}
        both = at_it & {(one.notice.id, one.number) for one in taken}
        assert not both, "nobody is given what another is at"
        self.under_way += taken

    @precondition(lambda self: self.under_way)
    @rule(outcome=st.sampled_from(OUTCOMES))
    def provider_says(self, outcome):
        self.outbox.sent([Sent(self.under_way.pop(0), outcome)])

    @rule(seconds=st.sampled_from([1, 61, 1000]))
    def pass_time(self, seconds):
        self.clock.advance(seconds)

    @precondition(lambda self: self.keys)
    @rule(what=st.sampled_from(["delivered", "seen", "failed", "coming", "cannot"]), newest=st.booleans())
    def is_told(self, what, newest):
        _, url = list(self.keys.values())[-1 if newest else 0]
        link = self.outbox.link(url.rpartition("/")[2])
        assert link is not None
        if what in ("coming", "cannot"):
            assert self.outbox.answer(link, what).answer == what
        else:
            self.outbox.receipt(link, what)

    @rule()
    def restore(self):
        hold_pending(self.made.journal, self.made.store)
        self.restart()
        assert self.made.store.outbox(10) == []
        assert self.outbox.take() == []

    @invariant()
    def facts_alone_make_the_table_and_whoever_is_not_through_stands_in_the_outbox(self):
        store = self.made.store
        entries = []
        while page := store.entries(len(entries), 5000):
            entries += page
        notices = rebuild_notices(entries)
        assert notices == store.notices(1000)[::-1]
        assert len(notices) == self.asked, "one for everybody who was asked for"
        waiting = {row.notice for row in store.outbox(1000)}
        assert {one.id for one in notices if one.due_at is not None} == waiting
        over = [one for one in notices if one.id not in waiting]
        assert all(one.state in OVER for one in over)
        received = [one for one in over if one.state in ("delivered", "seen")]
        assert all(one.reason is not None for one in received), "that a device has it ends nothing"
        to = [one.recipient for one in notices if one.id in waiting]
        assert len(to) == len(set(to)), "nobody has two of one incident at a time"

    def teardown(self):
        self.stack.close()
        shutil.rmtree(self.place, ignore_errors=True)


TestReaching = Reaching.TestCase
TestReaching.settings = settings(
    max_examples=20, stateful_step_count=25, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
