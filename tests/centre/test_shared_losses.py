"""What is common, and what was lost together."""

import pytest

from tocsin.centre.shared_losses import SharedLoss, is_common, were_lost_together


def loss(lost, heard, cause="receiver", **fields):
    plain = {"cause": cause, "group": "g", "lost": lost, "missing": lost, "heard": heard, "missed_polls": 0.0}
    return SharedLoss(**(plain | fields))


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (loss(4, 0), False),  # a few are a few
        (loss(5, 0), True),
        (loss(5, 6), False),
        (loss(6, 6), True),
        (loss(9, 400, "network"), False),
        (loss(10, 400, "network"), True),
        (loss(50, 400), False),  # so many of a large centre go silent by chance
        (loss(1, 40, missed_polls=20.0, silent_s=100.0, gap_s=60.0), True),
        (loss(1, 40, missed_polls=20.0, silent_s=60.0, gap_s=60.0), False),  # all in step, after a restart of ours
        (loss(1, 40, missed_polls=9.0, silent_s=100.0, gap_s=60.0), False),
        (loss(1, 40, missing=5, is_known=True), True),
        (loss(1, 40, missing=4, is_known=True), False),
    ],
)
def test_loss_is_common_only_where_chance_does_not_explain_it(found, expected):
    assert is_common(found) is expected


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ((0.0, 90.0), (0.0, 90.0), True),
        ((0.0, 90.0), (689.0, 779.0), True),
        ((0.0, 90.0), (691.0, 781.0), False),
        ((0.0, 90_000.0), (80_000.0, 80_180.0), True),  # the slow one may have been lost just then
    ],
)
def test_paths_were_lost_together_where_they_could_have_been(one, other, expected):
    assert were_lost_together(*one, *other) is were_lost_together(*other, *one) is expected
