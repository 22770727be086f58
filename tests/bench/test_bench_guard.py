"""The guard of every route costs little; the figure of the reference comes from here."""

from support.centres import make_folder
from tocsin.bench.guard import LIMIT_US, measure


def test_asking_who_sends_a_request_costs_twenty_microseconds_at_most(tmp_path):
    assert 0 < measure(make_folder(tmp_path / "centre"), requests=2_000, runs=5) <= LIMIT_US
