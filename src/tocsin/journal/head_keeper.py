"""Signs where the journal ends: every 1,000 entries or 60 s, in a thread of its own, and never in a sender's way."""

import threading
from pathlib import Path
from typing import Final

import structlog

from tocsin.journal.heads import HEAD_ENTRIES_MAX, HEAD_INTERVAL_S, HeadSigner, append_head
from tocsin.model.journal import Head
from tocsin.model.ports import Clock
from tocsin.model.values import Seq

PLACE_FAILED_S: Final = 600.0
"""A place that takes no heads for ten minutes is a fault that people are told (TECH-PROOF)."""

RETRY_S: Final = 5.0
"""A place that refused a head is asked again after this."""
_LOG = structlog.get_logger("journal.heads")


class HeadKeeper:
    """Appends signed heads to a file outside the database."""

    def __init__(self, signer: HeadSigner, path: Path, clock: Clock, signed_seq: int) -> None:
        """Go on after `signed_seq`, the newest head that the file has."""
        self._signer = signer
        self._path = path
        self._clock = clock
        self._condition = threading.Condition()
        self._signing = threading.Lock()
        self._latest: Head | None = None
        self._signed_seq = signed_seq
        self._is_stopping = False
        self._is_awaited = False
        self._failed_since_s: float | None = None
        self._thread = threading.Thread(target=self._run, name="journal-heads", daemon=True)

    @property
    def signed_seq(self) -> int:
        """The newest entry that a signed head covers."""
        return self._signed_seq

    @property
    def has_failed(self) -> bool:
        """The file has taken no head for ten minutes."""
        since_s = self._failed_since_s
        return since_s is not None and self._clock.monotonic_s() - since_s >= PLACE_FAILED_S

    def start(self, head: Head) -> None:
        """Begin to sign, at once with where the journal ends now: a kill may have left a tail that none covers."""
        self._latest = head
        self._is_awaited = True
        self._thread.start()

    def reached(self, head: Head) -> None:
        """The journal is durable up to here. Called after each commit, so it only leaves a note."""
        with self._condition:
            self._latest = head
            if self._is_due():
                self._condition.notify()

    def sign_now(self, head: Head) -> Seq:
        """Sign this end at once, for whoever exports. Waits for the file, so never in the event loop."""
        with self._signing:
            if head.seq > self._signed_seq:
                self._sign(head)
        return head.seq

    def stop(self) -> None:
        """Sign the end, and end."""
        with self._condition:
            self._is_stopping = True
            self._condition.notify()
        if self._thread.ident is not None:
            self._thread.join(30)

    def _run(self) -> None:
        while True:
            with self._condition:
                if self._failed_since_s is not None:
                    # Heads are due all the while: without this pause a thread would do nothing but fail.
                    self._condition.wait_for(lambda: self._is_stopping, RETRY_S)
                self._condition.wait_for(self._is_due, HEAD_INTERVAL_S)
                latest, is_stopping, self._is_awaited = self._latest, self._is_stopping, False
            with self._signing:
                if latest is not None and latest.seq > self._signed_seq:
                    self._sign(latest)
            if is_stopping:
                return

    def _is_due(self) -> bool:
        if self._is_stopping or self._is_awaited:
            return True
        return self._latest is not None and self._latest.seq - self._signed_seq >= HEAD_ENTRIES_MAX

    def _sign(self, head: Head) -> None:
        try:
            append_head(self._path, self._signer.sign(head))
        except OSError as error:
            if self._failed_since_s is None:
                self._failed_since_s = self._clock.monotonic_s()
                _LOG.error("heads.failed", seq=head.seq, error=type(error).__name__)
            return
        if self._failed_since_s is not None:
            _LOG.warning("heads.returned", seq=head.seq)
            self._failed_since_s = None
        self._signed_seq = head.seq
