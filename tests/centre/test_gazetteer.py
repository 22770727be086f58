"""Imported places: found by how their words begin, and replaced as a whole or not at all."""

import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.centre.gazetteer import Gazetted, Gazetteer, words_of
from tocsin.centre.place_import import import_places, source_named
from tocsin.model.errors import BadInput, CentreFault, Conflict
from tocsin.protocols.place_files import MISTAKES_MAX, Counted, FilePlace, read_csv, read_features

T0 = 1_800_000_000_000_000
CSV = "name,near,kind,latitude,longitude\n"


def gazetteer(tmp_path, text="", source="gates"):
    made = Gazetteer(tmp_path)
    if text:
        take(made, text, source)
    return made


def take(made, text, source="gates"):
    rows = read_csv((CSV + text).splitlines(keepends=True))
    places = (
        Gazetted(name=one.name, near=one.near, kind=one.kind, latitude=one.latitude, longitude=one.longitude)
        for one in rows
    )
    return made.replace(source, places, T0)


def names(made, said):
    return [one.name for one in made.find(said)]


def test_places_are_found_by_the_beginnings_of_their_words_in_any_order_without_accents_and_case(tmp_path):
    made = gazetteer(tmp_path, "Müllergäßchen,Kiel,street,54.3,10.1\nGate 4,Harbour,,,\nMill,,settlement,,\n")
    for said in ("mull", "MÜLLERG", "kiel mul", "mullergaß"):
        assert names(made, said) == ["Müllergäßchen"], said
    assert names(made, "4 ga") == ["Gate 4"]
    assert names(made, "gate 5") == []
    (found,) = made.find("mill")
    assert found == Gazetted(name="Mill", near=None, kind="settlement", source="gates")


def test_what_is_important_and_what_is_typed_whole_comes_first(tmp_path):
    rows = "".join(f"Kielweg {n},Town,address,,\n" for n in range(500))
    made = gazetteer(tmp_path, rows + "Kielort,,settlement,,\nKiel,,settlement,,\nKielweg,Town,street,,\n")
    assert names(made, "kiel")[:3] == ["Kiel", "Kielort", "Kielweg"]
    assert names(made, "kielweg 499") == ["Kielweg 499"]


def test_a_second_file_of_a_source_takes_the_place_of_the_first_and_leaves_other_sources(tmp_path):
    made = gazetteer(tmp_path, "Gate 4,,,,\n")
    take(made, "Crossing 9,,crossing,,\n", "roads")
    take(made, "Gate 5,,,,\n")
    assert (names(made, "gate"), names(made, "crossing")) == (["Gate 5"], ["Crossing 9"])
    assert [(one.name, one.places) for one in made.sources()] == [("gates", 1), ("roads", 1)]
    made.replace("gates", (), T0)
    assert (names(made, "gate"), [one.name for one in made.sources()]) == ([], ["roads"])
    assert [path.name for path in tmp_path.iterdir()] == ["places.db"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("name,phone\nA,1\n", "places.head"),
        ("near\nA\n", "places.head"),
        ("", "places.head"),
        ('name\n"A\n', "places.csv"),
        (CSV + "Good,,,,\n,,,,\n", "places.rows"),
        (CSV + "A,,castle,,\n", "places.rows"),
        (CSV + "A,,,91,0\n", "places.rows"),
        (CSV + "A,,,north,0\n", "places.rows"),
        (CSV + "A,,,1,\n", "places.rows"),
        (CSV + "A,B\n", "places.rows"),
        (CSV + "A" * 201 + ",,,,\n", "places.rows"),
    ],
)
def test_a_file_with_a_mistake_changes_nothing_and_is_refused_by_line(tmp_path, text, code):
    made = gazetteer(tmp_path, "Gate 4,,,,\n")
    with pytest.raises(BadInput) as refused:
        made.replace("gates", (Gazetted(name=one.name) for one in read_csv(text.splitlines(keepends=True))), T0)
    assert refused.value.code == code
    assert names(made, "gate") == ["Gate 4"]
    assert [path.name for path in tmp_path.iterdir()] == ["places.db"]


def test_each_mistake_is_named_by_its_line_up_to_a_limit():
    with pytest.raises(BadInput) as refused:
        list(read_csv((CSV + "A,,castle,,\n" * 100).splitlines(keepends=True)))
    assert str(refused.value).count("line ") == MISTAKES_MAX
    assert "line 2: kind is none of" in str(refused.value)


def test_a_hundred_thousand_rows_are_taken_and_a_bad_last_one_refuses_them_all(tmp_path):
    rows = "".join(f"Harbour Lane {n},Town {n % 50},address,54.{n % 10},10.1\n" for n in range(100_000))
    made = Gazetteer(tmp_path)
    with pytest.raises(BadInput):
        take(made, rows + ",,,,\n")
    assert names(made, "harbour") == []
    assert take(made, rows) == 100_000
    assert names(made, "harbour lane 99999") == ["Harbour Lane 99999"]
    assert len(made.find("ha")) == 12


def test_an_import_that_goes_on_lets_no_other_begin(tmp_path):
    made = Gazetteer(tmp_path)

    def slow():
        with pytest.raises(Conflict):
            made.replace("other", (), T0)
        yield Gazetted(name="Gate 4")

    assert made.replace("gates", slow(), T0) == 1


def test_a_damaged_file_is_told_and_nothing_is_found_before_one_is_there(tmp_path):
    made = Gazetteer(tmp_path)
    assert (made.find("gate"), made.sources()) == ([], [])
    (tmp_path / "places.db").write_bytes(b"no database" * 100)
    with pytest.raises(CentreFault) as told:
        made.find("gate")
    assert told.value.code == "places.damaged"


@given(st.text(max_size=60))
def test_whatever_is_typed_is_no_language_of_the_index(tmp_path_factory, said):
    made = gazetteer(tmp_path_factory.getbasetemp(), "") if said else Gazetteer(tmp_path_factory.getbasetemp())
    if not made.sources():
        take(made, 'Gate "4" AND NOT near,,,,\n'.replace('"', ""))
    assert all(isinstance(one, Gazetted) for one in made.find(said))
    assert all(sign.isalnum() or not sign.isascii() for word in words_of(said) for sign in word)


# A map's extract -----------------------------------------------------------------------------------------------------


def line(properties, geometry=None):
    geometry = geometry or {"type": "Point", "coordinates": [10.14, 54.32]}
    return "\x1e" + json.dumps({"type": "Feature", "geometry": geometry, "properties": properties}) + "\n"


def test_named_features_of_a_map_are_places_and_the_rest_is_counted():
    counted = Counted()
    street = {"type": "LineString", "coordinates": [[10, 54], [10.2, 54.4]]}
    lines = [
        line({"name": "Kiel", "place": "city"}),
        line({"name": "Harbour Lane", "highway": "residential", "phone": "planted"}, street),
        line({"addr:street": "Harbour Lane", "addr:housenumber": "7", "addr:city": "Kiel", "addr:postcode": "24103"}),
        line({"name": "Old Mill", "addr:street": "Quay", "addr:housenumber": "1", "addr:city": "Kiel"}),
        line({"highway": "milestone", "ref": "A7", "distance": "12.5"}),
        line({"building": "yes"}),
        line({"name": "Nowhere"}, {"type": "Point", "coordinates": [999, 0]}),
        "\n",
    ]
    assert list(read_features(lines, counted)) == [
        FilePlace(name="Kiel", near="", kind="settlement", latitude=54.32, longitude=10.14),
        FilePlace(name="Harbour Lane", near="", kind="street", latitude=54.2, longitude=10.1),
        FilePlace(name="Harbour Lane 7", near="24103 Kiel", kind="address", latitude=54.32, longitude=10.14),
        FilePlace(name="Old Mill", near="Quay 1, Kiel", kind="place", latitude=54.32, longitude=10.14),
        FilePlace(name="A7 km 12.5", near="", kind="kilometre", latitude=54.32, longitude=10.14),
    ]
    assert counted == Counted(nameless=2, long=0)


_JSON = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3),
)


@given(
    st.text(max_size=80)
    | st.fixed_dictionaries(
        {
            "type": st.just("Feature"),
            "geometry": st.fixed_dictionaries({"coordinates": _JSON}) | _JSON,
            "properties": st.dictionaries(st.sampled_from(["name", "place", "highway"]), _JSON),
        }
    ).map(json.dumps)
)
def test_any_line_is_a_place_on_earth_left_out_or_refused(said):
    try:
        found = list(read_features([said], Counted()))
    except BadInput as refused:
        assert refused.code == "places.feature"  # noqa: PT017 - either is right
    else:
        assert all(-90 <= one.latitude <= 90 and -180 <= one.longitude <= 180 and one.name for one in found)


@given(st.text(max_size=200))
def test_any_table_is_places_or_a_refusal(said):
    try:
        found = list(read_csv(said.splitlines(keepends=True)))
    except BadInput as refused:
        assert refused.code.startswith("places.")  # noqa: PT017 - either is right
    else:
        assert all(1 <= len(one.name) <= 200 for one in found)


def test_two_that_import_at_once_are_one_after_the_other_and_what_a_kill_left_is_removed(tmp_path):
    made, other = gazetteer(tmp_path, "Gate 4,,,,\n"), Gazetteer(tmp_path)
    (tmp_path / "places.new-99999999").write_bytes(b"half")

    def told():
        with pytest.raises(Conflict) as refused:
            take(other, "Gate 5,,,,\n")
        assert refused.value.code == "places.busy"
        yield Gazetted(name="Gate 6")

    assert made.replace("gates", told(), T0) == 1
    assert names(made, "gate") == ["Gate 6"]
    assert [path.name for path in tmp_path.iterdir()] == ["places.db"]


def imported(made, text, *, source="gates", form="csv", is_dry=False):
    return import_places(made, source, io.StringIO(text, newline=""), form, T0, is_dry=is_dry)


def test_what_an_import_would_change_is_what_it_then_changes(tmp_path):
    made = gazetteer(tmp_path, "Gate 4,,,,\nGate 5,Quay,,54.3,10.1\n")
    text = f"{CSV}Gate 5,Quay,,54.3,10.1\nGate 6,,,,\nMill,,settlement,,\n"
    seen = imported(made, text, is_dry=True)
    assert (seen.places, seen.same, seen.new, seen.gone, seen.kinds) == (3, 1, 2, 1, {"place": 2, "settlement": 1})
    assert names(made, "gate") == ["Gate 4", "Gate 5"], "nothing is changed by looking"
    assert imported(made, text) == seen
    assert names(made, "gate") == ["Gate 5", "Gate 6"]
    again = imported(made, text, is_dry=True)
    assert (again.same, again.new, again.gone) == (3, 0, 0)


@pytest.mark.parametrize("is_dry", [True, False])
@pytest.mark.parametrize(
    ("text", "form", "code"),
    [("name,phone\nA,1\n", "csv", "places.head"), ("name\n", "csv", "places.empty"), ("", "features", "places.empty"),
     ("no feature", "features", "places.feature"), (f"name\n{'x' * 201}\n", "csv", "places.rows")],
)  # fmt: skip
def test_a_file_that_is_wrong_is_refused_by_looking_and_by_importing_alike(tmp_path, text, form, code, is_dry):
    made = gazetteer(tmp_path, "Gate 4,,,,\n")
    with pytest.raises(BadInput) as refused:
        imported(made, text, form=form, is_dry=is_dry)
    assert refused.value.code == code
    assert names(made, "gate") == ["Gate 4"]


def test_bytes_that_are_no_text_are_refused(tmp_path):
    made = gazetteer(tmp_path)
    with pytest.raises(BadInput) as refused:
        import_places(made, "gates", io.TextIOWrapper(io.BytesIO(b"name\nM\xfcll\n"), "utf-8"), "csv", T0, is_dry=False)
    assert refused.value.code == "places.file"
    for wrong in ("", "Gates", "a b", "x" * 31, "\u0661"):
        with pytest.raises(BadInput):
            source_named(wrong)
