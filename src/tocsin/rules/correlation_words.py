"""What confirmed an incident, what chattered and what people regrouped, in words."""

from typing import Final, TypeAlias, assert_never

from tocsin.model.incidents import (
    ConfirmedBy,
    IncidentAbsorbed,
    IncidentGivenBack,
    IncidentMerged,
    IncidentParted,
    IncidentQuieted,
    IncidentUnmerged,
    Source,
)
from tocsin.rules import reasons
from tocsin.rules.plain_words import duration_words, zone_words

CONFIRMED_WORDS: Final[dict[ConfirmedBy, str]] = {
    "account": "Confirmed: a detector of another account says so too.",
    "zone": "Confirmed: a detector of another zone says so too.",
}
"""What confirmed an incident."""

Regrouped: TypeAlias = IncidentMerged | IncidentAbsorbed | IncidentUnmerged | IncidentGivenBack | IncidentParted


def quieted(body: IncidentQuieted) -> str:
    """Which detectors have ceased to chatter, and how often they spoke."""
    is_one = len(body.sources) == 1
    which = f"The detector of {_source(body.sources[0])}" if is_one else f"{len(body.sources)} detectors"
    count = sum(one.count for one in body.sources)
    over = " Nothing is active any more: returned." if body.condition == "returned" and body.points_ended else ""
    return f"{which} chattered: {count} signals. Now quiet for {duration_words(body.quiet_s)}.{over}"


def regrouped(body: Regrouped, who: str) -> str:
    """What became of which incidents; `who` did it."""
    match body:
        case IncidentMerged():
            if body.reason == reasons.SPLIT_UNDONE:
                return f"{who} undid the split: its signals went back to incident {body.number}, and it is closed."
            if body.reason == reasons.MERGED_AS_AREA:
                return (
                    f"{who} merged it into incident {body.number}: the mains of an area failed. What comes of it goes "
                    "there."
                )
            return f"{who} merged it into incident {body.number}: the same happening. What comes of it goes there."
        case IncidentAbsorbed():
            if body.merged is None:
                return f"{who} undid a split: {_signals(len(body.moved))} came back."
            return (
                f"{who} merged incident {body.merged.number} into this one: the same happening, with "
                f"{_signals(body.merged.signals)}. What comes of that comes here."
            )
        case IncidentUnmerged():
            return f"{who} undid the merge: it is by itself again, and open."
        case IncidentGivenBack():
            return f"{who} undid a merge: another incident is by itself again, with {_signals(body.signals)}."
        case IncidentParted():
            return f"{who} split {_signals(len(body.moved))} off into incident {body.number}."
    assert_never(body)


def _signals(count: int) -> str:
    return "1 signal" if count == 1 else f"{count} signals"


def _source(source: Source) -> str:
    return zone_words(source.zone) if source.zone is not None else f"account {source.account}"
