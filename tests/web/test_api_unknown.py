"""Unknown accounts over HTTP: listed with what they resemble, made ours with their incidents, or refused for a time."""

import itertools
import uuid

import pytest

from support.centres import KEY, wait_for
from support.desks import desks
from support.in_process import frame

DAY_US = 86_400_000_000
COUNT = itertools.count(1)


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    with desks(tmp_path_factory.mktemp("office") / "centre") as made:
        yield made


@pytest.fixture(scope="module")
def ana(office):
    return office.person("Ana", ("supervisor", "integrator"))


def send(person, method, path, body=None, **headers):
    return person.ask(method, f"/api/v1{path}", body, **headers)


def refused(reply):
    return reply.status, reply.json["code"]


def listed(person, account):
    return next((row for row in person.get("/unknown-accounts")["items"] if row["account"] == account), None)


def unknown(office, ana, account, **fields):
    """A number that sent an alarm and is listed."""
    assert office.centre.send(frame(account, next(COUNT), data=f"#{account}|Nri1/FA007", **fields)) == ["ACK"]
    return wait_for(lambda: listed(ana, account))


def incidents_of(person, account):
    return [row for row in person.open_incidents() if row["account"] == account]


def body(row):
    return {name: row[name] for name in ("account", "receiver", "line")}


def now(ana):
    return ana.get("/session")["now"]


def refuse(ana, row, days=1, answer="silent", reason="test_equipment"):
    until = now(ana) + days * DAY_US
    sent = body(row) | {"answer": answer, "reason": reason, "until": until}
    return send(ana, "POST", "/unknown-accounts/refuse", sent)


# The list ------------------------------------------------------------------------------------------------------------


def test_number_that_sends_is_listed_with_its_open_incident_and_without_its_senders_address(office, ana):
    row = unknown(office, ana, "4711", line="3")
    wait_for(lambda: listed(ana, "4711")["incidents"])
    row = listed(ana, "4711")
    (incident,) = incidents_of(ana, "4711")
    assert (row["receiver"], row["line"], row["signals"], row["polls"]) == (None, "3", 1, 0)
    assert row["incidents"] == [incident["id"]]
    assert (incident["type"], incident["priority"], incident["account_id"]) == ("FIRE-ALARM", 1, None)
    assert "127.0.0.1" not in send(ana, "GET", "/unknown-accounts").text


def test_known_accounts_that_resemble_a_number_are_named_with_their_site(office, ana):
    row = unknown(office, ana, "1007")
    assert row["similar"] == [
        {
            "account_id": listed_account(ana, account)["id"], "account": account, "site": site,
            "why": "differs in one digit",
        }
        for account, site in (("1001", "Boiler hall"), ("1002", "Bank"), ("1003", "Boiler hall"))
    ]  # fmt: skip


def listed_account(person, number):
    return person.get(f"/accounts?number={number}")["items"][0]


def test_newest_come_first_and_the_rest_is_counted(office, ana):
    for account in ("E1", "E2", "E3"):
        unknown(office, ana, account)
    page = ana.get("/unknown-accounts?limit=2")
    assert [row["account"] for row in page["items"]] == ["E3", "E2"]
    assert page["total"] >= 3


# Ours ----------------------------------------------------------------------------------------------------------------


def test_accepted_number_is_an_account_its_incident_moves_to_it_and_it_leaves_the_list(office, ana):
    row = unknown(office, ana, "5001")
    (incident,) = wait_for(lambda: incidents_of(ana, "5001"))
    sent = {"account": {"account": "5001", "name": "New panel"}, "new_site": {"name": "New quay", "address": "7 Quay"}}
    reply = send(ana, "POST", "/unknown-accounts/accept", sent)
    assert reply.status == 201, reply.text
    made = reply.json
    assert (made["site"], made["name"], made["changed_by"]) == ("New quay", "New panel", ana.id)
    moved = wait_for(lambda: next((i for i in incidents_of(ana, "5001") if i["account_id"] == made["id"]), None))
    assert (moved["id"], moved["site_id"], moved["site"]) == (incident["id"], made["site_id"], "New quay")
    wait_for(lambda: listed(ana, "5001") is None)
    office.report("5001", "FA", 7)
    wait_for(lambda: incidents_of(ana, "5001")[0]["signals"] == 2)
    assert [i["id"] for i in incidents_of(ana, "5001")] == [incident["id"]], "the same fire"
    assert row["account"] == "5001"


def test_accepted_number_stands_at_a_site_that_is_there(office, ana):
    unknown(office, ana, "5002")
    bank = ana.get("/sites?name=Bank")["items"][0]
    sent = {"account": {"account": "5002", "site_id": bank["id"]}}
    key = {"idempotency-key": uuid.uuid4().hex}
    first, again = (send(ana, "POST", "/unknown-accounts/accept", sent, **key) for _ in range(2))
    assert (first.status, again.status) == (201, 201)
    assert first.json["id"] == again.json["id"]
    assert first.json["site"] == "Bank"


def test_only_a_number_that_is_listed_is_accepted_or_refused(ana):
    for path, sent in (
        ("accept", {"account": {"account": "NEVER"}}),
        ("refuse", {
            "account": "NEVER", "receiver": None, "line": "0", "answer": "duh", "reason": "scanner",
            "until": now(ana) + DAY_US,
        }),
    ):  # fmt: skip
        assert refused(send(ana, "POST", f"/unknown-accounts/{path}", sent)) == (404, "numbers.unknown")


def test_mistakes_in_the_form_of_an_accepted_number_are_named_and_nothing_is_made(office, ana):
    unknown(office, ana, "5003")
    sent = {"account": {"account": "5003", "line": "LX"}, "new_site": {"name": "Bank"}}
    assert refused(send(ana, "POST", "/unknown-accounts/accept", sent)) == (400, "config.form")
    del sent["account"]["line"]
    assert refused(send(ana, "POST", "/unknown-accounts/accept", sent)) == (409, "sites.taken")
    assert ana.get("/accounts?number=5003")["total"] == 0
    assert listed(ana, "5003") is not None


# None of ours --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("answer", "kinds"), [("duh", ["DUH"]), ("silent", [])])
def test_refused_number_is_answered_so_and_stored_no_more_and_leaves_the_list(office, ana, answer, kinds):
    account = f"6{answer[0].upper()}"
    row = unknown(office, ana, account)
    reply = refuse(ana, row, days=2, answer=answer)
    assert reply.status == 200, reply.text
    shown = next(one for one in ana.get("/unknown-accounts")["refused"] if one["account"] == account)
    assert shown == reply.json
    assert (shown["answer"], shown["reason"], shown["by"]) == (answer, "test_equipment", ana.id)
    wait_for(lambda: listed(ana, account) is None)
    assert office.centre.send(frame(account, next(COUNT)), answers=len(kinds)) == kinds
    assert office.centre.send(frame(account, next(COUNT), token="NULL"), answers=len(kinds)) == kinds
    assert office.centre.send(frame(account, next(COUNT), line="5")) == ["ACK"], "another line is another panel"
    assert listed(ana, account)["line"] == "5"


def test_refused_number_may_speak_for_an_account_of_ours_all_the_same(office, ana):
    row = unknown(office, ana, "6X")
    assert refuse(ana, row).status == 200
    wait_for(lambda: listed(ana, "6X") is None)
    assert office.centre.send(frame("6X", next(COUNT), data="#6X|NBA01"), answers=0) == []
    assert office.centre.send(frame("6X", next(COUNT), data="#1001|Nri1/FA009")) == ["ACK"]


def test_refusal_is_taken_back_and_the_number_is_heard_again(office, ana):
    row = unknown(office, ana, "6B")
    assert refuse(ana, row).status == 200
    assert send(ana, "POST", "/unknown-accounts/take-back", body(row)).status == 204
    assert [one for one in ana.get("/unknown-accounts")["refused"] if one["account"] == "6B"] == []
    wait_for(lambda: office.centre.send(frame("6B", next(COUNT))) == ["ACK"])
    assert refused(send(ana, "POST", "/unknown-accounts/take-back", body(row))) == (404, "refusals.unknown")


def test_refused_number_can_be_accepted_and_is_served_then(office, ana):
    row = unknown(office, ana, "6C")
    assert refuse(ana, row).status == 200
    assert send(ana, "POST", "/accounts", {"account": "6C"}).status == 201
    wait_for(lambda: office.centre.send(frame("6C", next(COUNT)), answers=1) == ["ACK"])


def test_refusal_ends_within_30_days(office, ana):
    row = unknown(office, ana, "6F")
    for days in (-1, 0, 31):
        assert refused(refuse(ana, row, days=days)) == (400, "unknown.until")
    assert refuse(ana, row, days=30).status == 200
    assert refuse(ana, row, days=5, reason="scanner").json["reason"] == "scanner", "a refusal can be changed"


@pytest.mark.parametrize(
    ("field", "value"),
    [("answer", "ack"), ("reason", "because Mr X"), ("until", "soon"), ("account", None), ("extra", 1)],
)
def test_refusal_holds_nothing_but_coded_words(ana, field, value):
    sent = {"account": "1", "receiver": None, "line": None, "answer": "duh", "reason": "scanner", "until": 1}
    reply = send(ana, "POST", "/unknown-accounts/refuse", sent | {field: value})
    assert refused(reply) == (400, "request.invalid")
    assert "Mr X" not in reply.text


def test_only_who_may_handle_unknown_accounts_does(office, ana):
    operator = office.person("Op", ("operator",))
    office.centre.send(frame("9D", next(COUNT)))
    assert wait_for(lambda: operator.get("/unknown-accounts")["total"]) > 0
    for path in ("accept", "refuse", "take-back"):
        assert refused(send(operator, "POST", f"/unknown-accounts/{path}", {})) == (403, "access.forbidden")


def test_encrypted_frames_of_a_number_without_a_key_are_counted(office, ana):
    assert office.centre.send(frame("6E", next(COUNT), key=KEY), answers=0) == []
    row = wait_for(lambda: listed(ana, "6E"))
    assert (row["unreadable"], row["signals"]) == (1, 0)
