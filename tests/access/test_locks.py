"""Desks that are locked, sessions that others end, and phones that a session is bound to."""

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from support.people import CLI, DESK, OTHER_PASSWORD, PASSWORD, refused
from tocsin.access.devices import CHALLENGE_S, CHALLENGES_MAX, DEVICE_S, LEFT_S, PROVED_S, signed_bytes
from tocsin.access.sessions import SESSIONS_EACH_MAX
from tocsin.model.errors import BadInput, TooMany
from tocsin.model.values import Actor

PIN = "280619"


# Lock and unlock -----------------------------------------------------------------------------------------------------


def locked(people):
    """A user with a PIN, and a locked session."""
    user = people.user()
    people.access.set_pin(user, PIN)
    secret, session = people.by_password()
    people.access.lock(session.id)
    return user, secret, session


def test_locked_desk_stays_signed_in_and_says_that_it_is_locked(people):
    user, secret, session = locked(people)
    assert people.access.session(secret).locked
    assert people.access.is_open(session.id)
    people.access.lock(session.id, "idle")
    assert people.facts("session.locked") == [("session.locked", session.id, user, {"reason": "asked"})]
    people.restart()
    assert people.access.session(secret).locked
    assert [item.locked for item in people.access.sessions()] == [True]


@pytest.mark.parametrize(("secret_", "how"), [(PIN, "pin"), (PASSWORD, "password")])
def test_pin_or_password_unlocks_the_same_session(people, secret_, how):
    user, secret, session = locked(people)
    live = people.access.unlock(session.id, secret_, DESK)
    assert live == people.access.session(secret) == session
    assert people.facts("session.unlocked") == [("session.unlocked", session.id, user, {"how": how})]
    assert people.access.unlock(session.id, "already open", DESK) == session


@pytest.mark.parametrize("guess", ["", "280618", PASSWORD.lower(), "x" * 1_000_000, "\uff12" * 6])
def test_wrong_pin_leaves_the_desk_locked_and_the_session_open(people, guess):
    _, secret, session = locked(people)
    refused("access.unlock", people.access.unlock, session.id, guess, DESK)
    assert people.access.session(secret).locked


def test_pin_of_somebody_else_unlocks_nothing(people):
    _, _, session = locked(people)
    people.access.set_pin(people.user("Bo Larsen", password=OTHER_PASSWORD), "904713")
    refused("access.unlock", people.access.unlock, session.id, "904713", DESK)
    refused("access.unlock", people.access.unlock, session.id, OTHER_PASSWORD, DESK)


def test_guessing_at_a_locked_desk_waits_and_never_ends_the_session(people):
    _, secret, session = locked(people)
    looked_at = 0
    for _ in range(60):
        try:
            people.access.unlock(session.id, "904713", DESK)
        except TooMany as refusal:
            people.clock.advance(min(30, refusal.retry_after_s))
        except BadInput:
            looked_at += 1
    assert 20 < looked_at < 40
    assert people.access.session(secret).locked
    people.clock.advance(30)
    assert not people.access.unlock(session.id, PIN, DESK).locked


def test_guesses_at_sign_in_do_not_make_a_locked_desk_wait(people):
    _, _, session = locked(people)
    for _ in range(30):
        with pytest.raises((BadInput, TooMany)):
            people.by_password(password="a guess, no more")
    assert not people.access.unlock(session.id, PIN, DESK).locked


def test_desk_that_nobody_could_unlock_is_not_locked(people):
    user = people.user(password=None)
    secret, session = people.by_link(user)
    refused("access.no_unlock", people.access.lock, session.id)
    assert not people.access.session(secret).locked
    people.access.set_pin(user, PIN)
    people.access.lock(session.id)
    assert people.access.session(secret).locked


def test_locked_session_ends_at_its_end_and_cannot_be_unlocked_then(people):
    _, secret, session = locked(people)
    people.clock.advance(12 * 3600)
    assert people.access.session(secret) is None
    refused("access.no_session", people.access.unlock, session.id, PIN, DESK)
    refused("access.no_session", people.access.lock, session.id)


def test_lock_and_unlock_are_told_to_whoever_watches(people):
    told = []
    people.access.watch(lambda: told.append(True))
    _, _, session = locked(people)
    before = len(told)
    people.access.unlock(session.id, PIN, DESK)
    assert len(told) == before + 1


# Sessions of others, and everywhere ----------------------------------------------------------------------------------


def test_sessions_are_listed_without_their_secrets_newest_first(people):
    user, other = people.user(), people.user("Bo Larsen", password=OTHER_PASSWORD)
    secret, first = people.by_password()
    people.clock.advance(60)
    _, second = people.by_link(user)
    people.clock.advance(60)
    people.by_password("Bo Larsen", password=OTHER_PASSWORD)
    people.access.session(secret)
    found = people.access.sessions(user)
    assert [(item.id, item.how, item.device, item.locked) for item in found] == [
        (second.id, "link", False, False),
        (first.id, "password", False, False),
    ]
    assert found[1].used_at == people.clock.wall_us
    assert [item.user for item in people.access.sessions()] == [other, user, user]
    assert secret not in repr(found)


def test_session_that_another_person_ends_is_over_at_once_and_for_good(people):
    people.user()
    secret, session = people.by_password()
    administrator = people.user("Bo", "administrator", password=None)
    people.access.end_session(session.id, administrator, "another")
    assert people.access.session(secret) is None
    assert not people.access.is_open(session.id)
    assert people.access.knows(secret)
    assert people.facts("session.ended") == [("session.ended", session.id, administrator, {"reason": "another"})]
    refused("access.no_session", people.access.end_session, session.id, administrator, "another")
    refused("access.no_session", people.access.end_session, "token-1", administrator, "another")
    people.restart()
    assert people.access.session(secret) is None


def test_stolen_cookie_opens_nothing_after_sign_out_everywhere(people):
    user = people.user()
    stolen = [people.by_password()[0] for _ in range(3)]
    link = people.access.create_link(user, CLI)
    mine, session = people.by_password()
    assert people.access.end_all(user, user, "everywhere", but=session.id) == 3
    assert [people.access.session(secret) for secret in stolen] == [None] * 3
    assert people.access.session(mine) is not None
    assert people.access.link(link.secret).state == "expired"
    assert people.access.end_all(user, CLI, "everywhere") == 1
    people.restart()
    assert [people.access.session(secret) for secret in [*stolen, mine]] == [None] * 4
    assert people.by_password()


def test_sign_out_everywhere_leaves_others_signed_in(people):
    user = people.user()
    people.user("Bo Larsen", password=OTHER_PASSWORD)
    secret, _ = people.by_password("Bo Larsen", password=OTHER_PASSWORD)
    people.access.end_all(user, user, "everywhere")
    assert people.access.session(secret) is not None


# Phones --------------------------------------------------------------------------------------------------------------


class Handset:
    """A responder's phone: its key stays in it."""

    def __init__(self, people, user):
        self.people = people
        self._key = ec.generate_private_key(ec.SECP256R1())
        self.public = self._key.public_key().public_bytes(
            serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
        )
        self.cookie, self.session = people.by_link(user)

    def bind(self):
        return self.people.access.bind_device(self.session.id, self.public)

    def sign(self, challenge, session=None):
        """As WebCrypto signs: r and s, 32 bytes each."""
        data = signed_bytes(session or self.session.id, challenge.message)
        r, s = decode_dss_signature(self._key.sign(data, ec.ECDSA(hashes.SHA256())))
        return r.to_bytes(32, "big") + s.to_bytes(32, "big")

    def prove(self):
        """Show that it is the one, as its browser does, which keeps the cookie of the answer."""
        self.cookie, live = self.answer(self.people.access.challenge(self.session.id))
        return live

    def answer(self, challenge, cookie=None):
        return self.people.access.prove(self.session.id, self.sign(challenge), cookie or self.cookie)


@pytest.fixture
def phone(people):
    made = Handset(people, people.user("Cy Moreau", "responder", "supervisor", password=None))
    made.bind()
    return made


def test_phone_keeps_its_session_for_ninety_days_with_the_responders_rights_alone(people, phone):
    live = phone.prove()
    assert (live.device, live.is_proved, live.roles) == (True, True, ("responder",))
    assert live.expires_at == people.clock.wall_us + DEVICE_S * 1_000_000
    assert people.access.session(phone.cookie) == live
    assert [kind for kind, *_ in people.facts("session")] == ["session.opened", "session.bound"]
    people.restart()
    people.clock.advance(DEVICE_S - 1)
    assert phone.prove().device
    people.clock.advance(1)
    assert people.access.session(phone.cookie) is None


def test_copied_cookie_is_worth_nothing_ten_minutes_later(people, phone):
    assert not people.access.session(phone.cookie).is_proved
    assert not people.access.is_open(phone.session.id)
    phone.prove()
    people.clock.advance(PROVED_S - 1)
    assert people.access.session(phone.cookie).is_proved
    assert people.access.is_open(phone.session.id)
    people.clock.advance(1)
    assert not people.access.session(phone.cookie).is_proved
    assert not people.access.is_open(phone.session.id)
    assert phone.prove().is_proved


def test_phone_shows_again_after_a_restart_that_it_is_the_one(people, phone):
    phone.prove()
    people.restart()
    assert not people.access.session(phone.cookie).is_proved
    assert phone.prove().is_proved


def test_copy_of_the_cookie_ends_when_the_phone_has_proved_and_goes_on(people, phone):
    for _ in range(3):
        phone.prove()
        copy = phone.cookie
        stream = people.access.session(copy)
        people.clock.advance(PROVED_S - 10)
        live = phone.prove()
        assert phone.cookie != copy
        assert people.access.session(phone.cookie) == live
        assert live.csrf == stream.csrf, "pages that are open go on"
        people.clock.advance(9)
        assert people.access.session(copy).is_proved, "requests under way are answered"
        people.clock.advance(LEFT_S)
        assert people.access.session(copy) is None
        assert people.access.knows(copy), "a page that slept is no guesser"
        assert not people.access.is_open(stream.id, stream.key)
        assert people.access.is_open(live.id, live.key)


def test_cookie_whose_answer_was_lost_may_prove_again_and_nothing_else(people, phone):
    phone.prove()
    before = phone.cookie
    people.clock.advance(LEFT_S)
    lost, _ = phone.answer(people.access.challenge(phone.session.id))
    people.clock.advance(LEFT_S)
    assert people.access.session(before) is not None
    assert not people.access.session(before).is_proved
    people.clock.advance(3600)
    assert phone.prove().is_proved
    assert people.access.session(phone.cookie).is_proved
    people.clock.advance(LEFT_S)
    assert people.access.session(before) is None
    assert people.access.session(lost) is None
    assert people.access.session(phone.cookie).is_proved


def test_two_pages_of_a_phone_that_prove_at_once_get_the_same_cookie(people, phone):
    phone.prove()
    people.clock.advance(PROVED_S)
    one, other = people.access.challenge(phone.session.id), people.access.challenge(phone.session.id)
    first, _ = phone.answer(one)
    assert people.access.session(first).is_proved, "the first page goes on at once"
    people.clock.advance(LEFT_S - 1)
    second, _ = phone.answer(other)
    assert first == second
    people.clock.advance(LEFT_S)
    assert people.access.session(second).is_proved


def test_new_cookie_outlives_a_restart_and_the_old_one_does_not(people, phone):
    phone.prove()
    copy = phone.cookie
    people.clock.advance(LEFT_S)
    phone.prove()
    people.access.write_uses()
    people.restart()
    assert people.access.session(copy) is None
    assert not people.access.session(phone.cookie).is_proved
    assert phone.prove().is_proved
    assert len([row for row in people.held.store.access_rows() if row.id == phone.session.id]) == 1


def test_phone_that_renewed_its_cookie_is_signed_out_for_good(people, phone):
    for _ in range(3):
        phone.prove()
        people.clock.advance(LEFT_S)
    people.access.end_session(phone.session.id, Actor("user-9"), "lost")
    assert people.access.session(phone.cookie) is None
    people.restart()
    assert people.access.session(phone.cookie) is None
    assert [row.ended_at is None for row in people.held.store.access_rows() if row.id == phone.session.id] == [False]


def test_signature_holds_for_one_challenge_once_and_a_minute(people, phone):
    challenge = people.access.challenge(phone.session.id)
    phone.answer(challenge)
    refused("access.device_proof", phone.answer, challenge)
    old = people.access.challenge(phone.session.id)
    for _ in range(CHALLENGES_MAX):
        people.access.challenge(phone.session.id)
    refused("access.device_proof", phone.answer, old)
    late = people.access.challenge(phone.session.id)
    people.clock.advance(CHALLENGE_S)
    refused("access.device_proof", phone.answer, late)


def test_signature_of_another_phone_or_for_another_session_proves_nothing(people, phone):
    other = Handset(people, people.user("Di Olsen", "responder", password=None))
    other.bind()
    challenge = people.access.challenge(phone.session.id)
    refused("access.device_proof", people.access.prove, phone.session.id, other.sign(challenge, phone.session.id), "x")
    challenge = people.access.challenge(phone.session.id)
    refused("access.device_proof", people.access.prove, phone.session.id, phone.sign(challenge, other.session.id), "x")
    for broken in (b"", b"\x00" * 64, b"\xff" * 64, b"x" * 63, b"x" * 65, b"x" * 1_000_000):
        people.access.challenge(phone.session.id)
        refused("access.device_proof", people.access.prove, phone.session.id, broken, "x")
    assert not people.access.session(phone.cookie).is_proved


@pytest.mark.parametrize(
    "key", [b"", b"\x04" + b"\x00" * 64, b"\x04" + b"\xff" * 64, b"\x02" + b"\x01" * 32, b"x" * 65]
)
def test_what_is_no_key_of_a_phone_is_refused(people, key):
    _, session = people.by_link(people.user("Cy", "responder", password=None))
    refused("access.device_key", people.access.bind_device, session.id, key)


def test_only_a_responders_fresh_session_is_bound_and_once(people, phone):
    refused("access.bound", phone.bind)
    operator = Handset(people, people.user("Ana", "operator", password=None))
    refused("access.not_responder", operator.bind)
    stale = Handset(people, people.user("Di", "responder", password=None))
    people.clock.advance(900)
    refused("access.confirm", stale.bind)
    refused("access.not_bound", people.access.challenge, stale.session.id)
    refused("access.not_bound", people.access.prove, stale.session.id, b"x" * 64, "x")


def test_phone_of_somebody_who_is_responder_no_more_may_nothing(people, phone):
    phone.prove()
    people.access.set_roles(phone.session.user, ["supervisor"], CLI)
    assert people.access.session(phone.cookie).roles == ()


def test_lost_phone_is_out_at_once(people, phone):
    phone.prove()
    people.access.end_session(phone.session.id, Actor("user-9"), "lost")
    assert people.access.session(phone.cookie) is None
    assert people.facts("session.ended")[-1][3] == {"reason": "lost"}
    refused("access.no_session", people.access.challenge, phone.session.id)


def test_sign_ins_at_desks_do_not_end_the_phones_session(people, phone):
    for _ in range(SESSIONS_EACH_MAX + 2):
        people.clock.advance(1)
        people.by_link(phone.session.user)
    assert people.access.session(phone.cookie) is not None
    assert len(people.access.sessions()) == SESSIONS_EACH_MAX
