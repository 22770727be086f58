"""The guard of every route costs little; the figure of the reference comes from here."""

from support.centres import make_folder
from tocsin.bench.guard import LIMIT_US, measure


def test_asking_who_sends_a_request_costs_twenty_microseconds_at_most(tmp_path):
    settings = make_folder(tmp_path / "centre")
    # The best of three: on a processor that another program shares, each step takes longer.
    assert 0 < min(measure(settings, requests=2_000, runs=5) for _ in range(3)) <= LIMIT_US
