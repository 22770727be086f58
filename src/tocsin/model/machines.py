"""What a machine may say: its words, the units of its numbers, and what no machine says (INTEGRATIONS.md, section 0).

All of it is constant: no setting reaches it. A word stands for a code of Contact ID, so that everything that knows
what a panel's code means knows what a machine's word means (decision 0065).
"""

import re
from typing import Final, get_args

import msgspec

from tocsin.model.catalogue import HazardClass
from tocsin.model.values import Code, Unit, Words

TEXT_MAX: Final = 120
"""Characters that are kept of a machine's text, sealed."""

DEVICE_MAX: Final = 16
"""Letters and digits of a device's name, as of a zone's number."""

GIVEN_ID_MAX: Final = 300
VALUES_MAX: Final = 8
"""Numbers of one signal."""

MACHINE_MAY: Final[frozenset[HazardClass]] = frozenset(
    {
        "fire",
        "explosion",
        "hazmat",
        "flood_weather",
        "utility",
        "technical",
        "medical",
        "robbery_holdup",
        "rescue",
        "intrusion",
        "collision",
        "welfare_check",
    }
)
"""Hazard classes that a machine may open, some of them from certain devices alone. The others need a person."""

UNITS: Final[tuple[Unit, ...]] = get_args(Unit)


class Scale(msgspec.Struct, frozen=True, gc=False):
    """How a unit is turned into the one of its kind: `(value + before) * factor`."""

    unit: Unit
    factor: float
    before: float = 0.0


SCALES: Final[dict[str, Scale]] = {unit: Scale(unit, 1.0) for unit in UNITS} | {
    "degF": Scale("degC", 5 / 9, -32.0),
    "K": Scale("degC", 1.0, -273.15),
    "mV": Scale("V", 0.001),
    "kV": Scale("V", 1000.0),
    "mA": Scale("A", 0.001),
    "kW": Scale("W", 1000.0),
    "mbar": Scale("bar", 0.001),
    "hPa": Scale("Pa", 100.0),
    "kPa": Scale("Pa", 1000.0),
    "cm": Scale("m", 0.01),
    "km/h": Scale("m/s", 1 / 3.6),
    "ms": Scale("s", 0.001),
    "min": Scale("s", 60.0),
    "h": Scale("s", 3600.0),
}
"""Units that are taken, by name. A number without one of them is refused: "persons" is no unit."""

MILLI_MAX: Final = 10**15
"""The largest number, in thousandths: it must fit into what is hashed exactly."""


class MachineWord(msgspec.Struct, frozen=True, gc=False):
    """A word that a machine may say."""

    cid: Code
    """The Contact ID code that says the same; qualifier 1 while it is so, 3 when it is over."""
    meaning: Words


def _word(cid: str, meaning: str) -> MachineWord:
    return MachineWord(Code(cid), Words(meaning))


MACHINE_WORDS: Final[dict[str, MachineWord]] = {
    "smoke": _word("111", "a smoke detector"),
    "heat": _word("114", "a heat detector"),
    "flame": _word("117", "a flame detector"),
    "fire": _word("110", "a fire alarm of any kind"),
    "call_point": _word("115", "a fire call point, pressed by hand"),
    "sprinkler": _word("113", "water flows in a sprinkler"),
    "gas": _word("151", "fuel gas"),
    "carbon_monoxide": _word("162", "carbon monoxide"),
    "water": _word("154", "water where none should be"),
    "sos": _word("120", "a panic button"),
    "hold_up": _word("122", "a silent hold-up button"),
    "medical": _word("100", "a medical device that somebody wears or presses"),
    "help_button": _word("101", "a personal emergency button or cord"),
    "fall_device": _word("103", "a fall detector that somebody wears"),
    "no_movement": _word("102", "a timer that nobody has reset"),
    "high_temperature": _word("158", "a temperature above its limit"),
    "low_temperature": _word("159", "a temperature below its limit"),
    "refrigeration": _word("152", "a cold room out of its limits"),
    "no_heating": _word("153", "heating that has failed"),
    "air_flow": _word("161", "air flow that has failed"),
    "tank_level": _word("163", "a tank out of its limits"),
    "high_humidity": _word("168", "humidity above its limit"),
    "low_humidity": _word("169", "humidity below its limit"),
    "mains": _word("301", "mains power lost"),
    "battery": _word("384", "a weak battery of a sensor"),
    "tamper": _word("144", "equipment opened or interfered with"),
    "fault": _word("380", "a faulty sensor"),
    "fire_fault": _word("373", "a faulty part of a fire system"),
    "missing": _word("381", "a sensor that its gateway does not hear"),
    "test": _word("602", "a periodic test: it opens nothing, and shows that the source is heard"),
}
"""Every word, with what it says. An unknown one becomes an incident of unknown nature, and its letters are sealed."""

TRIAL_CID: Final = Code("605")
"""What a test from the page of a source says: it opens nothing, and is no periodic test either, so that neither a
schedule nor supervision takes our own word for the sender's (decision 0078)."""

TRIAL_TEXT: Final = "Test from the page of the source"

WORD_OF_CID: Final[dict[Code, str]] = {word.cid: name for name, word in MACHINE_WORDS.items()}
"""Each word has a code of its own."""

INTRUSION_WORDS: Final = frozenset(
    {
        "burglary",
        "contact",
        "door",
        "glass",
        "intrusion",
        "motion",
        "movement",
        "opening",
        "presence",
        "vibration",
        "window",
    }
)
"""Intrusion comes from a closed, armed zone alone. Nobody can know that of a source, so these are refused."""

_FORBIDDEN: Final = {
    "person": "persons",
    "people": "peoples",
    "face": "faces",
    "plate": "plates",
    "crowd": "crowds",
    "count": "counts",
    "occupancy": "occupancies",
    "age": "ages",
    "gender": "genders",
    "emotion": "emotions",
    "loiter": "loiters",
}
REFUSED_WORDS: Final = frozenset(
    {
        *_FORBIDDEN,
        *_FORBIDDEN.values(),
        "counter",
        "counters",
        "counting",
        "crowding",
        "loitering",
        "loiterer",
        "loiterers",
        "footfall",
        "headcount",
        "licenceplate",
        "licenseplate",
        "numberplate",
    }
)
"""What nobody may enter as a pointer, key or topic, nor a machine say as a word (docs/explanation/scope.md)."""

_COMPOUND: Final = re.compile(rf"(?:{'|'.join(sorted(REFUSED_WORDS, key=len, reverse=True))}){{2,4}}")
"""Several of them in one, such as personcount."""

_CAPITAL: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_PARTS: Final = re.compile(r"[^A-Za-z]+")


def refused_word(entered: str) -> str | None:
    """The first refused word in a pointer, key, topic or word; None where there is none.

    Whole words are compared, after splitting at capitals and at whatever is no letter: `message` and `voltage` pass.
    """
    for part in _PARTS.split(_CAPITAL.sub(" ", entered)):
        word = part.lower()
        if word in REFUSED_WORDS or _COMPOUND.fullmatch(word):
            return word
    return None
