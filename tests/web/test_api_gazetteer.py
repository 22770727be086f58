"""Places by name over HTTP: looked at first, imported as a whole or not at all, found at once, and taken out again."""

import pytest

from support.centres import make_folder
from support.web import web
from tocsin.centre.gazetteer import FILE

PATH = "/api/v1/gazetteer/sources"
CSV = "name,near,kind,latitude,longitude\nGate 4,Harbour,place,54.3,10.1\nMill Street,Town,street,,\n"


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("places") / "centre"
    with web(make_folder(folder)) as made:
        made.folder = folder
        made.boss, made.desk = made.signed_in("administrator"), made.signed_in("operator")
        yield made


def send(site, body, source="gates", form="csv", dry=False, client=None):
    query = f"format={form}&dry_run={'true' if dry else 'false'}"
    return (client or site.boss).post(f"{PATH}/{source}?{query}", content=body.encode())


def listed(site):
    return [(one["name"], one["places"]) for one in site.desk.get(PATH).json()["items"]]


def found(site, words):
    return [one["name"] for one in site.desk.get(f"/api/v1/gazetteer?place={words}").json()["items"]]


def test_a_file_is_looked_at_first_then_imported_found_at_once_and_taken_out(site):
    seen = send(site, CSV, dry=True).json()
    assert seen == {
        "dry_run": True, "places": 2, "same": 0, "new": 2, "gone": 0, "nameless": 0, "long": 0,
        "kinds": {"place": 1, "street": 1},
    }  # fmt: skip
    assert (listed(site), found(site, "gate")) == ([], [])
    assert send(site, CSV).json() == seen | {"dry_run": False}
    assert (listed(site), found(site, "gate")) == ([("gates", 2)], ["Gate 4"])
    assert (site.folder / FILE).stat().st_mode & 0o777 == 0o600
    again = send(site, CSV.replace("Gate 4", "Gate 5"), dry=True).json()
    assert (again["same"], again["new"], again["gone"]) == (1, 1, 1)
    point = '"geometry":{"type":"Point","coordinates":[10.1,54.3]}'
    line = f'{{"type":"Feature","properties":{{"name":"Kiel","place":"city"}},{point}}}'
    other = send(site, f'{line}\n{{"type":"Feature","properties":{{}},"geometry":null}}\n', "osm", "features").json()
    assert (other["places"], other["nameless"], other["kinds"]) == (1, 1, {"settlement": 1})
    assert site.boss.delete(f"{PATH}/osm").status_code == 204
    assert (listed(site), found(site, "kiel")) == ([("gates", 2)], [])
    gone = site.boss.delete(f"{PATH}/osm")
    assert (gone.status_code, gone.json()["code"]) == (400, "places.source")


def test_what_is_wrong_is_named_and_changes_nothing_and_who_takes_calls_only_looks(site):
    before = listed(site)
    refused = send(site, "name\n" + "x" * 201 + "\n")
    assert (refused.status_code, refused.json()["code"]) == (400, "places.rows")
    assert "line 2" in refused.json()["detail"]
    for source, form in (("Gates!", "csv"), ("gates", "excel")):
        assert send(site, CSV, source, form).status_code == 400
    assert send(site, CSV, client=site.desk).status_code == 403
    assert site.desk.delete(f"{PATH}/gates").status_code == 403
    assert listed(site) == before
