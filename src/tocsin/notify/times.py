"""Times as other programs read them."""

from datetime import UTC, datetime

from tocsin.model.values import Micros


def iso_of(at: Micros) -> str:
    """A time as RFC 3339, in UTC, to the millisecond."""
    return datetime.fromtimestamp(at / 1_000_000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
