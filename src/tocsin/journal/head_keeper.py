"""Signs where the journal ends: every 1,000 entries or 60 s, in a thread of its own, and never in a sender's way."""

import threading
from pathlib import Path
from typing import Final

import structlog

from tocsin.journal.heads import HEAD_ENTRIES_MAX, HEAD_INTERVAL_S, HeadSigner, append_head
from tocsin.model.journal import Head
from tocsin.model.ports import Clock
from tocsin.model.values import Seq

SIGN_WAIT_S: Final = 5.0
STOP_WAIT_S: Final = 5.0
PLACE_HANGS_S: Final = 30.0
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
        self._latest: Head | None = None
        self._signed_seq = signed_seq
        self._is_stopping = False
        self._is_awaited = False
        self._failed_since_s: float | None = None
        self._attempt_since_s: float | None = None
        self._thread = threading.Thread(target=self._run, name="journal-heads", daemon=True)

    @property
    def signed_seq(self) -> int:
        """The newest entry that a signed head covers."""
        return self._signed_seq

    @property
    def has_failed(self) -> bool:
        """The file has taken no head for ten minutes, or has not answered for half a minute."""
        now_s = self._clock.monotonic_s()
        failed_s, attempt_s = self._failed_since_s, self._attempt_since_s
        if attempt_s is not None and now_s - attempt_s >= PLACE_HANGS_S:
            return True
        return failed_s is not None and now_s - failed_s >= PLACE_FAILED_S

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
        """Have this end signed at once, for whoever exports, and wait a moment for it; never in the event loop.

        Where the file does not take it in time the export goes on without: it is chained, and says what is not signed.
        """
        with self._condition:
            if self._latest is None or head.seq > self._latest.seq:
                self._latest = head
            self._is_awaited = True
            self._condition.notify_all()
            self._condition.wait_for(lambda: self._signed_seq >= head.seq, SIGN_WAIT_S)
        return head.seq

    def stop(self) -> None:
        """Sign the end, and end."""
        with self._condition:
            self._is_stopping = True
            self._condition.notify_all()
        if self._thread.ident is not None:
            self._thread.join(STOP_WAIT_S)

    def _run(self) -> None:
        while True:
            with self._condition:
                if self._failed_since_s is not None:
                    # Heads are due all the while: without this pause a thread would do nothing but fail.
                    self._condition.wait_for(lambda: self._is_stopping, RETRY_S)
                self._condition.wait_for(self._is_due, HEAD_INTERVAL_S)
                latest, is_stopping, self._is_awaited = self._latest, self._is_stopping, False
            if latest is not None and latest.seq > self._signed_seq:
                self._sign(latest)
            if is_stopping:
                return

    def _is_due(self) -> bool:
        if self._is_stopping or self._is_awaited:
            return True
        return self._latest is not None and self._latest.seq - self._signed_seq >= HEAD_ENTRIES_MAX

    def _sign(self, head: Head) -> None:
        self._attempt_since_s = self._clock.monotonic_s()
        try:
            append_head(self._path, self._signer.sign(head))
        except OSError as error:
            self._attempt_since_s = None
            if self._failed_since_s is None:
                self._failed_since_s = self._clock.monotonic_s()
                _LOG.error("heads.failed", seq=head.seq, error=type(error).__name__)
            return
        if self._failed_since_s is not None:
            _LOG.warning("heads.returned", seq=head.seq)
            self._failed_since_s = None
        with self._condition:
            self._attempt_since_s = None
            self._signed_seq = head.seq
            self._condition.notify_all()
