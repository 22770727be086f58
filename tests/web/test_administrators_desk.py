"""An administrator's desk that was left, and links for who has an authenticator: neither is a way to take over."""

import pytest

from support.centres import make_folder
from support.fakes import ManualClock
from support.incidents import incident
from support.people import OTHER_PASSWORD, PASSWORD, Phone
from support.web import TAG, web
from tocsin.model.sources import SourceRow
from tocsin.model.values import Actor

COOKIE = f"tocsin-{TAG}"
STALE_S = 901


@pytest.fixture
def site(tmp_path):
    with web(make_folder(tmp_path / "centre"), clock=ManualClock()) as made:
        yield made


def code(answer):
    return answer.status_code, answer.json()["code"]


def facts(site):
    return site.held.store.head().seq


def with_authenticator(site, user):
    phone = Phone(site.access.begin_totp(user).secret, site.clock)
    codes = site.access.confirm_totp(user, phone.code())
    site.clock.advance(30)
    return phone, codes


def acts(site, bo, token):
    site.held.add(b"account\n4711\n")
    account = site.held.store.accounts()[0].id
    source = site.held.centre.sources.make(SourceRow(account_id=account), Actor("cli"))
    return [
        ("POST", "/api/v1/users", {"name": "Carl", "roles": ["administrator"]}),
        ("PATCH", f"/api/v1/users/{bo}", {"roles": ["administrator", "installer"]}),
        ("POST", f"/api/v1/users/{bo}/link", None),
        ("POST", f"/api/v1/users/{bo}/totp/remove", None),
        ("POST", "/api/v1/tokens", {"scopes": ["read"]}),
        ("POST", f"/api/v1/sources/{source.id}/tokens", {"version": source.seq}),
        ("POST", "/api/v1/grants", {"user_id": bo, "target_id": account}),
        ("DELETE", f"/api/v1/grants/{bo}/{account}", None),
        ("DELETE", f"/api/v1/tokens/{token}", None),
        ("DELETE", f"/api/v1/users/{bo}", None),
    ]


def test_desk_that_was_left_changes_no_user_token_or_grant_until_its_user_shows_again_who_it_is(site):
    ada = site.known("administrator", name="Ada")
    bo = site.known("installer", name="Bo")
    with_authenticator(site, bo)
    desk = site.signed_in(user=ada)
    token = site.access.create_token(["read"], 1, Actor("cli")).id
    wanted = acts(site, bo, token)
    site.clock.advance(STALE_S)
    before = facts(site)
    for method, path, body in wanted:
        assert code(desk.request(method, path, json=body)) == (403, "access.confirm"), path
    assert facts(site) == before
    assert desk.get("/api/v1/users").status_code == 200
    assert desk.post("/api/v1/session/confirm", json={"password": PASSWORD}).status_code == 204
    for method, path, body in wanted:
        assert desk.request(method, path, json=body).status_code < 300, path


def test_every_route_that_changes_people_or_tokens_is_asked_here(site):
    paths = {(method, path) for method, path, _ in acts(site, "user-1", "token-1")}
    changing = {
        (method, route.path)
        for route in site.app.routes
        for handler in route.route_handlers
        for method in handler.http_methods
        if method not in ("GET", "HEAD", "OPTIONS") and handler.opt.get("permission") in ("user.write", "token.write")
    }
    assert len(paths) == len(changing)


def test_nobody_administers_by_a_link_past_the_own_authenticator(site):
    ada = site.known("administrator", name="Ada")
    desk = site.signed_in(user=ada)
    phone, _ = with_authenticator(site, ada)
    body = {"name": "Carl", "roles": ["administrator"]}
    assert code(desk.post("/api/v1/users", json=body)) == (403, "access.confirm")
    confirmed = desk.post("/api/v1/session/confirm", json={"password": PASSWORD, "code": phone.code()})
    assert confirmed.status_code == 204
    assert desk.post("/api/v1/users", json=body).status_code == 201


def test_nobody_makes_a_link_for_oneself_or_removes_the_own_authenticator_as_an_administrator(site):
    ada = site.known("administrator", name="Ada")
    desk = site.signed_in(user=ada)
    for path in ("link", "totp/remove"):
        assert code(desk.post(f"/api/v1/users/{ada}/{path}")) == (403, "user.self")


def test_first_administrator_sets_up_for_15_minutes_and_then_sets_a_password_first(site):
    ada = site.user("administrator", "supervisor", name="Ada")
    desk = site.signed_in(user=ada)
    body = {"name": "Bo", "roles": ["operator"]}
    site.clock.advance(STALE_S)
    assert code(desk.post("/api/v1/users", json=body)) == (403, "access.no_password_yet")
    assert desk.post("/api/v1/me/password", json={"new": PASSWORD}).status_code == 200
    assert code(desk.post("/api/v1/users", json=body)) == (403, "access.confirm")
    assert desk.post("/api/v1/session/confirm", json={"password": PASSWORD}).status_code == 204
    made = desk.post("/api/v1/users", json=body)
    assert made.status_code == 201
    assert desk.post(f"/api/v1/users/{made.json()['id']}/link").status_code == 201


def test_first_administrator_who_is_not_alone_any_more_needs_a_new_link_to_set_a_password(site):
    desk = site.signed_in(user=site.user("administrator", name="Ada"))
    assert desk.post("/api/v1/users", json={"name": "Bo", "roles": ["operator"]}).status_code == 201
    site.clock.advance(STALE_S)
    assert code(desk.post("/api/v1/me/password", json={"new": PASSWORD})) == (403, "access.no_password_yet")


def test_confirming_an_old_session_that_came_by_a_link_sets_no_password_without_the_old_one(site):
    ada = site.known("administrator", name="Ada")
    desk = site.signed_in(user=ada)
    assert desk.get("/api/v1/me").json()["needs_old"] is False, "the link was used a moment ago"
    site.clock.advance(STALE_S)
    assert desk.post("/api/v1/session/confirm", json={"password": PASSWORD}).status_code == 204
    assert desk.get("/api/v1/me").json()["needs_old"] is True
    assert code(desk.post("/api/v1/me/password", json={"new": OTHER_PASSWORD})) == (403, "access.confirm")
    both = {"new": OTHER_PASSWORD, "old": PASSWORD}
    assert desk.post("/api/v1/me/password", json=both).status_code == 200


# Links ---------------------------------------------------------------------------------------------------------------


def test_link_for_somebody_with_an_authenticator_lets_in_with_its_code_alone(site):
    bo = site.known("supervisor", name="Bo")
    phone, _ = with_authenticator(site, bo)
    path, stranger = f"/sign-in/{site.link(user=bo)}", site.client()
    shown = stranger.get(path)
    assert 'name="code"' in shown.text
    for form in ({}, {"code": ""}, {"code": "000000"}, {"new": OTHER_PASSWORD, "again": OTHER_PASSWORD}):
        answer = stranger.post(path, data=form)
        assert (answer.status_code, "set-cookie" in answer.headers) == (400, False), form
        assert "a link alone lets nobody in" in answer.text
    assert site.access.sessions(bo) == []
    taken = phone.code()
    assert stranger.post(path, data={"code": taken}).status_code == 303
    [session] = site.access.sessions(bo)
    assert session.how == "link"
    site.access.refuse_link_alone(session.id)
    again = site.client().post(f"/sign-in/{site.link(user=bo)}", data={"code": taken})
    assert again.status_code == 400, "no code counts twice"


def test_link_and_a_code_give_a_new_password_to_whoever_forgot_it(site):
    bo = site.known("supervisor", name="Bo")
    _, codes = with_authenticator(site, bo)
    form = {"code": codes[0], "new": OTHER_PASSWORD, "again": OTHER_PASSWORD}
    assert site.client().post(f"/sign-in/{site.link(user=bo)}", data=form).status_code == 303
    assert site.access.credentials_of(bo).recovery_left == 9
    site.access.check_person("Bo", OTHER_PASSWORD, codes[1], "192.0.2.7")


def test_codes_that_are_guessed_at_a_link_cost_time(site):
    bo = site.known("supervisor", name="Bo")
    with_authenticator(site, bo)
    path, stranger = f"/sign-in/{site.link(user=bo)}", site.client(address="198.51.100.7")
    found = [stranger.post(path, data={"code": f"{number:06}"}).status_code for number in range(7)]
    assert found[0] == 400
    assert found[-1] == 429


def test_both_lost_an_administrator_takes_the_authenticator_away_and_then_a_link_lets_in(site):
    bo = site.known("supervisor", name="Bo")
    with_authenticator(site, bo)
    desk = site.signed_in(user=site.known("administrator", name="Ada"))
    assert desk.post(f"/api/v1/users/{bo}/totp/remove").status_code == 200
    secret = desk.post(f"/api/v1/users/{bo}/link").json()["url"].rpartition("/")[2]
    page = site.client().get(f"/sign-in/{secret}")
    assert 'name="code"' not in page.text
    told = site.client().post(f"/sign-in/{secret}")
    assert ("Your authenticator was taken away" in told.text, "set-cookie" in told.headers) == (True, True)


def test_user_is_told_at_each_sign_in_that_somebody_took_the_authenticator_away_until_there_is_another(site):
    site.clock.wall_us = site.held.store.head().at
    bo = site.known("supervisor", name="Bo")
    form = {"name": "Bo", "password": PASSWORD}
    with_authenticator(site, bo)
    site.access.remove_totp(bo, bo)
    assert site.client().post("/sign-in", data=form).status_code == 303, "the own act needs no telling"
    with_authenticator(site, bo)
    site.access.remove_totp(bo, Actor("cli"))
    for _ in range(2):
        answer = site.client().post("/sign-in", data=form)
        assert ("Your authenticator was taken away" in answer.text, "set-cookie" in answer.headers) == (True, True)
    site.clock.advance(7 * 86_400)
    assert site.client().post("/sign-in", data=form).status_code == 303
    with_authenticator(site, bo)
    site.access.remove_totp(bo, Actor("cli"))
    assert site.access.authenticator_taken(bo) is not None
    with_authenticator(site, bo)
    assert site.access.authenticator_taken(bo) is None


def test_link_for_somebody_without_an_authenticator_asks_for_nothing(site):
    assert site.client().post(f"/sign-in/{site.link('operator')}").status_code == 303


# Two persons ---------------------------------------------------------------------------------------------------------


def test_answer_wants_a_password_of_whoever_came_by_a_link_that_a_colleague_made_and_none_for_one_of_the_machine(site):
    with site.held.store.transaction() as transaction:
        transaction.put_incidents([incident(5)])
    ada, bo = site.user("administrator", name="Ada"), site.known("supervisor", name="Bo")
    asker, machine = site.signed_in("supervisor"), site.signed_in("auditor")
    body = {
        "act": "erase.early", "reason": "not_needed", "parameters": {"incident": "incident-5", "reason": "not_needed"},
    }  # fmt: skip
    path = f"/api/v1/approvals/{asker.post('/api/v1/approvals', json=body).json()['id']}/answer"
    secret, session = site.access.sign_in(site.access.create_link(bo, ada).secret)
    lent = site.client()
    lent.cookies.set(COOKIE, secret)
    lent.headers["x-csrf-token"] = session.csrf
    for given in (True, False):
        assert code(lent.post(path, json={"given": given})) == (403, "access.confirm")
    assert lent.post("/api/v1/session/confirm", json={"password": PASSWORD}).status_code == 204
    assert lent.post(path, json={"given": False}).status_code == 200
    path = f"/api/v1/approvals/{asker.post('/api/v1/approvals', json=body).json()['id']}/answer"
    assert machine.post(path, json={"given": True}).status_code == 200
