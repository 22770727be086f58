"""What names itself without what it holds."""

import msgspec


class Hushed(msgspec.Struct, frozen=True):
    """Holds something secret or personal, and passes near logs and tracebacks: so its kind alone is shown of it."""

    def __repr__(self) -> str:
        """Its kind alone."""
        return f"{type(self).__name__}()"
