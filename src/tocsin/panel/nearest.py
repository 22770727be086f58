"""The nearest right word for a wrong one: every strict loader of this room names it."""

from collections.abc import Iterable
from difflib import get_close_matches


def nearest(word: str, known: Iterable[str]) -> str:
    """Return a sentence that names the nearest known word, or all of them where none is near."""
    names = list(known)
    close = get_close_matches(word, names, n=1, cutoff=0.5)
    if close:
        return f"did you mean {close[0]!r}?"
    return f"known are {', '.join(names)}."
