"""A held centre with a desk, a supervisor and two operators, by a clock that moves when told."""

from support.escalations import BOSS, Room
from tocsin.centre.shifts import Shifts, Wanted
from tocsin.centre.zones_out import WantedOut

SECOND = 1_000_000
HOUR = 3600 * SECOND
BO = "user-3"


class Desks(Room):
    """A room with a supervisor (user-1), two operators and a desk."""

    def __init__(self, made):
        super().__init__(made)
        self.users(user_1=("supervisor",), user_2=("operator",), user_3=("operator",), user_4=("auditor",))
        self.shifts = self.centre.shifts
        self.desk = self.add("north")

    def add(self, label, hazards=(), priorities=(), id_=None):
        return self.shifts.set_desk(id_, Wanted(hazards=hazards, label=label, priorities=priorities), BOSS).id

    def shifts_with(self, handle):
        """The same shifts, whose claims pass another way."""
        return Shifts(
            store=self.store,
            run=lambda work: work(self.made.journal),
            clock=self.clock,
            rosters=self.centre.rosters,
            handle=handle,
        )

    def until(self, hours=8):
        return self.clock.now_us() + hours * HOUR

    def begin(self, user, desk=None):
        return self.shifts.begin(desk or self.desk, self.until(), user).id

    def take_out(self, *zones, account="1009"):
        """Zones of an account that is made for it, out of service for as long as a shift; their name."""
        self.made.add(f"account,site\n{account},Old Depot\n".encode())
        account_id = next(one.id for one in self.store.accounts() if one.row.account == account)
        wanted = WantedOut(account_id=account_id, not_live=(), reason="detector_fault", until=self.until(), zones=zones)
        return self.centre.zones_out.take_out(wanted, BOSS).id

    def on(self):
        return [(one.user, one.desk) for one in self.store.shifts()]

    def duty(self, user):
        found = self.store.reach(user)
        return found[0].row.on_duty_until if found else None
