"""What a fleet may be: accounts, limits, messages, faults."""

import pytest

from tocsin.model.errors import BadInput
from tocsin.panel import Fleet, Manner, Message, Panel, Recipe, build, check_recipe, parse_fault, rising_accounts
from tocsin.panel.faults import FAULT_MODES, FaultPlan
from tocsin.panel.report import Histogram
from tocsin.system import seeded

BA = check_recipe(Recipe(code="BA", zone="01"), "test")


@pytest.mark.parametrize(
    ("first", "count", "is_hex", "expected"),
    [
        ("0008", 3, False, ["0008", "0009", "0010"]),
        ("0x", 1, False, ["0x"]),
        ("00FE", 3, True, ["00FE", "00FF", "0100"]),
        ("099", 2, True, ["099", "09A"]),
    ],
)
def test_accounts_rise_and_keep_their_width(first: str, count: int, is_hex: bool, expected: list[str]):
    assert rising_accounts(first, count, is_hex=is_hex) == expected


@pytest.mark.parametrize(("first", "count", "is_hex"), [("99", 2, False), ("00FE", 3, False), ("FFF", 2, True)])
def test_accounts_without_room_are_refused(first: str, count: int, is_hex: bool):
    with pytest.raises(BadInput, match=r"\[panel.account\]"):
        rising_accounts(first, count, is_hex=is_hex)


@pytest.mark.parametrize(
    ("recipe", "token", "data"),
    [
        (Recipe(code="BA", zone="01"), "SIA-DCS", "#5512|NBA01"),
        (Recipe(code="BA", zone="01", area="2", text="Hall"), "SIA-DCS", "#5512|Nri2/BA01^Hall^"),
        (Recipe(code="BA", is_unique=True), "SIA-DCS", "#5512|NBA000123^n 000123^"),
        (Recipe(code="BA", text="Hall", is_unique=True), "SIA-DCS", "#5512|NBA000123^Hall n 000123^"),
        (Recipe(code="131", zone="15", area="1"), "ADM-CID", "#5512|1131 01 015"),
        (Recipe(code="131", qualifier="3"), "ADM-CID", "#5512|3131 00 000"),
        (Recipe(code="131", is_unique=True), "ADM-CID", "#5512|1131 00 123"),
        (Recipe(), "NULL", ""),
        (Recipe(token="XNM"), "XNM", ""),
        (Recipe(token="SCN-S8", data="{account} {number}"), "SCN-S8", "5512 000123"),
    ],
)
def test_a_recipe_becomes_a_message(recipe: Recipe, token: str, data: str):
    assert build(check_recipe(recipe, "test"), "5512", 123) == Message(123, token, data)


@pytest.mark.parametrize("code", ["BA", "131"])
def test_unique_messages_of_one_panel_differ_in_what_stands_in_clear(code: str):
    recipe = check_recipe(Recipe(code=code, is_unique=True), "test")
    made = [build(recipe, "5512", number).data.partition("^")[0] for number in range(1, 20_001)]
    assert len(set(made)) == len(made)


@pytest.mark.parametrize(
    "changes",
    [
        {"panels": ()},
        {"panels": (Panel(account="12 4"),)},
        {"panels": (Panel(account="1234", key=b"short"),)},
        {"panels": (Panel(account="1234", receiver="G"),)},
        {"panels": (Panel(account="1234", line="1234567"),)},
        {"recipe": None},
        {"count": -1},
        {"first": 0},
        {"rate_per_s": 0.0},
        {"manner": Manner(wait_s=0.0)},
        {"manner": Manner(tries=0)},
        {"manner": Manner(poll_interval_s=0.0)},
        {"faults": (parse_fault("wrong-key"),)},
        {"plans": ((), ())},
    ],
)
def test_a_fleet_that_cannot_be_is_refused(changes: dict[str, object]):
    with pytest.raises(BadInput):
        Fleet(**{"panels": (Panel(account="1234"),), "recipe": BA, **changes})


def test_a_panel_never_shows_its_key():
    panel = Panel(account="5512", key=b"0123456789abcdef")
    assert repr(panel) == "Panel(5512, keyed)"
    assert "0123456789" not in repr(Fleet(panels=(panel,), recipe=BA))


@pytest.mark.parametrize(
    "text", ["", "bad", "bad-crc=0", "bad-crc=1.1", "bad-crc:5", "split:0", "coalesce:51", "repeat:x", "bad-length:0"]
)
def test_a_bad_fault_is_refused(text: str):
    with pytest.raises(BadInput, match=r"\[panel.fault\]"):
        parse_fault(text)


def test_shares_above_one_are_refused_and_shares_are_kept():
    with pytest.raises(BadInput, match="add up to 1"):
        FaultPlan([parse_fault("bad-crc=0.6"), parse_fault("repeat=0.5")])
    plan, rng = FaultPlan([parse_fault("bad-crc=0.2"), parse_fault("repeat:3=0.1")]), seeded(5)
    drawn = [plan.pick(rng) for _ in range(10_000)]
    assert 1800 < sum(one is not None and one.name == "bad-crc" for one in drawn) < 2200
    assert 850 < sum(one is not None and (one.name, one.value) == ("repeat", 3) for one in drawn) < 1150


@pytest.mark.parametrize("name", FAULT_MODES)
def test_every_fault_is_there_by_its_name(name: str):
    assert parse_fault(name).fault.mode is FAULT_MODES[name]


def test_quantiles_are_right_to_one_per_cent():
    histogram = Histogram()
    for k in range(1, 10_001):
        histogram.add(k / 10_000)
    found = [histogram.quantile_ms(share) for share in (0.5, 0.9, 0.99, 1.0)]
    assert found == [pytest.approx(value, rel=0.011) for value in (500, 900, 990, 1000)]
    histogram.add(0.0)
    histogram.add(1e9)
    assert (histogram.max_s, histogram.quantile_ms(1.0)) == (1e9, pytest.approx(23_500_000, rel=0.1))
    assert Histogram().quantile_ms(0.5) is None
