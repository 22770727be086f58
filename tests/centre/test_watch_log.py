"""The watch log: what was written stays as it was written, is found by day, and is gone 90 days after its day."""

import msgspec
import pytest

from support.centres import held, make_folder, rows
from support.cores import rebuild_findings
from support.escalations import ANA, BOSS
from support.fakes import ManualClock
from support.shifts import BO, HOUR, Desks
from tocsin.centre import watch_log
from tocsin.centre.watch_log import day_of, erased_at
from tocsin.model.errors import BadInput, Conflict
from tocsin.model.retention import DAY_US
from tocsin.model.watch_log import DAY_MAX, LOGGED, WORDS_MAX
from tocsin.store.schema import IS_LOGGED
from tocsin.system import SystemClock

EVER = 2**53 - 1


@pytest.fixture
def folder(tmp_path):
    return make_folder(tmp_path / "centre")


@pytest.fixture
def room(folder):
    with held(folder, clock=ManualClock(SystemClock().now_us())) as made:
        one = Desks(made)
        yield one
        assert rebuild_findings(one.store) == []


def lines(room, who=BO, since=0, until=EVER, before=None, limit=100):
    """Kind, actor and words of each line, newest first."""
    page, said = room.centre.watch_log.page(who, before=before, since=since, until=until, limit=limit)
    found = [
        (
            one.row.kind,
            msgspec.json.decode(one.row.entry)["actor"],
            said[one.row.seq].text if one.row.seq in said else None,
        )
        for one in page.entries
    ]
    return found, page


def test_lines_of_people_stand_between_what_the_centre_did_itself_newest_first(room):
    shift = room.begin(ANA)
    room.centre.watch_log.write("  Gate 4 reports a lorry.  ", None, ANA)
    room.shifts.offer(shift, BO, ANA)
    room.shifts.accept(shift, room.until(), BO)
    found, page = lines(room)
    assert found[:5] == [
        ("shift.begun", BO, None),
        ("shift.ended", BO, None),
        ("shift.offered", ANA, None),
        ("watch.noted", ANA, "Gate 4 reports a lorry."),
        ("shift.begun", ANA, None),
    ]
    assert {one.row.kind for one in page.entries} <= set(LOGGED)


def test_correction_is_a_line_of_its_own_and_the_line_that_was_wrong_stays(room):
    wrong = room.centre.watch_log.write("Gate 5 is shut.", None, ANA)
    room.centre.watch_log.write("Gate 4, not 5.", wrong, BO)
    assert [text for kind, _, text in lines(room)[0] if kind == "watch.noted"] == ["Gate 4, not 5.", "Gate 5 is shut."]
    assert [fact["body"]["corrects"] for fact in room.facts("watch.noted")] == [None, wrong]
    for nothing in (wrong + 1, 1, 10**15):
        with pytest.raises(BadInput) as caught:
            room.centre.watch_log.write("words", nothing, BO)
        assert caught.value.code == "watch.unknown"


def test_pages_follow_each_other_without_loss_and_a_day_holds_its_own_lines_alone(room):
    first = room.clock.now_us()
    for number in range(7):
        room.centre.watch_log.write(f"line {number}", None, ANA)
        room.clock.advance(1)
    room.clock.advance(86_400)
    second = room.clock.now_us()
    room.centre.watch_log.write("next day", None, ANA)
    seen, before = [], None
    while True:
        found, page = lines(room, since=first, before=before, limit=3)
        seen += [text for kind, _, text in found if kind == "watch.noted"]
        before = page.next
        if before is None:
            break
    assert seen == ["next day", *(f"line {number}" for number in range(6, -1, -1))]
    assert [text for _, _, text in lines(room, since=second)[0]] == ["next day"]
    assert "next day" not in str(lines(room, since=first, until=second)[0])


def test_words_lie_sealed_and_whoever_reads_them_is_a_fact_once_a_quarter_of_an_hour(room, folder):
    secret = "Zimmermann rang twice"
    room.centre.watch_log.write(secret, None, ANA)
    for _ in range(2):
        lines(room, who=BOSS)
    read = room.facts("vault.read")
    assert [(one["actor"], one["ref"], one["body"]["what"]) for one in read] == [
        (BOSS, day_of(room.clock.now_us()), "watch_log")
    ]
    assert secret not in str([bytes(row[0]) for row in rows(folder.database_path, "SELECT entry FROM journal")])
    room.centre.watch_log.export(BOSS, since=0, until=EVER)
    room.centre.watch_log.export(BOSS, since=0, until=EVER)
    assert [one["body"]["reason"] for one in room.facts("vault.read")] == ["handling", "export", "export"]


def test_what_was_written_is_erased_90_days_after_its_day_and_the_line_stays(room):
    written = room.clock.now_us()
    room.centre.watch_log.write("Gate 4 reports a lorry.", None, ANA)
    room.clock.advance((erased_at(written) - written) / 1_000_000 - 60)
    room.centre.timers.run_due(room.made.journal, room.clock.now_us(), is_clock_sure=True)
    assert lines(room)[0][0][2] == "Gate 4 reports a lorry."
    room.clock.advance(61)
    room.centre.timers.run_due(room.made.journal, room.clock.now_us(), is_clock_sure=True)
    assert [line for line in lines(room)[0] if line[0] == "watch.noted"] == [("watch.noted", ANA, None)]
    (fact,) = room.facts("watch.erased")
    assert (fact["ref"], fact["body"]["values"], len(fact["body"]["keys"])) == (day_of(written), 1, 1)
    assert erased_at(written) - written > 90 * DAY_US


def test_empty_and_overlong_words_are_refused_and_a_day_has_room_for_so_many(room):
    for text in ("", "   ", "x" * (WORDS_MAX + 1)):
        with pytest.raises(BadInput) as caught:
            room.centre.watch_log.write(text, None, ANA)
        assert caught.value.code == "watch.text"
    assert room.centre.watch_log.write("x" * WORDS_MAX, None, ANA)
    with room.store.transaction() as transaction:
        (value,) = room.store.values(day_of(room.clock.now_us()))
        transaction.put_values(
            [msgspec.structs.replace(value, ref=f"value-{number:064}") for number in range(DAY_MAX - 1)]
        )
    with pytest.raises(Conflict) as caught:
        room.centre.watch_log.write("one more", None, ANA)
    assert caught.value.code == "watch.full"


def test_more_lines_than_a_file_takes_are_refused_with_what_to_do(room):
    room.made.journal.record([_sound() for _ in range(watch_log.EXPORTED_MAX + 1)])
    with pytest.raises(BadInput) as caught:
        room.centre.watch_log.export(BOSS, since=0, until=EVER)
    assert caught.value.code == "watch.export"
    assert len(room.centre.watch_log.export(BOSS, since=0, until=room.clock.now_us() - HOUR)[0]) == 0


def _sound():
    from tocsin.model.journal import Fact, SoundChecked

    return Fact(kind="desk.sound_checked", body=SoundChecked(heard=True), actor=ANA)


def test_log_is_found_by_its_own_index_however_many_signals_lie_between_its_lines(room, folder):
    sql = f"EXPLAIN QUERY PLAN SELECT seq FROM journal WHERE {IS_LOGGED} AND at >= 0 ORDER BY seq DESC LIMIT 50"
    (plan,) = rows(folder.database_path, sql)
    assert "USING INDEX journal_logged" in plan[-1]
