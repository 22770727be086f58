"""Has reports made in a process beside the event loop."""

from typing import Final

import msgspec

from tocsin.model.errors import BadInput
from tocsin.reports.figures_form import REFUSED
from tocsin.web.form_worker import FormWorker

MAKE_S: Final = 30.0


class ReportMaker(FormWorker):
    """Runs the process. The event loop owns it."""

    def __init__(self, make_s: float = MAKE_S) -> None:
        """Begin with none under way; one may take `make_s` seconds."""
        super().__init__(
            "tocsin.reports.worker",
            noun="report",
            make_s=make_s,
            remedy="Try again; where it fails again, the machine has too much to do",
        )

    async def make(self, form: bytes) -> bytes:
        """Return the report that is made of a form.

        Raises:
            TooMany, CentreFault: as `FormWorker.make`.
            BadInput: there is nothing to make one of.
        """
        made = await super().make(form)
        if made.startswith(REFUSED):
            code, message = msgspec.json.decode(made.removeprefix(REFUSED), type=tuple[str, str])
            raise BadInput(message, code)
        return made
