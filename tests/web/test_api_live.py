"""The live stream and its companions at a real centre: what follows a frame, a command, a sign-out, a restart."""

import threading

import msgspec
import pytest

from support.centres import wait_for
from support.desks import Office, Stream, desks, make_office
from support.in_process import serving
from support.live import numbers

QUICK_S = 3.0


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    with desks(tmp_path_factory.mktemp("office") / "centre") as made:
        yield made


@pytest.fixture(scope="module")
def ana(office):
    return office.person("Ana")


@pytest.fixture(autouse=True)
def quiet(request):
    """Nothing is open when a test begins."""
    if "ana" in request.fixturenames:
        request.getfixturevalue("ana").close_all()


def nameless(rows):
    return {row["id"]: row | {"account_name": None, "site": None, "zone_name": None} for row in rows}


def following(person, stream):
    """What the console holds is what the centre has, but for names."""
    return stream.until(lambda follower: follower.rows == nameless(person.open_incidents()))


def listening(person):
    """A stream that has its snapshot."""
    page = person.ask("GET", "/api/v1/incidents")
    listened = person.listen(page.json["live"])
    return page, listened


# What is told ---------------------------------------------------------------------------------------------------------


def test_frame_of_a_panel_reaches_the_console_without_a_name(office, ana):
    page, listened = listening(ana)
    with listened as stream:
        stream.follower.load(page.text.encode())
        row = office.alarm(ana)
        stream.until(lambda follower: row["id"] in follower.rows)
        following(ana, stream)
        assert stream.follower.resets == []


def test_command_of_one_is_told_to_the_others(office, ana):
    row = office.alarm(ana, "1002", "BA")
    page, listened = listening(office.person("Bo"))
    with listened as stream:
        stream.follower.load(page.text.encode())
        claimed = ana.claim(row)
        ana.act(row["id"], "note", text="Herr Schmidt opens")
        stream.until(lambda follower: row["id"] in follower.personal)
        assert stream.follower.rows[row["id"]]["claimed_by"] == ana.id
        version = ana.get(f"/incidents/{row['id']}")["incident"]["version"]
        assert ana.act(row["id"], "close", version=version, disposition="test").status == 200
        stream.until(lambda follower: row["id"] not in follower.rows)
        assert claimed["claimed_by"] == ana.id


def test_stream_tells_no_name_and_no_text(office, ana):
    page, listened = listening(ana)
    with listened as stream:
        stream.follower.load(page.text.encode())
        told = bytearray()
        feed = stream._events.feed
        stream._events.feed = lambda data: told.extend(data) or feed(data)
        row = office.alarm(ana, "1003", "WA", text="Schmidt")
        ana.act(row["id"], "note", text="Schmidt")
        stream.until(lambda follower: follower.personal)
    for name in (b"Schmidt", b"Boiler", b"Quay", b"Kessel", b"Ana"):
        assert name not in told


def test_change_of_places_is_told_and_the_new_names_are_there_then(office, ana):
    id_ = office.alarm(ana)["account_id"]
    admin = office.person("Ada", ["administrator"])
    (site_id,) = {place["site_id"] for place in ana.get(f"/places?account_id={id_}")["accounts"]}
    page, listened = listening(ana)
    with listened as stream:
        stream.follower.load(page.text.encode())
        site = admin.get(f"/sites/{site_id}")
        body = {name: site[name] for name in ("address", "directions", "version")} | {"name": "Old boiler hall"}
        assert admin.ask("PUT", f"/api/v1/sites/{site_id}", body).status == 200
        config = stream.until(lambda follower: follower.config)
        found = ana.get(f"/places?account_id={id_}")
        assert (found["config"], found["accounts"][0]["site"]) == (config, "Old boiler hall")
        assert ana.get("/incidents")["items"][0]["site"] == "Old boiler hall"
        again = admin.get(f"/sites/{site_id}")
        body |= {"name": "Boiler hall", "version": again["version"]}
        assert admin.ask("PUT", f"/api/v1/sites/{site_id}", body).status == 200


def test_beat_tells_when_the_last_signal_came_and_who_knocks_unknown(office, ana):
    with ana.listen() as stream:
        stream.until(lambda follower: follower.beats)
        before = stream.follower.beats[0]
        assert (before.missing, before.unknown.count) == ([], 0)
        office.report("7777", "RP")
        stream.until(lambda follower: follower.beats[-1].unknown.count == 1)
        after = stream.follower.beats[-1]
        assert after.last_signal_at > (before.last_signal_at or 0)
        assert after.unknown.oldest_at <= after.now


# From where -----------------------------------------------------------------------------------------------------------


def test_stream_goes_on_from_the_header_or_the_query_and_the_header_counts_more(office, ana):
    live = ana.get("/incidents")["live"]
    row = office.alarm(ana)
    cookie = {"cookie": ana.cookie}
    wait_for(lambda: row["id"] in {one["id"] for one in ana.open_incidents()})
    now = ana.get("/incidents")["live"]
    for headers, path, wanted in [
        ({"Last-Event-ID": live}, "/api/v1/live", live),
        ({}, f"/api/v1/live?after={live}", live),
        ({"Last-Event-ID": live}, f"/api/v1/live?after={now}", live),
    ]:
        with Stream(ana.address, cookie | headers, path) as stream:
            events = stream.read()
            assert [name for name, _, _ in events][:2] == ["beat", "delta"]
            assert events[1][2].prev == wanted
            assert row["id"] in {change.incident.id for change in events[1][2].changes if change.incident}


@pytest.mark.parametrize(("last", "reason"), [("9-1", "epoch"), ("1-1", "gap"), ("1-999999999", "gap")])
def test_console_whose_id_is_no_good_is_reset(ana, last, reason):
    with ana.listen(last) as stream:
        assert stream.until(lambda follower: follower.resets) == [reason]


@pytest.mark.parametrize("last", ["x", "1", "1-2-3", "-1"])
def test_what_is_no_id_is_refused(ana, last):
    with ana.listen(last) as stream:
        assert (stream.status, stream.headers["content-type"]) == (400, "application/problem+json")
    reply = ana.ask("GET", f"/api/v1/live?after={last}")
    assert (reply.status, reply.json["code"]) == (400, "live.id")


def test_stream_by_an_older_http_is_refused_with_the_remedy(ana):
    with Stream(ana.address, {"cookie": ana.cookie}, version="1.0") as stream:
        assert (stream.status, stream.headers["content-type"]) == (400, "application/problem+json")


# Rights ---------------------------------------------------------------------------------------------------------------


def test_signing_out_ends_the_streams_of_that_session_and_no_other(office, ana):
    bo = office.person("Bo")
    with bo.listen() as ended, ana.listen() as stays:
        assert bo.ask("DELETE", "/api/v1/session").status == 204
        ended.until(lambda follower: follower.resets)
        assert ended.follower.resets == ["rights"]
        assert ended.until_over() is True
        stays.until(lambda follower: len(follower.beats) > 1)
        assert stays.is_over is False


def test_other_roles_end_the_stream(office):
    bo = office.person("Carl", ["operator"])
    with bo.listen() as stream:
        office.centre.remote.link("Carl", ["supervisor"])
        assert stream.until(lambda follower: follower.resets) == ["rights"]
        assert stream.until_over() is True


def test_program_listens_with_a_token_until_it_is_revoked(office, ana):
    made = office.centre.remote.create_token(["read"])
    with Stream(ana.address, {"authorization": f"Bearer {made.secret}"}) as stream:
        stream.until(lambda follower: follower.beats)
        assert stream.follower.beats[0].unknown is not None
        office.alarm(ana, "1002", "BA")
        stream.until(lambda follower: follower.deltas)
        office.centre.remote.revoke_token(made.id)
        assert stream.until(lambda follower: follower.resets) == ["rights"]


def test_console_beyond_the_limit_is_told_so(tmp_path):
    toml = '[web]\nlisten = "127.0.0.1:0"\nconsoles_max = 2\n\n[receivers.dc09]\nlisten = ["127.0.0.1:0"]\n'
    with desks(tmp_path / "centre", toml=toml) as office:
        ana = office.person("Ana")
        with ana.listen(), ana.listen():
            wait_for(lambda: ana.get("/status")["consoles"] == 2)
            reply = ana.ask("GET", "/api/v1/live")
            assert (reply.status, reply.json["code"], reply.headers["retry-after"]) == (429, "live.consoles", "5")
            assert "web.consoles_max" in reply.json["detail"]
        wait_for(lambda: ana.get("/status")["consoles"] == 0)
        with ana.listen() as again:
            assert again.status == 200


# Stop and start -------------------------------------------------------------------------------------------------------


def test_stop_ends_streams_in_good_order_and_a_console_that_missed_nothing_goes_on_after_it(tmp_path):
    settings = make_office(tmp_path / "centre")
    with serving(settings) as centre:
        office = Office(centre)
        ana = office.person("Ana")
        office.alarm(ana)
        page, listened = listening(ana)
        with listened as stream:
            stream.follower.load(page.text.encode())
            office.report("1001", "RP")  # filed: nobody sees anything of it
            stream.until(lambda follower: follower.beats)
            ended = threading.Thread(target=centre.stop)
            began = centre.service._clock.monotonic_s()
            ended.start()
            assert stream.until_over() is True
            assert centre.service._clock.monotonic_s() - began < QUICK_S
            ended.join(30)
    follower = stream.follower
    with serving(settings) as centre:
        ana.address = centre.service.web_address
        with ana.listen(follower.id) as stream:
            stream.follower = follower
            row = Office(centre).alarm(ana, "1002", "BA")
            stream.until(lambda follower: row["id"] in follower.rows)
            assert follower.resets == []
            assert follower.rows == nameless(ana.open_incidents())
        # Who was away longer, before the last change of the process that ended, loads everything anew.
        with ana.listen("1-12") as late:
            assert late.until(lambda follower: follower.resets) == ["gap"]
        assert numbers(follower.id)[1] > numbers(page.json["live"])[1]


@pytest.mark.slow
def test_two_hundred_consoles_come_back_at_once_after_a_restart(tmp_path):
    settings = make_office(tmp_path / "centre")
    with serving(settings) as centre:
        office = Office(centre)
        ana = office.person("Ana")
        for account in range(2000, 2400):
            office.report(f"{account}", "BA")
        wait_for(lambda: ana.get("/incidents?limit=1")["total"] == 400, 60)
    with serving(settings) as centre:
        ana.address = centre.service.web_address
        began = centre.service._clock.monotonic_s()
        streams = [Stream(ana.address, {"cookie": ana.cookie, "Last-Event-ID": "1-5"}) for _ in range(200)]
        try:
            for stream in streams:
                stream.until(lambda follower: follower.resets)
                ana.snapshot(stream.follower)
            took_s = centre.service._clock.monotonic_s() - began
            assert {stream.status for stream in streams} == {200}
            assert {len(stream.follower.rows) for stream in streams} == {400}
            row = Office(centre).alarm(ana)
            for stream in streams:
                stream.until(lambda follower: row["id"] in follower.rows)
            assert took_s < 30, "10 s are wanted; a busy machine is given more"
        finally:
            for stream in streams:
                stream.close()


# Beside the stream ----------------------------------------------------------------------------------------------------


def test_status_is_what_the_header_shows(office, ana):
    office.alarm(ana, zone=3)
    found = ana.get("/status")
    assert (found["ready"], found["missing"], found["open"]) == (True, [], ana.get("/incidents")["total"])
    assert found["live"] == ana.get("/incidents")["live"]
    assert found["last_signal_at"] <= found["now"]
    assert set(found["unknown"]) == {"count", "oldest_at"}
    auditor = office.person("Dora", ["auditor"])
    assert auditor.get("/status")["unknown"] is None


def test_catalogue_is_whole_and_sent_once(ana):
    reply = ana.ask("GET", "/api/v1/catalogue")
    found = reply.json
    assert "FIRE-ALARM" in {one["type"] for one in found["types"]}
    assert {one["code"] for one in found["dispositions"]} >= {"real", "unwanted", "test"}
    assert {one["code"] for one in found["reopen_reasons"]} >= {"more_to_do"}
    again = ana.ask("GET", "/api/v1/catalogue", **{"if-none-match": reply.headers["etag"]})
    assert (again.status, again.text) == (304, "")
    assert ana.ask("GET", "/api/v1/catalogue", **{"if-none-match": '"other"'}).status == 200


def test_places_have_the_names_of_account_site_and_zones(office, ana):
    row = office.alarm(ana, zone=2)
    found = ana.get(f"/places?account_id={row['account_id']}&account_id=account-999999&account_id=Schmidt")
    (place,) = found["accounts"]
    assert place["site"] == "Boiler hall"
    assert place["zones"] == {"1": "Kessel 1", "2": "Kessel 2"}
    assert (place["account"], place["account_id"], place["site_id"]) == ("1001", row["account_id"], row["site_id"])


@pytest.mark.parametrize("query", ["", "?" + "&".join(f"account_id=account-{number}" for number in range(201))])
def test_places_are_asked_for_in_bounds(ana, query):
    reply = ana.ask("GET", f"/api/v1/places{query}")
    assert (reply.status, reply.json["code"]) == (400, "request.invalid")


def test_sound_check_is_in_the_journal_with_who_heard(office, ana):
    for heard in (True, False):
        reply = ana.ask("POST", "/api/v1/desk/sound-check", {"heard": heard})
        assert reply.status == 200, reply.text
        (stored,) = office.centre.remote.entries(reply.json["seq"] - 1, 1)
        entry = msgspec.json.decode(stored.row.entry)
        assert (entry["kind"], entry["actor"], entry["body"]) == ("desk.sound_checked", ana.id, {"heard": heard})
    assert ana.ask("POST", "/api/v1/desk/sound-check", {"heard": "perhaps"}).status == 400
