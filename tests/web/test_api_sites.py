"""Sites, accounts and zones over HTTP: read, changed under the version that was seen, removed; keys are never told."""

import itertools
import uuid

import pytest

from support.centres import KEY, wait_for
from support.desks import desks

COUNT = itertools.count(1)
CONFIGURE = ("supervisor", "integrator")


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    with desks(tmp_path_factory.mktemp("office") / "centre") as made:
        yield made


@pytest.fixture(scope="module")
def ana(office):
    return office.person("Ana", CONFIGURE)


@pytest.fixture(scope="module")
def bo(office):
    return office.person("Bo", CONFIGURE)


def send(person, method, path, body=None, **headers):
    return person.ask(method, f"/api/v1{path}", body, **headers)


def done(reply, status=200):
    assert reply.status == status, reply.text
    return reply.json if reply.text else None


def refused(reply):
    assert reply.headers["content-type"] == "application/problem+json"
    return reply.status, reply.json["code"]


def make_site(person, name=None, **fields):
    return done(send(person, "POST", "/sites", {"name": name or f"Made {next(COUNT)}", **fields}), 201)


def make_account(person, number=None, **fields):
    return done(send(person, "POST", "/accounts", {"account": number or f"A{next(COUNT)}", **fields}), 201)


def pages(person, path):
    items, after = [], ""
    while True:
        page = person.get(f"{path}&limit=2{after}")
        items += page["items"]
        assert page["total"] >= len(page["items"])
        if page["next"] is None:
            return items
        after = f"&after={page['next']}"


# Sites ---------------------------------------------------------------------------------------------------------------


def test_site_is_made_read_changed_and_removed(ana, bo):
    made = make_site(ana, "Lock house", address="9 Quay", directions="Ring twice")
    assert {name: made[name] for name in ("name", "address", "directions", "accounts", "changed_by")} == {
        "name": "Lock house", "address": "9 Quay", "directions": "Ring twice", "accounts": 0, "changed_by": ana.id,
    }  # fmt: skip
    assert bo.get(f"/sites/{made['id']}") == made
    changed = done(send(bo, "PUT", f"/sites/{made['id']}", {"name": "Lock", "version": made["version"]}))
    assert (changed["name"], changed["address"], changed["changed_by"]) == ("Lock", None, bo.id)
    assert changed["version"] > made["version"]
    gone = send(ana, "DELETE", f"/sites/{made['id']}?version={changed['version']}")
    assert (gone.status, gone.text) == (204, "")
    assert refused(send(ana, "GET", f"/sites/{made['id']}")) == (404, "sites.unknown")


PREMISES = {
    "latitude": 48.20849, "longitude": -16.37208, "hazards": ["asbestos", "toxic"], "hazard_details": "chlorine, 4 kg",
    "buildings": [{"name": "Hall B", "access": "gate 2"}, {"name": "Pump house", "access": None}],
    "authority_ref": "BMA 12/7", "response": "keyholder_first", "grade": 3, "installer": "ACME-7",
}  # fmt: skip


def test_premises_are_kept_whole_shown_and_changed_and_their_texts_are_in_no_fact(ana, bo, office):
    made = make_site(ana, "Works", **PREMISES)
    assert {name: made[name] for name in PREMISES} == PREMISES
    assert bo.get(f"/sites/{made['id']}") == made
    assert [one for one in pages(bo, "/sites?name=works") if one["id"] == made["id"]] == [made]
    seq = bo.get("/journal?kind=site.set")["items"][0]
    assert (seq["v"], seq["body"]["hazards"], seq["body"]["latitude"]) == (
        2,
        ["asbestos", "toxic"],
        seq["body"]["name"],
    )
    for text in ("48.2", "16.37", "chlorine", "Hall B", "gate 2", "BMA"):
        assert text not in str(seq)
    changed = done(send(bo, "PUT", f"/sites/{made['id']}", {"name": "Works", "grade": 1, "version": made["version"]}))
    assert {name: changed[name] for name in PREMISES} == dict.fromkeys(PREMISES) | {
        "buildings": [], "hazards": [], "grade": 1,
    }  # fmt: skip
    late = send(ana, "PUT", f"/sites/{made['id']}", {"name": "Works", **PREMISES, "version": made["version"]})
    assert (refused(late), late.json["site"]["grade"]) == ((409, "config.overtaken"), 1)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"latitude": 91, "longitude": 1}, "latitude must be from -90 to 90 degrees"),
        ({"latitude": 1e300, "longitude": 1}, "latitude must be degrees"),
        ({"longitude": 16.3}, "latitude is missing; a position needs both"),
        ({"latitude": 0, "longitude": 0}, "which is in the sea"),
        ({"buildings": [{"name": "A: B"}]}, "buildings have no colon in a name, and no upright stroke"),
        ({"buildings": [{"name": "A", "access": "left | right"}]}, "buildings have no colon in a name"),
        ({"buildings": [{"name": " "}]}, "buildings have a part without a name"),
        ({"hazard_details": "gas"}, "name the hazards that they tell of"),
    ],
)
def test_premises_that_cannot_be_are_refused_in_words_and_nothing_is_made(ana, fields, words):
    reply = send(ana, "POST", "/sites", {"name": "Nowhere", **fields})
    assert refused(reply) == (400, "config.form")
    assert words in reply.json["detail"]
    assert pages(ana, "/sites?name=nowhere") == []


def test_sites_come_by_name_in_pages_and_are_found_by_how_a_word_of_the_name_begins(ana):
    for name in ("zeta Yard", "Ärger Yard", "Alpha yard", "Alpha-Yardage"):
        make_site(ana, name)
    found = [site["name"] for site in pages(ana, "/sites?name=yard")]
    assert found == ["Alpha yard", "zeta Yard", "Ärger Yard"], "by name; `Yardage` behind a dash begins no word"
    assert [site["name"] for site in pages(ana, "/sites?name=%C3%A4RGER+y")] == ["Ärger Yard"]
    assert pages(ana, "/sites?name=nowhere") == []
    everything = [site["name"].casefold() for site in pages(ana, "/sites?name=")]
    assert everything == sorted(everything)
    assert ana.get("/sites?limit=1")["total"] == len(everything)


def test_page_after_a_site_that_was_removed_is_begun_anew(ana):
    site = make_site(ana)
    send(ana, "DELETE", f"/sites/{site['id']}?version={site['version']}")
    assert refused(send(ana, "GET", f"/sites?after={site['id']}")) == (400, "sites.after")


def test_site_that_somebody_changed_meanwhile_is_shown_as_it_is_now_with_who_and_when(ana, bo):
    site = make_site(ana, "Mole")
    now = done(send(bo, "PUT", f"/sites/{site['id']}", {"name": "Mole 2", "version": site["version"]}))
    for method, path, body in (
        ("PUT", f"/sites/{site['id']}", {"name": "Mole 3", "version": site["version"]}),
        ("DELETE", f"/sites/{site['id']}?version={site['version']}", None),
    ):
        reply = send(ana, method, path, body)
        assert refused(reply) == (409, "config.overtaken")
        assert (reply.json["site"], reply.json["changed_by"], reply.json["changed_at"]) == (
            now, bo.id, now["changed_at"],
        )  # fmt: skip


def test_same_change_with_the_same_key_is_made_once(ana):
    key = {"idempotency-key": uuid.uuid4().hex}
    body = {"name": "Once only"}
    first, second = (send(ana, "POST", "/sites", body, **key) for _ in range(2))
    assert done(first, 201) == done(second, 201)
    assert refused(send(ana, "POST", "/sites", {"name": "Twice"}, **key)) == (409, "command.reused")
    assert refused(send(ana, "POST", "/sites", body)) == (409, "sites.taken")


@pytest.mark.parametrize(
    ("body", "problems"),
    [
        ({"name": ""}, ["name is missing"]),
        ({"name": "  "}, ["name is missing"]),
        ({"name": "x" * 121}, ["name must be at most 120 printable characters"]),
        ({"name": "a\u202eb"}, ["name must be at most 120 printable characters"]),
        ({"name": "a", "address": "x" * 241}, ["address must be at most 240 printable characters"]),
        ({"name": "a", "directions": "x\x00"}, ["directions must be at most 1000 printable characters"]),
    ],
)
def test_wrong_text_is_named_with_its_limit_and_not_repeated(ana, body, problems):
    reply = send(ana, "POST", "/sites", body)
    assert refused(reply) == (400, "config.form")
    assert reply.json["problems"] == problems
    assert "xxx" not in reply.text


def test_longest_texts_are_kept_to_the_character(ana):
    texts = {"name": "ẞ" * 120, "address": "\U0001f525" * 240, "directions": "漢" * 1000}
    made = make_site(ana, **texts)
    assert {name: ana.get(f"/sites/{made['id']}")[name] for name in texts} == texts


# Accounts ------------------------------------------------------------------------------------------------------------


def test_account_is_made_read_changed_and_removed_and_its_key_is_told_by_no_answer(ana, office):
    site = make_site(ana)
    key = KEY.hex()
    made = make_account(ana, "77A", name="Panel", site_id=site["id"], key={"act": "set", "value": key, "form": "hex"})
    assert (made["site"], made["key"], made["account"]) == (site["name"], {"bits": 128, "form": "hex"}, "77A")
    body = {name: made[name] for name in ("account", "name", "site_id")}
    changed = done(
        send(ana, "PUT", f"/accounts/{made['id']}", body | {"late_max_s": -1, "line": "1", "version": made["version"]})
    )
    assert (changed["key"], changed["late_max_s"], changed["line"]) == (made["key"], -1, "1")
    bare = body | {"version": changed["version"], "key": {"act": "remove"}}
    assert done(send(ana, "PUT", f"/accounts/{made['id']}", bare))["key"] is None
    text = send(ana, "GET", f"/accounts/{made['id']}").text + send(ana, "GET", "/journal?limit=50").text
    assert key not in text.lower()
    version = ana.get(f"/accounts/{made['id']}")["version"]
    assert send(ana, "DELETE", f"/accounts/{made['id']}?version={version}").status == 204
    assert refused(send(ana, "GET", f"/accounts/{made['id']}")) == (404, "accounts.unknown")


def test_receiver_judges_by_a_changed_account_at_once(ana, office):
    from support.in_process import frame

    made = make_account(ana, "88B")
    assert office.centre.send(frame("88B", 1)) == ["ACK"]
    body = {"account": "88B", "version": made["version"], "key": {"act": "set", "value": KEY.hex(), "form": "hex"}}
    done(send(ana, "PUT", f"/accounts/{made['id']}", body))
    assert office.centre.send(frame("88B", 2), answers=0) == []
    assert office.centre.send(frame("88B", 3, key=KEY), key=KEY) == ["ACK"]


def test_accounts_come_by_number_and_are_found_by_site_and_by_how_the_number_begins(ana):
    site = make_site(ana)
    for number in ("Q20", "q1", "Q1", "Q3"):
        make_account(ana, number, line=str(next(COUNT) % 9), site_id=site["id"] if number != "Q3" else None)
    found = [account["account"] for account in pages(ana, "/accounts?number=q")]
    assert found == ["q1", "Q1", "Q20", "Q3"]
    assert [a["account"] for a in pages(ana, f"/accounts?site_id={site['id']}")] == ["q1", "Q1", "Q20"]
    assert [a["account"] for a in pages(ana, f"/accounts?site_id={site['id']}&number=Q2")] == ["Q20"]
    assert ana.get(f"/sites/{site['id']}")["accounts"] == 3


@pytest.mark.parametrize("query", ["name=Ana", "q=Boiler", "site=Boiler", "address=Quay", "key=00", "text=x"])
def test_no_account_is_found_by_a_name_or_any_text(ana, query):
    everything = ana.get("/accounts?limit=200")
    assert ana.get(f"/accounts?limit=200&{query}") == everything


def test_mistakes_of_a_form_are_all_named(ana):
    body = {
        "account": "not a number", "receiver": "R1", "category": "SP9", "late_max_s": 86_401,
        "supervision_interval_s": 5,
        "panel_time_zone": "Mars", "profile": "nobody", "unknown_codes": "no", "duplicate_window_s": 0,
        "key": {"act": "set", "value": "short", "form": "text"},
    }  # fmt: skip
    reply = send(ana, "POST", "/accounts", body)
    assert refused(reply) == (400, "config.form")
    assert [problem.split(" ")[0] for problem in reply.json["problems"]] == [
        "profile", "account", "key", "category", "duplicate_window_s", "late_max_s", "panel_time_zone", "receiver",
        "supervision_interval_s", "unknown_codes",
    ]  # fmt: skip
    assert "short" not in reply.text


def test_profiles_are_the_makers_whose_panels_are_known(ana):
    makers = {item["profile"]: item for item in ana.get("/profiles")["items"]}
    assert makers["ajax"]["sets"] == {"key_form": "text"}
    assert {note["label"] for item in makers.values() for note in item["notes"]} <= {
        "seen in captures", "from a manual",
    }  # fmt: skip


def test_signals_of_an_account_come_newest_first_and_without_sealed_texts(ana, office):
    made = make_account(ana, "555")
    for zone in range(1, 6):
        office.report("555", "BA", zone, text="^SEALED TEXT^")
    path = f"/accounts/{made['id']}/signals"
    wait_for(lambda: len(ana.get(path)["items"]) == 5)
    found, after = [], ""
    while True:
        page = ana.get(f"{path}?limit=2{after}")
        found += page["items"]
        if page["next"] is None:
            break
        after = f"&after={page['next']}"
    assert [(item["zone"], item["code"], item["account_id"]) for item in found] == [
        (str(zone), "BA", made["id"]) for zone in range(5, 0, -1)
    ]
    assert {item["outcome"] for item in found} == {"opened", "joined"}
    assert "SEALED" not in send(ana, "GET", path).text


# Zones ---------------------------------------------------------------------------------------------------------------


def zone(number, **fields):
    return {
        "number": number,
        "name": None,
        "type": None,
        "priority": None,
        "partition": None,
        "detector": None,
    } | fields


def test_zones_are_read_and_set_whole(ana, bo):
    made = make_account(ana)
    path = f"/accounts/{made['id']}/zones"
    empty = ana.get(path)
    assert empty["items"] == []
    items = [zone("1", name="Hall"), zone("2", type="FIRE-SMOKE", priority=1)]
    sent = {"items": [items[0] | {"number": "001"}, items[1]], "version": empty["version"]}
    first = done(send(ana, "PUT", path, sent))
    assert first["items"] == items
    assert ana.get(f"/accounts/{made['id']}")["zones"] == 2
    second = done(send(bo, "PUT", path, {"items": items[:1], "version": first["version"]}))
    assert second["items"] == items[:1]
    reply = send(ana, "PUT", path, {"items": items, "version": first["version"]})
    assert refused(reply) == (409, "config.overtaken")
    assert reply.json["zones"] == second


@pytest.mark.parametrize(
    ("items", "problems"),
    [
        ([zone("1"), zone("01")], ["zone 2 of the list: is zone 1 again, as zone 1 of the list"]),
        ([zone("a b")], ["zone 1 of the list: zone must be 1 to 16 letters and digits, as the panel sends it"]),
        ([zone("")], ["zone 1 of the list: zone is missing"]),
        ([zone("1", type="FIRE-SMOKEY")],
         ["zone 1 of the list: type is no type of the catalogue, the nearest is FIRE-SMOKE"]),
        ([zone("1", name="x" * 121)], ["zone 1 of the list: name must be at most 120 printable characters"]),
    ],
)  # fmt: skip
def test_wrong_zone_is_named_by_its_place_in_the_list(ana, items, problems):
    made = make_account(ana)
    path = f"/accounts/{made['id']}/zones"
    reply = send(ana, "PUT", path, {"items": items, "version": ana.get(path)["version"]})
    assert refused(reply) == (400, "config.form")
    assert reply.json["problems"] == problems


def test_panel_opens_nothing_that_needs_a_persons_report(ana):
    made = make_account(ana)
    path = f"/accounts/{made['id']}/zones"
    for type_ in ("VIOL-WEAPON", "THEFT-VEHICLE", "MISSING-LOST", "TECH-CENTRE", "WELFARE-REQUEST"):
        reply = send(ana, "PUT", path, {"items": [zone("1", type=type_)], "version": ana.get(path)["version"]})
        if refused(reply)[1] == "config.form":
            assert "no panel opens" in reply.json["problems"][0] or "no type" in reply.json["problems"][0]


def test_zones_of_an_account_are_bounded(ana):
    made = make_account(ana)
    path = f"/accounts/{made['id']}/zones"
    version = ana.get(path)["version"]
    many = [zone(str(n), name="漢" * 100) for n in range(1, 2002)]
    assert refused(send(ana, "PUT", path, {"items": many, "version": version})) == (400, "zones.too_many")
    assert len(done(send(ana, "PUT", path, {"items": many[:2000], "version": version}))["items"]) == 2000


def test_zone_that_was_set_decides_what_its_next_alarm_opens(ana, office):
    made = make_account(ana, "666")
    path = f"/accounts/{made['id']}/zones"
    items = [zone("7", name="Boiler", type="FIRE-SMOKE", priority=1)]
    done(send(ana, "PUT", path, {"items": items, "version": ana.get(path)["version"]}))
    opened = office.alarm(ana, "666", code="BA", zone=7)
    assert (opened["type"], opened["priority"], opened["zone_name"]) == ("FIRE-SMOKE", 1, "Boiler")
    reply = send(ana, "DELETE", f"/accounts/{made['id']}?version={made['version']}")
    assert refused(reply) == (409, "config.open_incidents")
    assert f"#{opened['number']}" in reply.json["detail"]


# Who may -------------------------------------------------------------------------------------------------------------


def test_reading_and_changing_are_permissions_of_their_own(office, ana):
    operator, auditor = office.person("Op", ("operator",)), office.person("Au", ("auditor",))
    site, account = make_site(ana), make_account(ana)
    assert operator.get(f"/sites/{site['id']}")["id"] == site["id"]
    for person, method, path in (
        (operator, "POST", "/sites"),
        (operator, "PUT", f"/sites/{site['id']}"),
        (operator, "DELETE", f"/sites/{site['id']}?version={site['version']}"),
        (operator, "POST", "/accounts"),
        (operator, "PUT", f"/accounts/{account['id']}/zones"),
        (auditor, "GET", "/accounts"),
        (auditor, "GET", "/sites"),
    ):
        assert refused(send(person, method, path, {} if method != "GET" else None)) == (403, "access.forbidden")
