"""How much one sender may make us store for accounts that we do not have (DC09.md section 13)."""

from collections import OrderedDict
from typing import Final

SENDERS_MAX: Final = 10_000
_MINUTE_S: Final = 60.0
_HOUR_S: Final = 3600.0


class _Spent:
    __slots__ = ("began_s", "count", "is_over")

    def __init__(self, began_s: float) -> None:
        self.began_s = began_s
        self.count = 0
        self.is_over = False


class SenderBudget:
    """Counts signals of unknown accounts by sender's address, a minute at a time."""

    def __init__(self, per_minute: int) -> None:
        """Allow so many a minute."""
        self._per_minute = per_minute
        self._spent: OrderedDict[str, _Spent] = OrderedDict()
        self._told_s: OrderedDict[str, float] = OrderedDict()

    def spend(self, host: str, signals: int, now_s: float) -> bool:
        """Take from a sender's budget; False where it is used up, and nothing was taken."""
        spent = self._current(host, now_s)
        if spent.count + signals > self._per_minute:
            spent.is_over = True
            return False
        spent.count += signals
        return True

    def is_news(self, host: str, now_s: float) -> bool:
        """That this sender used up its budget was not told within the last hour."""
        if self._told_s.get(host, now_s) > now_s:
            return False
        self._told_s[host] = now_s + _HOUR_S
        self._told_s.move_to_end(host)
        if len(self._told_s) > SENDERS_MAX:
            self._told_s.popitem(last=False)
        return True

    def waits_s(self, host: str, now_s: float) -> float:
        """Seconds until a sender whose budget is used up is read again; 0 for any other."""
        spent = self._spent.get(host)
        if spent is None or not spent.is_over:
            return 0.0
        return max(0.0, spent.began_s + _MINUTE_S - now_s)

    def _current(self, host: str, now_s: float) -> _Spent:
        spent = self._spent.get(host)
        if spent is None or now_s - spent.began_s >= _MINUTE_S:
            spent = _Spent(now_s)
            self._spent[host] = spent
            self._spent.move_to_end(host)
            if len(self._spent) > SENDERS_MAX:
                self._spent.popitem(last=False)
        return spent
