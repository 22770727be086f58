"""What the receiver promises: an answer only with a receipt, and none that could mislead a panel."""

import queue

import pytest

from support.fakes import SECOND, START_US, CountingIds, ManualClock
from tocsin.centre.categories import shipped_categories
from tocsin.centre.snapshot import AccountSnapshot
from tocsin.centre.supervision import Watch
from tocsin.intake.dc09.budget import SenderBudget
from tocsin.intake.dc09.lists import REJECTED_PENDING_MAX, IntakeLists, Rejection
from tocsin.intake.dc09.receiver import REFUSALS_NOTED, Receiver
from tocsin.journal.identity import RepeatWindow
from tocsin.journal.journal import Journal
from tocsin.journal.writer import Writer
from tocsin.model.accounts import AccountPolicy
from tocsin.model.errors import CentreFault, JournalFull
from tocsin.model.lists import UnknownAccount
from tocsin.model.signals import SealedPart
from tocsin.protocols.dc09.answers import read_answer
from tocsin.protocols.dc09.encode import encode_frame
from tocsin.protocols.dc09.framing import StreamDecoder
from tocsin.protocols.dc09.judge import ReceiverPolicy
from tocsin.protocols.dc09.stamps import format_stamp
from tocsin.store.memory import MemoryStore
from tocsin.vault import MasterKey, Vault

KEY = bytes.fromhex("00112233445566778899AABBCCDDEEFF")
DEADLINE_S = 10


def policy(account, **fields):
    plain = {
        "id": f"account-{account}",
        "account": account,
        "receiver": None,
        "line": None,
        "key": None,
        "late_max_s": 40,
        "early_max_s": 20,
        "duplicate_window_us": 300 * SECOND,
        "panel_time_zone": None,
        "poll_602": False,
        "carried_by": None,
    }
    return AccountPolicy(**(plain | fields))


class Panel:
    """A sender that remembers what it was told (`receiver.Sender`)."""

    def __init__(self, host="192.0.2.1", accounts=None):
        self.transport = "tcp"
        self.host = host
        self.peer = f"{host}:4000"
        self.waiting = 0
        self.is_known = False
        self.answers = []
        self.accounts = accounts

    def send(self, data):
        self.answers.append(data)

    def stored_one(self):
        pass

    def may_speak_for(self, account):
        return self.accounts is None or account in self.accounts


class Centre:
    """A receiver with a real journal behind it, whose receipts the test hands over when it wants."""

    def __init__(self, vault, accounts=(), *, budget=6000, **policy_fields):
        self.clock = ManualClock()
        self.store = MemoryStore()
        self.outcomes = queue.SimpleQueue()
        self.lists = IntakeLists(vault, 100, 100, [])
        self.watch = Watch(b"k" * 32, self.clock, shipped_categories())
        journal = Journal(self.store, vault, self.clock, RepeatWindow(b"k" * 32), 0)
        self.writer = Writer(
            journal, deliver=self.outcomes.put, also=lambda: self.lists.take(self.clock.now_us()), clock=self.clock
        )
        self.writer.start()
        self.receiver = Receiver(
            snapshot=AccountSnapshot(accounts, 1),
            policy=ReceiverPolicy(**policy_fields),
            writer=self.writer,
            lists=self.lists,
            watch=self.watch,
            budget=SenderBudget(budget),
            clock=self.clock,
            ids=CountingIds(),
            queue_max=10,
        )

    def take(self, panel, data):
        for piece in StreamDecoder().feed(data):
            self.receiver.take(panel, piece)

    def settle(self):
        """Let the writer finish, and hand over every receipt."""
        self.writer.call(lambda _journal: None).result(DEADLINE_S)
        while not self.outcomes.empty():
            self.receiver.delivered(self.outcomes.get())

    def send(self, panel, data):
        self.take(panel, data)
        self.settle()
        answers, panel.answers = panel.answers, []
        return answers

    def kinds(self):
        return [stored.row.kind for stored in self.store.entries(0, 1000)]


@pytest.fixture(scope="module")
def vault(tmp_path_factory):
    folder = tmp_path_factory.mktemp("vault")
    ids = CountingIds()
    made = Vault.create(folder / "keys.db", MasterKey.create(folder / "master.key", {}, ids), ids)
    yield made
    made.close()


@pytest.fixture
def make(vault):
    made = []

    def centre(*accounts, **fields):
        made.append(Centre(vault, accounts, **fields))
        return made[-1]

    yield centre
    for one in made:
        assert one.writer.stop(DEADLINE_S)


def frame(account="5512", *, code="BA", zone="01", sequence="0001", key=None, at=None, token="SIA-DCS", data=None):
    stamp = None if at is None else format_stamp(at)
    data = f"#{account}|N{code}{zone}" if data is None else data
    return encode_frame(
        token=token,
        sequence=sequence,
        receiver=None,
        line="0",
        account=account,
        data=data,
        timestamp=stamp,
        key=key,
        pad=b"p" * 20 if key else b"",
    )


def kind_of(answer, key=None):
    (raw,) = StreamDecoder().feed(answer)
    return read_answer(raw, key).kind


def test_no_answer_before_the_receipt(make):
    centre, panel = make(policy("5512")), Panel()
    centre.take(panel, frame())
    centre.writer.call(lambda _journal: None).result(DEADLINE_S)
    assert panel.answers == [], "stored, and the receipt not handed over yet"
    assert panel.waiting == 1
    centre.settle()
    assert [kind_of(a) for a in panel.answers] == ["ACK"]
    assert (panel.waiting, centre.receiver.counters.stored) == (0, 1)


def test_what_was_not_stored_is_not_answered(make):
    centre, panel = make(policy("5512")), Panel()
    centre.store.fail_next = JournalFull("full", "store.full")
    assert centre.send(panel, frame()) == []
    assert (panel.waiting, centre.receiver.counters.not_stored) == (0, 1)
    assert len(centre.send(panel, frame())) == 1, "the panel repeats, and there is room again"


def test_a_repeat_is_acknowledged_again_and_counted(make):
    centre, panel = make(policy("5512")), Panel()
    assert centre.send(panel, frame()) == centre.send(panel, frame())
    assert (centre.receiver.counters.stored, centre.receiver.counters.repeated) == (1, 1)


def test_an_encrypted_repeat_with_a_new_stamp_and_pad_is_a_repeat(make):
    centre, panel = make(policy("5512", key=KEY)), Panel()
    assert kind_of(centre.send(panel, frame(key=KEY, at=START_US))[0], KEY) == "ACK"
    centre.clock.advance(11)
    assert kind_of(centre.send(panel, frame(key=KEY, at=START_US + 11 * SECOND))[0], KEY) == "ACK"
    assert centre.kinds() == ["signal"]


def test_a_poll_is_answered_at_once_and_stored_nowhere(make):
    centre, panel = make(policy("5512")), Panel()
    centre.take(panel, frame(token="NULL", data="", sequence="0000"))
    assert [kind_of(a) for a in panel.answers] == ["ACK"]
    centre.settle()
    assert centre.kinds() == []
    assert (centre.watch.paths_heard, list(centre.watch.account[:1])) == (1, [5512])


@pytest.mark.parametrize(
    ("data", "reason", "answers"),
    [
        (frame(), "downgrade", []),
        (frame(key=b"another key 16 b", at=START_US), "decrypt", []),
        (frame(key=KEY, at=START_US - 41 * SECOND), "time", ["NAK"]),
        (frame(key=KEY, at=START_US + 21 * SECOND), "time", ["NAK"]),
        (frame(key=KEY, at=START_US, token="ITI-I"), "token", ["DUH"]),
    ],
)
def test_what_is_refused_is_kept_with_its_reason_and_stores_no_signal(make, vault, data, reason, answers):
    centre, panel = make(policy("5512", key=KEY)), Panel()
    assert [kind_of(a) for a in centre.send(panel, data)] == answers
    centre.clock.advance(2)
    taken = centre.lists.take(centre.clock.now_us())
    centre.writer.call(lambda journal: journal.store((), taken.write)).result(DEADLINE_S)
    (kept,) = centre.store.rejected_frames(10)
    assert (kept.reason, kept.account, kept.at) == (reason, "5512", START_US)
    assert vault.open(kept.key, kept.sealed) == SealedPart(raw=data, peer="192.0.2.1:4000")
    assert centre.kinds() == []


def test_an_account_refused_again_and_again_is_noted_once(make):
    centre, panel = make(policy("5512", key=KEY)), Panel()
    for n in range(REFUSALS_NOTED * 3):
        centre.send(panel, frame(sequence=f"{n + 1:04d}"))
    assert centre.kinds() == ["centre.noticed"]
    centre.clock.advance(3601)
    for n in range(REFUSALS_NOTED):
        centre.send(panel, frame(sequence=f"{n + 1:04d}"))
    assert centre.kinds() == ["centre.noticed"] * 2


def test_an_unknown_account_is_stored_acknowledged_and_listed(make):
    centre, panel = make(), Panel()
    assert [kind_of(a) for a in centre.send(panel, frame("9999"))] == ["ACK"]
    centre.send(panel, frame("9999", token="NULL", data="", sequence="0000"))
    centre.send(panel, frame("9999", key=KEY, at=START_US))
    assert centre.lists.unknown == [
        UnknownAccount(
            account="9999",
            first_at=START_US,
            last_at=START_US,
            line="0",
            polls=1,
            receiver=None,
            signals=1,
            transport="tcp",
            unreadable=1,
        )
    ]


def test_a_number_that_is_set_up_leaves_the_list(make):
    centre, panel = make(), Panel()
    centre.send(panel, frame("99aa"))
    centre.receiver.use(AccountSnapshot([policy("99AA")], 2))
    assert centre.lists.unknown == []


def test_unknown_accounts_have_a_budget_that_known_ones_never_touch(make):
    centre, panel = make(policy("5512"), budget=3), Panel()
    answers = [len(centre.send(panel, frame("9999", sequence=f"{n:04d}"))) for n in range(1, 6)]
    assert answers == [1, 1, 1, 0, 0]
    assert len(centre.send(panel, frame("5512"))) == 1
    assert centre.receiver.waits_s("192.0.2.1") > 0
    assert len(centre.send(Panel("192.0.2.2"), frame("9999", sequence="0077"))) == 1, "another sender has its own"
    assert centre.kinds().count("centre.noticed") == 1
    centre.clock.advance(61)
    assert centre.receiver.waits_s("192.0.2.1") == 0
    assert len(centre.send(panel, frame("9999", sequence="0078"))) == 1


def test_a_clear_frame_never_speaks_for_a_keyed_account_by_way_of_the_data(make):
    centre, panel = make(policy("5512"), policy("7000", key=KEY)), Panel()
    assert len(centre.send(panel, frame("5512", data="#7000|NFR01"))) == 1
    body = centre.store.entries(0, 1)[0].row.entry
    assert b'"account":"5512"' in body
    assert b'"disputed":true' in body
    assert b'"data_account":"7000"' in body


def test_a_certificate_binds_its_panel_to_its_accounts(make):
    centre, panel = make(policy("5512"), policy("7000")), Panel(accounts={"5512"})
    assert len(centre.send(panel, frame("5512"))) == 1
    assert centre.send(panel, frame("7000")) == []
    assert centre.receiver.counters.refused["discarded", "account"] == 1


def test_nothing_is_read_while_the_queue_is_full_or_storage_refuses(make):
    centre = make(policy("5512"))
    resumed = []
    assert not centre.receiver.is_full
    centre.receiver.pause()
    assert centre.receiver.is_full
    centre.receiver.on_resume(lambda: resumed.append(1))
    centre.receiver.go_on()
    assert (centre.receiver.is_full, resumed) == (False, [1])


def test_a_multi_event_frame_is_one_acknowledgement_and_as_many_signals(make):
    centre, panel = make(policy("5512")), Panel()
    assert len(centre.send(panel, frame(data="#5512|Nri1/BA07^Rear door^/BA08/TA08"))) == 1
    assert centre.kinds() == ["signal"] * 3


def test_texts_and_addresses_of_senders_stand_in_no_entry(make):
    centre = make(policy("5512"))
    centre.send(Panel("203.0.113.99"), frame(data="#5512|NBA01^PLANTED name^/NOP0042"))
    entries = b"".join(stored.row.entry for stored in centre.store.entries(0, 10))
    for secret in (b"PLANTED", b"203.0.113", b"0042"):
        assert secret not in entries


# The lists ------------------------------------------------------------------------------------------------------------


def rejection(at=START_US):
    return Rejection(
        at=at,
        outcome="discarded",
        reason="crc",
        transport="tcp",
        account=None,
        token=None,
        part=SealedPart(raw=b"x", peer="p"),
    )


def test_a_flood_of_rubbish_is_bounded_between_two_writes(vault):
    lists = IntakeLists(vault, 10, 100_000, [])
    for _ in range(REJECTED_PENDING_MAX + 500):
        lists.rejected(rejection())
    store = MemoryStore()
    with store.transaction() as transaction:
        lists.take(START_US).write(transaction)
    assert len(store.rejected_frames(10_000)) == REJECTED_PENDING_MAX


def test_lists_are_written_at_most_once_a_second(vault):
    lists = IntakeLists(vault, 10, 10, [])
    lists.rejected(rejection())
    assert lists.take(START_US) is not None
    lists.rejected(rejection())
    assert lists.take(START_US + SECOND - 1) is None
    assert lists.take(START_US + SECOND) is not None


def test_what_a_failed_write_took_waits_again(vault):
    lists = IntakeLists(vault, 10, 10, [])
    lists.rejected(rejection())
    lists.heard_unknown("12", None, "0", "tcp", START_US, signals=1)
    lists.take(START_US).put_back()
    store = MemoryStore()
    with store.transaction() as transaction:
        lists.take(START_US + SECOND).write(transaction)
    assert (len(store.rejected_frames(9)), [row.account for row in store.unknown_accounts()]) == (1, ["12"])


def test_what_was_written_is_never_written_again(vault):
    lists = IntakeLists(vault, 10, 10, [])
    lists.rejected(rejection())
    store = MemoryStore()
    with store.transaction() as transaction:
        lists.take(START_US).write(transaction)
    lists.rejected(rejection())
    lists.take(START_US + SECOND).put_back()
    with store.transaction() as transaction:
        lists.take(START_US + 2 * SECOND).write(transaction)
    assert len(store.rejected_frames(9)) == 2


def test_a_number_that_was_set_up_does_not_come_back_with_a_failed_write(vault):
    lists = IntakeLists(vault, 10, 10, [])
    lists.heard_unknown("12", None, "0", "tcp", START_US, signals=1)
    taken = lists.take(START_US)
    lists.now_known(lambda row: True)
    taken.put_back()
    store = MemoryStore()
    with store.transaction() as transaction:
        lists.take(START_US + SECOND).write(transaction)
    assert store.unknown_accounts() == []


def test_reading_goes_on_after_a_batch_that_could_not_be_stored(make):
    centre, panel = make(policy("5512")), Panel()
    resumed = []
    centre.store.fail_next = CentreFault("refused", "store.refused")
    centre.take(panel, frame())
    centre.receiver.on_resume(lambda: resumed.append(1))
    centre.settle()
    assert resumed == [1]


def test_unknown_accounts_are_bounded_and_the_longest_unheard_go(vault):
    lists = IntakeLists(vault, 3, 10, [])
    for n, account in enumerate(["1", "2", "3", "1", "4"]):
        lists.heard_unknown(account, None, "0", "tcp", START_US + n, signals=1)
    assert [row.account for row in lists.unknown] == ["4", "1", "3"]


def test_the_list_goes_on_after_a_restart(vault):
    stored = [
        UnknownAccount(
            account="12",
            first_at=1,
            last_at=9,
            line="0",
            polls=2,
            receiver=None,
            signals=5,
            transport="tcp",
            unreadable=0,
        )
    ]
    lists = IntakeLists(vault, 10, 10, stored)
    lists.heard_unknown("12", None, "0", "udp", 20, polls=1)
    (row,) = lists.unknown
    assert (row.first_at, row.last_at, row.polls, row.signals, row.transport) == (1, 20, 3, 5, "udp")
