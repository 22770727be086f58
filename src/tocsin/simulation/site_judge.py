"""What must be true where a whole site is said to be lost: nothing of it was heard, and somebody had armed it.

It goes by the facts alone, and asks nothing of the product's own rules.
"""

from collections.abc import Collection, Mapping
from typing import Any, Final

from tocsin.model.supervision import SUPERVISION_MISSING
from tocsin.model.values import Code, Micros, Ref, Seq
from tocsin.simulation.machine import SECOND_US
from tocsin.simulation.panels import Panel, interval_limit_s

ALL_PATHS: Final = "INT-ALLPATHS"
BETWEEN_S: Final = 30.0
"""So long a fact may wait for the disk, and a signal of the account come before it."""

SURE_S: Final = 60.0
KINDS: Final = frozenset({SUPERVISION_MISSING, Code("clock.stepped"), Code("centre.started")})


class SiteEnd:
    """Reads which sites were said to be lost, entry by entry."""

    def __init__(self, panels: Mapping[str, Panel], site_of: Mapping[str, Ref]) -> None:
        """Compare with what those outside know: panels and sites by account number."""
        self._panels = panels
        self._site_of = site_of
        self._heard_at: dict[str, Micros] = {}
        """By account: its newest signal since the clock or the process began anew."""
        self._closed: set[str] = set()
        self._together: dict[Seq, set[str]] = {}
        self.found: list[str] = []
        self.lost = 0
        """Paths whose whole site was lost."""

    def signal(self, account: str, code: str, received_at: Micros) -> None:
        """An account was heard."""
        self._heard_at[account] = received_at
        if code == "CL":
            self._closed.add(account)

    def missing(self, seq: Seq, at: Micros, paths: Collection[Mapping[str, Any]]) -> None:
        """Paths were not heard."""
        self._together[seq] = {path["account"] for path in paths if path["together"]}
        for path in paths:
            if not path.get("of_site", False):
                continue
            self.lost += 1
            for account in self._beside(path["account"]):
                self._look(path["account"], account, at)

    def begun_anew(self) -> None:
        """The clock was set, or the centre has started: what was heard before proves nothing."""
        self._heard_at.clear()

    def opened(self, number: int, account: str, cause: Seq | None) -> None:
        """An incident was opened for all paths of a site or an account."""
        if cause is None or account not in self._together.get(cause, ()):
            self.found.append(f"incident {number} says that all paths were lost together, and no fact says so.")
        if not self._closed & {account, *self._beside(account)}:
            self.found.append(f"incident {number} says that an armed site was lost, and nobody had armed it.")

    def _beside(self, account: str) -> list[str]:
        site = self._site_of.get(account)
        return [one for one, at in self._site_of.items() if one != account and at == site]

    def _look(self, lost: str, account: str, at: Micros) -> None:
        panel, heard_at = self._panels.get(account), self._heard_at.get(account)
        if panel is None or heard_at is None or not panel.setup.interval_s:
            return
        silent_s = (at - heard_at) / SECOND_US
        if BETWEEN_S < silent_s < interval_limit_s(panel.setup.interval_s) - SURE_S:
            self.found.append(
                f"the site of account {lost} was said to be lost altogether, and its account {account} had been heard "
                f"{silent_s:.0f} s before."
            )


__all__ = ["SiteEnd"]
