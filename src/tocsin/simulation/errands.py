"""What somebody wants done, one thing at a time: whoever gets no answer asks for the same again, as at a screen."""

from collections.abc import Callable

from tocsin.model.errors import CentreFault, Refused
from tocsin.simulation.host import SimulatedService

Errand = Callable[[SimulatedService], object]
"""What is done; it returns what the centre said."""


class Errands:
    """One person's, of one kind."""

    def __init__(self) -> None:
        """Want nothing yet."""
        self._errand: Errand | None = None
        self.refused = 0
        """Times that somebody was quicker, or that it could not be."""

    def go(
        self,
        service: SimulatedService,
        want: Callable[[], Errand | None],
        done: Callable[[object], None] = lambda _said: None,
    ) -> bool:
        """Do what was not answered yet, else what they `want` now; `done` is told what was said. False: nothing."""
        if self._errand is None:
            self._errand = want()
        if self._errand is None:
            return False
        try:
            said = self._errand(service)
        except CentreFault:
            return True  # the screen says that it could not be done: again
        except Refused:
            self.refused += 1
        else:
            done(said)
        self._errand = None
        return True
