"""A vault in a folder of its own, with randomness that can be counted."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from tocsin.vault import MasterKey, Vault


class CountingIds:
    """Random-looking bytes that never repeat, and what was drawn (model.ports.Ids)."""

    def __init__(self) -> None:
        self.draws: list[int] = []
        self._number = 0

    def token_bytes(self, length: int) -> bytes:
        self.draws.append(length)
        self._number += 1
        return hashlib.shake_256(b"%d" % self._number).digest(length)


@pytest.fixture
def ids() -> CountingIds:
    return CountingIds()


@pytest.fixture
def master(ids: CountingIds) -> MasterKey:
    return MasterKey(ids.token_bytes(32), "the test")


@pytest.fixture
def vault(tmp_path: Path, master: MasterKey, ids: CountingIds) -> Iterator[Vault]:
    made = Vault.create(tmp_path / "keys.db", master, ids)
    yield made
    made.close()
