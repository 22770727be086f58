"""Who is known: users, links, sessions and tokens, over a real store, vault and journal."""

import re
import threading
from concurrent.futures import ThreadPoolExecutor

import msgspec
import pytest

from support.centres import HeldCentre, make_folder, rows
from support.fakes import ManualClock
from support.web import make_access
from tocsin.access.access import KEPT_S, tag_of
from tocsin.access.links import FIRST_LINK_S, LINK_S, LINKS_MAX
from tocsin.access.sessions import SESSIONS_EACH_MAX
from tocsin.access.tokens import TOKENS_MAX
from tocsin.access.users import rebuild_users
from tocsin.model.errors import BadInput, Conflict, JournalFull
from tocsin.model.values import Actor

CLI = Actor("cli")
HOUR = 3600


class Centre:
    """A held centre and its access, opened again at will, as after a restart."""

    def __init__(self, settings):
        self.settings = settings
        self.clock = ManualClock()
        self.open()

    def open(self):
        self.held = HeldCentre(self.settings, clock=self.clock)
        self.access = make_access(self.held, self.settings)

    def restart(self):
        self.held.close()
        self.open()

    def facts(self, *kinds):
        """Kind, ref, actor and body of the facts of these kinds, in order."""
        entries = [msgspec.json.decode(stored.row.entry) for stored in self.held.store.entries(0, 5000)]
        return [(e["kind"], e["ref"], e["actor"], e["body"]) for e in entries if e["kind"].split(".")[0] in kinds]

    def user(self, name="Ana Horvat", *roles):
        return self.access.set_user(name, roles or ("operator",), CLI)

    def signed_in(self, user=None):
        return self.access.sign_in(self.access.create_link(user or self.user(), CLI).secret)


@pytest.fixture
def centre(tmp_path):
    made = Centre(make_folder(tmp_path / "centre"))
    yield made
    made.held.close()


# Users ---------------------------------------------------------------------------------------------------------------


def test_user_is_known_by_name_without_case_and_keeps_the_roles_given(centre):
    id_ = centre.access.set_user("  Ana   Horvat ", ["supervisor", "administrator"], CLI)
    assert centre.access.find("ANA HORVAT") == id_
    person = centre.access.person(id_)
    assert (person.id, person.name, person.roles) == (id_, "Ana Horvat", ("administrator", "supervisor"))
    assert centre.access.people() == [person]


def test_same_name_again_is_the_same_user_with_the_roles_given_last(centre):
    first = centre.user("Ana", "operator")
    assert centre.user("ana", "auditor") == first
    assert [(p.id, p.roles) for p in centre.access.people()] == [(first, ("auditor",))]
    assert [kind for kind, *_ in centre.facts("user")] == ["user.set", "user.set"]


def test_setting_the_same_roles_again_is_no_fact(centre):
    centre.user("Ana", "operator")
    centre.user("Ana", "operator")
    assert len(centre.facts("user")) == 1


def test_facts_and_table_hold_a_reference_and_the_vault_the_name(centre):
    id_ = centre.user("Ana Horvat")
    [(_, ref, actor, body)] = centre.facts("user")
    assert (ref, actor, body["roles"], body["removed"]) == (None, "cli", ["operator"], False)
    assert re.fullmatch(r"user-text-[0-9a-f]{16}", body["name"])
    assert centre.held.vault.secret_get(body["name"]) == b"Ana Horvat"
    assert [(user.id, user.row.name) for user in centre.held.store.users()] == [(id_, body["name"])]


def test_users_are_the_same_after_a_restart_and_from_the_journal_alone(centre):
    centre.user("Ana", "operator")
    gone = centre.user("Bo", "auditor")
    centre.access.remove_user(gone, CLI)
    before, live = centre.access.people(), centre.held.store.users()
    centre.restart()
    assert centre.access.people() == before
    assert rebuild_users(centre.held.store.entries(0, 5000)) == live


def test_name_that_the_vault_lost_is_shown_as_the_id(centre):
    id_ = centre.user("Ana")
    centre.held.vault.secret_delete(centre.held.store.users()[0].row.name)
    centre.restart()
    assert [person.name for person in centre.access.people()] == [id_]


@pytest.mark.parametrize("name", ["", "   ", "x" * 81, "Ana\x00", "Ana‮", "An\x07a"])
def test_name_that_nobody_can_see_or_read_is_refused(centre, name):
    with pytest.raises(BadInput, match=r"\[access\.name\]"):
        centre.access.set_user(name, ["operator"], CLI)
    assert centre.access.people() == []


@pytest.mark.parametrize("roles", [[], ["king"], ["operator", "king"], [""]])
def test_role_that_does_not_exist_is_refused(centre, roles):
    with pytest.raises(BadInput, match=r"\[access\.roles\]"):
        centre.access.set_user("Ana", roles, CLI)
    assert centre.access.people() == []


def test_roles_may_be_written_as_people_write_them(centre):
    id_ = centre.access.set_user("Ana", ["Site contact", "site-contact", " AUDITOR "], CLI)
    assert centre.access.roles_of(id_) == ("auditor", "site_contact")


def test_name_of_a_user_that_could_not_be_stored_is_not_kept(centre):
    def full(*_arguments):
        raise JournalFull("The disk is full", "store.full")

    names = rows(centre.settings.folder / "keys.db", "SELECT name FROM secrets")
    broken = make_access(centre.held, centre.settings, record=full)
    with pytest.raises(JournalFull):
        broken.set_user("Ana", ["operator"], CLI)
    assert rows(centre.settings.folder / "keys.db", "SELECT name FROM secrets") == names
    assert broken.people() == []


def test_users_have_a_limit_that_removed_ones_do_not_count_for(centre):
    centre.access = make_access(centre.held, centre.settings, users_max=2)
    for name in ("Ana", "Bo"):
        centre.user(name)
    with pytest.raises(Conflict, match=r"There are 2 users .*\[access\.users_full\]"):
        centre.user("Cy")
    assert centre.user("Bo", "auditor")
    centre.access.remove_user(centre.access.find("Bo"), CLI)
    assert centre.user("Cy")


def test_removed_user_is_out_at_once_and_the_name_is_gone(centre):
    id_ = centre.user("Ana")
    secret, session = centre.signed_in(id_)
    link = centre.access.create_link(id_, CLI)
    reference = centre.held.store.users()[0].row.name
    centre.access.remove_user(id_, Actor("user-99"))
    assert centre.access.session(secret) is None
    assert centre.access.is_open(session.id) is False
    assert centre.access.link(link.secret).state == "expired"
    assert (centre.access.person(id_), centre.access.people(), centre.access.find("Ana")) == (None, [], None)
    assert centre.held.vault.secrets_get([reference]) == {}
    assert centre.facts("session")[-1] == ("session.ended", session.id, "user-99", {"reason": "user_removed"})
    centre.restart()
    assert centre.access.session(secret) is None
    with pytest.raises(BadInput, match=r"\[access\.link_expired\]"):
        centre.access.sign_in(link.secret)


def test_removed_name_may_be_used_again_by_another_user(centre):
    old = centre.user("Ana")
    centre.access.remove_user(old, CLI)
    new = centre.user("Ana", "auditor")
    assert new != old
    assert [person.id for person in centre.access.people()] == [new]


def test_user_who_is_not_there_cannot_be_removed_or_let_in(centre):
    for act in (
        lambda: centre.access.remove_user(Actor("user-7"), CLI),
        lambda: centre.access.create_link(Actor("user-7"), CLI),
    ):
        with pytest.raises(BadInput, match=r"\[user\.unknown\]"):
            act()


# Links and sessions --------------------------------------------------------------------------------------------------


def test_link_lets_in_once_and_the_facts_say_who_and_by_which_link(centre):
    user = centre.user("Ana", "operator")
    link = centre.access.create_link(user, CLI)
    secret, session = centre.access.sign_in(link.secret)
    assert (session.user, session.roles) == (user, ("operator",))
    assert session.expires_at == centre.clock.wall_us + 12 * HOUR * 1_000_000
    assert centre.access.session(secret) == session
    now = centre.clock.wall_us
    assert centre.facts("link", "session") == [
        ("link.created", None, "cli", {"expires_at": now + LINK_S * 1_000_000, "user": user}),
        ("session.opened", None, user, {"expires_at": session.expires_at, "how": "link", "link": link.id}),
    ]


def test_used_link_lets_nobody_in_not_even_after_a_restart(centre):
    link = centre.access.create_link(centre.user(), CLI)
    centre.access.sign_in(link.secret)
    for _ in range(2):
        assert centre.access.link(link.secret).state == "used"
        with pytest.raises(BadInput, match=r"\[access\.link_used\]"):
            centre.access.sign_in(link.secret)
        centre.restart()


@pytest.mark.parametrize(("seconds", "lives_s"), [(LINK_S, 900), (FIRST_LINK_S, 86_400)])
def test_link_expires(centre, seconds, lives_s):
    link = centre.access.create_link(centre.user(), CLI, seconds)
    centre.clock.advance(lives_s - 1)
    assert centre.access.link(link.secret).state == "alive"
    centre.clock.advance(1)
    assert centre.access.link(link.secret).state == "expired"
    with pytest.raises(BadInput, match=r"\[access\.link_expired\]"):
        centre.access.sign_in(link.secret)


def test_looking_at_a_link_does_not_use_it_up(centre):
    link = centre.access.create_link(centre.user(), CLI)
    for _ in range(5):
        assert centre.access.link(link.secret).state == "alive"
    assert centre.access.sign_in(link.secret)


@pytest.mark.parametrize("secret", ["", "x", "A" * 43, "A" * 1_000_000, "tcn_" + "A" * 43, "ü" * 43, "\ud800"])
def test_forged_link_lets_nobody_in(centre, secret):
    centre.access.create_link(centre.user(), CLI)
    assert centre.access.link(secret).state == "unknown"
    with pytest.raises(BadInput, match=r"\[link\.unknown\]"):
        centre.access.sign_in(secret)


def test_secret_of_one_kind_is_none_of_another(centre):
    link = centre.access.create_link(centre.user("Bo"), CLI)
    secret, _ = centre.signed_in()
    token = centre.access.create_token(["read"], 1, CLI)
    assert centre.access.session(link.secret) is None
    assert centre.access.session(token.secret) is None
    assert centre.access.token(secret) is None
    assert centre.access.token(link.secret) is None
    for other in (secret, token.secret):
        with pytest.raises(BadInput, match=r"\[link\.unknown\]"):
            centre.access.sign_in(other)


def test_two_who_press_at_once_get_one_session(centre):
    link = centre.access.create_link(centre.user(), CLI)
    barrier = threading.Barrier(8)

    def press(_):
        barrier.wait(10)
        try:
            return centre.access.sign_in(link.secret)[1].id
        except BadInput as refusal:
            return refusal.code

    with ThreadPoolExecutor(8) as pool:
        found = sorted(pool.map(press, range(8)))
    assert found == ["access.link_used"] * 7 + [found[-1]]
    assert len(centre.facts("session")) == 1


def test_each_sign_in_has_a_secret_and_an_id_of_its_own(centre):
    user = centre.user()
    found = [centre.signed_in(user) for _ in range(3)]
    assert len({secret for secret, _ in found}) == len({session.id for _, session in found}) == 3
    assert len({session.csrf for _, session in found}) == 3


def test_session_survives_a_restart_and_its_csrf_token_is_the_same(centre):
    secret, session = centre.signed_in()
    centre.restart()
    assert centre.access.session(secret) == session


def test_session_ends_at_its_absolute_end_however_much_it_is_used(centre):
    secret, session = centre.signed_in()
    for _ in range(12):
        assert centre.access.session(secret) == session
        centre.clock.advance(HOUR)
    assert centre.access.session(secret) is None
    assert centre.access.is_open(session.id) is False
    centre.restart()
    assert centre.access.session(secret) is None


def test_clock_set_back_lengthens_no_session(centre):
    secret, _ = centre.signed_in()
    centre.clock.wall_us -= 100 * HOUR * 1_000_000
    centre.clock.advance(12 * HOUR - 1)
    assert centre.access.session(secret) is not None
    centre.clock.advance(1)
    assert centre.access.session(secret) is None


def test_clock_set_back_over_a_restart_gives_no_more_than_one_whole_session(centre):
    secret, _ = centre.signed_in()
    centre.clock.wall_us -= 100 * HOUR * 1_000_000
    centre.restart()
    centre.clock.advance(12 * HOUR)
    assert centre.access.session(secret) is None


def test_clock_set_back_before_a_restart_gives_back_no_time_that_the_journal_saw_pass(centre):
    centre.clock.wall_us = centre.held.store.head().at
    user = centre.user()
    secret, _ = centre.signed_in(user)
    link = centre.access.create_link(user, CLI).secret
    token = centre.access.create_token(["read"], 1, CLI).secret
    centre.clock.advance(11 * HOUR)
    centre.signed_in(user)
    centre.clock.wall_us -= 100 * HOUR * 1_000_000
    centre.restart()
    assert centre.access.link(link).state == "expired"
    assert centre.access.session(secret) is not None
    centre.clock.advance(HOUR)
    assert centre.access.session(secret) is None
    centre.clock.advance(12 * HOUR - 1)
    assert centre.access.token(token) is not None
    centre.clock.advance(1)
    assert centre.access.token(token) is None


def test_clock_set_forward_ends_sessions(centre):
    secret, _ = centre.signed_in()
    centre.clock.wall_us += 12 * HOUR * 1_000_000
    assert centre.access.session(secret) is None


def test_sign_out_ends_one_session_for_good_and_is_a_fact(centre):
    user = centre.user()
    (one, session), (other, _) = centre.signed_in(user), centre.signed_in(user)
    centre.access.sign_out(session.id, user)
    centre.access.sign_out(session.id, user)
    assert centre.access.session(one) is None
    assert centre.access.session(other) is not None
    assert centre.facts("session")[2:] == [("session.ended", session.id, user, {"reason": "sign_out"})]
    centre.restart()
    assert centre.access.session(one) is None
    assert centre.access.session(other) is not None


def test_session_has_the_roles_that_its_user_has_now(centre):
    secret, _ = centre.signed_in(centre.user("Ana", "operator"))
    told = []
    centre.access.watch(lambda: told.append(True))
    centre.user("Ana", "auditor")
    assert centre.access.session(secret).roles == ("auditor",)
    assert told == [True]


def test_oldest_session_ends_where_one_user_has_too_many(centre):
    user = centre.user()
    first, session = centre.signed_in(user)
    centre.clock.advance(1)
    others = [centre.signed_in(user)[0] for _ in range(SESSIONS_EACH_MAX - 1)]
    assert centre.access.session(first) is not None
    last, _ = centre.signed_in(user)
    assert centre.access.session(first) is None
    assert all(centre.access.session(secret) for secret in [*others, last])
    assert centre.facts("session")[-1] == ("session.ended", session.id, user, {"reason": "too_many"})


def test_sessions_of_others_do_not_count(centre):
    first, _ = centre.signed_in(centre.user("Ana"))
    bo = centre.user("Bo")
    for _ in range(SESSIONS_EACH_MAX + 1):
        centre.signed_in(bo)
    assert centre.access.session(first) is not None


def test_links_that_wait_have_a_limit_that_used_and_expired_ones_do_not_count_for(centre):
    user = centre.user()
    links = [centre.access.create_link(user, CLI) for _ in range(LINKS_MAX)]
    with pytest.raises(Conflict, match=r"\[access\.full\]"):
        centre.access.create_link(user, CLI)
    centre.access.sign_in(links[0].secret)
    assert centre.access.create_link(user, CLI)
    centre.clock.advance(LINK_S)
    assert centre.access.create_link(user, CLI)


def test_what_has_ended_is_forgotten_after_a_month(centre):
    user = centre.user()
    link = centre.access.create_link(user, CLI)
    secret, session = centre.access.sign_in(link.secret)
    centre.access.sign_out(session.id, user)
    centre.clock.advance(KEPT_S + 1)
    assert centre.access.knows(secret)
    centre.signed_in(user)
    assert not centre.access.knows(secret)
    assert centre.access.link(link.secret).state == "unknown"
    assert [row.kind for row in centre.held.store.access_rows()] == ["link", "session"]


# Tokens --------------------------------------------------------------------------------------------------------------


def test_token_opens_what_it_was_made_for_until_its_end(centre):
    made = centre.access.create_token(["read", "journal"], 90, CLI)
    assert re.fullmatch(r"tcn_[A-Za-z0-9_-]{43}", made.secret)
    live = centre.access.token(made.secret)
    assert (live.id, live.scopes, live.expires_at) == (made.id, ("journal", "read"), made.expires_at)
    assert made.expires_at == centre.clock.wall_us + 90 * 24 * HOUR * 1_000_000
    body = {"expires_at": made.expires_at, "scopes": ["journal", "read"]}
    assert centre.facts("token") == [("token.created", None, "cli", body)]
    centre.restart()
    assert centre.access.token(made.secret) == live
    centre.clock.advance(90 * 24 * HOUR)
    assert centre.access.token(made.secret) is None


def test_revoked_token_opens_nothing_and_cannot_be_revoked_again(centre):
    made = centre.access.create_token(["read"], 90, CLI)
    centre.access.revoke_token(made.id, CLI)
    assert centre.access.token(made.secret) is None
    assert centre.access.is_open(made.id) is False
    assert centre.facts("token")[1:] == [("token.revoked", made.id, "cli", {"scopes": ["read"]})]
    with pytest.raises(BadInput, match=r"\[token\.unknown\]"):
        centre.access.revoke_token(made.id, CLI)
    centre.restart()
    assert centre.access.token(made.secret) is None


def test_list_of_tokens_says_their_state_and_last_use_and_no_secret(centre):
    old = centre.access.create_token(["intake"], 1, CLI)
    centre.clock.advance(24 * HOUR)
    revoked = centre.access.create_token(["read"], 1, CLI)
    centre.clock.advance(1)
    alive = centre.access.create_token(["handle"], 1, CLI)
    centre.access.revoke_token(revoked.id, CLI)
    centre.access.token(alive.secret)
    found = centre.access.tokens()
    assert [(item.id, item.state, item.used_at is not None) for item in found] == [
        (alive.id, "alive", True),
        (revoked.id, "revoked", False),
        (old.id, "expired", False),
    ]
    assert all(made.secret not in repr(found) for made in (old, revoked, alive))


@pytest.mark.parametrize(
    ("scopes", "days", "code"),
    [
        ([], 90, "usage.scope"),
        (["all"], 90, "usage.scope"),
        (["read", "all"], 90, "usage.scope"),
        (["read"], 0, "usage.days"),
        (["read"], 3651, "usage.days"),
    ],
)
def test_token_of_no_known_scope_or_time_is_not_made(centre, scopes, days, code):
    with pytest.raises(BadInput, match=re.escape(f"[{code}]")):
        centre.access.create_token(scopes, days, CLI)
    assert centre.access.tokens() == []


def test_tokens_have_a_limit_that_revoked_ones_do_not_count_for(centre):
    tokens = [centre.access.create_token(["read"], 1, CLI) for _ in range(TOKENS_MAX)]
    with pytest.raises(Conflict, match=r"\[access\.full\]"):
        centre.access.create_token(["read"], 1, CLI)
    centre.access.revoke_token(tokens[0].id, CLI)
    assert centre.access.create_token(["read"], 1, CLI)


# What is kept --------------------------------------------------------------------------------------------------------


def test_last_use_is_written_when_it_is_asked_for_and_not_before(centre):
    secret, session = centre.signed_in()
    token = centre.access.create_token(["read"], 1, CLI)
    centre.clock.advance(60)
    centre.access.session(secret)
    centre.access.token(token.secret)

    def used():
        return {row.id: row.used_at for row in centre.held.store.access_rows() if row.kind != "link"}

    before = len(centre.held.store.entries(0, 5000))
    assert used() == {session.id: None, token.id: None}
    centre.access.write_uses()
    assert used() == {session.id: centre.clock.wall_us, token.id: centre.clock.wall_us}
    assert len(centre.held.store.entries(0, 5000)) == before
    centre.restart()
    assert centre.access.session(secret) is not None


def test_no_secret_and_no_name_is_in_the_database_the_keys_or_the_heads(centre):
    link = centre.access.create_link(centre.user("Ana Horvat"), CLI)
    secret, session = centre.access.sign_in(link.secret)
    token = centre.access.create_token(["read"], 1, CLI)
    centre.access.write_uses()
    centre.held.close()
    files = {path.name: path.read_bytes() for path in centre.settings.folder.iterdir() if path.is_file()}
    assert {"tocsin.db", "keys.db"} <= set(files)
    planted = [link.secret, secret, token.secret, token.secret.removeprefix("tcn_"), session.csrf, "Ana Horvat"]
    found = [(name, text) for name, data in files.items() for text in planted if text.encode() in data]
    assert found == []
    centre.open()


def test_what_is_made_shows_no_secret_when_it_is_printed(centre):
    made = centre.access.create_token(["read"], 1, CLI)
    assert made.secret not in repr(made)
    assert made.secret not in str(made)


def test_centres_have_cookies_of_their_own():
    assert re.fullmatch(r"[0-9a-f]{8}", tag_of("host/tocsin/one"))
    assert tag_of("host/tocsin/one") != tag_of("host/tocsin/two")
