"""The outbox: durable with what asks for it, at least once, and never silently not. Contacts of staff."""

import json

import msgspec
import pytest

from support.centres import held, make_folder
from support.fakes import CountingIds, ManualClock
from support.staff import ANA, BO, CAM, PLANT, WAYS, Staff
from tocsin.centre.contacts import NOT_NOW_MAX_US
from tocsin.centre.outbox import AT_ONCE, FAILS_MAX, TESTS_AN_HOUR, Outbox, Sent, hold_pending
from tocsin.model.errors import BadInput, Conflict, JournalFull, TooMany
from tocsin.model.notices import CONTACTS_MAX, PEOPLE_MAX, REFUSED_MAX, Accepted, ContactAddress, Failed, Retry
from tocsin.rules.delivery import EXPIRES_S, REDIAL_S, people_to_test
from tocsin.system import SystemClock

SECOND = 1_000_000
HOUR = 3600 * SECOND


@pytest.fixture
def staff(tmp_path):
    with held(make_folder(tmp_path / "centre"), clock=ManualClock(SystemClock().now_us())) as made:
        made.folder = tmp_path / "centre"
        room = Staff(made)
        yield room
        room.check()


def test_screens_hear_of_who_was_told_and_answers_before_what_the_writer_does_next(staff):
    """The live stream's numbers rise: a change that is told late would have the number of the next one."""
    incident = staff.incident()
    staff.home(BO)

    def run(work):
        result = work(staff.made.journal)
        staff.incident()  # the writer's next turn, before whoever asked goes on
        return result

    staff.outbox = Outbox(
        store=staff.store, run=run, clock=staff.clock, ids=CountingIds(), contacts=staff.contacts,
        link_key=staff.made.vault.identity_key,
    )  # fmt: skip
    staff.outbox.use(WAYS, "t-1-", "https://c.example", lambda: None)
    staff.outbox.on_committed = staff.told.append
    staff.told.clear()
    (notice,) = staff.notify(incident, BO)
    staff.send(Accepted(None))
    staff.outbox.answer(staff.link(notice), "coming")
    assert [one.personal for one in staff.told if one.personal] == [(incident,), (incident,)]
    seqs = [one.seq for one in staff.told]
    assert seqs == sorted(set(seqs))


def refused(call, *args, **named):
    with pytest.raises((BadInput, Conflict, TooMany)) as caught:
        call(*args, **named)
    return caught.value.code


# Contacts ------------------------------------------------------------------------------------------------------------


def test_address_lies_sealed_under_a_key_of_its_own_and_dies_with_it(staff):
    contact = staff.contacts.add(ANA, "sms", ContactAddress(address="+1 (202) 555-0177"))
    other = staff.contacts.add(ANA, "sms", ContactAddress(address="+12025550199"))
    assert [hint for _, hint in staff.contacts.of(ANA)] == ["+12...77", "+12...99"]
    assert staff.contacts.address(contact).address == PLANT
    for file in staff.made.folder.iterdir():
        if file.is_file():
            assert PLANT.encode() not in file.read_bytes(), file.name
    assert all(PLANT not in stored.row.entry.decode() for stored in staff.journal())
    assert "2025550177" not in repr(staff.contacts.address(contact))
    (key,) = staff.store.holder_keys(contact.id)
    assert staff.made.vault.holders.get(key) is not None
    staff.contacts.remove(ANA, contact.id)
    assert staff.made.vault.holders.get(key) is None, "destroying the key is the erasure"
    assert staff.store.values(contact.id) == []
    assert staff.contacts.address(contact) is None
    assert staff.contacts.address(other).address == "+12025550199", "another contact keeps its own key"


@pytest.mark.parametrize(
    ("channel", "address"),
    [
        ("email", "no at"), ("email", "a@b"), ("email", "a\n@example.org"), ("email", "x" * 300 + "@example.org"),
        ("sms", "0664 123"), ("sms", "+12"), ("voice", "+1202555017712345"), ("sms", "+1202555<017"),
        ("webhook", "ftp://example.org"), ("webhook", "https://name:pass@example.org/"), ("webhook", "https://"),
        ("webhook", "https://example.org/" + "x" * 1000), ("webhook", "https://example.org:99999/"),
        ("push", "https://push.example/1"),
    ],
)  # fmt: skip
def test_address_of_no_such_channel_is_refused_and_nothing_kept(staff, channel, address):
    assert refused(staff.contacts.add, ANA, channel, ContactAddress(address=address)) == "contact.address"
    assert staff.store.contacts() == []
    assert "contact.set" not in staff.kinds()


def test_one_person_has_so_many_contacts_and_sees_and_removes_the_own_alone(staff):
    for number in range(CONTACTS_MAX):
        staff.contacts.add(ANA, "email", ContactAddress(address=f"a{number}@example.org"))
    assert refused(staff.contacts.add, ANA, "email", ContactAddress(address="b@example.org")) == "contact.full"
    (one, *_) = staff.store.contacts(ANA)
    assert refused(staff.contacts.remove, BO, one.id) == "contact.unknown"
    assert refused(staff.outbox.test, BO, one.id) == "contact.unknown"


def test_contacts_of_people_who_were_removed_are_destroyed(staff):
    staff.home(ANA, BO)
    (contact,) = staff.store.contacts(BO)
    staff.contacts.sweep(lambda user: user == ANA)
    assert [one.row.user for one in staff.store.contacts()] == [ANA]
    assert staff.contacts.address(contact) is None


def test_each_kind_of_staff_has_its_own_time_and_forgetting_to_end_it_ends_by_itself(staff):
    now = staff.clock.now_us()
    wrong = [
        ("on_shift", now + HOUR, None, "reach.kind"), ("from_home", None, now + HOUR, "reach.kind"),
        ("on_shift", None, now - 1, "reach.time"), ("on_shift", None, now + 25 * HOUR, "reach.time"),
        ("from_home", now + NOT_NOW_MAX_US + 1, None, "reach.time"),
    ]  # fmt: skip
    for kind, not_now, duty, code in wrong:
        assert refused(staff.contacts.set_reach, ANA, kind, not_now_until=not_now, on_duty_until=duty) == code
    staff.contacts.set_reach(ANA, "on_shift", not_now_until=None, on_duty_until=now + 8 * HOUR)
    staff.contacts.set_reach(ANA, "on_shift", not_now_until=None, on_duty_until=now + 8 * HOUR)
    assert staff.kinds().count("reach.set") == 1, "the same again is no fact"


# Asked for -----------------------------------------------------------------------------------------------------------


def test_everybody_who_is_asked_for_has_a_notice_and_who_cannot_be_told_has_the_reason(staff):
    incident = staff.incident()
    staff.home(ANA)
    staff.contacts.add(BO, "sms", ContactAddress(address=PLANT))  # never said anything: off duty
    staff.contacts.set_reach(CAM, "from_home", not_now_until=None, on_duty_until=None)
    staff.home("user-10")
    later = staff.clock.now_us() + HOUR
    staff.contacts.set_reach("user-10", "from_home", not_now_until=later, on_duty_until=None)
    staff.home("user-11", channel="voice")
    staff.notify(incident, ANA, BO, CAM, "user-10", "user-11")
    assert staff.states() == {
        ANA: ("queued", None), BO: ("failed", "off_duty"), CAM: ("failed", "no_contact"),
        "user-10": ("failed", "not_now"), "user-11": ("failed", "no_way"),
    }  # fmt: skip
    assert [one.notice.recipient for one in staff.send(Accepted("x"))] == [ANA], "who is off duty is sent nothing"
    (told,) = [json.loads(one.row.entry) for one in staff.journal() if one.row.kind == "incident.notified"]
    assert (told["ref"], told["actor"], told["body"]["count"], told["body"]["refused"]) == (incident, ANA, 5, 4)


def test_off_duty_is_told_nothing_on_any_channel_and_from_home_no_session_changes_anything(staff):
    incident = staff.incident()
    for channel, address in (("sms", PLANT), ("email", "a@example.org"), ("webhook", "https://example.org/")):
        staff.contacts.add(ANA, channel, ContactAddress(address=address))
    now = staff.clock.now_us()
    staff.contacts.set_reach(ANA, "on_shift", not_now_until=None, on_duty_until=now + HOUR)
    staff.clock.advance(3601)
    staff.notify(incident, ANA)
    assert staff.outbox.take() == []
    staff.contacts.set_reach(ANA, "from_home", not_now_until=None, on_duty_until=None)
    staff.notify(incident, ANA, command="n2")
    assert len(staff.outbox.take()) == 1


def test_same_command_again_tells_nobody_twice_and_another_under_its_id_is_refused(staff):
    incident = staff.incident()
    staff.home(ANA, BO)
    first = staff.notify(incident, ANA, BO)
    assert staff.notify(incident, ANA, BO) == first
    assert len(staff.store.notices(10)) == 2
    assert refused(staff.notify, incident, ANA) == "command.reused"


def test_nobody_too_many_a_closed_or_an_unknown_incident_is_refused_and_nobody_told(staff):
    incident = staff.incident()
    assert refused(staff.notify, incident) == "notice.people"
    assert refused(staff.notify, incident, *(f"user-{n}" for n in range(PEOPLE_MAX + 1))) == "notice.people"
    assert refused(staff.notify, incident, ANA, wanted=0) == "notice.people"
    assert refused(staff.notify, "incident-999999", ANA) == "incident.unknown"
    staff.close(incident)
    assert refused(staff.notify, incident, ANA) == "incident.closed"
    assert staff.store.notices(10) == []


def test_notice_and_its_row_in_the_outbox_are_durable_with_what_caused_them(staff):
    incident = staff.incident()
    staff.home(ANA)
    (notice,) = staff.notify(incident, ANA)
    assert [row.notice for row in staff.store.outbox(10)] == [notice.id]
    assert staff.woken == [1]
    cause = next(one.row.seq for one in staff.journal() if one.row.kind == "incident.notified")
    assert notice.cause == cause
    assert staff.store.incident_facts(incident, 10)[-1].row.seq == cause


def test_test_of_a_contact_is_sent_whatever_ones_duty_and_counts_when_it_was_answered(staff):
    contact = staff.contacts.add(ANA, "sms", ContactAddress(address=PLANT))
    notice = staff.outbox.test(ANA, contact.id)
    (sending,) = staff.send(Accepted("x"))
    assert (sending.address.address, sending.message.purpose) == (PLANT, "test")
    assert staff.store.contacts(ANA)[0].row.tested_at is None, "taken is not arrived"
    staff.outbox.answer(staff.link(notice), "arrived")
    assert staff.store.contacts(ANA)[0].row.tested_at is not None


def test_test_of_a_channel_that_is_off_and_too_many_tests_are_refused(staff):
    contact = staff.contacts.add(ANA, "voice", ContactAddress(address=PLANT))
    assert refused(staff.outbox.test, ANA, contact.id) == "notice.no_way"
    other = staff.contacts.add(ANA, "sms", ContactAddress(address=PLANT))
    for _ in range(TESTS_AN_HOUR):
        staff.outbox.test(ANA, other.id)
    assert refused(staff.outbox.test, ANA, other.id) == "notice.tests"


# Sent ----------------------------------------------------------------------------------------------------------------


def test_what_is_under_way_is_given_to_nobody_else_and_what_was_not_noted_is_sent_again_under_the_same_key(staff):
    staff.home(ANA)
    staff.notify(staff.incident(), ANA)
    (sending,) = staff.outbox.take()
    assert staff.outbox.take() == []
    assert staff.store.outbox(1)[0].leased_at is not None, "the lease is durable before it is sent"
    # The process is killed: another one finds it due.
    other = type(staff.outbox)(
        store=staff.store, run=staff.centre.run, clock=staff.clock, ids=staff.made.centre._ids,
        contacts=staff.contacts, link_key=staff.made.vault.identity_key,
    )  # fmt: skip
    other.use(WAYS, "t-1-", "https://c.example", lambda: None)
    (second,) = other.take()
    assert (second.message.key, second.number) == (sending.message.key, sending.number)
    assert second.message.answer_url == sending.message.answer_url
    other.sent([Sent(second, Accepted("x"))])
    assert [one.state for one in staff.store.notices(1)[0].attempts] == ["accepted"]


def test_what_the_disk_had_no_room_to_lease_is_under_way_to_nobody_and_taken_when_there_is(staff):
    staff.home(ANA)
    (notice,) = staff.notify(staff.incident(), ANA)
    faults = [JournalFull("full", "store.full")]

    def run(work):
        made = staff.centre.run(work)
        if faults:
            raise faults.pop()
        return made

    outbox = Outbox(
        store=staff.store, run=run, clock=staff.clock, ids=staff.made.centre._ids,
        contacts=staff.contacts, link_key=staff.made.vault.identity_key,
    )  # fmt: skip
    outbox.use(WAYS, "t-1-", "https://c.example", lambda: None)
    with pytest.raises(JournalFull):
        outbox.take()
    assert [one.notice.id for one in outbox.take()] == [notice.id]


def test_message_holds_no_address_no_person_and_no_place(staff):
    staff.home(ANA)
    staff.notify(staff.incident("PA"), ANA)
    (sending,) = staff.outbox.take()
    said = msgspec.json.encode(sending.message).decode()
    assert PLANT not in said
    assert sending.message.type is None, "a panic alarm is given away on no locked screen"
    assert PLANT not in repr(sending)


def test_five_hundred_are_told_in_turns_that_do_not_hold_the_writer(staff):
    incident = staff.incident()
    people = [f"user-{n}" for n in range(100, 100 + 60)]
    staff.home(*people)
    staff.notify(incident, *people)
    first = staff.outbox.take()
    assert len(first) == AT_ONCE
    staff.outbox.sent([Sent(one, Accepted("x")) for one in first])
    rest = staff.send(Accepted("x"))
    assert sorted(one.notice.recipient for one in (*first, *rest)) == sorted(people)


def test_address_that_is_no_more_goes_from_the_contacts_and_the_next_way_is_tried(staff):
    staff.home(ANA)
    staff.contacts.add(ANA, "email", ContactAddress(address="a@example.org"))
    staff.notify(staff.incident(), ANA)
    text, mail = staff.outbox.take()
    staff.outbox.sent([Sent(text, Failed("http_410", is_gone=True)), Sent(mail, Retry(5, "smtp_451"))])
    assert [one.row.channel for one in staff.store.contacts(ANA)] == ["email"]
    sent = staff.send(Failed("contact_gone", is_gone=True))
    assert [(one.step.channel, one.step.provider) for one in sent] == [("sms", 2)]
    assert sent[0].address is None, "its key is destroyed"
    staff.clock.advance(7)
    assert [one.step.channel for one in staff.send(Accepted("x"))] == ["email"]


def judged(staff, times, outcome, channel="email"):
    """So many notices of one incident after another, each of which the provider of one channel judges so."""
    for number in range(times):
        staff.clock.advance(60)
        staff.notify(staff.incident(), ANA, command=f"r{staff._count}-{number}")
        while sendings := staff.outbox.take():
            said = [outcome if one.step.channel == channel else Accepted("x") for one in sendings]
            staff.outbox.sent([Sent(one, what) for one, what in zip(sendings, said, strict=True)])


def mail(staff):
    return next(one.row for one in staff.store.contacts(ANA) if one.row.channel == "email")


@pytest.fixture
def tested(staff):
    """Somebody whose one contact was tested."""
    staff.home(ANA, address="a@example.org", channel="email")
    notice = staff.outbox.test(ANA, staff.store.contacts(ANA)[0].id)
    staff.send(Accepted("x"))
    staff.outbox.answer(staff.link(notice), "arrived")
    assert mail(staff).tested_at is not None
    return staff


def test_contact_that_is_refused_for_good_again_and_again_is_failing_and_counts_as_tested_no_more(tested):
    staff = tested
    judged(staff, REFUSED_MAX - 1, Failed("smtp_550"))
    assert mail(staff).reason == "tested"
    judged(staff, 1, Failed("smtp_550"))
    assert (mail(staff).reason, mail(staff).tested_at) == ("failing", None)
    facts = staff.kinds().count("contact.set")
    judged(staff, 2, Failed("smtp_550"))
    assert staff.kinds().count("contact.set") == facts, "it is said once"
    notice = staff.outbox.test(ANA, staff.store.contacts(ANA)[0].id)
    staff.send(Accepted("x"))
    staff.outbox.answer(staff.link(notice), "arrived")
    assert mail(staff).reason == "tested"


@pytest.mark.parametrize(
    "between",
    [Failed("smtp_sign_in", is_provider=True), Accepted("x"), Failed("switched_off"), Failed("smtp_552")],
)
def test_what_the_provider_or_the_centre_failed_at_or_took_meanwhile_says_nothing_of_the_address(tested, between):
    judged(tested, REFUSED_MAX - 1, Failed("smtp_550"))
    judged(tested, 1, between)
    assert mail(tested).reason == "tested"


def test_bounce_that_comes_late_counts_as_a_refusal(tested):
    staff = tested
    for number in range(REFUSED_MAX):
        staff.clock.advance(60)
        (notice,) = staff.notify(staff.incident(), ANA, command=f"b{number}")
        staff.send(Accepted("x"))
        staff.clock.advance(600)
        assert mail(staff).reason == "tested"
        staff.outbox.receipt(staff.link(notice), "failed")
    assert (mail(staff).reason, mail(staff).tested_at) == ("failing", None)


def test_who_has_tested_nothing_lately_is_asked_and_one_tested_contact_is_enough(tested):
    staff = tested
    staff.home(BO)
    now = staff.clock.now_us()
    contacts = staff.store.contacts()
    assert people_to_test(contacts, now, 7) == [BO], "never tested"
    assert people_to_test(contacts, now + 7 * 24 * HOUR + HOUR, 7) == [ANA, BO]
    assert people_to_test(contacts, now + 7 * 24 * HOUR + HOUR, 8) == [BO]
    staff.contacts.add(ANA, "sms", ContactAddress(address=PLANT))
    assert people_to_test(staff.store.contacts(), now, 7) == [BO], "one that was is enough"


def test_provider_that_fails_is_one_incident_and_over_when_it_works_again(staff):
    staff.home(*(f"user-{n}" for n in range(20, 30)))
    incident = staff.incident()
    staff.notify(incident, *(f"user-{n}" for n in range(20, 30)))
    for sending in staff.outbox.take()[: FAILS_MAX + 3]:
        staff.outbox.sent([Sent(sending, Retry(None, "http_503"))])
    staff.made.journal.store([])
    opened = [one for one in staff.store.incidents("open", None, 10) if one.type == "TECH-NOTIFY"]
    assert [(one.reason, one.condition) for one in opened] == [("notice_notify_sms_1", "active")]
    assert staff.outbox.failing == {"sms_1"}
    assert staff.kinds().count("centre.noticed") == 1, "once, however often it fails"
    fresh = staff.contacts.add(ANA, "sms", ContactAddress(address=PLANT))
    staff.outbox.test(ANA, fresh.id)
    sending = next(one for one in staff.outbox.take() if one.notice.recipient == ANA)
    staff.outbox.sent([Sent(sending, Accepted("x"))])
    staff.made.journal.store([])
    (after,) = [one for one in staff.store.incidents("open", None, 10) if one.type == "TECH-NOTIFY"]
    assert (after.id, after.condition) == (opened[0].id, "returned")
    assert staff.outbox.failing == frozenset()


def test_all_devices_of_a_person_are_given_to_their_providers_at_once_and_one_that_hangs_holds_up_none(staff):
    staff.home(ANA)
    staff.contacts.add(ANA, "sms", ContactAddress(address="+12025550178"))
    staff.notify(staff.incident(), ANA)
    first, second = staff.outbox.take()
    assert {first.step.contact, second.step.contact} == {one.id for one in staff.store.contacts(ANA)}
    assert first.message.key != second.message.key
    assert staff.outbox.take() == [], "each is given once"
    staff.outbox.sent([Sent(second, Retry(None, "http_503"))])
    (other,) = staff.outbox.take()
    assert (other.step.contact, other.step.provider) == (second.step.contact, 2), "the first one hangs still"
    assert staff.outbox.next_due_us() == staff.store.notices(1)[0].queued_at + 180 * SECOND


def test_process_that_dies_while_a_provider_is_asked_asks_again_under_the_same_key(staff):
    staff.home(ANA)
    staff.contacts.add(ANA, "email", ContactAddress(address="a@example.org"))
    staff.notify(staff.incident(), ANA)
    first = staff.outbox.take()
    staff.outbox.sent([Sent(first[0], Accepted("x"))])
    centre = staff.made.centre
    anew = Outbox(
        store=staff.store, run=centre.run, clock=staff.clock, ids=CountingIds(), contacts=centre.contacts,
        link_key=staff.made.vault.identity_key,
    )  # fmt: skip
    anew.use(WAYS, "t-1-", "https://c.example", lambda: None)
    assert [(one.message.key, one.number) for one in anew.take()] == [(first[1].message.key, first[1].number)]


def test_silence_until_its_time_is_over_is_said(staff):
    staff.home(ANA)
    staff.notify(staff.incident(), ANA)
    staff.send(Accepted("x"))
    while (due := staff.outbox.next_due_us()) is not None:
        staff.clock.advance(max(0, due - staff.clock.now_us()) / SECOND + 0.001)
        staff.send(Accepted("x"))
    assert staff.states() == {ANA: ("expired", "no_time_left")}
    (notice,) = staff.store.notices(1)
    assert [(one.provider, one.state) for one in notice.attempts] == [(1, "silent"), (2, "silent")] * 5


# Told and answered ---------------------------------------------------------------------------------------------------


def test_link_is_unguessable_this_attempts_alone_and_ends(staff):
    staff.home(ANA, BO)
    one, other = staff.notify(staff.incident(), ANA, BO)
    assert staff.link(one).notice.id == one.id
    end = staff.outbox.links(one, 1)[0].rpartition("/")[2]
    number, attempt, mac = end.split(".")
    other_number = other.id.removeprefix("notice-")
    for wrong in (
        "", "..", f"{number}.{attempt}.", f"{number}.2.{mac}", f"{other_number}.{attempt}.{mac}",
        f"{number}.{attempt}.{mac}x",
        f"0{number}.{attempt}.{mac}", f"{number}.1.{'x' * 500}", f"{number}.é.{mac}", f"{number}.1.{mac[:-1]}",
    ):  # fmt: skip
        assert staff.outbox.link(wrong) is None, wrong
    staff.clock.advance(8 * 86_400)
    assert staff.outbox.link(end) is None


def test_answer_after_the_incident_was_closed_is_noted_and_said_in_its_time_line(staff):
    incident = staff.incident()
    staff.home(ANA)
    (notice,) = staff.notify(incident, ANA)
    staff.send(Accepted("x"))
    staff.close(incident)
    told = staff.outbox.answer(staff.link(notice), "coming")
    assert (told.answer, told.is_late, told.state) == ("coming", True, "answered")
    last = json.loads(staff.store.incident_facts(incident, 50)[-1].row.entry)
    assert (last["kind"], last["actor"], last["body"]["answer"], last["body"]["is_late"]) == (
        "notice.moved", ANA, "coming", True,
    )  # fmt: skip


def test_enough_are_coming_when_as_many_others_as_are_needed_said_so(staff):
    staff.home(ANA, BO, CAM)
    notices = staff.notify(staff.incident(), ANA, BO, CAM, wanted=2)
    staff.send(Accepted("x"))
    assert not staff.outbox.is_full(notices[2])
    for notice in notices[:2]:
        staff.outbox.answer(staff.link(notice), "coming")
    assert staff.outbox.is_full(notices[2])
    assert not staff.outbox.is_full(notices[0]), "whoever is one of them is not one too many"
    staff.outbox.answer(staff.link(notices[0]), "cannot")
    assert not staff.outbox.is_full(notices[2])


def test_nothing_of_yesterday_goes_out_by_itself_and_a_person_sends_or_drops_each(staff):
    incident = staff.incident()
    staff.home(ANA, BO)
    mine, other = staff.notify(incident, ANA, BO)
    assert hold_pending(staff.made.journal, staff.store) == 2
    assert staff.outbox.take() == []
    assert staff.store.notice_tally().held == 2
    again = staff.outbox.send_again(mine.id, CAM)
    staff.outbox.drop(other.id, CAM)
    assert [one.notice.id for one in staff.outbox.take()] == [again.id]
    assert (staff.store.notice(mine.id).reason, staff.store.notice(other.id).reason) == ("sent_again", "dropped")
    assert refused(staff.outbox.send_again, again.id, CAM) == "notice.not_over"
    assert refused(staff.outbox.send_again, "notice-999999", CAM) == "notice.unknown"


def test_a_clock_that_is_set_back_holds_up_no_notice(staff):
    """What tells people waits for no clock: not the first attempt, and not the next one after a provider failed."""
    staff.home(BO)
    incident = staff.incident()
    staff.clock.wall_us -= HOUR
    staff.notify(incident, BO)
    assert len(staff.send(Retry(None, "http_503"))) == 2  # both providers, at once
    staff.clock.advance(10)
    assert len(staff.send(Accepted(None))) == 1
    assert staff.states() == {BO: ("accepted", None)}


def until_over(staff, person, outcome):
    """Have somebody told, and let a notice's time pass second by second: when it was sent, and as which attempt."""
    staff.notify(staff.incident(), person, command=person)
    begun_s, given = staff.clock.since_s, []
    while staff.clock.since_s <= begun_s + EXPIRES_S + 2:
        given += [(round(staff.clock.since_s - begun_s), one.number) for one in staff.send(outcome)]
        staff.clock.advance(1)
    assert staff.states()[person] == ("expired", "no_time_left")
    assert staff.outbox.next_due_us() is None
    return given


@pytest.mark.parametrize("back_us", [HOUR, 300 * SECOND], ids=["for all of its time", "for some of it"])
def test_a_clock_that_is_set_back_changes_no_wait_of_a_notice_and_not_its_end(staff, back_us):
    """Else each wait begins anew as long as the journal's time stands still, and it goes on past its time."""
    staff.home(BO, CAM)
    before = until_over(staff, BO, Accepted("a"))
    staff.clock.wall_us -= back_us
    assert until_over(staff, CAM, Accepted("a")) == before


def test_a_provider_that_fails_is_asked_no_longer_though_the_clock_is_set_back(staff):
    staff.home(BO)
    staff.incident()
    staff.clock.wall_us -= HOUR
    assert until_over(staff, BO, Retry(None, "http_503"))[-1][0] > EXPIRES_S / 2


def test_what_is_sent_says_the_time_of_the_clock_though_the_journals_stands_still(staff):
    """Others compare it with their own: a signature an hour ahead of theirs is refused."""
    staff.home(BO)
    incident = staff.incident()
    staff.clock.wall_us -= HOUR
    staff.notify(incident, BO)
    assert [one.message.sent_at for one in staff.outbox.take()] == [staff.clock.now_us()]


def test_a_clock_that_is_set_forward_ends_no_notice_and_the_second_provider_is_asked(staff):
    staff.home(BO)
    staff.notify(staff.incident(), BO)
    staff.send(Accepted("a"))
    staff.clock.wall_us += HOUR
    (second,) = staff.outbox.take()
    assert (second.step.provider, second.message.expires_at > staff.clock.now_us()) == (2, True)


def test_what_was_not_sent_before_a_long_outage_is_sent_after_it(staff):
    staff.home(BO)
    staff.notify(staff.incident(), BO)
    staff.clock.advance(3600)
    (sending,) = staff.outbox.take()
    assert (sending.number, sending.message.expires_at > staff.clock.now_us()) == (1, True)


def test_a_call_that_nobody_answers_waits_its_minute_though_the_clock_is_set_back(staff):
    staff.outbox.use({("voice", 1)}, "t-1-", "https://c.example", lambda: None)
    staff.home(BO, channel="voice")
    (notice,) = staff.notify(staff.incident(), BO)
    staff.send(Accepted("a"))
    staff.clock.wall_us -= HOUR
    staff.outbox.receipt(staff.link(notice), "no_answer")
    assert staff.outbox.take() == [], "not at once"
    staff.clock.advance(REDIAL_S - 1)
    assert staff.outbox.take() == []
    staff.clock.advance(2)
    assert len(staff.outbox.take()) == 1
