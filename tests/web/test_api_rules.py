"""Parameters of judgement over HTTP: listed, changed by supervisors, two of whom see each other."""

import asyncio

import pytest

from support.centres import make_folder
from support.web import Site
from tocsin.model.errors import BadInput, CentreFault
from tocsin.web.form_worker import FormWorker
from tocsin.web.gone import unless_gone

PATH = "/api/v1/rules/parameters"


@pytest.fixture
def site(tmp_path):
    made = Site(make_folder(tmp_path / "centre"))
    yield made
    made.close()


def put(person, version, **changed):
    values = [{"name": name.replace("__", "."), "value": value} for name, value in changed.items()]
    return person.put(PATH, json={"changed": values, "version": version})


def test_supervisor_changes_a_parameter_and_the_second_sees_who_was_first(site):
    sue, ana = site.signed_in("supervisor"), site.signed_in("operator")
    before = ana.get(PATH).json()
    assert (before["version"], before["versions"]) == (0, [])
    (chatter,) = [one for one in before["items"] if one["name"] == "chatter.alarms"]
    assert (chatter["now"], chatter["shipped"], chatter["least"], chatter["most"]) == (3, 3, 3, 10)
    assert all(one["words"] for one in before["items"])
    made = put(sue, 0, chatter__alarms=5)
    assert made.status_code == 200, made.text
    assert [one["now"] for one in made.json()["items"] if one["name"] == "chatter.alarms"] == [5]
    late = put(sue, 0, chatter__alarms=6)
    assert (late.status_code, late.json()["code"]) == (409, "config.overtaken")
    assert late.json()["changed_by"] == made.json()["versions"][0]["by"]
    assert late.json()["changed_at"] == made.json()["versions"][0]["at"]
    assert ana.get(PATH).json() == made.json()


def test_others_read_and_what_is_out_of_range_is_refused(site):
    sue, ana, key = site.signed_in("supervisor"), site.signed_in("operator"), site.signed_in("integrator")
    assert put(ana, 0, chatter__alarms=5).status_code == 403
    assert key.get(PATH).status_code == 403
    refused = put(sue, 0, fire__window_s=7_201)
    assert (refused.status_code, refused.json()["code"]) == (400, "rules.range")
    assert put(sue, 0, fire__speed=7).json()["code"] == "rules.parameter"
    assert ana.get(PATH).json()["version"] == 0


def try_(person, days=30, **changed):
    values = [{"name": name.replace("__", "."), "value": value} for name, value in changed.items()]
    return person.post(f"{PATH}/dry-run", json={"changed": values, "days": days})


def test_supervisor_tries_numbers_before_saving_and_nothing_is_changed(site):
    sue, ana = site.signed_in("supervisor"), site.signed_in("operator")
    before = site.held.store.head().seq
    found = try_(sue, 7, flood__begins=20)
    assert found.status_code == 200, found.text
    said = found.json()
    assert said["until"] - said["since"] == 7 * 86_400_000_000
    assert {name: said[name] for name in ("signals", "differing", "classes", "named", "is_untold")} == {
        "signals": 0, "differing": 0, "classes": [], "named": [], "is_untold": True,
    }  # fmt: skip
    assert try_(ana, fire__window_s=900).status_code == 403
    refused = try_(sue, fire__window_s=1)
    assert (refused.status_code, refused.json()["code"]) == (400, "rules.range")
    assert try_(sue, 91).status_code == 400
    assert (site.held.store.head().seq, ana.get(PATH).json()["version"]) == (before, 0)


def test_dry_run_is_ended_where_its_asker_goes_away():
    async def ask():
        begun, ended = asyncio.Event(), []

        async def make():
            begun.set()
            try:
                await asyncio.Event().wait()
            finally:
                ended.append(True)

        async def receive():
            await begun.wait()
            return {"type": "http.disconnect"}

        with pytest.raises(BadInput) as told:
            await unless_gone(receive, make())
        assert told.value.code == "http.gone"
        await asyncio.sleep(0)
        return ended

    assert asyncio.run(ask()) == [True]


def test_worker_that_takes_too_long_is_ended_and_says_what_to_do(tmp_path, monkeypatch):
    (tmp_path / "sleeper.py").write_text("import signal\nsignal.pause()\n")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    worker = FormWorker("sleeper", noun="dry run", make_s=0.2, remedy="Try it on fewer days")
    with pytest.raises(CentreFault, match=r"longer than 0 s. Nothing was made. Try it on") as told:
        asyncio.run(worker.make(b"{}"))
    assert told.value.code == "report.time"
