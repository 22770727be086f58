"""Schedules from a file: what is understood, what is refused and how it is named, what an import would change."""

from datetime import date

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.cores import CoreAtWork
from support.fakes import START_US, CountingIds
from tocsin.centre.configuration import Configuration
from tocsin.centre.holidays import HolidayCalendars
from tocsin.centre.schedule_check import in_order, wrong_of
from tocsin.centre.schedule_import import CELL_CHARACTERS_MAX, export_schedules, plan_schedules
from tocsin.centre.schedules import Schedules
from tocsin.centre.table_files import BadRows, Problem
from tocsin.centre.table_plan import Known
from tocsin.model.accounts import Account, AccountRow
from tocsin.model.errors import Conflict
from tocsin.model.holidays import Holidays, HolidaysRow
from tocsin.model.schedules import DAYS_MAX, DayHours, Hours, Schedule, ScheduleRow, WeekHours

ACCOUNTS = [
    Account("account-1", AccountRow(account="5512"), 1),
    Account("account-2", AccountRow(account="ab", receiver="0A", line="1"), 2),
]
HEAD = "account,receiver,line,partition,time_zone,week,days,open_late_min,close_late_min,early_min,test_h\n"


def row(**fields):
    plain = {
        "account_id": "account-1", "close_late_min": None, "days": (), "early_min": 30, "open_late_min": None,
        "partition": None, "test_h": None, "week": (), "zone": "Europe/Vienna",
    }  # fmt: skip
    return ScheduleRow(**(plain | fields))


CALENDARS = tuple(
    Holidays(
        at=START_US, by="user-1", id=f"holidays-{n}", seq=n,
        row=HolidaysRow(days=(DayHours(date=f"2027-12-2{n}", hours=(), source="shared"),), label=label),
    )
    for n, label in ((5, "austria"), (6, "styria"))
)  # fmt: skip


def plan(text, schedules=(), form="csv"):
    data = text if isinstance(text, bytes) else text.encode()
    return plan_schedules(data, form, Known(accounts=ACCOUNTS, schedules=schedules, calendars=CALENDARS))


def mistakes(cells):
    with pytest.raises(BadRows) as caught:
        plan(HEAD + cells + "\n5512,,,,Europe/Vienna,mon 08:00-18:00,,,,,\n")
    return caught.value.problems


def h(opens, closes):
    return Hours(closes_min=closes, opens_min=opens)


def test_every_column_is_understood_however_it_is_spelt():
    text = (
        HEAD + "Ab,a,01,02,Europe/Vienna,Sat-Mon 22:00-02:00; tue 8:00-12:00 13:00-26:30;wed closed,"
        "2027-12-25 CLOSED; 2027-12-24 08:00-12:00,15,45,0,25\n"
    )
    (item,) = plan(text).new
    weekend = [WeekHours(closes_min=1560, opens_min=1320, weekday=day) for day in (0, 5, 6)]
    tuesday = [WeekHours(closes_min=closes, opens_min=opens, weekday=1) for opens, closes in ((480, 720), (780, 1590))]
    assert item.row == row(
        account_id="account-2", partition="2", open_late_min=15, close_late_min=45, early_min=0, test_h=25,
        week=(weekend[0], *tuesday, *weekend[1:]),
        days=(
            DayHours(date="2027-12-24", hours=(h(480, 720),), source="by_hand"),
            DayHours(date="2027-12-25", hours=(), source="by_hand"),
        ),
    )  # fmt: skip
    assert plan("account,time_zone\n5512,Europe/Vienna\n").new[0].row == row()


SPAN = "week has hours that cannot be read; they are as 08:00-18:00, or closed"
OVER = "week it opens within the day and closes later, on the day after at the latest"
ELSEWHERE = "account AB is not at the centre with this receiver and line; it is there with others"


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ("9,,,,Europe/Vienna,,,,,,", "account 9 is not at the centre"),
        ("AB,,,,Europe/Vienna,,,,,,", ELSEWHERE),
        ("5512,,,,,,,,,,", "time_zone is missing"),
        ("5512,,,,Europe/Wien,,,,,,", "time_zone no time zone of the IANA database, such as Europe/Vienna"),
        ("5512,,,two words,UTC,,,,,,", "partition must be 1 to 6 letters and digits, as the panel sends it"),
        ("5512,,,,UTC,moon 8-9,,,,,", "week must be as in: mon-fri 08:00-12:00 13:00-18:00; sat 09:00-12:00"),
        ("5512,,,,UTC,mon 8-9,,,,,", SPAN),
        ("5512,,,,UTC,mon 08:60-09:00,,,,,", SPAN),
        ("5512,,,,UTC,mon,,,,,", "week has a day without hours; say closed where it does not open"),
        ("5512,,,,UTC,mon-fri 08:00-09:00; tue 09:00-10:00,,,,,", "week tells tue twice"),
        ("5512,,,,UTC,mon 08:00-12:00 11:00-13:00,,,,,", "week hours of a day do not overlap"),
        ("5512,,,,UTC,mon 24:00-25:00,,,,,", OVER),
        ("5512,,,,UTC,,24.12.2027 closed,,,,", "days must be as in: 2027-12-24 08:00-12:00; 2027-12-25 closed"),
        ("5512,,,,UTC,,2027-12-24 closed; 2027-12-24 closed,,,,", "days each date once"),
        ("5512,,,,UTC,,1999-12-24 closed,,,,", "days a date is as 2027-03-04"),
        ("5512,,,,UTC,,,soon,,,", "open_late_min must be a whole number"),
        ("5512,,,,UTC,,,721,,,", "open_late_min 0 to 720 minutes"),
        ("5512,,,,UTC,,,,,,0", "test_h 1 to 768 hours"),
    ],
)
def test_wrong_cell_is_named_with_its_line_and_reason(cells, reason):
    assert mistakes(cells)[0] == Problem(2, reason)


def test_account_and_partition_stand_once():
    text = HEAD + "5512,,,01,Europe/Vienna,,,,,,\n5512,,,1,Europe/Vienna,,,,,,\n"
    with pytest.raises(BadRows) as caught:
        plan(text)
    assert caught.value.problems == (Problem(3, "is of the same account and partition as line 2"),)


def test_day_of_a_calendar_stays_one_unless_the_file_changes_it():
    days = tuple(DayHours(date=f"2027-12-2{n}", hours=(), source="calendar") for n in (4, 5))
    known = [Schedule(id="schedule-9", row=row(days=days), seq=9, since=START_US)]
    text = HEAD + "5512,,,,Europe/Vienna,,2027-12-24 closed; 2027-12-25 10:00-12:00,,,,\n"
    (item,) = plan(text, known).changed
    assert [(day.date, day.source) for day in item.row.days] == [("2027-12-24", "calendar"), ("2027-12-25", "by_hand")]
    assert (item.id, item.version) == ("schedule-9", 9)


def shared(calendar, *own):
    days = (*own, *(one for at in CALENDARS if at.id == calendar for one in at.row.days))
    made = in_order(row(days=days, holidays=calendar))
    return [Schedule(id="schedule-9", row=made, seq=9, since=START_US)]


HAND = DayHours(date="2027-12-24", hours=(h(480, 720),), source="by_hand")
WITH = HEAD.replace(",days,", ",days,holidays,")


@pytest.mark.parametrize(
    ("text", "calendar", "days"),
    [
        (
            WITH + "5512,,,,Europe/Vienna,,2027-12-24 08:00-12:00,Styria,,,,\n",
            "holidays-6",
            ["2027-12-24", "2027-12-26"],
        ),
        (WITH + "5512,,,,Europe/Vienna,,2027-12-24 08:00-12:00,,,,,\n", None, ["2027-12-24"]),
        (HEAD + "5512,,,,Europe/Vienna,,,,,,\n", "holidays-5", ["2027-12-25"]),
    ],
    ids=["another one", "none", "a file without the column takes none away"],
)
def test_file_says_by_its_label_which_calendar_of_holidays_a_schedule_shares(text, calendar, days):
    (item,) = plan(text, shared("holidays-5", HAND)).changed
    assert (item.row.holidays, [day.date for day in item.row.days]) == (calendar, days)


def test_calendar_that_is_not_at_the_centre_is_a_mistake_of_its_row():
    with pytest.raises(BadRows) as caught:
        plan(WITH + "5512,,,,Europe/Vienna,,,tyrol,,,,\n")
    assert caught.value.problems == (
        Problem(2, "holidays names no calendar of holidays that is at the centre; it is made there first"),
    )


def test_export_names_the_calendar_and_leaves_its_days_to_it():
    schedules = shared("holidays-5", HAND)
    known = Known(accounts=ACCOUNTS, schedules=schedules, calendars=CALENDARS)
    for form in ("csv", "json"):
        written = export_schedules(known, form)
        assert (b"austria" in written, b"2027-12-24" in written, b"2027-12-25" in written) == (True, True, False)
        assert len(plan(written, schedules, form).same) == 1


def test_longest_schedule_fits_into_a_cell():
    hours = tuple(h(480 + 120 * n, 540 + 120 * n) for n in range(4))
    days = tuple(
        DayHours(date=f"20{n // 28:02}-01-{n % 28 + 1:02}", hours=hours, source="by_hand") for n in range(DAYS_MAX)
    )
    known = Known(accounts=ACCOUNTS, schedules=[Schedule(id="schedule-9", row=row(days=days), seq=9, since=START_US)])
    written = export_schedules(known, "csv")
    assert max(map(len, written.decode().split('"'))) < CELL_CHARACTERS_MAX
    assert len(plan(written, known.schedules).same) == 1


@st.composite
def spans(draw):
    marks = sorted(draw(st.lists(st.integers(0, 1439), max_size=6, unique=True)))
    pairs = [h(*pair) for pair in zip(marks[::2], marks[1::2], strict=False)]
    if pairs and draw(st.booleans()):  # the last goes on past midnight
        pairs[-1] = h(pairs[-1].opens_min, 1440 + draw(st.integers(0, 1440)))
    return tuple(pairs)


@st.composite
def rows(draw):
    week = tuple(
        WeekHours(closes_min=one.closes_min, opens_min=one.opens_min, weekday=day)
        for day in range(7)
        for one in draw(spans())
    )
    dates = draw(st.lists(st.dates(date(2000, 1, 1), date(2199, 12, 31)), max_size=4, unique=True))
    sources = st.sampled_from(("by_hand", "calendar", "tonight"))
    minutes = st.none() | st.integers(0, 720)
    made = row(
        account_id=draw(st.sampled_from(("account-1", "account-2"))), week=week,
        days=tuple(DayHours(date=day.isoformat(), hours=draw(spans()), source=draw(sources)) for day in dates),
        partition=draw(st.none() | st.sampled_from(("1", "2", "A7", "0"))), open_late_min=draw(minutes),
        close_late_min=draw(minutes), early_min=draw(st.integers(0, 720)), test_h=draw(st.none() | st.integers(1, 768)),
        zone=draw(st.sampled_from(("Europe/Vienna", "America/Argentina/Buenos_Aires", "Etc/GMT+5"))),
    )  # fmt: skip
    assert wrong_of(made) == []
    return in_order(made)


@given(
    st.lists(rows(), max_size=5, unique_by=lambda one: (one.account_id, one.partition)),
    st.sampled_from(["csv", "json"]),
)
def test_export_of_schedules_imported_again_changes_nothing_and_is_the_same_to_the_byte(made, form):
    known = [Schedule(id=f"schedule-{n}", row=one, seq=n, since=START_US) for n, one in enumerate(made, 1)]
    written = export_schedules(Known(accounts=ACCOUNTS, schedules=known), form)
    found = plan(written, known, form)
    assert (found.new, found.changed, len(found.same)) == ((), (), len(known))
    taken = [Schedule(id=item.id, row=item.row, seq=1, since=START_US) for item in found.same]
    assert export_schedules(Known(accounts=ACCOUNTS, schedules=taken), form) == written


# Carried out ---------------------------------------------------------------------------------------------------------


class NoSecrets(dict):
    """A vault that nothing is put into."""

    def secrets_get(self, _names):
        return {}


def at_work():
    centre = CoreAtWork()
    with centre.store.transaction() as transaction:
        transaction.put_accounts(ACCOUNTS)
    run = lambda work: work(centre.journal)  # noqa: E731 - as the centre has it
    configuration = Configuration(store=centre.store, secrets=NoSecrets(), ids=CountingIds(), run=run)
    return centre, configuration, Schedules(store=centre.store, run=run, clock=centre.clock)


def planned(configuration, text):
    known = Known(accounts=ACCOUNTS, schedules=configuration.all_schedules())
    return plan_schedules(text.encode(), "csv", known)


def test_import_sets_schedules_with_their_timers_and_what_a_rebuild_finds_is_the_same():
    centre, configuration, _ = at_work()
    text = HEAD + "5512,,,,Europe/Vienna,mon-fri 08:00-18:00,,15,15,,\nab,0A,1,2,Europe/Vienna,,,,,,25\n"
    result = configuration.import_table(planned(configuration, text), 0, "user-1")
    assert (result.new, result.changed, result.same, result.config) == (2, 0, 0, 0)
    assert [(one.row.account_id, one.row.test_h) for one in centre.store.schedules()] == [
        ("account-1", None), ("account-2", 25)
    ]  # fmt: skip
    assert len(centre.store.timers()) == 2
    again = configuration.import_table(planned(configuration, text), 0, "user-1")
    assert ((again.new, again.changed, again.same), centre.journal.head.seq) == ((0, 0, 2), 4)
    assert centre.findings() == []


def test_schedule_that_somebody_set_between_the_look_and_the_import_is_not_overwritten():
    centre, configuration, schedules = at_work()
    text = HEAD + "5512,,,,Europe/Vienna,mon-fri 08:00-18:00,,15,15,,\n"
    worked_out = planned(configuration, text)
    theirs = schedules.set(row(test_h=24), 0, "user-2")
    head = centre.journal.head
    with pytest.raises(Conflict) as caught:
        configuration.import_table(worked_out, 0, "user-1")
    assert (caught.value.code, centre.store.schedules(), centre.journal.head) == ("config.changed", [theirs], head)
    changed = msgspec.structs.replace(worked_out, new=(), changed=())
    assert configuration.import_table(changed, 0, "user-1").new == 0


def test_calendar_that_was_changed_since_the_file_was_looked_at_gives_its_days_as_they_are_now():
    """Else the schedule would have yesterday's days until somebody changes the calendar again."""
    centre, configuration, _ = at_work()
    holidays = HolidayCalendars(store=centre.store, run=lambda work: work(centre.journal))
    made = holidays.set(None, CALENDARS[0].row, 0, "user-1")
    looked = plan_schedules(
        (WITH + "5512,,,,Europe/Vienna,,,austria,,,,\n").encode(), "csv",
        Known(accounts=ACCOUNTS, schedules=(), calendars=holidays.all()),
    )  # fmt: skip
    assert [day.date for day in looked.new[0].row.days] == ["2027-12-25"]
    holidays.set(made.id, CALENDARS[1].row, made.seq, "user-2")
    configuration.import_table(looked, 0, "user-1")
    assert [[day.date for day in one.row.days] for one in centre.store.schedules()] == [["2027-12-26"]]
    assert centre.findings() == []
