"""Every reader of strangers' bytes bears what is nearly right, thousands of it here and millions in soak."""

import os
import random

import pytest

from support.fuzzing import READERS, BrokenError, Reader, fuzz, input_of

SEED = int(os.environ.get("FUZZ_SEED", random.SystemRandom().randrange(1 << 32)))
INPUTS = int(os.environ.get("FUZZ_INPUTS", 1_000_000))
AT = os.environ.get("FUZZ_AT")


@pytest.mark.parametrize("name", READERS)
def test_reader_bears_inputs_that_are_nearly_right(name):
    print(f"FUZZ_SEED={SEED}")
    fuzz(name, READERS[name].short, SEED)


@pytest.mark.soak
@pytest.mark.parametrize("name", READERS)
def test_reader_bears_a_million_inputs_that_are_nearly_right(name):
    print(f"FUZZ_SEED={SEED}")
    if AT is not None:
        print(input_of(name, SEED, int(AT)))
        fuzz(name, 1, SEED, int(AT))
    else:
        print(f"{name}: slowest {fuzz(name, round(INPUTS * READERS[name].share), SEED) * 1000:.1f} ms")


def test_what_a_reader_does_not_bear_is_told_with_its_seed_and_comes_again(monkeypatch):
    def picky(data):
        if b"7" in data:
            raise ValueError

    monkeypatch.setitem(READERS, "picky", Reader(picky, [b"12345678"]))
    with pytest.raises(BrokenError) as broken:
        fuzz("picky", 100, 5)
    words = dict(word.split("=") for word in str(broken.value).split()[:2])
    assert words["FUZZ_SEED"] == "5"
    assert b"7" in input_of("picky", 5, int(words["FUZZ_AT"]))
    with pytest.raises(BrokenError):
        fuzz("picky", 1, 5, int(words["FUZZ_AT"]))
