"""Every coded reason that the rules give: why an incident was opened, why a signal joined one, why it was filed.

`rules.words` has the sentence for each; a test compares.
"""

from typing import Final

from tocsin.model.values import Code

# Why a signal has its type and priority (`classify`); with priority 1 to 4, why its incident was opened.
BY_CODE: Final = Code("by_code")
BY_ZONE: Final = Code("by_zone")
BY_ZONE_PRIORITY: Final = Code("by_zone_priority")
DISPUTED: Final = Code("disputed")
DISPUTED_UNKNOWN_CODE: Final = Code("disputed_unknown_code")
NO_EVENT: Final = Code("no_event")
QUARANTINED: Final = Code("quarantined")
"""A rule failed on the signal (`rules.notices`)."""

UNKNOWN_CODE: Final = Code("unknown_code")
UNKNOWN_CODE_CAUTION: Final = Code("unknown_code_caution")
UNKNOWN_CODE_SILENT: Final = Code("unknown_code_silent")
UNKNOWN_CODE_ZONE: Final = Code("unknown_code_zone")
ACTIVE_AFTER_TEST: Final = Code("active_after_test")
"""It was still active when a test ended (`rules.on_test`)."""

ACTIVE_BACK_IN_SERVICE: Final = Code("active_back_in_service")
"""It was still active when its zone was put back into service (`rules.on_test`)."""

AREA_MAINS: Final = Code("area_mains")
"""Many accounts lost their mains within minutes (`rules.area`)."""

OPENING: Final = frozenset(
    {
        AREA_MAINS,
        ACTIVE_AFTER_TEST,
        ACTIVE_BACK_IN_SERVICE,
        BY_CODE,
        BY_ZONE,
        BY_ZONE_PRIORITY,
        DISPUTED,
        DISPUTED_UNKNOWN_CODE,
        NO_EVENT,
        UNKNOWN_CODE,
        UNKNOWN_CODE_CAUTION,
        UNKNOWN_CODE_SILENT,
        UNKNOWN_CODE_ZONE,
    }
)

# Why the centre opened one for the control room itself, and what joined it (`rules.hold_up`).
ROOM_HELD_UP: Final = Code("room_held_up")
HELD_UP_AGAIN: Final = Code("held_up_again")

HOLD_UP: Final = frozenset({ROOM_HELD_UP, HELD_UP_AGAIN})

# Why a person's report opened one (`rules.reporting`).
REPORTED_BY_CALL: Final = Code("reported_by_call")
REPORTED_BY_STAFF: Final = Code("reported_by_staff")

MISSED_CHECK_IN: Final = Code("missed_check_in")

REPORTING: Final = frozenset({MISSED_CHECK_IN, REPORTED_BY_CALL, REPORTED_BY_STAFF})

# Why the centre opened one for paths that were not heard (`rules.supervision`).
OVERDUE: Final = Code("overdue")
SOURCE_SILENT: Final = Code("source_silent")
LOST_PATH: Final = Code("lost_path")
LOST_ALL_PATHS: Final = Code("lost_all_paths")
LOST_SITE: Final = Code("lost_site")
LOST_RECEIVER: Final = Code("lost_receiver")
LOST_TRANSPORT: Final = Code("lost_transport")
LOST_NETWORK: Final = Code("lost_network")

OUTAGES: Final = frozenset(
    {OVERDUE, SOURCE_SILENT, LOST_PATH, LOST_ALL_PATHS, LOST_SITE, LOST_RECEIVER, LOST_TRANSPORT, LOST_NETWORK}
)
# What became of such an incident.
LOST_AGAIN: Final = Code("lost_again")
LOST_MORE: Final = Code("lost_more")
HEARD_AGAIN: Final = Code("heard_again")
UNWATCHED: Final = Code("unwatched")

WATCHING: Final = frozenset({LOST_AGAIN, LOST_MORE, HEARD_AGAIN, UNWATCHED})

# Why the centre opened one since a schedule was not kept (`rules.schedules`).
NOT_OPENED: Final = Code("not_opened")
NOT_CLOSED: Final = Code("not_closed")
NOT_TESTED: Final = Code("not_tested")
NOT_OPENED_TOLD_LATE: Final = Code("not_opened_told_late")
NOT_CLOSED_TOLD_LATE: Final = Code("not_closed_told_late")
NOT_TESTED_TOLD_LATE: Final = Code("not_tested_told_late")
OPENED_OUTSIDE: Final = Code("opened_outside")

SCHEDULE: Final = frozenset(
    {
        NOT_OPENED,
        NOT_CLOSED,
        NOT_TESTED,
        NOT_OPENED_TOLD_LATE,
        NOT_CLOSED_TOLD_LATE,
        NOT_TESTED_TOLD_LATE,
        OPENED_OUTSIDE,
    }
)
# Why the centre opened one for a detector that goes on and on, and what became of it (`rules.runaway`).
RUNAWAY: Final = Code("runaway")
RUNAWAY_MORE: Final = Code("runaway_more")
RUNAWAY_CALM: Final = Code("runaway_calm")

RUNAWAYS: Final = frozenset({RUNAWAY, RUNAWAY_MORE, RUNAWAY_CALM})
# What became of an incident of a schedule.
OPENED_LATE: Final = Code("opened_late")
CLOSED_LATE: Final = Code("closed_late")
CLOSED_AGAIN: Final = Code("closed_again")
TESTED_LATE: Final = Code("tested_late")

KEPT_LATE: Final = frozenset({OPENED_LATE, CLOSED_LATE, CLOSED_AGAIN, TESTED_LATE})

# Why an alarm or fault joined an open incident.
SAME_POINT: Final = Code("same_point")
SAME_ZONE: Final = Code("same_zone")
SAME_ACCOUNT: Final = Code("same_account")
SAME_SITE: Final = Code("same_site")
SAME_UNKNOWN_ACCOUNT: Final = Code("same_unknown_account")
SAME_DISPUTED_ACCOUNT: Final = Code("same_disputed_account")
STILL_PRESENT: Final = Code("still_present")
MERGED_HERE: Final = Code("merged_here")
"""It belongs to an incident that was merged into this one."""

AREA_MAINS_JOINED: Final = Code("area_mains_joined")
"""One account more lost its mains, shortly after many others."""

CHATTERING: Final = Code("chattering")
"""The detector begins to chatter with it (`rules.chatter`)."""

FOLDED: Final = Code("folded")
"""It is counted with the others of a detector that chatters."""

COUNTED_IN_FAULT: Final = Code("counted_in_fault")
"""It is counted in the fault of its detector, which runs away: somebody closed the incident in which it was."""

# Why information joined one.
RESTORED: Final = Code("restored")
RESTORED_NOTHING: Final = Code("restored_nothing")
CANCELLED: Final = Code("cancelled")
DISARMED: Final = Code("disarmed")
INFORMATION: Final = Code("information")

JOINING: Final = frozenset(
    {
        SAME_POINT,
        SAME_ZONE,
        SAME_ACCOUNT,
        SAME_SITE,
        SAME_UNKNOWN_ACCOUNT,
        SAME_DISPUTED_ACCOUNT,
        STILL_PRESENT,
        AREA_MAINS_JOINED,
        MERGED_HERE,
        CHATTERING,
        FOLDED,
        COUNTED_IN_FAULT,
        RESTORED,
        RESTORED_NOTHING,
        CANCELLED,
        DISARMED,
        INFORMATION,
    }
)

# Why people or the centre regrouped incidents (`rules.regroup`).
MERGED_BY_PERSON: Final = Code("merged_by_person")
MERGED_AS_AREA: Final = Code("merged_as_area")
"""The centre did it: it is the mains of an area."""

SPLIT_OFF: Final = Code("split_off")
SPLIT_UNDONE: Final = Code("split_undone")

REGROUPING: Final = frozenset({MERGED_AS_AREA, MERGED_BY_PERSON, SPLIT_OFF, SPLIT_UNDONE})

# Why a signal was filed.
FILED_TEST: Final = Code("filed_test")
FILED_OPEN: Final = Code("filed_open")
FILED_CLOSE: Final = Code("filed_close")
FILED_BYPASS: Final = Code("filed_bypass")
FILED_RESTORAL: Final = Code("filed_restoral")
FILED_UNKNOWN_RESTORAL: Final = Code("filed_unknown_restoral")
FILED_CANCEL: Final = Code("filed_cancel")
FILED_INFORMATION: Final = Code("filed_information")
UNKNOWN_ACCOUNT_QUEUE: Final = Code("unknown_account_queue")

FILING: Final = frozenset(
    {
        FILED_TEST,
        FILED_OPEN,
        FILED_CLOSE,
        FILED_BYPASS,
        FILED_RESTORAL,
        FILED_UNKNOWN_RESTORAL,
        FILED_CANCEL,
        FILED_INFORMATION,
        UNKNOWN_ACCOUNT_QUEUE,
    }
)
