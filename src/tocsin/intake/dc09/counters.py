"""What the receiver counts: plain integers, read by `/metrics`, `/readyz` and the demo."""

from collections import Counter
from typing import Final

LATENCY_BUCKETS_MS: Final = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 5000)


class Counters:
    """Counts since the start. Each frame ends in exactly one of stored, repeated, polls, answers or refused."""

    def __init__(self) -> None:
        """Start at nought."""
        self.frames = 0
        self.stored = 0
        self.repeated = 0
        self.polls = 0
        self.answers = 0
        self.not_stored = 0
        """Accepted frames that storage refused: unanswered, so their panels repeat them."""
        self.refused: Counter[tuple[str, str]] = Counter()
        """By outcome and reason."""
        self.disputed = 0
        self.unknown = 0
        self.clock_off = 0
        self.connections_opened = 0
        self.connections_refused = 0
        self.connections_silent = 0
        """Closed because no whole frame came in time."""
        self.reading_paused = 0
        self.datagrams_dropped = 0
        self.latency_counts = [0] * (len(LATENCY_BUCKETS_MS) + 1)
        self.latency_sum_s = 0.0

    def acknowledged_after(self, seconds: float, frames: int) -> None:
        """Count how long frames waited for their acknowledgement, from bytes complete to reply written."""
        milliseconds = seconds * 1000
        for index, bound in enumerate(LATENCY_BUCKETS_MS):
            if milliseconds <= bound:
                self.latency_counts[index] += frames
                break
        else:
            self.latency_counts[-1] += frames
        self.latency_sum_s += seconds * frames
