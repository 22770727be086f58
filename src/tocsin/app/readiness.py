"""What is not ready, in the words of `/readyz`."""

import structlog

_LOG = structlog.get_logger("centre")


class Readiness:
    """Says what is missing for as long as it is, part by part."""

    def __init__(self) -> None:
        """Begin as a centre that starts."""
        self._missing = {"start": "the centre is starting"}

    def words(self) -> list[str]:
        """What is missing; none when all is ready."""
        return list(self._missing.values())

    def lacks(self, part: str) -> bool:
        """This part is among what is missing."""
        return part in self._missing

    def put(self, part: str, words: str) -> None:
        """Say it from now on; whoever says it logs it."""
        self._missing[part] = words

    def drop(self, part: str) -> None:
        """It is no longer so."""
        self._missing.pop(part, None)

    def tell(self, part: str, words: str, *, is_so: bool) -> None:
        """Let it be said for as long as it is so; the log has it once, and its end once."""
        if is_so and part not in self._missing:
            _LOG.error("centre.not_ready", part=part)
            self._missing[part] = words
        elif not is_so and self._missing.pop(part, None) is not None:
            _LOG.warning("centre.ready_again", part=part)
