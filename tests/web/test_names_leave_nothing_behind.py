"""Names of places are shown to whoever may see them, and stand nowhere else: stream, log, problems, journal, files."""

import http.client

import pytest

from support.desks import desks

PLANT = "PLANTED Erika Example"


@pytest.fixture
def office(tmp_path):
    with desks(tmp_path / "centre") as made:
        yield made


def test_names_that_are_entered_and_changed_stand_in_no_stream_log_problem_journal_or_file(office, capfd):
    ana, bo = (office.person(name, ("supervisor", "integrator", "auditor", "operator")) for name in ("Ana", "Bo"))
    problems = []

    def send(person, method, path, body=None, status=(200, 201, 204)):
        reply = person.ask(method, f"/api/v1{path}", body)
        if status == "problem":
            assert reply.status >= 400
            problems.append(reply.text)
        else:
            assert reply.status in status, reply.text
        return reply.json if reply.text else None

    with ana.listen() as stream:
        site = send(ana, "POST", "/sites", {"name": PLANT, "address": PLANT, "directions": PLANT})
        account = send(ana, "POST", "/accounts", {"account": "P1", "name": PLANT, "site_id": site["id"]})
        zones = f"/accounts/{account['id']}/zones"
        items = [{"number": "7", "name": PLANT, "type": None, "priority": None}]
        send(ana, "PUT", zones, {"items": items, "version": send(ana, "GET", zones)["version"]})
        opened = office.alarm(ana, "P1", zone=7)
        assert (opened["site"], opened["account_name"], opened["zone_name"]) == (PLANT, PLANT, PLANT)
        heard = []
        while not any(opened["id"] in repr(event) for event in heard):
            heard.extend(stream.read())

        send(ana, "POST", "/sites", {"name": PLANT.upper()}, "problem")
        send(ana, "POST", "/sites", {"name": PLANT * 20}, "problem")
        send(ana, "POST", "/accounts", {"account": PLANT, "name": PLANT}, "problem")
        send(ana, "PUT", zones, {"items": items * 2, "version": 1}, "problem")
        send(ana, "PUT", zones, {"items": [items[0] | {"type": PLANT}], "version": 1}, "problem")
        send(ana, "GET", f"/accounts/{PLANT.replace(' ', '%20')}", None, "problem")
        send(ana, "GET", f"/journal?kind={PLANT.replace(' ', '+')}", None, "problem")
        send(ana, "DELETE", f"/sites/{site['id']}?version={site['version']}", None, "problem")
        body = f"name,address\n{PLANT},{PLANT}\n{PLANT},\n"
        connection = http.client.HTTPConnection(*ana.address, timeout=30)
        connection.request("POST", "/api/v1/import/sites", body.encode(), ana.headers | {"content-type": "text/csv"})
        problems.append(connection.getresponse().read().decode())
        connection.close()

    seen = {
        "stream": repr(heard),
        "problems": "".join(problems),
        "journal": bo.ask("GET", "/api/v1/journal?limit=200").text,
        "metrics": office.centre.get("/metrics").text + office.centre.get("/readyz").text,
        "unknown": bo.ask("GET", "/api/v1/unknown-accounts").text,
    }
    out, err = capfd.readouterr()
    seen["log"] = out + err
    folder = office.centre.settings.folder
    for path in folder.rglob("*"):
        if path.is_file():
            seen[path.name] = path.read_bytes().decode("latin-1")
    assert [where for where, text in seen.items() if "PLANTED" in text.upper()] == []
    assert "signal.stored" in seen["log"], "the log was looked at"
    assert "site.set" in seen["journal"]
    assert '"problems"' in seen["problems"]
