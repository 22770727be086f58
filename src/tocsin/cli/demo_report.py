"""The demo's one report of staff on duty: a simulated phone sends it, as the phone page does, and it says so of itself.

The phone's clock was never set, and the report lay on it for four minutes: neither decides anything. The same report
again opens nothing: it has one id.
"""

from pathlib import Path
from typing import Final

from tocsin.cli.demo_call import signed_in

REPORT_S: Final = 150.0
"""So long after the demo began: its call has come by then."""

REPORT: Final = {
    "type": "MED-INJURY",
    "typed_at": 60_000_000,
    "sent_at": 300_000_000,
    "where": "SIMULATED PHONE: quay 3, beside the crane",
    "said": "Somebody slipped on the quay. Awake, the ankle hurts.",
}


def send_report(folder: Path, web: str, name: str) -> None:
    """Sign in as somebody of the demo, and report.

    Raises:
        CentreFault: the centre refused it.
        OSError: it does not answer; trying again can help.
    """
    with signed_in(folder, web, name) as post:
        post("/api/v1/duty/reports", "demo-phone-report", REPORT)
