"""What the time line says of a help note that is looked at again."""

import pytest

from tocsin.model.escalation import IncidentLookAgain
from tocsin.rules.catalogue import shipped_catalogue
from tocsin.rules.words import tell

SAID = {
    ("written", 0): "The help note is about somebody missing: it is to be looked at again in 12 hours.",
    ("confirmed", 0): "{user-7} looked at the help note again: it is right as it is.",
    ("due", 0): "The help note must be looked at again.",
    ("due", 9_060): "The help note must be looked at again. This came 02:31:00 late: the centre stood still.",
    ("due", 273_600): "The help note must be looked at again. This came 3 d 04:00:00 late: the centre stood still.",
    ("withdrawn", 0): "The help note need not be looked at again.",
}


@pytest.mark.parametrize(("reason", "late_s"), SAID)
def test_time_line_says_what_became_of_it_and_how_late(reason, late_s):
    body = IncidentLookAgain(exercise=False, late_s=late_s, reason=reason)
    assert tell(body, "user-7", shipped_catalogue()) == SAID[reason, late_s]
