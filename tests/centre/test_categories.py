"""The figures that limits come from, and which limit a path has."""

import pytest

from tocsin.centre.categories import PROFILE_FILE, is_tight, limit_s, load_categories, shipped_categories
from tocsin.data import read_shipped
from tocsin.model.errors import BadInput

TEXT = read_shipped(PROFILE_FILE)


def test_every_category_has_a_limit_with_its_source_and_its_evidence():
    figures = shipped_categories()
    assert {id_: (one.limit_s, one.alternative_s, one.alone_s) for id_, one in figures.items()} == {
        "SP1": (32 * 86_400, None, None), "SP2": (25 * 3600, None, None), "SP3": (1800, None, None),
        "SP4": (180, None, None), "SP5": (90, None, None), "SP6": (20, None, None),
        "DP1": (25 * 3600, 50 * 3600, 25 * 3600), "DP2": (1800, 25 * 3600, 1800),
        "DP3": (180, 25 * 3600, 180), "DP4": (90, 5 * 3600, 90),
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
        ("alone_s = 1800\n", ""),
        ("alone_s = 1800\n", "alone_s = 90001\n"),
        ("alone_s = 1800\n", "alone_s = 1\n"),
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
    assert limit_s("DP4", 20, figures, "alternative", is_alone=True) == 90
    assert limit_s(None, None, figures) is None
