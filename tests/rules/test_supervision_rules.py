"""What is common, what is together, and the figures that limits come from."""

import pytest

from tocsin.data import read_shipped
from tocsin.model.errors import BadInput
from tocsin.rules.supervision import (
    PROFILE_FILE,
    Crowd,
    is_common,
    is_tight,
    limit_s,
    load_categories,
    shipped_categories,
    were_lost_together,
)

TEXT = read_shipped(PROFILE_FILE)


def crowd(lost, heard, cause="receiver", **fields):
    return Crowd(**({"cause": cause, "group": "g", "lost": lost, "missing": lost, "heard": heard, "missed_polls": 0.0}
                    | fields))  # fmt: skip


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (crowd(4, 0), False),  # a few are a few
        (crowd(5, 0), True),
        (crowd(5, 6), False),
        (crowd(6, 6), True),
        (crowd(9, 400, "network"), False),
        (crowd(10, 400, "network"), True),
        (crowd(50, 400), False),  # so many of a large centre go silent by chance
        (crowd(1, 40, missed_polls=20.0, silent_s=100.0, gap_s=60.0), True),
        (crowd(1, 40, missed_polls=20.0, silent_s=60.0, gap_s=60.0), False),  # all in step, after a restart of ours
        (crowd(1, 40, missed_polls=9.0, silent_s=100.0, gap_s=60.0), False),
        (crowd(1, 40, missing=5, is_known=True), True),
        (crowd(1, 40, missing=4, is_known=True), False),
    ],
)
def test_loss_is_common_only_where_chance_does_not_explain_it(found, expected):
    assert is_common(found) is expected


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ((0.0, 90.0), (0.0, 90.0), True),
        ((0.0, 90.0), (689.0, 90.0), True),
        ((0.0, 90.0), (691.0, 90.0), False),
        ((0.0, 90_000.0), (80_000.0, 180.0), True),  # the slow one may have been lost just then
    ],
)
def test_paths_were_lost_together_where_they_could_have_been(one, other, expected):
    assert were_lost_together(*one, *other) is were_lost_together(*other, *one) is expected


def test_every_category_has_a_limit_with_its_source_and_its_evidence():
    figures = shipped_categories()
    assert {id_: (one.limit_s, one.alternative_s) for id_, one in figures.items()} == {
        "SP1": (32 * 86_400, None), "SP2": (25 * 3600, None), "SP3": (1800, None), "SP4": (180, None),
        "SP5": (90, None), "SP6": (20, None), "DP1": (25 * 3600, 50 * 3600), "DP2": (1800, 25 * 3600),
        "DP3": (180, 25 * 3600), "DP4": (90, 5 * 3600),
    }  # fmt: skip
    assert all(one.source for one in figures.values())
    assert [id_ for id_, one in figures.items() if one.is_confirmed] == ["SP6"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("limit_s = 20\n", "limit_s = 0\n"),
        ('id = "SP6"', 'id = "SP5"'),
        ('id = "SP6"', 'id = "SP9"'),
        ("alternative_s = 18000", "alternative_s = 18"),
        ("alternative_s = 18000\n", ""),
        ('evidence = "C"', 'evidence = "X"'),
        ("limit_s = 20", "limit = 20"),
        ("[profile]", "[profile"),
    ],
)
def test_profile_with_a_mistake_is_refused_whole(old, new):
    assert old in TEXT
    with pytest.raises(BadInput) as refused:
        load_categories(TEXT.replace(old, new))
    assert refused.value.code == "profile.supervision"


def test_interval_of_more_than_half_the_limit_is_tight():
    figures = shipped_categories()
    assert [is_tight("SP5", seconds, figures) for seconds in (45, 46, None)] == [False, True, False]
    assert not is_tight(None, 900, figures)


def test_second_path_has_its_own_limit_whatever_the_interval():
    figures = shipped_categories()
    assert limit_s("DP4", 20, figures, "primary") == 70
    assert limit_s("DP4", 20, figures, "alternative") == 18_000
    assert limit_s(None, None, figures) is None
