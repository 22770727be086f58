"""From a number to a small number, in 12 bytes a pair: for a million accounts, where a dictionary takes 106."""

from array import array
from typing import Final

_FREE: Final = -1
_MULTIPLIER: Final = 0x9E3779B1
_MASK_32: Final = 0xFFFFFFFF


class IntMap:
    """Open addressing over two arrays. Keys from 0 to 2^31, values from 0. One thread changes it."""

    __slots__ = ("_keys", "_mask", "_shift", "_values", "size")

    def __init__(self, capacity: int = 8) -> None:
        """Have room for so many without growing."""
        self.size = 0
        self._allot(capacity)

    def get(self, key: int) -> int:
        """The value of a key; -1 where there is none."""
        keys, mask = self._keys, self._mask
        at = ((key * _MULTIPLIER) & _MASK_32) >> self._shift
        while (found := keys[at]) != key:
            if found == _FREE:
                return -1
            at = (at + 1) & mask
        return self._values[at]

    def put(self, key: int, value: int) -> None:
        """Give a key a value."""
        keys, mask = self._keys, self._mask
        at = ((key * _MULTIPLIER) & _MASK_32) >> self._shift
        while (found := keys[at]) != _FREE:
            if found == key:
                self._values[at] = value
                return
            at = (at + 1) & mask
        keys[at] = key
        self._values[at] = value
        self.size += 1
        if self.size * 5 > len(keys) * 3:
            self._grow()

    def drop(self, key: int) -> None:
        """Forget a key; those behind it move up, so that none is hidden by the gap."""
        keys, values, mask, shift = self._keys, self._values, self._mask, self._shift
        at = ((key * _MULTIPLIER) & _MASK_32) >> shift
        while keys[at] != key:
            if keys[at] == _FREE:
                return
            at = (at + 1) & mask
        self.size -= 1
        hole = at
        while True:
            at = (at + 1) & mask
            if keys[at] == _FREE:
                break
            home = ((keys[at] * _MULTIPLIER) & _MASK_32) >> shift
            if (at - home) & mask >= (at - hole) & mask:
                keys[hole], values[hole] = keys[at], values[at]
                hole = at
        keys[hole] = _FREE

    def copy(self) -> "IntMap":
        """Another one of the same."""
        made = IntMap(0)
        made._keys, made._values = self._keys[:], self._values[:]
        made._mask, made._shift, made.size = self._mask, self._shift, self.size
        return made

    def _allot(self, capacity: int) -> None:
        bits = max(4, (capacity * 5 // 3).bit_length())
        self._mask = (1 << bits) - 1
        self._shift = 32 - bits
        self._keys = array("q", [_FREE]) * (1 << bits)
        self._values = array("i", [0]) * (1 << bits)

    def _grow(self) -> None:
        keys, values = self._keys, self._values
        self._allot(self.size * 2)
        self.size = 0
        for key, value in zip(keys, values, strict=True):
            if key != _FREE:
                self.put(key, value)
