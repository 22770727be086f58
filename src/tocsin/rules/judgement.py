"""The parameters that judgement goes by: which signals belong together, what confirms, what chatters.

Tables by hazard class, written by people and read aloud; nothing is learned. A centre may change them within ranges
(`rules.parameters`). Source: SCOPE.md, Decisions; STANDARDS.md 3.5; decision 0045.
"""

from typing import Final, Literal

import msgspec

from tocsin.model.catalogue import HazardClass
from tocsin.rules.classify import UNCLASSIFIED

Needs = Literal["zone", "account", "nothing"]
"""What confirms: another zone or another account; another account alone; nothing does."""

Scope = Literal["site", "account", "zone"]
"""Where a signal must come from to join: the same site (else the same account), the same account, or the same zone of
it."""

Same = Literal["hazard", "hazard_not_more_urgent", "type", "type_not_more_urgent"]
"""What it must say: the same hazard class; the same class, and nothing more urgent than the incident is, unless it is
of its type; the same type; the same type, and nothing more urgent. An unknown account's: always the same type."""


class Correlation(msgspec.Struct, frozen=True, gc=False):
    """Which open incident a signal of priority 1 to 4 joins."""

    scope: Scope
    same: Same
    window_s: int
    """Seconds since the incident's latest alarm or fault."""


CORRELATIONS: Final[dict[HazardClass, Correlation]] = {
    # Fire spreads through a building and trips one detector after the other; half an hour of silence is another fire.
    "fire": Correlation("site", "hazard", 1_800),
    "explosion": Correlation("site", "hazard", 1_800),
    # Fuel gas and carbon monoxide ask for different help, though both are of this class.
    "hazmat": Correlation("site", "type", 1_800),
    # Water runs on for hours, from floor to floor, and nobody is in danger by a detector more.
    "flood_weather": Correlation("site", "type", 7_200),
    # Somebody walks through a house within minutes. A break-in never hides in a door held open, or in late arming.
    "intrusion": Correlation("site", "hazard_not_more_urgent", 1_200),
    # One button pressed twice is one patient; the next room is another.
    "medical": Correlation("zone", "hazard", 600),
    "rescue": Correlation("zone", "type", 900),
    "welfare_check": Correlation("zone", "type", 1_800),
    # The same counter pressed twice is one hold-up. A silent one never joins a loud one, since that may be handled by
    # calling the premises; their types part them.
    "robbery_holdup": Correlation("account", "type", 900),
    "collision": Correlation("zone", "type", 900),
    "utility": Correlation("site", "type", 7_200),
    # Faults come and go for days; one incident a fault and account is what an engineer is sent for.
    "technical": Correlation("account", "type", 86_400),
    # No machine opens these four (CODES.md, rule 10). Should one ever, nothing is merged.
    "violence": Correlation("zone", "type", 0),
    "theft": Correlation("zone", "type", 0),
    "missing_person": Correlation("zone", "type", 0),
    "trafficking_kidnap": Correlation("zone", "type", 0),
}
"""By hazard class of the signal."""

CORRELATIONS_BY_TYPE: Final[dict[str, Correlation]] = {
    # It could be anything: the next zone may be the fire.
    UNCLASSIFIED: Correlation("zone", "type_not_more_urgent", 900),
}
"""Types that differ from their class."""


class Confirmation(msgspec.Struct, frozen=True, gc=False):
    """What a second detector must be, and how soon it must say so, to confirm an incident."""

    needs: Needs
    window_s: int
    """Seconds since the incident's latest alarm."""


CONFIRMATIONS: Final[dict[HazardClass, Confirmation]] = {
    "fire": Confirmation("zone", 1_800),
    "explosion": Confirmation("zone", 1_800),
    "hazmat": Confirmation("zone", 1_800),
    "flood_weather": Confirmation("zone", 7_200),
    # Somebody who walks through a house passes the next detector within minutes.
    "intrusion": Confirmation("zone", 1_200),
    "medical": Confirmation("zone", 600),
    "rescue": Confirmation("zone", 900),
    "welfare_check": Confirmation("zone", 1_800),
    "robbery_holdup": Confirmation("zone", 900),
    "collision": Confirmation("zone", 900),
    "utility": Confirmation("zone", 7_200),
    # A second fault proves nothing about the first.
    "technical": Confirmation("nothing", 0),
    # A person's report: no machine confirms it.
    "violence": Confirmation("nothing", 0),
    "theft": Confirmation("nothing", 0),
    "missing_person": Confirmation("nothing", 0),
    "trafficking_kidnap": Confirmation("nothing", 0),
}
"""By hazard class of the incident."""


class Chatter(msgspec.Struct, frozen=True, gc=False):
    """When a detector chatters, and when it has ceased to. Source: ISA-18.2, STANDARDS.md 3.5."""

    alarms: int
    """So many alarms of one detector within the window, the first of the incident among them."""
    window_s: int
    quiet_s: int
    """So long without any signal of it, and it chatters no more."""
    runaway_alarms: int
    """So many alarms of one detector within `runaway_s`, and it runs away: a fault of its account (`rules.runaway`)."""
    runaway_s: int


class AreaMains(msgspec.Struct, frozen=True, gc=False):
    """When mains failures are of an area, and how long later ones belong to it."""

    accounts: int
    """So many places within the window."""
    window_s: int
    joins_s: int
    """Seconds since the latest one of the area."""


class Flood(msgspec.Struct, frozen=True, gc=False):
    """When alarms are a flood. Source: ISA-18.2, EEMUA 191, STANDARDS.md 3.5."""

    begins: int
    """More than so many incidents announced within the window, for each staffed desk."""
    ends: int
    """Over below so many."""
    window_s: int


class Judgement(msgspec.Struct, frozen=True, kw_only=True):
    """All parameters of judgement. What ships is JUDGEMENT; a centre may change numbers of it within ranges."""

    area_mains: AreaMains
    chatter: Chatter
    confirmations: dict[HazardClass, Confirmation]
    correlations: dict[HazardClass, Correlation]
    correlations_by_type: dict[str, Correlation]
    flood: Flood
    returned_s: int
    """A detector that alarms again so soon after its incident was closed is said to have come back."""


JUDGEMENT: Final = Judgement(
    # By chance five of ten thousand accounts, each without mains once a year, do so within five minutes once in ten
    # thousand years; five neighbours do it in every storm.
    area_mains=AreaMains(accounts=5, window_s=300, joins_s=1_800),
    # One alarm each ten seconds for ten minutes is no happening; a door that somebody walks through is not so busy.
    chatter=Chatter(alarms=3, window_s=60, quiet_s=300, runaway_alarms=60, runaway_s=600),
    confirmations=CONFIRMATIONS,
    correlations=CORRELATIONS,
    correlations_by_type=CORRELATIONS_BY_TYPE,
    flood=Flood(begins=10, ends=5, window_s=600),
    returned_s=3_600,
)
