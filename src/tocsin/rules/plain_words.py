"""Small words that many sentences need: how long, which zone."""

from typing import Final

from tocsin.model.values import Code, Words

ADDRESS_WORDS: Final[dict[str, Words]] = {
    "linecard": Words("line card"),
    "number": Words("address"),
}
"""Words for what an address is, where they are not the code itself."""


def zone_words(zone: Code | None) -> str:
    """A zone with the word for it: `zone 5`, `door 3`; nothing where there is none."""
    if zone is None:
        return ""
    word, dash, number = zone.partition("-")
    return f"{ADDRESS_WORDS.get(word, word)} {number}" if dash else f"zone {zone}"


def duration_words(seconds: int) -> str:
    """How long, as on the board: `02:31:00`, `3 d 04:00:00`."""
    days, rest = divmod(seconds, 86_400)
    clock = f"{rest // 3600:02}:{rest // 60 % 60:02}:{rest % 60:02}"
    return f"{days} d {clock}" if days else clock
