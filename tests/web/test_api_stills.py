"""Stills over HTTP: sent by staff on duty, masked for the desk, clear for few and for minutes, for nobody else ever."""

import io
import itertools

import numpy
import pytest
from PIL import Image

from support.centres import make_folder
from support.web import web
from tocsin.centre.core import Core
from tocsin.model.commands import Command, Merge
from tocsin.rules.catalogue import shipped_catalogue

KEYS = itertools.count(1)
BOX = "x=0&y=0&width=500&height=1000"
PLANTED = b"Planted comment"


def photograph(seed=1, width=320, height=180):
    noise = numpy.random.default_rng(seed).integers(0, 255, (height, width, 3), numpy.uint8)
    out = io.BytesIO()
    Image.fromarray(noise).save(out, "JPEG", quality=95, comment=PLANTED)
    return out.getvalue()


def pixels(answer):
    return numpy.asarray(Image.open(io.BytesIO(answer.content))).astype(int)


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("stills") / "centre"
    with web(make_folder(folder)) as made:
        held = made.held
        core = Core(
            held.store, held.clock, shipped_catalogue(), held.centre.places(), keeper=held.centre.keeper,
            follower=held.centre.escalating, planner=held.centre.planning,
        )  # fmt: skip
        held.journal.attach(core)
        held.centre.use_core(core)
        made.folder = folder
        made.staff = made.signed_in("responder")
        made.desk, made.lead = made.signed_in("operator"), made.signed_in("supervisor")
        yield made


def report(site, type_="FIRE-SMOKE", client=None):
    now, id_ = site.clock.now_us(), f"phone-{next(KEYS)}"
    body = {"type": type_, "typed_at": now, "sent_at": now, "where": "behind the hall"}
    answer = (client or site.staff).post("/api/v1/duty/reports", json=body, headers={"idempotency-key": id_})
    assert answer.status_code == 201, answer.text
    return id_, site.held.store.incidents("open", None, 1)[0].id


def send(site, id_, picture=None, box=BOX, client=None, key=None):
    return (client or site.staff).post(
        f"/api/v1/duty/reports/{id_}/stills?{box}",
        content=photograph() if picture is None else picture,
        headers={"idempotency-key": key or f"picture-{next(KEYS)}"},
    )


def test_a_picture_is_masked_for_every_desk_and_clear_for_who_lifts_it_once(site):
    id_, incident = report(site)
    sent = send(site, id_, key="twice")
    assert (sent.status_code, sent.json()) == (200, {"left": 5})
    assert send(site, id_, key="twice").json() == {"left": 5}, "the same picture again is one"
    path = f"/api/v1/incidents/{incident}/stills"
    answer = site.desk.get(path).json()
    (still,) = answer["items"]
    assert (still["box"], still["source"], still["erased_at"], answer["left"]) == (
        {"x": 0, "y": 0, "width": 500, "height": 1000}, "duty", None, 5,
    )  # fmt: skip
    masked = site.desk.get(f"{path}/{still['id']}/masked")
    assert (masked.headers["content-type"], masked.headers["cache-control"]) == ("image/jpeg", "no-store")
    shown, drawn = pixels(masked), numpy.asarray(Image.open(io.BytesIO(photograph()))).astype(int)
    assert abs(shown[:, :150] - drawn[:, :150]).mean() < 25, "inside the box it is what was sent"
    outside, real = shown[:, 170:], drawn[:, 170:]
    assert outside.std() < real.std() / 3, "outside of it noise is averaged away"
    assert numpy.corrcoef(outside.mean(axis=2).ravel(), real.mean(axis=2).ravel())[0, 1] < 0.3
    lifted = site.lead.post(f"{path}/{still['id']}/lift", json={"reason": "which_door"}).json()
    clear = f"{path}/{still['id']}/clear?word={lifted['word']}"
    other = site.signed_in("supervisor").get(clear)
    assert (other.status_code, other.json()["code"]) == (400, "still.not_lifted"), "another sign-in gets nothing"
    assert abs(pixels(site.lead.get(clear)) - drawn).mean() < 25
    assert site.lead.get(clear).json()["code"] == "still.not_lifted", "once"
    ended = site.lead.post(f"{path}/{still['id']}/mask", json={"reason": "by_hand", "word": lifted["word"]})
    assert ended.status_code == 204
    lines = [one["words"] for one in site.desk.get(f"/api/v1/incidents/{incident}").json()["timeline"]]
    assert any("lifted the mask of picture 1: which door?" in one for one in lines), lines
    assert any("The mask of picture 1 is back after" in one for one in lines)
    everything = b"".join(path.read_bytes() for path in site.folder.rglob("*") if path.is_file())
    middle = slice(len(masked.content) // 2, len(masked.content) // 2 + 40)
    for planted in (PLANTED, photograph()[5_000:5_040], masked.content[middle]):
        assert planted not in everything, "nothing of it lies open on the disk"


def test_nobody_but_desks_sees_a_still_and_none_but_who_may_lifts_one(site):
    id_, incident = report(site)
    send(site, id_)
    path = f"/api/v1/incidents/{incident}/stills"
    still = site.desk.get(path).json()["items"][0]["id"]
    word = site.lead.post(f"{path}/{still}/lift", json={"reason": "in_danger"}).json()["word"]
    for who in (
        site.staff, site.signed_in("auditor"), site.signed_in("administrator"), site.signed_in("integrator"),
        site.program("read"), site.client(),
    ):  # fmt: skip
        for route in (path, f"{path}/{still}/masked", f"{path}/{still}/clear?word={word}"):
            assert who.get(route).status_code in (401, 403), route
    assert site.desk.post(f"{path}/{still}/lift", json={"reason": "in_danger"}).status_code == 403
    assert site.desk.get(f"{path}/{still}/clear?word={word}").status_code == 403
    assert site.lead.post(f"{path}/{still}/lift", json={"reason": "curious"}).status_code == 400


def test_a_picture_goes_with_an_own_report_alone(site):
    id_, incident = report(site)
    other = site.signed_in("responder")
    refused = send(site, id_, client=other)
    assert (refused.status_code, refused.json()["code"]) == (404, "duty.report.unknown")
    silent, _ = report(site, "HOLD-UP")
    assert send(site, silent).json()["code"] == "duty.report.unknown", "of a silent call nothing is told"
    assert site.desk.get(f"/api/v1/incidents/{incident}/stills").json()["items"] == []


def test_an_incident_whose_pictures_would_be_of_people_takes_none(site):
    id_, _ = report(site, "MED-ARREST")
    refused = send(site, id_)
    assert (refused.status_code, refused.json()["code"]) == (409, "still.class")


@pytest.mark.parametrize(
    ("picture", "box", "status", "code"),
    [
        (b"GIF89a" + bytes(100), BOX, 400, "still.form"),
        (b"\xff\xd8\xff" + bytes(300), BOX, 400, "still.broken"),
        (None, "x=600&y=0&width=500&height=1000", 400, "still.box"),
        (None, "x=0&y=0&width=5&height=1000", 400, "still.box"),
        (None, "", 400, None),
        (b"\xff\xd8\xff" + bytes(8 << 20), BOX, 413, None),
    ],
    ids=["no picture", "broken", "box outside", "box of nothing", "no box", "too large"],
)
def test_what_is_no_picture_with_a_box_is_refused_and_nothing_of_it_is_stored(site, picture, box, status, code):
    id_, incident = report(site)
    before = site.held.store.head()
    refused = send(site, id_, picture, box)
    assert refused.status_code == status, refused.text
    if code is not None:
        assert refused.json()["code"] == code
    assert site.held.store.head() == before
    assert site.desk.get(f"/api/v1/incidents/{incident}/stills").json()["items"] == []


def test_a_picture_of_what_was_merged_says_of_which_incident_it_is_and_is_shown_where_that_is(site):
    first, into = report(site)
    second, one = report(site)
    assert [send(site, id_).status_code for id_ in (first, second)] == [200, 200]
    store = site.held.store
    act = Merge(into=into, seen=store.incident(into).version)
    site.held.centre.handle(
        Command(actor="user-9", id=f"merge-{next(KEYS)}", incident=one, version=store.incident(one).version, act=act)
    )
    path = f"/api/v1/incidents/{into}/stills"
    answer = site.desk.get(path).json()
    assert [(item["number"], item["merged_number"]) for item in answer["items"]] == [
        (1, None), (1, store.incident(one).number),
    ]  # fmt: skip
    assert answer["left"] == 4
    still = answer["items"][1]["id"]
    assert site.desk.get(f"{path}/{still}/masked").status_code == 200
    # Who reported what was merged sends the next one to what stands.
    assert send(site, second).json() == {"left": 3}
    assert site.lead.post(f"{path}/{still}/lift", json={"reason": "way_in"}).status_code == 200
    told = [line["words"] for line in site.lead.get(f"/api/v1/incidents/{into}").json()["timeline"]]
    assert any("picture 1 of an incident that was merged into this one" in one for one in told)
