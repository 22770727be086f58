"""Sign-in by password and code: brute force, replays, a clock set back, recovery codes twice, and nothing told."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from support.centres import rows
from support.people import CHEAP, CLI, DESK, OTHER_PASSWORD, PASSWORD, STRANGER, refused
from tocsin.access.attempts import FREE_OF_ADDRESS, FREE_PASSWORDS
from tocsin.access.own_credentials import OFFER_S
from tocsin.access.passwords import Passwords
from tocsin.access.sessions import FRESH_S
from tocsin.access.sign_in import TICKET_S, TICKET_TRIES
from tocsin.model.errors import BadInput, DiskFault, JournalFull, TooMany
from tocsin.model.values import Actor

STEP = 30


def secret_names(people):
    return {name for (name,) in rows(people.settings.folder / "keys.db", "SELECT name FROM secrets")}


# Passwords -----------------------------------------------------------------------------------------------------------


def test_name_and_password_open_a_session_and_the_fact_says_how(people):
    user = people.user()
    secret, session = people.by_password("  ANA   horvat ")
    assert (session.user, session.how, session.locked, session.device) == (user, "password", False, False)
    assert people.access.session(secret) == session
    body = {"expires_at": session.expires_at, "how": "password", "link": None}
    assert people.facts("session") == [("session.opened", None, user, body)]
    people.restart()
    assert people.access.session(secret) == session


@pytest.mark.parametrize(
    ("name", "password"),
    [
        ("Ana Horvat", ""),
        ("Ana Horvat", PASSWORD.lower()),
        ("Ana Horvat", PASSWORD + "x"),
        ("Ana Horvat", "x" * 1_000_000),
        ("Nobody", PASSWORD),
        ("", PASSWORD),
        ("Ana Horvat\x00", PASSWORD),
        ("x" * 1_000_000, PASSWORD),
        ("\ud800", "\ud800"),
        ("By Link", PASSWORD),
        ("By Link", ""),
        ("By Link", "nobody's"),
        ("user-3", PASSWORD),
    ],
)
def test_whatever_is_wrong_is_told_in_the_same_words_and_makes_nothing(people, name, password):
    people.user()
    people.user("By Link", password=None)
    before = people.held.store.head().seq
    refusal = refused("access.sign_in", people.by_password, name, password=password)
    plain = refused("access.sign_in", people.by_password, "Ana Horvat", password="not it at all")
    assert str(refusal) == str(plain)
    assert people.held.store.head().seq == before


def test_removed_user_comes_in_no_more_and_every_secret_is_destroyed(people):
    user = people.user()
    phone, codes = people.authenticator(user)
    people.access.set_pin(user, "280619")
    names = secret_names(people)
    people.access.remove_user(user, CLI)
    assert {name for name in names - secret_names(people) if name.startswith("user-credential-")} != set()
    assert not any(name.startswith("user-") for name in secret_names(people))
    refused("access.sign_in", people.by_password, code=phone.code(STEP))
    again = people.user("Ana Horvat", "auditor")
    assert again != user
    assert people.access.credentials_of(again).totp is None
    refused("access.sign_in", people.access.sign_in_with_password, "Ana Horvat", "x" * 20, codes[0], DESK)


def test_no_secret_stands_in_a_fact_a_table_or_a_log(people, capsys):
    user = people.user()
    phone, codes = people.authenticator(user)
    people.access.set_pin(user, "280619")
    people.by_password(code=codes[0])
    refused("access.sign_in", people.by_password, password="a wrong password here")
    code = phone.code()
    log = "".join(capsys.readouterr())
    people.held.store.close()
    files = b"".join(path.read_bytes() for path in people.settings.folder.iterdir() if path.is_file())
    for secret in (PASSWORD, "280619", *codes, codes[0].replace("-", ""), code, "Ana Horvat", "a wrong password"):
        assert secret.encode() not in files, secret
        assert secret not in log, secret
    assert b"$argon2" not in files
    people.open()


def test_new_password_ends_all_other_sessions_and_the_old_hash_is_destroyed(people):
    user = people.user()
    (stolen, _), (mine, session) = people.by_password(), people.by_password()
    [before] = [name for name in secret_names(people) if name.startswith("user-credential-")]
    people.access.set_password(user, OTHER_PASSWORD, user, old=PASSWORD, session=session.id, address=DESK)
    assert people.access.session(stolen) is None
    assert people.access.session(mine) is not None
    assert before not in secret_names(people)
    assert [(kind, body) for kind, *_, body in people.facts("session.ended")] == [
        ("session.ended", {"reason": "password"})
    ]
    refused("access.sign_in", people.by_password)
    assert people.by_password(password=OTHER_PASSWORD)


class Meanwhile(Passwords):
    """Hashes as ever; while it does, something else happens, once."""

    happens = staticmethod(lambda: None)

    def hash_now(self, secret):
        happens, self.happens = self.happens, lambda: None
        happens()
        return super().hash_now(secret)


@pytest.mark.parametrize("what", ["password", "pin"])
def test_whoever_is_signed_out_while_a_new_secret_is_hashed_has_not_set_it(people, what):
    passwords = Meanwhile(CHEAP)
    people.options["passwords"] = passwords
    people.restart()
    user = people.user()
    _, stolen = people.by_password()
    passwords.happens = lambda: people.access.end_all(user, CLI, "everywhere")
    before = secret_names(people)
    if what == "password":
        refused(
            "access.no_session",
            lambda: people.access.set_password(user, OTHER_PASSWORD, user, old=PASSWORD, session=stolen.id),
        )
    else:
        refused("access.no_session", people.access.set_pin, user, "730518", stolen.id)
    assert secret_names(people) == before
    refused("access.sign_in", people.by_password, password=OTHER_PASSWORD)
    assert people.by_password()


def test_new_password_ends_the_links_of_its_user_and_nobody_elses(people):
    user, other = people.user(), people.user("Bo")
    links = [people.access.create_link(one, CLI).secret for one in (user, user, other)]
    people.access.set_password(user, OTHER_PASSWORD, user, old=PASSWORD)
    assert [people.access.link(link).state for link in links] == ["expired", "expired", "alive"]
    refused("access.link_expired", people.access.sign_in, links[0])
    people.restart()
    assert [people.access.link(link).state for link in links] == ["expired", "expired", "alive"]


def test_own_password_needs_the_old_one_unless_one_just_came_by_a_link(people):
    user = people.user("Ana Horvat", password=None)
    _, session = people.by_link(user)
    people.access.set_password(user, PASSWORD, user, session=session.id)
    _, session = people.by_password()
    refused("access.confirm", people.access.set_password, user, OTHER_PASSWORD, user, session=session.id)
    refused("access.sign_in", people.access.set_password, user, OTHER_PASSWORD, user, old="no", session=session.id)
    _, linked = people.by_link(user)
    refused("access.confirm", people.access.set_password, user, OTHER_PASSWORD, user, session=session.id)
    people.clock.advance(FRESH_S)
    refused("access.confirm", people.access.set_password, user, OTHER_PASSWORD, user, session=linked.id)
    assert people.by_password()


def test_nobody_sets_anothers_password_but_the_command_line(people):
    user, administrator = people.user(), people.user("Bo", "administrator")
    refused("access.others_password", people.access.set_password, user, OTHER_PASSWORD, administrator, old=PASSWORD)
    people.access.set_password(user, OTHER_PASSWORD, CLI)
    assert people.by_password(password=OTHER_PASSWORD)


def test_password_of_ones_own_name_or_the_centres_is_refused(people):
    user = people.user()
    for weak in ("anahorvat1987!!", f"{people.settings.centre.name} 2026 2026", "short", "passwordpassword1"):
        with pytest.raises(BadInput, match=r"\[access\.password_(weak|length)\]"):
            people.access.set_password(user, weak, CLI)
    assert people.by_password()


def test_password_that_could_not_be_stored_is_not_kept_and_the_old_one_counts(people):
    def full(*_arguments):
        raise JournalFull("The disk is full", "store.full")

    user = people.user()
    names = secret_names(people)
    people.options["record"] = full
    people.restart()
    with pytest.raises(JournalFull):
        people.access.set_password(user, OTHER_PASSWORD, CLI)
    assert secret_names(people) == names
    people.options.pop("record")
    people.restart()
    assert people.by_password()


def test_password_whose_fact_may_be_on_the_disk_is_kept(people):
    def unsure(*_arguments):
        raise DiskFault("The disk failed", "store.disk")

    user = people.user()
    names = secret_names(people)
    people.options["record"] = unsure
    people.restart()
    with pytest.raises(DiskFault):
        people.access.set_password(user, OTHER_PASSWORD, CLI)
    assert secret_names(people) > names
    people.options.pop("record")


class CutOffError(Exception):
    """The power went."""


class CutVault:
    """A vault whose machine loses power when something is to be destroyed."""

    def __init__(self, vault):
        self.secrets_get, self.secrets_put, self.secret_names = vault.secrets_get, vault.secrets_put, vault.secret_names

    def secrets_delete(self, names):
        raise CutOffError(names)


def test_secret_that_a_power_cut_left_over_is_destroyed_at_the_next_start(people):
    user = people.user()
    people.access.set_pin(user, "280619")
    before = secret_names(people)
    cut = people.make_access(secrets=CutVault(people.held.vault))
    for act in (lambda: cut.set_pin(user, "904713"), lambda: cut.rename_user(user, "Ana Moreau", CLI)):
        with pytest.raises(CutOffError):
            act()
    people.held.vault.secret_put("user-credential-0123456789abcdef", b"of a fact that never came")
    assert before < secret_names(people)
    people.restart()
    left = {name for name in secret_names(people) if name.startswith("user-")}
    assert left == {people.held.store.users()[0].row.name, *people.access._credentials.references()}
    assert people.access.person(user).name == "Ana Moreau"
    assert people.by_password("Ana Moreau")


# Brute force ---------------------------------------------------------------------------------------------------------


def test_brute_force_is_slowed_to_a_guess_in_five_minutes_and_the_owner_comes_in_all_the_while(people):
    people.user()
    people.by_password()
    looked_at = 0
    begun_s = people.clock.monotonic_s()
    while people.clock.monotonic_s() - begun_s < 24 * 3600:
        address = f"198.51.100.{looked_at % 250}"
        try:
            people.access.sign_in_with_password("Ana Horvat", f"guess number {looked_at}", None, address)
        except TooMany as refusal:
            people.clock.advance(refusal.retry_after_s)
        except BadInput:
            looked_at += 1
        if looked_at % 40 == 0:
            assert people.by_password()
    assert looked_at < 320


def test_right_password_is_not_looked_at_while_strangers_wait(people):
    people.user()
    for _ in range(FREE_PASSWORDS + 1):
        refused("access.sign_in", people.by_password, password="a guess, no more", address=STRANGER)
    refusal = refused("access.wait", people.by_password, address=STRANGER)
    assert refusal.retry_after_s == 1
    people.clock.advance(1)
    assert people.by_password(address=STRANGER)


def test_desk_comes_in_by_a_link_whatever_is_guessed_and_is_known_from_then_on(people):
    user = people.user()
    for number in range(FREE_PASSWORDS + 1):
        refused("access.sign_in", people.by_password, password="a guess, no more", address=f"198.51.100.{number}")
    refused("access.wait", people.by_password, address="203.0.113.1")
    people.access.sign_in(people.access.create_link(user, CLI).secret, "203.0.113.1")
    assert people.by_password(address="203.0.113.1")


def test_open_sessions_go_on_whatever_is_guessed(people):
    people.user()
    secret, session = people.by_password()
    for number in range(FREE_OF_ADDRESS + FREE_PASSWORDS):
        with pytest.raises((BadInput, TooMany)):
            people.by_password(password=f"a guess, number {number}")
    assert people.access.session(secret) == session


def test_wrong_codes_count_as_wrong_passwords_do(people):
    user = people.user()
    phone, _ = people.authenticator(user)
    for number in range(FREE_PASSWORDS + 1):
        refused("access.sign_in", people.by_password, code=f"{number:06}", address=STRANGER)
    refused("access.wait", people.by_password, code=phone.code(STEP), address=STRANGER)


# Authenticators ------------------------------------------------------------------------------------------------------


def test_user_with_an_authenticator_needs_its_code_and_the_ticket_carries_no_password(people):
    user = people.user()
    phone, _ = people.authenticator(user)
    people.clock.advance(STEP)
    refusal = refused("access.second_factor", people.by_password)
    assert refusal.ticket not in str(refusal)
    secret, session = people.access.sign_in_with_code(refusal.ticket, phone.code(), DESK)
    assert (session.user, session.how) == (user, "totp")
    assert people.access.session(secret) == session
    refused("access.ticket", people.access.sign_in_with_code, refusal.ticket, phone.code(STEP), DESK)


def test_wrong_password_is_never_asked_for_a_code(people):
    people.authenticator(people.user())
    refused("access.sign_in", people.by_password, password="a wrong password here")
    refused("access.sign_in", people.by_password, password="a wrong password here", code="123456")


@pytest.mark.parametrize("off", [-STEP, 0, STEP])
def test_phone_may_be_half_a_minute_off(people, off):
    phone, _ = people.authenticator(people.user())
    people.clock.advance(10 * STEP)
    assert people.by_password(code=phone.code(off))


@pytest.mark.parametrize("off", [-3 * STEP, -2 * STEP, 2 * STEP, 3 * STEP])
def test_code_of_another_minute_is_refused(people, off):
    phone, _ = people.authenticator(people.user())
    people.clock.advance(10 * STEP)
    refused("access.sign_in", people.by_password, code=phone.code(off))


def test_code_opens_once_and_so_does_none_before_it(people):
    phone, _ = people.authenticator(people.user())
    people.clock.advance(10 * STEP)
    earlier, code = phone.code(-STEP), phone.code()
    assert people.by_password(code=code)
    refused("access.sign_in", people.by_password, code=code)
    refused("access.sign_in", people.by_password, code=earlier)
    people.restart()
    refused("access.sign_in", people.by_password, code=code)
    assert people.by_password(code=phone.code(STEP))


def test_code_that_set_the_authenticator_up_opens_nothing(people):
    user = people.user()
    phone, _ = people.authenticator(user)
    refused("access.sign_in", people.by_password, code=phone.code())


def test_clock_set_back_makes_no_used_code_good_again(people):
    phone, _ = people.authenticator(people.user())
    people.clock.advance(10 * STEP)
    used = [phone.code()]
    assert people.by_password(code=used[0])
    people.clock.advance(STEP)
    used.append(phone.code())
    assert people.by_password(code=used[1])
    for back_s in (STEP, 2 * STEP, 5 * STEP):
        people.clock.wall_us -= back_s * 1_000_000
        for code in (*used, phone.code()):
            people.clock.since_s += 120
            refused("access.sign_in", people.by_password, code=code)
        people.restart()


def test_two_who_give_one_code_at_once_get_one_session(people):
    phone, _ = people.authenticator(people.user())
    people.clock.advance(10 * STEP)
    people.by_password(code=phone.code(-STEP))
    code = phone.code()
    barrier = threading.Barrier(4)

    def press(_):
        barrier.wait(30)
        try:
            return people.by_password(code=code)[1].how
        except BadInput as refusal:
            return refusal.code

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(press, range(4))) == ["access.sign_in"] * 3 + ["totp"]


def test_ticket_is_good_for_five_tries_and_five_minutes(people):
    phone, _ = people.authenticator(people.user())
    people.clock.advance(10 * STEP)
    people.by_password(code=phone.code())
    ticket = refused("access.second_factor", people.by_password).ticket
    for _ in range(TICKET_TRIES):
        refused("access.sign_in", people.access.sign_in_with_code, ticket, "000000", DESK)
    refused("access.ticket", people.access.sign_in_with_code, ticket, phone.code(STEP), DESK)
    people.clock.advance(600)
    ticket = refused("access.second_factor", people.by_password).ticket
    refused("access.sign_in", people.access.sign_in_with_code, ticket, "  ", DESK)
    people.clock.advance(TICKET_S)
    refused("access.ticket", people.access.sign_in_with_code, ticket, phone.code(), DESK)
    refused("access.ticket", people.access.sign_in_with_code, "forged", phone.code(), DESK)


def test_ticket_of_a_password_that_was_changed_meanwhile_is_worth_nothing(people):
    user = people.user()
    phone, _ = people.authenticator(user)
    people.clock.advance(STEP)
    ticket = refused("access.second_factor", people.by_password).ticket
    people.access.set_password(user, OTHER_PASSWORD, CLI)
    refused("access.sign_in", people.access.sign_in_with_code, ticket, phone.code(), DESK)


def test_authenticator_is_offered_for_ten_minutes_and_five_codes(people):
    user = people.user()
    refused("access.no_offer", people.access.confirm_totp, user, "000000")
    offer = people.access.begin_totp(user)
    assert len(offer.secret) == 32
    assert offer.uri.startswith("otpauth://totp/")
    assert f"secret={offer.secret}" in offer.uri
    assert offer.secret not in repr(offer)
    for _ in range(5):
        refused("access.code", people.access.confirm_totp, user, "000000")
    refused("access.no_offer", people.access.confirm_totp, user, "000000")
    people.access.begin_totp(user)
    people.clock.advance(OFFER_S)
    refused("access.no_offer", people.access.confirm_totp, user, "000000")
    assert people.access.credentials_of(user).totp is None
    assert people.by_password()


def test_code_comes_second_to_a_password(people):
    user = people.user(password=None)
    refused("access.no_password", people.access.begin_totp, user)


def test_new_authenticator_replaces_the_old_one_and_its_recovery_codes(people):
    user = people.user()
    old, codes = people.authenticator(user)
    people.clock.advance(STEP * 5)
    new, _ = people.authenticator(user)
    people.clock.advance(STEP)
    refused("access.sign_in", people.by_password, code=old.code())
    refused("access.sign_in", people.by_password, code=codes[0])
    assert people.by_password(code=new.code())


def test_authenticator_that_is_taken_away_takes_its_recovery_codes_along(people):
    user, administrator = people.user(), people.user("Bo", "administrator")
    people.authenticator(user)
    assert people.access.credentials_of(user).recovery_left == 10
    people.access.remove_totp(user, administrator)
    assert people.by_password()[1].how == "password"
    state = people.access.credentials_of(user)
    assert (state.totp, state.recovery, state.recovery_left) == (None, None, 0)
    refused("access.no_totp", people.access.remove_totp, user, administrator)
    refused("access.no_totp", people.access.make_recovery_codes, user)
    assert [body for *_, body in people.facts("credential.removed")] == [{"kind": "totp"}, {"kind": "recovery"}]


def test_authenticator_whose_secret_the_vault_lost_lets_nobody_in_without_one(people):
    user = people.user()
    phone, codes = people.authenticator(user)
    reference = people.access._credentials.row(user, "totp").reference
    people.held.vault.secret_delete(reference)
    people.clock.advance(STEP)
    refused("access.second_factor", people.by_password)
    refused("access.sign_in", people.by_password, code=phone.code())
    assert people.by_password(code=codes[0])


# Recovery codes ------------------------------------------------------------------------------------------------------


def test_recovery_code_stands_in_for_the_authenticator_once(people):
    user = people.user()
    _, codes = people.authenticator(user)
    assert len(set(codes)) == 10
    assert people.by_password(code=codes[3])[1].how == "recovery"
    assert people.facts("recovery") == [("recovery.used", user, user, {"left": 9})]
    refused("access.sign_in", people.by_password, code=codes[3])
    people.restart()
    refused("access.sign_in", people.by_password, code=codes[3])
    assert people.access.credentials_of(user).recovery_left == 9
    assert people.by_password(code=codes[4])


def test_recovery_code_may_be_typed_as_it_is_read(people):
    _, codes = people.authenticator(people.user())
    assert people.by_password(code=codes[0].lower().replace("-", " "))
    assert people.by_password(code=codes[1].replace("-", "").replace("0", "o").replace("1", "I"))


def test_recovery_code_of_somebody_else_opens_nothing(people):
    _, codes = people.authenticator(people.user())
    people.authenticator(people.user("Bo Larsen", password=OTHER_PASSWORD))
    refused("access.sign_in", people.by_password, "Bo Larsen", codes[0], password=OTHER_PASSWORD)
    assert people.by_password(code=codes[0])


def test_new_recovery_codes_end_the_old_ones(people):
    user = people.user()
    _, old = people.authenticator(user)
    new = people.access.make_recovery_codes(user)
    refused("access.sign_in", people.by_password, code=old[0])
    assert people.by_password(code=new[0])
    assert people.access.credentials_of(user).recovery_left == 9


def test_recovery_codes_outlive_years(people):
    user = people.user()
    _, codes = people.authenticator(user)
    people.clock.advance(5 * 365 * 86_400)
    people.restart()
    assert people.by_password(code=codes[0])


def test_recovery_code_is_no_link_no_session_and_no_token(people):
    _, codes = people.authenticator(people.user())
    assert people.access.session(codes[0]) is None
    assert people.access.token(codes[0]) is None
    assert people.access.link(codes[0]).state == "unknown"


# The second person, and showing who one is -------------------------------------------------------------------------


def test_second_person_is_known_by_password_and_code_and_no_session_is_made(people):
    user = people.user()
    phone, _ = people.authenticator(user)
    people.clock.advance(STEP)
    refused("access.second_factor", people.access.check_person, "Ana Horvat", PASSWORD, None, DESK)
    code = phone.code()
    assert people.access.check_person("Ana Horvat", PASSWORD, code, DESK) == user
    refused("access.sign_in", people.access.check_person, "Ana Horvat", PASSWORD, code, DESK)
    refused("access.sign_in", people.by_password, code=code)
    assert people.access.sessions() == []


def test_session_is_fresh_for_fifteen_minutes_and_again_after_the_password(people):
    user = people.user()
    _, session = people.by_password()
    people.clock.advance(FRESH_S - 1)
    assert people.access.is_fresh(session.id)
    people.clock.advance(1)
    assert not people.access.is_fresh(session.id)
    for act in (
        lambda: people.access.begin_totp(user, session.id),
        lambda: people.access.set_pin(user, "280619", session.id),
        lambda: people.access.make_recovery_codes(user, session.id),
        lambda: people.access.remove_totp(user, user, session.id),
    ):
        refused("access.confirm", act)
    refused("access.sign_in", people.access.confirm, session.id, "not the password", None, DESK)
    assert not people.access.is_fresh(session.id)
    people.access.confirm(session.id, PASSWORD, None, DESK)
    people.access.set_pin(user, "280619", session.id)


def test_nobody_is_fresh_after_a_restart_or_by_anothers_password(people):
    people.user()
    people.user("Bo Larsen", password=OTHER_PASSWORD)
    _, session = people.by_password()
    people.restart()
    assert not people.access.is_fresh(session.id)
    refused("access.sign_in", people.access.confirm, session.id, OTHER_PASSWORD, None, DESK)
    refused("access.no_session", people.access.confirm, "session-99", PASSWORD, None, DESK)
    assert not people.access.is_fresh(session.id)


def test_credentials_say_since_when_and_nothing_more(people):
    user = people.user(password=None)
    state = people.access.credentials_of(user)
    assert (state.password, state.totp, state.pin, state.recovery, state.recovery_left) == (None,) * 4 + (0,)
    people.access.set_password(user, PASSWORD, CLI)
    at = people.clock.wall_us
    people.clock.advance(60)
    people.access.set_pin(user, "280619")
    people.authenticator(user)
    people.restart()
    state = people.access.credentials_of(user)
    later = at + 60_000_000
    assert (state.password, state.totp, state.pin, state.recovery, state.recovery_left) == (at, later, later, later, 10)
    people.access.remove_pin(user, user)
    people.access.remove_pin(user, user)
    assert people.access.credentials_of(user).pin is None
    assert [body for *_, body in people.facts("credential.removed")] == [{"kind": "pin"}]


def test_credentials_of_somebody_unknown_are_refused(people):
    nobody = Actor("user-99")
    for act in (
        lambda: people.access.set_password(nobody, PASSWORD, CLI),
        lambda: people.access.begin_totp(nobody),
        lambda: people.access.set_pin(nobody, "280619"),
        lambda: people.access.confirm_totp(nobody, "123456"),
        lambda: people.access.make_recovery_codes(nobody),
    ):
        refused("user.unknown", act)
