"""Tables over HTTP: the whole file or nothing, checked in a process of its own, never on a disk, bounded."""

import csv
import http.client
import io
import json
import socket
import threading
import time

import pytest

from support.centres import KEY, wait_for
from support.desks import desks
from tocsin.centre.table_files import BYTES_MAX, ROWS_MAX

CONFIGURE = ("integrator", "supervisor")


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    with desks(tmp_path_factory.mktemp("office") / "centre") as made:
        yield made


@pytest.fixture(scope="module")
def ana(office):
    return office.person("Ana", CONFIGURE)


def bring(person, kind, data, *, dry_run=False, **headers):
    """Send a file as the console does."""
    connection = http.client.HTTPConnection(*person.address, timeout=120)
    try:
        sent = {**person.headers, "content-type": "text/csv; charset=utf-8", **headers}
        data = data.encode() if isinstance(data, str) else data
        connection.request("POST", f"/api/v1/import/{kind}?dry_run={str(dry_run).lower()}", data, sent)
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read())
    finally:
        connection.close()


def exported(person, kind, form="csv"):
    reply = person.ask("GET", f"/api/v1/export/{kind}?format={form}")
    assert reply.status == 200, reply.text
    return reply


def counts(answer):
    return {name: answer[name] for name in ("dry_run", "new", "changed", "same", "sites", "bad", "more_bad")}


def told(new=0, changed=0, same=0, sites=0, dry_run=False):
    return {
        "dry_run": dry_run, "new": new, "changed": changed, "same": same, "sites": sites, "bad": [], "more_bad": 0,
    }  # fmt: skip


# Carried out ---------------------------------------------------------------------------------------------------------


def test_import_says_first_what_it_would_do_and_then_does_it(ana):
    text = "account,site,key\nI1,New Pier,\nI2,new pier,\nI3,Boiler hall," + KEY.hex() + "\n"
    status, answer = bring(ana, "accounts", text, dry_run=True)
    assert (status, counts(answer)) == (200, told(new=3, sites=1, dry_run=True))
    assert ana.get("/accounts?number=I")["total"] == 0
    config = answer["config"]

    status, answer = bring(ana, "accounts", text)
    assert (status, counts(answer), answer["config"]) == (200, told(new=3, sites=1), config + 1)
    found = {item["account"]: (item["site"], item["key"]) for item in ana.get("/accounts?number=I")["items"]}
    assert found == {
        "I1": ("New Pier", None), "I2": ("New Pier", None), "I3": ("Boiler hall", {"bits": 128, "form": "hex"}),
    }  # fmt: skip
    status, answer = bring(ana, "accounts", text)
    assert (status, counts(answer), answer["config"]) == (200, told(same=3), config + 1)
    assert 0 < answer["took_s"] < 60


def test_import_is_journalled_in_the_name_of_whoever_brought_the_file(ana, office):
    bring(ana, "sites", "name\nBy Ana\n")
    site = ana.get("/sites?name=By+Ana")["items"][0]
    assert site["changed_by"] == ana.id


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("sites", "name;address\nSite K;1 Lane\n=Formula;@x\n"),
        ("accounts", '[{"account": "J1", "site": "Site K", "late_max_s": "off"}]'),
        ("zones", "account,zone,name,type,priority\n1001,009,Store,FIRE-SMOKE,1\n"),
    ],
)
def test_export_that_is_imported_again_changes_nothing_and_is_the_same_to_the_byte(ana, kind, text):
    assert bring(ana, kind, text)[0] == 200
    reply = exported(ana, kind)
    assert reply.headers["content-type"] == "text/csv; charset=utf-8"
    assert reply.headers["content-disposition"] == f'attachment; filename="{kind}.csv"'
    rows = list(csv.reader(io.StringIO(reply.text)))
    _, answer = bring(ana, kind, reply.text)
    assert counts(answer) == told(same=len(rows) - 1)
    assert exported(ana, kind).text == reply.text
    as_json = exported(ana, kind, "json")
    assert as_json.headers["content-type"] == "application/json"
    assert counts(bring(ana, kind, as_json.text)[1]) == told(same=len(rows) - 1)


def test_cell_that_a_spreadsheet_would_run_is_marked_as_text_in_an_export(ana):
    bring(ana, "sites", 'name,address\n"=HYPERLINK(""http://x"")",+1\n')
    (row,) = [row for row in csv.DictReader(io.StringIO(exported(ana, "sites").text)) if "HYPERLINK" in row["name"]]
    assert (row["name"], row["address"]) == ('\'=HYPERLINK("http://x")', "'+1")
    assert ana.get("/sites?name=%3DHYPER")["items"][0]["name"] == '=HYPERLINK("http://x")'


# Refused -------------------------------------------------------------------------------------------------------------


def test_bad_rows_are_listed_by_a_trial_and_refuse_an_import_whole(ana):
    text = "account,late_max_s\nK1,\nK2,x\nK 3,\n"
    status, answer = bring(ana, "accounts", text, dry_run=True)
    assert (status, answer["new"]) == (200, 0)
    assert answer["bad"] == [
        {"line": 3, "column": "late_max_s", "reason": "late_max_s must be 0 to 86,400 seconds or off"},
        {"line": 4, "column": "account", "reason": "account must be 1 to 16 letters and digits"},
    ]
    status, problem = bring(ana, "accounts", text)
    assert (status, problem["code"]) == (400, "import.rows")
    assert problem["problems"] == [
        "line 3: late_max_s must be 0 to 86,400 seconds or off", "line 4: account must be 1 to 16 letters and digits",
    ]  # fmt: skip
    assert ana.get("/accounts?number=K1")["total"] == 0


@pytest.mark.parametrize(
    ("kind", "data", "code"),
    [
        ("accounts", b"", "import.columns"),
        ("accounts", b"acount\n1\n", "import.columns"),
        ("sites", b"name\n\xff\xfe\n", "import.encoding"),
        ("sites", b'name\n"open\n', "import.syntax"),
        ("zones", b'[{"zone": 1.5}]', "import.syntax"),
        ("zones", b"[" * 100_000, "import.syntax"),
        ("sites", b"name\n" + b"x\n" * (ROWS_MAX + 1), "import.size"),
    ],
)
def test_file_that_cannot_be_read_is_refused_with_the_reason(ana, kind, data, code):
    for dry_run in (True, False):
        status, problem = bring(ana, kind, data, dry_run=dry_run)
        assert (status, problem["code"]) == (400, code)


def test_zones_of_accounts_that_are_not_there_and_types_that_no_panel_opens_are_refused(ana):
    text = "account,zone,type\n1001,1,\nNOBODY,1,\n1001,2,NO-SUCH\n1001,3,VIOL-WEAPON\n1001,4,TECH-CENTRE\n1001,1,\n"
    _, answer = bring(ana, "zones", text, dry_run=True)
    assert [(row["line"], row["reason"]) for row in answer["bad"]] == [
        (3, "account NOBODY is not at the centre"),
        (4, "type is no type of the catalogue, the nearest is INT-SCHEDULE"),
        (5, "type is VIOL-WEAPON, which no panel opens: it needs a person's report"),
        (6, "type is TECH-CENTRE, which no panel opens: it needs the centre itself"),
        (7, "is zone 1 of this account again, as in line 2"),
    ]


@pytest.mark.slow
def test_file_that_is_too_large_is_refused_before_it_is_read_whole(ana):
    with socket.create_connection(ana.address, 30) as connection:
        head = ["POST /api/v1/import/sites HTTP/1.1", f"Host: {ana.address[0]}", f"Content-Length: {BYTES_MAX + 1}"]
        head += [f"{name}: {value}" for name, value in ana.headers.items()]
        connection.sendall("\r\n".join([*head, "", ""]).encode() + b"name\n")
        assert b" 413 " in connection.recv(65_536).split(b"\r\n")[0]


def test_sender_that_goes_away_in_the_middle_changes_nothing_and_holds_up_nobody(ana):
    for _ in range(6):
        with socket.create_connection(ana.address, 30) as connection:
            head = ["POST /api/v1/import/sites HTTP/1.1", f"Host: {ana.address[0]}", "Content-Length: 1000000"]
            head += [f"{name}: {value}" for name, value in ana.headers.items()]
            connection.sendall("\r\n".join([*head, "", ""]).encode() + b"name\nGone away\n")
    wait_for(lambda: bring(ana, "sites", "name\nStill here\n")[0] == 200, 60)
    assert ana.get("/sites?name=Gone")["total"] == 0


def test_who_may_not_change_may_not_import_and_who_may_not_read_may_not_export(office, ana):
    operator, auditor = office.person("Op", ("operator",)), office.person("Au", ("auditor",))
    for kind in ("sites", "accounts", "zones"):
        for dry_run in (True, False):
            assert bring(operator, kind, "name\n", dry_run=dry_run)[0] == 403
        assert auditor.ask("GET", f"/api/v1/export/{kind}").status == 403
        assert operator.ask("GET", f"/api/v1/export/{kind}").status == 200
    reply = ana.ask("POST", "/api/v1/import/sites", None, **{"x-csrf-token": "wrong"})
    assert (reply.status, reply.json["code"]) == (403, "access.csrf")


def test_file_with_keys_lies_on_no_disk_and_in_no_list_of_processes(ana, office):
    secret = "8899AABBCCDDEEFF" * 2
    assert bring(ana, "accounts", f"account,key\nL1,{secret}\n")[0] == 200
    folder = office.centre.settings.folder
    data = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    for form in (secret, secret.lower()):
        assert form.encode() not in data
        assert bytes.fromhex(secret) not in data


# Large ---------------------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_three_bad_rows_of_100_000_are_named_beside_the_receivers_which_go_on_answering(ana, office):
    bad = {7: "L7,,5,x,", 50_000: "no good,,,,", 99_999: "L1,,,,"}
    rows = (bad.get(n) or f"L{n},Large site {n % 5_000},,Panel {n},SP2" for n in range(1, ROWS_MAX + 1))
    text = "account,site,supervision_interval_s,name,category\n" + "\n".join(rows) + "\n"
    before = ana.get("/accounts?limit=1")["total"]
    answers = []
    thread = threading.Thread(target=lambda: answers.append(bring(ana, "accounts", text)))
    begun_s = time.monotonic()
    thread.start()
    waits_s = []
    while thread.is_alive():
        asked_s = time.monotonic()
        office.report("1001", "RP", 0)
        waits_s.append(time.monotonic() - asked_s)
    thread.join()
    status, refusal = answers[0]
    assert (status, refusal["code"]) == (400, "import.rows")
    assert "nothing was imported, and the centre keeps what it has" in refusal["detail"]
    assert refusal["problems"] == [
        "line 8: supervision_interval_s must be 10 to 3,888,000 seconds or off or learn",
        "line 50001: account must be 1 to 16 letters and digits",
        "line 100000: is account L1 again, as in line 2",
    ]
    assert ana.get("/accounts?limit=1")["total"] == before
    assert time.monotonic() - begun_s < 120
    assert max(waits_s) < 3.0, "a panel waits for nobody's file"
