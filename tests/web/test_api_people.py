"""The own account, users, tokens, sessions, grants and two persons over the API."""

import re

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, utils

from support.centres import make_folder
from support.fakes import ManualClock
from support.incidents import incident
from support.people import OTHER_PASSWORD, PASSWORD, Phone
from support.web import TAG, Site, web
from tocsin.access.devices import LEFT_S
from tocsin.model.access import ACTS, ROLES
from tocsin.model.retention import Hold
from tocsin.model.values import Actor, Ref
from tocsin.web.api.approvals import PARAMETERS
from tocsin.web.permissions import ROLE_PERMISSIONS

COOKIE = f"tocsin-{TAG}"


@pytest.fixture
def site(tmp_path):
    with web(make_folder(tmp_path / "centre"), clock=ManualClock()) as made:
        yield made


def code(answer):
    return answer.status_code, answer.json()["code"]


def by_password(site, name="Ana Horvat", password=PASSWORD):
    """Somebody who came in by the password, as the form does."""
    secret, session = site.access.sign_in_with_password(name, password, None, "192.0.2.7")
    client = site.client()
    client.cookies.set(COOKIE, secret)
    client.headers["x-csrf-token"] = session.csrf
    return client


# The own account -----------------------------------------------------------------------------------------------------


def test_own_account_says_what_one_signs_in_with_and_where_one_is_signed_in_and_shows_no_secret(site):
    user = site.known("operator")
    other = site.signed_in(user=user)
    client = by_password(site)
    told = client.get("/api/v1/me")
    me = told.json()
    assert (me["user"]["id"], me["user"]["name"], me["own"]) == (user, "Ana Horvat", [])
    assert [name for name, value in me["credentials"].items() if value] == ["password"]
    assert [(one["how"], one["own"]) for one in me["sessions"]] == [("password", True), ("link", False)]
    assert (me["is_fresh"], me["needs_old"]) == (True, True)
    for secret in (PASSWORD, client.cookies[COOKIE], other.cookies[COOKIE], "argon2"):
        assert secret not in told.text


def test_new_password_wants_the_old_one_and_ends_other_sessions(site):
    user = site.known("operator")
    other, client = site.signed_in(user=user), by_password(site)
    set_ = {"new": OTHER_PASSWORD}
    assert client.post("/api/v1/me/password", json=set_).status_code == 403
    assert client.post("/api/v1/me/password", json=set_ | {"old": "wrong"}).json()["code"] == "access.sign_in"
    assert client.post("/api/v1/me/password", json=set_ | {"old": PASSWORD}).status_code == 200
    assert client.get("/api/v1/me").status_code == 200
    assert other.get("/api/v1/me").status_code == 401
    by_password(site, password=OTHER_PASSWORD)


def test_who_came_by_a_link_sets_a_first_password_without_an_old_one_for_15_minutes(site):
    client = site.signed_in("operator")
    assert client.get("/api/v1/me").json()["needs_old"] is False
    site.clock.advance(901)
    assert client.post("/api/v1/me/password", json={"new": PASSWORD}).status_code == 403
    again = site.signed_in("operator")
    assert again.post("/api/v1/me/password", json={"new": PASSWORD}).status_code == 200


@pytest.mark.parametrize("new", ["short", "password1234", "aaaaaaaaaaaa", "Ana Horvat Ana", "x" * 129])
def test_password_that_would_be_guessed_is_refused_and_not_repeated(site, new):
    client = site.signed_in(user=site.user("operator", name="Ana Horvat"))
    answer = client.post("/api/v1/me/password", json={"new": new})
    assert answer.status_code == 400
    assert answer.json()["code"].startswith("access.password_")
    assert new not in answer.text


@pytest.mark.parametrize(
    "new", ["trumpet velvet orbit canyon", "Übergröße pflückt Ähren 4", "密码密码 wanderschuh laterne"]
)
def test_password_of_any_characters_is_taken_whole(site, new):
    user = site.user("operator", name="Ana Horvat")
    assert site.signed_in(user=user).post("/api/v1/me/password", json={"new": new}).status_code == 200
    by_password(site, password=new)
    with pytest.raises(Exception, match=r"access\.sign_in"):
        by_password(site, password=new[:-1])


def test_authenticator_is_set_up_with_its_first_code_and_then_wanted_at_sign_in(site):
    site.known("operator")
    client = by_password(site)
    offer = client.post("/api/v1/me/totp").json()
    assert re.fullmatch(r"[A-Z2-7]{32}", offer["secret"])
    assert code(client.post("/api/v1/me/totp/confirm", json={"code": "000000"})) == (400, "access.code")
    phone = Phone(offer["secret"], site.clock)
    codes = client.post("/api/v1/me/totp/confirm", json={"code": phone.code()}).json()["codes"]
    assert (len(codes), len(set(codes))) == (10, 10)
    assert client.get("/api/v1/me").json()["credentials"]["recovery_left"] == 10
    with pytest.raises(Exception, match="second_factor"):
        by_password(site)
    assert client.post("/api/v1/me/totp/remove").status_code == 200
    by_password(site)


def test_new_recovery_codes_replace_the_old_ones(site):
    user = site.known("operator")
    client = by_password(site)
    offer = site.access.begin_totp(user)
    before = site.access.confirm_totp(user, Phone(offer.secret, site.clock).code())
    after = client.post("/api/v1/me/recovery-codes").json()["codes"]
    assert set(before) & set(after) == set()


CHANGES = [
    ("/api/v1/me/totp", None),
    ("/api/v1/me/totp/remove", None),
    ("/api/v1/me/recovery-codes", None),
    ("/api/v1/me/pin", {"pin": "830261"}),
]


@pytest.mark.parametrize(("path", "body"), CHANGES)
def test_how_one_signs_in_is_changed_after_showing_again_who_it_is(site, path, body):
    user = site.known("operator")
    if path.endswith(("remove", "codes")):
        client = site.signed_in(user=user)
        offer = site.access.begin_totp(user)
        phone = Phone(offer.secret, site.clock)
        site.access.confirm_totp(user, phone.code())
    else:
        phone, client = None, by_password(site)
    site.clock.advance(901)
    assert code(client.post(path, json=body)) == (403, "access.confirm")
    assert client.get("/api/v1/me").json()["is_fresh"] is False
    shown = {"password": PASSWORD} if phone is None else {"password": PASSWORD, "code": phone.code()}
    if phone is not None:
        assert code(client.post("/api/v1/session/confirm", json={"password": PASSWORD})) == (
            403,
            "access.second_factor",
        )
    assert code(client.post("/api/v1/session/confirm", json=shown | {"password": "wrong"})) == (400, "access.sign_in")
    assert client.post("/api/v1/session/confirm", json=shown).status_code == 204
    assert client.post(path, json=body).status_code == 200


def test_own_session_elsewhere_is_ended_and_nobody_elses(site):
    user = site.known("operator")
    other, stranger = site.signed_in(user=user), site.signed_in("operator")
    client = by_password(site)
    theirs = site.access.session(stranger.cookies[COOKIE]).id
    assert code(client.delete(f"/api/v1/me/sessions/{theirs}")) == (404, "session.unknown")
    mine = site.access.session(other.cookies[COOKIE]).id
    assert client.delete(f"/api/v1/me/sessions/{mine}").status_code == 204
    assert other.get("/api/v1/me").status_code == 401
    assert stranger.get("/api/v1/me").status_code == 200


def test_sign_out_everywhere_leaves_this_desk(site):
    user = site.known("operator")
    others = [site.signed_in(user=user) for _ in range(3)]
    link = site.link(user=user)
    client = by_password(site)
    assert client.post("/api/v1/me/sign-out").json() == {"ended": 3}
    assert [other.get("/api/v1/me").status_code for other in others] == [401] * 3
    assert client.get("/api/v1/me").status_code == 200
    assert site.client().post(f"/sign-in/{link}").status_code == 410


# Lock ----------------------------------------------------------------------------------------------------------------


def test_locked_desk_shows_and_takes_no_command_and_is_unlocked_by_pin(site):
    user = site.known("operator")
    site.access.set_pin(user, "830261")
    client = by_password(site)
    told = client.post("/api/v1/session/lock", json={"reason": "idle"}).json()
    assert told["locked"] is True
    assert "incident.handle" in told["permissions"], "what the desk may again when it is unlocked"
    assert code(client.get("/api/v1/sites")) == (423, "access.locked")
    assert code(client.post("/api/v1/me/pin", json={"pin": "830262"})) == (423, "access.locked")
    assert client.get("/api/v1/users").status_code == 200
    assert code(client.post("/api/v1/session/unlock", json={"secret": "111111"})) == (400, "access.unlock")
    assert client.get("/api/v1/session").json()["locked"] is True
    assert client.post("/api/v1/session/unlock", json={"secret": "830261"}).json()["locked"] is False
    assert client.get("/api/v1/sites").status_code == 200


def test_pin_lets_nobody_in_but_where_they_are(site):
    user = site.known("operator")
    site.access.set_pin(user, "830261")
    with pytest.raises(Exception, match=r"access\.sign_in"):
        by_password(site, password="830261")


# Phones --------------------------------------------------------------------------------------------------------------


class Key:
    """A phone's key, which cannot be taken out of it."""

    def __init__(self):
        self._key = ec.generate_private_key(ec.SECP256R1())

    @property
    def public(self):
        form = serialization.PublicFormat.UncompressedPoint
        return self._key.public_key().public_bytes(serialization.Encoding.X962, form).hex()

    def sign(self, text):
        r, s = utils.decode_dss_signature(self._key.sign(text.encode(), ec.ECDSA(hashes.SHA256())))
        return (r.to_bytes(32) + s.to_bytes(32)).hex()


def proof(key, challenge):
    return {"signature": key.sign(f"tocsin device 1 {challenge['session']} {challenge['message']}")}


def bound(site, *roles):
    user = site.user(*roles)
    client, key = site.signed_in(user=user), Key()
    answer = client.post("/api/v1/session/device", json={"public_key": key.public})
    assert answer.status_code == 200, answer.text
    return client, key, answer


def test_phone_stays_signed_in_for_90_days_and_shows_every_ten_minutes_that_it_is_the_one(site):
    client, key, answer = bound(site, "responder")
    [cookie] = answer.headers.get_list("set-cookie")
    assert int(re.search(r"Max-Age=(\d+)", cookie, re.IGNORECASE)[1]) in range(89 * 86_400, 90 * 86_400 + 1)
    for _ in range(3):
        assert code(client.get("/api/v1/session")) == (401, "access.proof")
        assert client.post(
            "/api/v1/session/proof", json=proof(key, client.get("/api/v1/session/challenge").json())
        ).json()["device"]
        assert client.get("/api/v1/session").status_code == 200
        site.clock.advance(601)
    site.clock.advance(80 * 86_400)
    assert client.get("/api/v1/session/challenge").status_code == 200
    site.clock.advance(10 * 86_400)
    assert code(client.get("/api/v1/session/challenge")) == (401, "access.ended")


def test_answer_to_binding_a_phone_names_what_the_session_may_from_then_on(site):
    client, key, answer = bound(site, "responder", "supervisor", "administrator")
    client.post("/api/v1/session/proof", json=proof(key, client.get("/api/v1/session/challenge").json()))
    assert answer.json()["permissions"] == client.get("/api/v1/session").json()["permissions"]
    assert "user.write" not in answer.json()["permissions"]


def test_phone_that_has_to_show_itself_can_still_sign_out_on_the_page(site):
    client, _, answer = bound(site, "responder")
    left = client.post("/sign-out", data={"csrf": answer.json()["csrf"]}, follow_redirects=False)
    assert (left.status_code, left.headers["location"]) == (303, "/sign-in")
    assert code(client.get("/api/v1/session/challenge")) == (401, "access.ended")


def test_stolen_cookie_of_a_phone_opens_nothing_without_its_key(site):
    client, key, _ = bound(site, "responder")
    client.post("/api/v1/session/proof", json=proof(key, client.get("/api/v1/session/challenge").json()))
    site.clock.advance(601)
    thief = site.client(address="198.51.100.7")
    thief.cookies.set(COOKIE, client.cookies.get(COOKIE, domain=""))
    told = thief.get("/api/v1/session/challenge").json()
    thief.headers["x-csrf-token"] = told["csrf"]
    assert thief.post("/api/v1/session/proof", json=proof(Key(), told)).json()["code"] == "access.device_proof"
    assert code(thief.get("/api/v1/me")) == (401, "access.proof")


def test_copy_of_a_phones_cookie_is_refused_while_the_phone_is_in_use(site):
    client, key, _ = bound(site, "responder")
    thief = site.client(address="198.51.100.7")
    thief.cookies.set(COOKIE, client.cookies.get(COOKIE, domain=""))
    told = client.get("/api/v1/session/challenge").json()
    proved = client.post("/api/v1/session/proof", json=proof(key, told))
    [cookie] = proved.headers.get_list("set-cookie")
    assert int(re.search(r"Max-Age=(\d+)", cookie, re.IGNORECASE)[1]) in range(89 * 86_400, 90 * 86_400 + 1)
    assert proved.json()["csrf"] == told["csrf"]
    assert client.get("/api/v1/me").status_code == 200
    assert code(thief.get("/api/v1/me")) == (401, "access.proof"), "the proof is of the phone's new cookie"
    site.clock.advance(LEFT_S)
    for _ in range(20):
        assert code(thief.get("/api/v1/me")) == (401, "access.ended")
    assert code(thief.get("/api/v1/session/challenge")) == (401, "access.ended")
    assert client.get("/api/v1/me").status_code == 200


def test_proof_of_an_old_challenge_is_none(site):
    client, key, _ = bound(site, "responder")
    first = proof(key, client.get("/api/v1/session/challenge").json())
    assert client.post("/api/v1/session/proof", json=first).status_code == 200
    client.get("/api/v1/session/challenge")
    assert client.post("/api/v1/session/proof", json=first).json()["code"] == "access.device_proof"


def test_phone_has_the_rights_of_a_responder_whatever_else_its_owner_has(site):
    client, key, _ = bound(site, "responder", "administrator", "supervisor")
    client.post("/api/v1/session/proof", json=proof(key, client.get("/api/v1/session/challenge").json()))
    assert set(client.get("/api/v1/session").json()["permissions"]) == ROLE_PERMISSIONS["responder"]
    assert client.get("/api/v1/users").status_code == 403


def test_only_a_responders_session_is_bound_to_a_phone(site):
    answer = site.signed_in("operator").post("/api/v1/session/device", json={"public_key": Key().public})
    assert code(answer) == (403, "access.not_responder")


def test_lost_phone_is_signed_out_by_a_supervisor(site):
    client, _, _ = bound(site, "responder")
    supervisor = site.signed_in("supervisor")
    [phone] = [one for one in supervisor.get("/api/v1/sessions").json()["items"] if one["device"]]
    assert supervisor.delete(f"/api/v1/sessions/{phone['id']}").status_code == 204
    assert code(client.get("/api/v1/session/challenge")) == (401, "access.ended")
    assert code(supervisor.delete(f"/api/v1/sessions/{phone['id']}")) == (404, "session.unknown")


# Users ---------------------------------------------------------------------------------------------------------------


def test_user_is_made_comes_in_by_link_is_changed_and_removed(site):
    admin = site.signed_in("administrator")
    made = admin.post("/api/v1/users", json={"name": "Bo Novak", "roles": ["operator"]})
    assert (made.status_code, made.json()["roles"]) == (201, ["operator"])
    path = f"/api/v1/users/{made.json()['id']}"
    link = admin.post(f"{path}/link").json()
    assert re.fullmatch(r"http://127\.0\.0\.1:8400/sign-in/[\w-]{43}", link["url"])
    bo = site.client()
    assert bo.post(link["url"].removeprefix("http://127.0.0.1:8400")).status_code == 303
    assert bo.get("/api/v1/users").status_code == 200
    assert admin.patch(path, json={"name": "Bo Novak-Lee", "roles": ["auditor", "installer"]}).json() == {
        "id": made.json()["id"],
        "name": "Bo Novak-Lee",
        "roles": ["auditor", "installer"],
    }
    assert bo.get("/api/v1/users").status_code == 403, "roles count at once"
    assert admin.post(f"{path}/sign-out").json() == {"ended": 1}
    assert bo.get("/api/v1/session").status_code == 401
    assert admin.delete(path).status_code == 204
    assert code(admin.get(path)) == (404, "user.unknown")


def test_making_a_user_changes_none_that_is_there(site):
    admin = site.signed_in("administrator")
    bo = site.user("operator", name="Bo Novak")
    answer = admin.post("/api/v1/users", json={"name": "  bo   NOVAK ", "roles": ["administrator"]})
    assert code(answer) == (409, "user.exists")
    assert site.access.roles_of(bo) == ("operator",)


def test_last_administrator_stays_one(site):
    user = site.user("administrator", "supervisor")
    admin = site.signed_in(user=user)
    path = f"/api/v1/users/{user}"
    assert code(admin.patch(path, json={"roles": ["supervisor"]})) == (409, "access.last_administrator")
    assert code(admin.delete(path)) == (409, "access.last_administrator")
    assert admin.get("/api/v1/users").status_code == 200


def test_of_a_change_that_is_refused_nothing_stays(site):
    user = site.user("administrator", name="Ana Horvat")
    site.user("operator", name="Bo Novak")
    admin, path = site.signed_in(user=user), f"/api/v1/users/{user}"
    both = {"name": "Ana Lee", "roles": ["operator"]}
    assert code(admin.patch(path, json=both)) == (409, "access.last_administrator")
    both = {"name": "bo novak", "roles": ["administrator", "operator"]}
    assert code(admin.patch(path, json=both)) == (409, "access.name_taken")
    assert admin.get(path).json()["user"] == {"id": user, "name": "Ana Horvat", "roles": ["administrator"]}


def test_administrator_sees_what_a_user_signs_in_with_and_removes_a_lost_authenticator(site):
    user = site.known("operator")
    offer = site.access.begin_totp(user)
    site.access.confirm_totp(user, Phone(offer.secret, site.clock).code())
    admin = site.signed_in("administrator")
    told = admin.get(f"/api/v1/users/{user}")
    assert told.json()["credentials"]["totp"]
    assert offer.secret not in told.text
    assert admin.post(f"/api/v1/users/{user}/totp/remove").json()["credentials"]["totp"] is None
    by_password(site)


def test_administrator_sets_nobodys_password(site):
    """There is no such route: a link lets the user choose one, and the journal says who made the link."""
    paths = {route.path for route in site.app.routes if "password" in route.path}
    assert paths == {"/password", "/api/v1/me/password"}


def test_supervisor_signs_somebody_out_and_administers_nobody(site):
    supervisor, user = site.signed_in("supervisor"), site.user("operator")
    client = site.signed_in(user=user)
    assert supervisor.post(f"/api/v1/users/{user}/sign-out").json() == {"ended": 1}
    assert client.get("/api/v1/session").status_code == 401
    assert supervisor.post(f"/api/v1/users/{user}/link").status_code == 403
    assert supervisor.patch(f"/api/v1/users/{user}", json={"roles": ["supervisor"]}).status_code == 403


def test_roles_are_told_in_words_to_everybody_with_what_takes_two_persons(site):
    told = site.signed_in("installer").get("/api/v1/roles").json()
    assert [one["role"] for one in told["roles"]] == list(ROLES)
    assert {one["act"] for one in told["acts"]} == set(ACTS)
    named = {one["permission"] for one in told["permissions"] if one["words"]}
    assert {name for one in told["roles"] for name in one["permissions"]} == named - {"incident.none"}


# Tokens --------------------------------------------------------------------------------------------------------------


def test_token_is_shown_once_opens_its_scope_and_is_revoked(site):
    admin = site.signed_in("administrator")
    made = admin.post("/api/v1/tokens", json={"scopes": ["read"], "days": 7}).json()
    program = site.client()
    program.headers["authorization"] = f"Bearer {made['secret']}"
    assert program.get("/api/v1/sites").status_code == 200
    assert code(program.get("/api/v1/journal")) == (403, "access.forbidden")
    listed = admin.get("/api/v1/tokens")
    assert made["secret"] not in listed.text
    assert [(one["id"], one["state"]) for one in listed.json()["items"]] == [(made["id"], "alive")]
    assert admin.delete(f"/api/v1/tokens/{made['id']}").status_code == 204
    assert program.get("/api/v1/sites").status_code == 401
    assert code(admin.delete(f"/api/v1/tokens/{made['id']}")) == (404, "token.unknown")


# Own sites and accounts ----------------------------------------------------------------------------------------------

SITES = b"account,site,name\n1001,Harbour Mill,Boiler house\n1002,Depot West,Gate\n"


def places(site):
    site.held.add(SITES)
    return {one.row.account: one for one in site.held.store.accounts()}


def test_site_contact_and_installer_see_what_was_entered_as_theirs_and_lose_it_at_once(site):
    accounts = places(site)
    mill, depot = accounts["1001"], accounts["1002"]
    admin = site.signed_in("administrator")
    contact, installer = site.user("site_contact"), site.user("installer")
    for user, target in ((contact, mill.row.site_id), (installer, depot.id)):
        assert admin.post("/api/v1/grants", json={"user_id": user, "target_id": target}).status_code == 201
    assert len(admin.get("/api/v1/grants").json()["items"]) == 2
    seen = site.signed_in(user=contact).get("/api/v1/own/incidents").json()
    assert seen == {"items": [], "sites": [mill.row.site_id]}
    own = site.signed_in(user=installer)
    assert [(one["account"], one["heard_at"]) for one in own.get("/api/v1/own/accounts").json()["items"]] == [
        ("1002", None)
    ]
    assert admin.delete(f"/api/v1/grants/{installer}/{depot.id}").status_code == 204
    assert own.get("/api/v1/own/accounts").json() == {"items": []}


def test_only_what_is_there_is_made_somebodys_own_and_only_for_the_role_that_it_is_for(site):
    accounts = places(site)
    admin, contact = site.signed_in("administrator"), site.user("site_contact")
    for target, expected in (
        ("site-999", (404, "grant.unknown")),
        ("account-999", (404, "grant.unknown")),
        (accounts["1001"].id, (400, "access.grant_role")),
    ):
        assert code(admin.post("/api/v1/grants", json={"user_id": contact, "target_id": target})) == expected
    body = {"user_id": "user-999", "target_id": accounts["1001"].row.site_id}
    assert code(admin.post("/api/v1/grants", json=body)) == (404, "user.unknown")


# Two persons ---------------------------------------------------------------------------------------------------------

ASKED = {"act": "erase.early", "reason": "entered_by_mistake", "subject": "incident-5"}


def put_incident(site):
    """There is incident-5, with a hold: what is not there cannot be asked about."""
    hold = Hold(
        id="hold-3", incident="incident-5", lifted_at=None, lifted_by=None, lifted_reason=None, reason="complaint",
        set_at=1, set_by="user-1", until=9,
    )  # fmt: skip
    with site.held.store.transaction() as transaction:
        transaction.put_incidents([incident(5)])
        transaction.put_hold(hold)


@pytest.fixture
def with_incident(site):
    put_incident(site)


def asked(client):
    parameters = {"incident": "incident-5", "reason": "entered_by_mistake"}
    answer = client.post("/api/v1/approvals", json=ASKED | {"parameters": parameters})
    assert answer.status_code == 201, answer.text
    return answer.json()


@pytest.mark.usefixtures("with_incident")
def test_second_person_answers_on_another_screen_and_sees_what_the_yes_is_for(site):
    supervisor, auditor = site.signed_in("supervisor"), site.signed_in("auditor")
    made = asked(supervisor)
    assert (made["given"], made["may_answer"], made["shown"]["incident"]) == (None, False, "incident-5")
    [seen] = auditor.get("/api/v1/approvals").json()["items"]
    assert (seen["id"], seen["may_answer"], seen["shown"]) == (made["id"], True, made["shown"])
    path = f"/api/v1/approvals/{made['id']}/answer"
    assert code(supervisor.post(path, json={"given": True})) == (403, "approval.same_person")
    assert auditor.post(path, json={"given": True}).json()["given"] is True
    assert code(auditor.post(path, json={"given": False})) == (409, "approval.answered")
    assert supervisor.get(f"/api/v1/approvals/{made['id']}").json()["given"] is True


@pytest.mark.usefixtures("with_incident")
def test_second_person_answers_on_the_same_screen_and_no_session_is_made(site):
    supervisor = site.signed_in("supervisor")
    site.known("auditor", name="Hana Auditor")
    made = asked(supervisor)
    sessions = len(site.access.sessions())
    path = f"/api/v1/approvals/{made['id']}/answer-here"
    here = {"name": "Hana Auditor", "password": PASSWORD}
    assert code(supervisor.post(path, json=here | {"password": "wrong"})) == (400, "access.sign_in")
    answer = supervisor.post(path, json=here)
    assert (answer.json()["given"], answer.headers.get_list("set-cookie")) == (True, [])
    assert len(site.access.sessions()) == sessions


@pytest.mark.usefixtures("with_incident")
def test_one_person_is_not_two_by_giving_the_own_password(site):
    site.known("supervisor")
    supervisor = by_password(site)
    path = f"/api/v1/approvals/{asked(supervisor)['id']}/answer-here"
    answer = supervisor.post(path, json={"name": "Ana Horvat", "password": PASSWORD})
    assert code(answer) == (403, "approval.same_person")


@pytest.mark.usefixtures("with_incident")
def test_who_may_not_ask_or_answer_does_neither(site):
    made = asked(site.signed_in("supervisor"))
    for role in ("operator", "integrator", "installer"):
        client = site.signed_in(role)
        assert client.post("/api/v1/approvals", json=ASKED | {"parameters": {}}).status_code == 403
        assert client.post(f"/api/v1/approvals/{made['id']}/answer", json={"given": True}).status_code == 403
    site.known("operator", name="Op Erator")
    path = f"/api/v1/approvals/{made['id']}/answer-here"
    answer = site.signed_in("supervisor").post(path, json={"name": "Op Erator", "password": PASSWORD})
    assert code(answer) == (403, "approval.forbidden")


@pytest.mark.parametrize(
    "parameters", [{}, {"incident": "incident-5"}, {"incident": 5, "reason": "x"}, {"incident": {"a": {}}, "reason": 1}]
)
def test_approval_is_asked_with_what_the_act_has_and_nothing_else(site, parameters):
    answer = site.signed_in("supervisor").post("/api/v1/approvals", json=ASKED | {"parameters": parameters})
    assert code(answer) == (400, "approval.parameters")


@pytest.mark.usefixtures("with_incident")
def test_nobody_is_two_persons_by_a_link_made_for_somebody_who_has_an_authenticator(site):
    bo = site.known("supervisor", name="Bo")
    # A link from before; one that is made now wants a code.
    asker, by_link = site.signed_in("supervisor"), site.signed_in(user=bo)
    phone = Phone(site.access.begin_totp(bo).secret, site.clock)
    site.access.confirm_totp(bo, phone.code())
    path = f"/api/v1/approvals/{asked(asker)['id']}"
    body = ASKED | {"parameters": {"incident": "incident-5", "reason": "entered_by_mistake"}}
    here = {"name": "Bo", "password": PASSWORD, "code": "000000"}
    # Nor is the authenticator replaced, and then a code of the new one given.
    for method, where, given in (
        ("POST", f"{path}/answer", {"given": True}),
        ("POST", f"{path}/answer-here", here),
        ("POST", "/api/v1/approvals", body),
        ("POST", "/api/v1/me/totp", None),
        ("POST", "/api/v1/me/totp/remove", None),
        ("POST", "/api/v1/me/recovery-codes", None),
    ):
        assert code(by_link.request(method, where, json=given)) == (403, "access.confirm"), where
    site.clock.advance(30)
    confirmed = by_link.post("/api/v1/session/confirm", json={"password": PASSWORD, "code": phone.code()})
    assert confirmed.status_code == 204
    assert by_link.post(f"{path}/answer", json={"given": True}).json()["given"] is True


OF_ACTS = {
    "erase.early": ({"incident": "incident-5", "reason": "not_needed"}, "incident-5", "not_needed"),
    "erase.waiting": ({"count": 3}, None, "time"),
    "hold.set": ({"incident": "incident-5", "reason": "complaint", "until": 5}, "incident-5", "complaint"),
    "hold.lift": ({"hold": "hold-3", "incident": "incident-5", "reason": "settled"}, "incident-5", "settled"),
    "journal.unsealed_export": ({"reason": "complaint", "account_id": "account-4"}, "account-4", "complaint"),
    "subject.request": (
        {"reference": "DSR-2026-017", "what": "name", "contact": "Erika Muster"}, None, "data_subject",
    ),
}  # fmt: skip


@pytest.mark.usefixtures("with_incident")
@pytest.mark.parametrize("act", OF_ACTS)
def test_second_person_is_shown_subject_and_reason_of_the_act_and_nothing_that_the_asker_says_beside(site, act):
    supervisor, second = site.signed_in("supervisor"), site.signed_in("supervisor")
    site.held.add(b"account,name\n4711,Cold store\n")
    parameters, subject, reason = OF_ACTS[act]
    if "account_id" in parameters:
        subject = site.held.store.accounts()[0].id
        parameters = parameters | {"account_id": subject}
    body = {"act": act, "parameters": parameters, "reason": reason}
    for other in ({"reason": "police_request"}, {"subject": "incident-6"}):
        answer = supervisor.post("/api/v1/approvals", json=body | other)
        assert code(answer) == (400, "approval.parameters")
    assert second.get("/api/v1/approvals").json()["items"] == []
    assert supervisor.post("/api/v1/approvals", json=body).status_code == 201
    [seen] = second.get("/api/v1/approvals").json()["items"]
    assert (seen["subject"], seen["reason"], seen["may_answer"]) == (subject, reason, True)
    assert {name: seen["shown"][name] for name in parameters if name != "contact"} == {
        name: value for name, value in parameters.items() if name != "contact"
    }


def test_every_act_of_the_api_is_among_these():
    assert OF_ACTS.keys() == PARAMETERS.keys()


def test_what_was_asked_before_a_restart_is_answered_once_it_was_asked_anew(tmp_path):
    settings = make_folder(tmp_path / "centre")
    before = Site(settings)
    put_incident(before)
    ana, bo = before.known("supervisor"), before.known("supervisor", name="Bo")
    id_ = asked(before.signed_in(user=ana))["id"]
    before.close()
    site = Site(settings)
    try:
        first, second = site.signed_in(user=ana), site.signed_in(user=bo)
        [seen] = second.get("/api/v1/approvals").json()["items"]
        assert (seen["id"], seen["may_answer"], seen["shown"]) == (id_, False, {})
        path = f"/api/v1/approvals/{id_}"
        assert code(second.post(f"{path}/answer", json={"given": True})) == (409, "approval.forgotten")
        here = first.post(f"{path}/answer-here", json={"name": "Bo", "password": PASSWORD})
        assert code(here) == (409, "approval.forgotten")
        assert asked(first)["id"] == id_
        [seen] = second.get("/api/v1/approvals").json()["items"]
        assert (seen["may_answer"], seen["shown"]["incident"]) == (True, "incident-5")
        assert second.post(f"{path}/answer", json={"given": True}).json()["given"] is True
    finally:
        site.close()


def test_removed_users_name_and_password_are_gone_from_every_list(site):
    user = site.known("supervisor")
    site.access.remove_user(user, Actor("cli"))
    admin = site.signed_in("administrator")
    for path in ("/api/v1/users", "/api/v1/sessions", "/api/v1/grants"):
        assert "Ana Horvat" not in admin.get(path).text
    assert site.access.granted(user) == frozenset[Ref]()
