"""Whose number rings: a keyholder's, by a keyed hash, and of a call that rings or is talked in now alone.

The one exception to "no search by number" (SCOPE.md, R7), besides the subject request. The hashes are worked out from
the vault and lie in memory: nothing on the disk tells a number, nothing lists them, and a keyholder who is removed is
gone from here with the next question. Of an installer no number is kept. Source: INTEGRATIONS.md, section 14.
"""

import hmac
import threading
from collections.abc import Callable
from typing import Final

from tocsin.centre.keyholders import SecretsGet, open_contacts
from tocsin.model.keyholders import Keyholder
from tocsin.model.ports import Store
from tocsin.model.rings import plain_number
from tocsin.model.values import Ref, Seq

_PURPOSE: Final = b"tocsin keyholder number 1\0"


class KnownNumbers:
    """Knows keyholders by their numbers. From any thread; the first question opens every contact once."""

    def __init__(self, store: Store, secrets_get: SecretsGet, key: Callable[[], bytes]) -> None:
        """Know those of `store`; `key` is a lasting key of the centre."""
        self._store = store
        self._secrets_get = secrets_get
        self._key = key
        self._lock = threading.Lock()
        self._hashes: dict[tuple[Ref, Seq], tuple[bytes, ...]] = {}
        """By keyholder and the fact that set them: what changed is opened anew, and nothing else."""

    def keyholder(self, telephone: str) -> Keyholder | None:
        """The keyholder with this number: of several the first of the first site. None where it is nobody's."""
        wanted = self._hash(telephone)
        with self._lock:
            living = [one for one in self._store.keyholders() if one.row.removed_at is None]
            self._learn(living)
            found = [one for one in living if wanted in self._hashes[one.id, one.seq]]
        return min(found, key=lambda one: (len(one.row.site_id), one.row.site_id, one.row.order), default=None)

    def _learn(self, living: list[Keyholder]) -> None:
        kept = {(one.id, one.seq) for one in living}
        for gone in self._hashes.keys() - kept:
            del self._hashes[gone]
        new = [one for one in living if (one.id, one.seq) not in self._hashes]
        for one, known in zip(new, open_contacts(new, self._secrets_get), strict=True):
            numbers = () if known.contact is None else known.contact.telephones
            self._hashes[one.id, one.seq] = tuple(map(self._hash, numbers))

    def _hash(self, telephone: str) -> bytes:
        return hmac.digest(self._key(), _PURPOSE + plain_number(telephone).encode(), "sha256")
