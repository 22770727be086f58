"""Name, password and code in a browser without scripts; passwords chosen there; a desk that is locked."""

import os
import re
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from support.centres import make_folder
from support.fakes import ManualClock
from support.people import OTHER_PASSWORD, PASSWORD, Phone
from support.web import ORIGIN, TAG, csrf_field, web
from tocsin.access.passwords import CHECKS_AT_ONCE, QUEUE_MAX
from tocsin.model.values import Actor

HTML = {"accept": "text/html"}
COOKIE = f"tocsin-{TAG}"


@pytest.fixture
def site(tmp_path):
    with web(make_folder(tmp_path / "centre"), clock=ManualClock()) as made:
        yield made


def heading(answer):
    return re.search(r"<h1>(.*?)</h1>", answer.text, re.DOTALL)[1]


def said(answer):
    """What the page says that went wrong."""
    return re.search(r'role="alert">(.*?)</p>', answer.text)[1]


def fields(answer):
    return re.findall(r'<input [^>]*name="(\w+)"', answer.text)


def ticket(answer):
    return re.search(r'name="ticket" value="([\w-]+)"', answer.text)[1]


def give(client, **form):
    return client.post("/sign-in", data=form, headers=HTML)


def test_page_asks_for_name_and_password_and_lets_managers_of_passwords_fill_them_in(site):
    answer = site.client().get("/sign-in", headers=HTML)
    assert (answer.status_code, heading(answer), fields(answer)) == (
        200,
        "Sign in to Control room",
        ["name", "password"],
    )
    assert 'type="password" autocomplete="current-password"' in answer.text
    assert 'autocomplete="username"' in answer.text
    assert "<script" not in answer.text


def test_right_password_signs_in_under_a_cookie_of_its_own(site):
    user = site.known("operator")
    client = site.client()
    answer = give(client, name="ana horvat", password=PASSWORD)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    told = client.get("/api/v1/session").json()
    assert (told["user"]["id"], told["how"], told["locked"]) == (user, "password", False)
    [cookie] = answer.headers.get_list("set-cookie")
    assert {"HttpOnly", "SameSite=lax"} <= set(cookie.split("; "))


@pytest.mark.parametrize(
    ("name", "password"), [("Ana Horvat", OTHER_PASSWORD), ("Bo Novak", PASSWORD), ("Ana Horvat", PASSWORD.upper())]
)
def test_wrong_name_and_wrong_password_are_told_alike_and_nothing_typed_but_the_name_comes_back(site, name, password):
    site.known("operator")
    client = site.client()
    answer = give(client, name=name, password=password)
    assert answer.status_code == 400
    assert said(answer) == said(give(site.client(address="192.0.2.99"), name="x", password="y"))
    assert f'value="{name}"' in answer.text
    assert password not in answer.text
    assert answer.headers.get_list("set-cookie") == []


def test_storm_at_the_door_is_told_when_to_come_again_and_costs_nobody_who_is_known_there_anything(site):
    door = site.passwords._queues["door"]
    storm, over = CHECKS_AT_ONCE + QUEUE_MAX, threading.Event()
    with ThreadPoolExecutor(storm) as pool:
        site.known("operator")
        desk = site.client(address="192.0.2.7")
        assert give(desk, name="Ana Horvat", password=PASSWORD).status_code == 303
        waiting = [pool.submit(door.run, over.wait) for _ in range(storm)]
        try:
            while door._inside < storm:
                os.sched_yield()
            for number in range(20):
                stranger = site.client(address=f"198.51.100.{number}")
                answer = give(stranger, name="Ana Horvat", password=PASSWORD)
                assert (answer.status_code, answer.headers["retry-after"]) == (429, "6")
                assert "Too many people sign in at this moment" in said(answer)
            assert give(site.client(address="192.0.2.7"), name="ana  horvat", password=PASSWORD).status_code == 303
        finally:
            over.set()
        assert all(one.result(30) for one in waiting)
        # None of those twenty was looked at, so none counts against the name.
        late = site.client(address="198.51.100.200")
        assert give(late, name="Ana Horvat", password=PASSWORD).status_code == 303


def test_name_that_was_typed_comes_back_as_text(site):
    answer = give(site.client(), name='"><script>alert(1)</script>', password="x")
    assert "<script" not in answer.text
    assert "&lt;script&gt;" in answer.text


def test_authenticator_is_a_second_step_and_no_page_carries_the_password(site):
    user = site.known("operator")
    offer = site.access.begin_totp(user)
    phone = Phone(offer.secret, site.clock)
    site.access.confirm_totp(user, phone.code())
    site.clock.advance(60)
    client = site.client()
    step = give(client, name="Ana Horvat", password=PASSWORD)
    assert (step.status_code, heading(step), fields(step)) == (200, "One more step", ["ticket", "code"])
    assert PASSWORD not in step.text
    assert step.headers.get_list("set-cookie") == []
    wrong = give(client, ticket=ticket(step), code="000000")
    assert (wrong.status_code, heading(wrong)) == (400, "One more step")
    code = phone.code()
    answer = give(client, ticket=ticket(step), code=code)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert client.get("/api/v1/session").json()["how"] == "totp"
    again = give(site.client(), ticket=ticket(step), code=code)
    assert heading(again) == "Sign in to Control room", "the ticket is used up, and so is the code"


def test_recovery_code_lets_somebody_in_once(site):
    user = site.known("operator")
    offer = site.access.begin_totp(user)
    first, *_ = site.access.confirm_totp(user, Phone(offer.secret, site.clock).code())
    for status in (303, 400):
        step = give(site.client(), name="Ana Horvat", password=PASSWORD)
        assert give(site.client(), ticket=ticket(step), code=first).status_code == status


def test_ticket_that_is_forged_or_too_old_begins_again(site):
    user = site.known("operator")
    offer = site.access.begin_totp(user)
    phone = Phone(offer.secret, site.clock)
    site.access.confirm_totp(user, phone.code())
    step = give(site.client(), name="Ana Horvat", password=PASSWORD)
    site.clock.advance(301)
    for forged in (ticket(step), "A" * 43, "x"):
        answer = give(site.client(), ticket=forged, code=phone.code())
        assert heading(answer) == "Sign in to Control room"
        assert said(answer)


def test_sign_in_from_another_page_is_refused(site):
    site.known("operator")
    for headers in ({"origin": "https://evil.example"}, {"origin": "null"}, {"sec-fetch-site": "cross-site"}):
        answer = site.client().post("/sign-in", data={"name": "Ana Horvat", "password": PASSWORD}, headers=headers)
        assert (answer.status_code, answer.headers.get_list("set-cookie")) == (403, [])
    own = {"origin": ORIGIN, "sec-fetch-site": "same-origin"}
    data = {"name": "Ana Horvat", "password": PASSWORD}
    assert site.client().post("/sign-in", data=data, headers=own).status_code == 303


def test_signing_in_over_a_session_ends_it_and_gives_another_secret(site):
    site.known("operator")
    client = site.client()
    give(client, name="Ana Horvat", password=PASSWORD)
    before = client.cookies[COOKIE]
    give(client, name="Ana Horvat", password=PASSWORD)
    assert site.access.session(before) is None
    assert client.get("/api/v1/session").status_code == 200


def test_guessing_is_slowed_and_says_for_how_long(site):
    site.known("operator")
    answers = [give(site.client(address="198.51.100.9"), name="Ana Horvat", password=f"wrong {n}") for n in range(12)]
    assert {answer.status_code for answer in answers} == {400, 429}
    last = next(answer for answer in answers if answer.status_code == 429)
    assert int(last.headers["retry-after"]) >= 1
    assert said(last)


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"name": "Ana Horvat"},
        {"password": PASSWORD},
        {"name": "", "password": ""},
        {"name": "Ana Horvat", "password": PASSWORD, "roles": "administrator"},
        {"name": "Ana Horvat", "password": PASSWORD, "next": "https://evil.example"},
        {"name": ["Ana Horvat", "Bo"], "password": PASSWORD},
        {"name": "Ana Horvat", "password": "x" * 513},
        {"ticket": "x"},
    ],
)
def test_form_with_a_field_too_few_or_too_many_lets_nobody_in(site, form):
    site.known("operator")
    answer = site.client().post("/sign-in", data=form, headers=HTML)
    assert (answer.status_code, answer.headers.get_list("set-cookie")) == (400, [])


def test_form_of_another_type_or_without_end_is_refused(site):
    site.known("operator")
    client = site.client()
    assert client.post("/sign-in", json={"name": "Ana Horvat", "password": PASSWORD}).status_code == 400
    files = {"name": (None, "Ana Horvat"), "password": (None, PASSWORD)}
    assert client.post("/sign-in", files=files).status_code == 400
    assert give(client, name="Ana Horvat", password="x" * 20_000).status_code == 413


# The first password --------------------------------------------------------------------------------------------------


def test_link_offers_a_first_password_and_signs_in_with_it(site):
    user = site.user("operator", name="Ana Horvat")
    secret = site.link(user=user)
    client = site.client()
    page = client.get(f"/sign-in/{secret}", headers=HTML)
    assert fields(page) == ["new", "again"]
    answer = client.post(f"/sign-in/{secret}", data={"new": PASSWORD, "again": PASSWORD}, headers=HTML)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert client.get("/api/v1/session").json()["how"] == "link"
    assert give(site.client(), name="Ana Horvat", password=PASSWORD).status_code == 303


@pytest.mark.parametrize(
    ("new", "again"), [("short", "short"), (PASSWORD, OTHER_PASSWORD), ("password1234", "password1234")]
)
def test_bad_first_password_is_said_to_somebody_who_is_in_and_may_choose_another(site, new, again):
    user = site.user("operator", name="Ana Horvat")
    client = site.client()
    answer = client.post(f"/sign-in/{site.link(user=user)}", data={"new": new, "again": again}, headers=HTML)
    assert (answer.status_code, heading(answer)) == (400, "Ana Horvat: new password")
    assert new not in answer.text.replace("password", "") or new == "short"
    form = {"csrf": csrf_field(answer.text), "new": PASSWORD, "again": PASSWORD}
    assert "Your password is set" in client.post("/password", data=form, headers=HTML).text
    assert give(site.client(), name="Ana Horvat", password=PASSWORD).status_code == 303


def test_password_is_changed_with_the_old_one_and_ends_the_other_sessions(site):
    user = site.known("operator")
    other = site.signed_in(user=user)
    client = site.client()
    give(client, name="Ana Horvat", password=PASSWORD)
    page = client.get("/password", headers=HTML)
    assert fields(page) == ["csrf", "old", "new", "again"]
    form = {"csrf": csrf_field(page.text), "new": OTHER_PASSWORD, "again": OTHER_PASSWORD}
    assert client.post("/password", data=form, headers=HTML).status_code == 403
    assert client.post("/password", data=form | {"old": "wrong"}, headers=HTML).status_code == 400
    assert client.post("/password", data=form | {"old": PASSWORD}, headers=HTML).status_code == 200
    assert client.get("/api/v1/session").status_code == 200
    assert other.get("/api/v1/session").status_code == 401
    assert give(site.client(), name="Ana Horvat", password=PASSWORD).status_code == 400
    assert give(site.client(), name="Ana Horvat", password=OTHER_PASSWORD).status_code == 303


def test_password_form_needs_its_sessions_token(site):
    client = site.signed_in(user=site.known("operator"))
    del client.headers["x-csrf-token"]
    form = {"new": OTHER_PASSWORD, "again": OTHER_PASSWORD, "old": PASSWORD}
    assert client.post("/password", data=form, headers=HTML).status_code == 403
    assert client.post("/password", data=form | {"csrf": "0" * 40}, headers=HTML).status_code == 403


# Lock ----------------------------------------------------------------------------------------------------------------


def locked(site):
    client = site.client()
    give(client, name="Ana Horvat", password=PASSWORD)
    session = site.access.session(client.cookies[COOKIE])
    site.access.lock(session.id)
    return client, session


def test_locked_desk_is_unlocked_by_its_page_and_the_session_goes_on(site):
    site.known("operator")
    client, session = locked(site)
    page = client.get("/unlock", headers=HTML)
    assert (heading(page), fields(page)[0]) == ("This desk is locked", "csrf")
    form = {"csrf": csrf_field(page.text), "secret": "wrong"}
    for _ in range(3):
        assert client.post("/unlock", data=form, headers=HTML).status_code in (400, 429)
    assert site.access.session(client.cookies[COOKIE]).locked, "a wrong one ends nothing"
    site.clock.advance(60)
    answer = client.post("/unlock", data=form | {"secret": PASSWORD}, headers=HTML)
    assert (answer.status_code, answer.headers["location"]) == (303, "/lite")
    now = site.access.session(client.cookies[COOKIE])
    assert (now.id, now.locked) == (session.id, False)


def test_plain_pages_of_a_locked_desk_lead_to_unlocking(site):
    site.known("operator")
    client, session = locked(site)
    for path in ("/lite/incidents/incident-1/texts", "/password"):
        answer = client.get(path, headers=HTML)
        assert (answer.status_code, answer.headers["location"]) == (303, "/unlock"), path
    answer = client.post("/lite/incidents/incident-1/claim", data={"csrf": session.csrf}, headers=HTML)
    assert (answer.status_code, answer.headers["location"]) == (303, "/unlock")
    queue = client.get("/lite", headers=HTML)
    assert (queue.status_code, "This desk is locked." in queue.text) == (200, True)


def test_desk_is_locked_by_its_button_and_signed_out_while_locked(site):
    site.known("operator")
    client = site.client()
    give(client, name="Ana Horvat", password=PASSWORD)
    session = site.access.session(client.cookies[COOKIE])
    assert client.post("/lock", data={"csrf": session.csrf}, headers=HTML).headers["location"] == "/lite"
    assert site.access.session(client.cookies[COOKIE]).locked
    assert client.post("/sign-out", data={"csrf": session.csrf}, headers=HTML).headers["location"] == "/sign-in"
    assert site.access.is_open(session.id) is False


def test_somebody_without_pin_and_password_is_not_locked_in(site):
    client = site.signed_in("operator")
    answer = client.post("/api/v1/session/lock", json={})
    assert (answer.status_code, answer.json()["code"]) == (409, "access.no_unlock")


def test_nobody_is_anybody_else_by_a_removed_users_name(site):
    user = site.known("operator")
    site.access.remove_user(user, Actor("cli"))
    assert give(site.client(), name="Ana Horvat", password=PASSWORD).status_code == 400
