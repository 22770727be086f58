"""What is written when a schedule is set or ends: its fact, its row, and the timer of what falls due next."""

import msgspec

from tocsin.centre.schedule_core import id_of_schedule
from tocsin.centre.schedule_times import next_check
from tocsin.centre.timers import set_timer
from tocsin.model.journal import Fact
from tocsin.model.ports import Appender, StoreTransaction
from tocsin.model.schedules import SCHEDULE_DUE, SCHEDULE_SET, Schedule, ScheduleRow
from tocsin.model.values import Actor, Code, Ref


def put_schedule(
    transaction: StoreTransaction, appender: Appender, row: ScheduleRow, id_: Ref | None, actor: Actor | None
) -> Schedule:
    """Append the fact, write the table, and set the timer of what falls due next from now on."""
    seq = appender.append(Fact(kind=SCHEDULE_SET, body=row, ref=id_, actor=actor))
    made = Schedule(id=id_ or id_of_schedule(seq), row=row, seq=seq, since=appender.at)
    transaction.put_schedules([made])
    due_at = next_check(row, appender.at, appender.at)
    if due_at is not None or transaction.timer(SCHEDULE_DUE, made.id) is not None:
        set_timer(transaction, appender, SCHEDULE_DUE, made.id, due_at, Code("schedule"), actor=actor)
    return made


def end_schedule(transaction: StoreTransaction, appender: Appender, old: Schedule, actor: Actor | None) -> None:
    """Append the fact that there is none any more, drop its row and end its timer."""
    row = msgspec.structs.replace(old.row, days=(), removed=True, week=())
    seq = appender.append(Fact(kind=SCHEDULE_SET, body=row, ref=old.id, actor=actor))
    transaction.put_schedules([msgspec.structs.replace(old, row=row, seq=seq)])
    if transaction.timer(SCHEDULE_DUE, old.id) is not None:
        set_timer(transaction, appender, SCHEDULE_DUE, old.id, None, Code("removed"), actor=actor)
