"""The machine's clock, with jumps that a test asks for."""

from support.fakes import ManualClock
from tocsin.system import SystemClock


class Jumping(ManualClock):
    """The machine's own clock, and so many seconds on."""

    def __init__(self):
        super().__init__(0)
        self._own = SystemClock()

    def now_us(self):
        return self._own.now_us() + self.wall_us

    def monotonic_s(self):
        return self._own.monotonic_s() + self.since_s
