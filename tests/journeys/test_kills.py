"""Promise 1 and 2 against kill -9, restarts and power cuts: the real process, under load, at any moment."""

import os
import random
from collections.abc import Callable

import pytest

from support.bad_disk import BadDisk
from support.journeys import death_before_the_reply, kill_rounds, repeats, window_of_repeats
from support.panels import KEYED, PLAIN, Way
from support.server import Server

ROUNDS = 10
SOAK_ROUNDS = 50
SOAK_RUNS = 4

pytestmark = pytest.mark.afresh  # any moment of a process is any moment from its first instruction on

Serve = Callable[..., Server]


@pytest.fixture
def dice() -> random.Random:
    """Seeded by JOURNEY_SEED, else by chance; the seed is printed, and pytest shows it where a test fails."""
    seed = int(os.environ.get("JOURNEY_SEED") or int.from_bytes(os.urandom(4)))
    print(f"JOURNEY_SEED={seed}")
    return random.Random(seed)


@pytest.mark.slow
def test_every_acknowledged_message_survives_kills_and_is_stored_once(serve: Serve, dice: random.Random) -> None:
    assert kill_rounds(serve(), dice, ROUNDS) == []


@pytest.mark.soak
@pytest.mark.parametrize("run", range(SOAK_RUNS))
def test_every_acknowledged_message_survives_two_hundred_kills(serve: Serve, dice: random.Random, run: int) -> None:
    assert kill_rounds(serve(), dice, SOAK_ROUNDS) == []


@pytest.mark.slow
@pytest.mark.requires("cc")
def test_every_acknowledged_message_survives_power_cuts(
    serve: Serve, shadowed_disk: BadDisk, dice: random.Random
) -> None:
    assert kill_rounds(serve(shadowed_disk.environment), dice, 5, shadowed_disk) == []


@pytest.mark.soak
@pytest.mark.requires("cc")
@pytest.mark.parametrize("run", range(SOAK_RUNS))
def test_every_acknowledged_message_survives_two_hundred_power_cuts(
    serve: Serve, shadowed_disk: BadDisk, dice: random.Random, run: int
) -> None:
    assert kill_rounds(serve(shadowed_disk.environment), dice, SOAK_ROUNDS, shadowed_disk) == []


@pytest.mark.slow
@pytest.mark.requires("cc")
@pytest.mark.parametrize(("account", "way"), [(KEYED[0], "tcp"), (PLAIN[0], "udp")])
def test_death_between_stored_and_replied_makes_no_second_signal(
    serve: Serve, disk: BadDisk, account: str, way: Way
) -> None:
    assert death_before_the_reply(serve(disk.environment), disk, account, way) == []


@pytest.mark.slow
def test_a_repeat_is_acknowledged_again_and_stored_once_however_it_comes(serve: Serve) -> None:
    assert repeats(serve()) == []


@pytest.mark.slow
def test_a_repeat_never_extends_its_window(serve: Serve) -> None:
    assert window_of_repeats(serve()) == []
