"""A restore over a living centre: what was ended or held there after the backup does not come back."""

import contextlib

import pytest

from support.centres import edit, make_folder
from support.cores import rebuild_findings
from support.erasing import ANA, WORDS
from support.fakes import ManualClock
from support.people import OTHER_PASSWORD, PASSWORD, Phone
from support.restoring import DAY_S, Living, counts, since
from tocsin.access.rebuild import rebuild_people
from tocsin.centre.core import Core
from tocsin.centre.keyholders import rebuild_keyholders, rebuild_phrases, rebuild_warnings, rebuild_wishes
from tocsin.centre.restore import restore, set_aside
from tocsin.centre.site_tests import Wanted
from tocsin.centre.zones_out import WantedOut
from tocsin.model.errors import TocsinError
from tocsin.model.keyholders import KeyholderContact, Phrases, ResidentWishes
from tocsin.model.notices import ContactAddress
from tocsin.model.plans import DrawnPlan
from tocsin.model.retention import DAY_US, EraseEarly, LiftHold, SetHold
from tocsin.model.sites import SiteRow
from tocsin.rules.catalogue import shipped_catalogue
from tocsin.settings import load
from tocsin.system import SystemIds
from tocsin.vault import MasterKey, Vault

CLI = "cli"
LATE = 8
"""Days after the backup that a restore comes."""


@pytest.fixture
def living(tmp_path):
    made = Living(make_folder(tmp_path / "centre", clock=ManualClock()))
    rooms = [made]
    over = made.over

    def kept(*args, **options):
        done, room = over(*args, **options)
        rooms.append(room)
        return done, room

    made.over = kept
    yield made
    for room in rooms:
        with contextlib.suppress(Exception):
            room.close_folder()


def hold(room, incident, days=100):
    until = room.clock.now_us() + days * DAY_US
    return room.centre.holds.set(SetHold(incident=incident, reason="court_order", until=until), "approval-1", ANA)


def whole(room):
    """The tables are what the journal says, and the journal verifies."""
    assert room.findings() == []
    people = rebuild_people(room.entries())
    assert people.users == room.store.users()
    assert people.credentials == room.store.credentials()
    assert people.grants == room.store.grants()
    for rebuilt, there in (
        (rebuild_keyholders, room.store.keyholders),
        (rebuild_phrases, room.store.site_phrases),
        (rebuild_wishes, room.store.site_wishes),
        (rebuild_warnings, room.store.place_warnings),
    ):
        assert rebuilt(room.entries()) == there()
    assert room.verdict().exit_code != 1
    return True


# Incidents -----------------------------------------------------------------------------------------------------------


def test_hold_that_was_set_after_the_backup_keeps_the_texts_and_shows_them(living):
    incident = living.closed()
    living.clock.advance(25 * DAY_S)
    living.back_up()
    until = hold(living, incident).until
    done, room = living.over(LATE)
    assert counts(done) == {"holds_set": 1}
    assert (done.waiting, room.due_at(incident)) == ((), until)
    assert WORDS in room.words(incident)
    [(kind, ref, actor, body)] = since(room, living.manifest.seq, "hold.")
    assert (kind, ref, actor) == ("hold.set", incident, "cli")
    assert body == {"approval": None, "exercise": False, "reason": "court_order", "until": until}
    assert whole(room)


def test_hold_makes_the_copies_whose_days_key_is_over_now(living):
    incident = living.alarm(address="017")
    living.back_up(1)
    hold(living, incident, 300)
    done, room = living.over(20)
    assert counts(done) == {"holds_set": 1}
    found = room.texts.read(incident, ANA)
    assert [one.user for one in found.signals] == ["017"]


def test_hold_that_was_lifted_after_the_backup_is_lifted(living):
    incident = living.closed()
    id_ = hold(living, incident).id
    living.back_up(1)
    living.centre.holds.lift(LiftHold(hold=id_, incident=incident, reason="settled"), "approval-2", ANA)
    done, room = living.over(1)
    assert counts(done) == {"holds_lifted": 1}
    [again] = room.store.holds(incident)
    assert (again.id, again.lifted_reason) == (id_, "settled")
    assert room.due_at(incident) == room.store.incident(incident).closed_at + 30 * DAY_US
    assert whole(room)


def test_hold_that_was_set_and_lifted_or_is_over_or_of_a_later_incident_is_not_set(living):
    incident = living.closed()
    living.back_up(1)
    made = hold(living, incident)
    living.centre.holds.lift(LiftHold(hold=made.id, incident=incident, reason="settled"), "approval-2", ANA)
    hold(living, incident, days=3)
    hold(living, living.closed("5512"))
    done, room = living.over(4)
    assert counts(done) == {}
    assert room.store.holds() == []


def test_texts_that_two_persons_erased_after_the_backup_are_erased_again(living):
    incident, other = living.closed(), living.closed("5512")
    living.back_up(1)
    wanted = EraseEarly(incident=incident, reason="data_subject")
    living.centre.holds.erase_early(wanted, "approval-1", ANA)
    done, room = living.over(1)
    assert counts(done) == {"incidents_erased": 1}
    assert (room.store.values(incident), room.words(incident)) == ([], [])
    assert WORDS in room.words(other)
    assert room.store.erasure(incident).reason == "data_subject"
    assert whole(room)


def test_texts_whose_time_was_over_in_the_living_centre_do_not_wait_a_week(living):
    incident = living.closed()
    living.clock.advance(25 * DAY_S)
    living.back_up()
    living.pass_days(6)
    done, room = living.over(1)
    assert (counts(done), done.waiting) == ({"incidents_erased": 1}, ())
    assert room.store.values(incident) == []
    assert room.store.erasure(incident).reason == "time"


def test_incident_that_was_open_in_the_backup_and_erased_since_comes_back_without_texts(living):
    incident = living.alarm()
    living.note(incident)
    living.back_up(1)
    living.close(incident)
    wanted = EraseEarly(incident=incident, reason="entered_by_mistake")
    living.centre.holds.erase_early(wanted, "approval-1", ANA)
    done, room = living.over(1)
    assert counts(done) == {"incidents_erased": 1}
    assert room.store.incident(incident).state == "open"
    assert room.words(incident) == []
    room.note(incident)
    assert room.words(incident) == [WORDS], "who handles it can write again"
    assert whole(room)


# People --------------------------------------------------------------------------------------------------------------

ADDRESS = "192.0.2.7"


def person(room, name="Ana Horvat", roles=("operator",), password=PASSWORD):
    user = room.access.set_user(name, roles, CLI)
    room.access.set_password(user, password, CLI)
    return user


def authenticator(room, user):
    """A phone of the user, and the recovery codes."""
    phone = Phone(room.access.begin_totp(user).secret, room.clock)
    return phone, room.access.confirm_totp(user, phone.code())


def enters(room, name="Ana Horvat", password=PASSWORD, code=None):
    """Whether somebody gets in by this."""
    try:
        room.access.sign_in_with_password(name, password, code, ADDRESS)
    except TocsinError:
        return False
    return True


def test_user_who_was_removed_after_the_backup_does_not_come_in_and_the_name_is_destroyed(living):
    person(living, "Dea Lind", ["administrator"])
    user = person(living)
    living.access.create_link(user, CLI)
    living.back_up(1)
    living.access.remove_user(user, CLI)

    def names(folder):
        vault = Vault.load(folder / "keys.db", MasterKey.load(folder / "master.key", {}), SystemIds())
        try:
            return len([*vault.secret_names("user-text-"), *vault.secret_names("user-credential-")])
        finally:
            vault.close()

    living.stop()
    set_aside(living.folder)
    done = restore(living.file, living.folder, {}, living.clock, SystemIds())
    assert names(living.folder) == 2, "of the other user: before anything starts"
    room = Living(load(living.folder, {}), clock=living.clock)
    assert counts(done) == {"users_removed": 1}
    assert (enters(room), enters(room, "Dea Lind")) == (False, True)
    assert [one.name for one in room.access.people()] == ["Dea Lind"]
    assert [(kind, ref, actor) for kind, ref, actor, _ in since(room, living.manifest.seq, "user.", "credential.")] == [
        ("user.set", user, "cli"),
        ("credential.removed", user, "cli"),
    ]
    assert whole(room)
    room.close_folder()


def test_only_administrator_is_removed_again_too_and_the_command_line_makes_another(living):
    user = person(living, "Ana Horvat", ["administrator"])
    living.back_up(1)
    person(living, "Dea Lind", ["administrator"])
    living.access.remove_user(user, CLI)
    done, room = living.over()
    assert counts(done) == {"users_removed": 1}
    assert room.access.people() == []
    assert room.access.set_user("Dea Lind", ["administrator"], CLI)


def test_roles_that_were_taken_after_the_backup_are_taken_and_none_is_given(living):
    one = person(living, "Ana Horvat", ["operator", "supervisor"])
    other = person(living, "Bo Berg", ["operator"])
    person(living, "Dea Lind", ["administrator"])
    living.back_up(1)
    living.access.set_roles(one, ["supervisor", "administrator"], CLI)
    living.access.set_roles(other, ["auditor"], CLI)
    done, room = living.over()
    assert (counts(done), done.carried.has_administrator) == ({"roles_taken": 2}, True)
    assert (room.access.roles_of(one), room.access.roles_of(other)) == (("supervisor",), ())
    assert whole(room)


@pytest.mark.parametrize("how", ["removed", "demoted"])
def test_where_nobody_is_administrator_any_more_it_is_said(living, how):
    one, other = person(living, "Dea Lind", ["administrator"]), person(living, "Bo Berg", ["operator"])
    living.back_up(1)
    living.access.set_roles(other, ["administrator"], CLI)
    if how == "removed":
        living.access.remove_user(one, CLI)
    else:
        living.access.set_roles(one, ["operator"], CLI)
    done, room = living.over()
    assert not done.carried.has_administrator
    room.access.set_roles(other, ["administrator"], CLI)
    assert room.access.roles_of(other) == ("administrator",)


def test_role_that_was_taken_and_given_back_is_there(living):
    user = person(living, "Ana Horvat", ["operator", "supervisor"])
    living.back_up(1)
    living.access.set_roles(user, ["operator"], CLI)
    living.access.set_roles(user, ["operator", "supervisor"], CLI)
    done, room = living.over()
    assert counts(done) == {}
    assert room.access.roles_of(user) == ("operator", "supervisor")


def test_password_that_was_changed_opens_nothing_and_its_user_is_named(living):
    user = person(living)
    living.back_up(1)
    living.access.set_password(user, OTHER_PASSWORD, CLI)
    done, room = living.over()
    assert counts(done) == {"credentials_removed": 1}
    assert [(one.id, one.name) for one in done.carried.need_link] == [(user, "Ana Horvat")]
    assert not enters(room)
    assert not enters(room, password=OTHER_PASSWORD)
    room.access.sign_in(room.access.create_link(user, CLI).secret)
    room.access.set_password(user, OTHER_PASSWORD, CLI)
    assert enters(room, password=OTHER_PASSWORD)


def test_who_set_a_first_password_after_the_backup_is_named_as_well(living):
    user = living.access.set_user("Ana Horvat", ["operator"], CLI)
    living.back_up(1)
    living.access.set_password(user, PASSWORD, CLI)
    done, room = living.over()
    assert (counts(done), [one.id for one in done.carried.need_link]) == ({}, [user])
    assert not enters(room)


def test_password_alone_is_not_enough_where_a_code_was_wanted_in_the_end(living):
    user = person(living)
    living.back_up(1)
    authenticator(living, user)
    done, room = living.over()
    assert counts(done) == {"credentials_removed": 1}
    assert [one.id for one in done.carried.need_link] == [user]
    assert not enters(room)


def test_phone_that_was_replaced_opens_nothing_nor_do_its_recovery_codes(living):
    user = person(living)
    old, codes = authenticator(living, user)
    living.back_up(1)
    living.access.remove_totp(user, CLI)
    authenticator(living, user)
    done, room = living.over()
    assert counts(done) == {"credentials_removed": 3, "recovery_codes": 10}
    assert not enters(room, code=old.code())
    assert not enters(room, code=codes[0])
    assert whole(room)


def test_authenticator_that_was_taken_away_is_gone_and_the_password_is_as_it_was(living):
    user = person(living)
    authenticator(living, user)
    living.back_up(1)
    living.access.remove_totp(user, CLI)
    done, room = living.over()
    assert (counts(done), done.carried.need_link) == ({"credentials_removed": 2, "recovery_codes": 10}, ())
    assert enters(room)


def test_recovery_code_and_step_that_were_used_are_not_used_again(living):
    user = person(living)
    phone, codes = authenticator(living, user)
    living.clock.advance(60)
    living.back_up()
    code = phone.code()
    assert enters(living, code=codes[0])
    assert enters(living, code=code)
    done, room = living.over()
    assert counts(done) == {"recovery_codes": 1}
    assert (enters(room, code=codes[0]), enters(room, code=code)) == (False, False)
    assert enters(room, code=codes[1])


def test_facts_count_where_somebody_changed_the_table_beside_them(living):
    user = person(living)
    phone, codes = authenticator(living, user)
    token = living.access.create_token(["read"], 30, CLI)
    living.back_up(1)
    living.access.revoke_token(token.id, CLI)
    living.access.make_recovery_codes(user)

    def revive(aside):
        edit(aside / "tocsin.db", "UPDATE access SET ended_at = NULL, used_at = NULL")

    done, room = living.over(before=revive)
    assert counts(done) == {"credentials_removed": 1, "recovery_codes": 10, "tokens_revoked": 1}
    assert not enters(room, code=codes[0])
    assert enters(room, code=phone.code())
    assert room.access.token(token.secret) is None


def test_pin_token_and_grant_that_were_taken_back_open_nothing(living):
    site = living.editor.make_site(SiteRow(name="Pier"), CLI).id
    user = person(living, roles=["operator", "site_contact"])
    living.access.set_pin(user, "481516")
    living.access.grant(user, site, CLI)
    kept, gone = (living.access.create_token(["read"], 30, CLI) for _ in range(2))
    living.back_up(1)
    living.access.remove_pin(user, CLI)
    living.access.revoke_grant(user, site, CLI)
    living.access.revoke_token(gone.id, CLI)
    done, room = living.over()
    assert counts(done) == {"credentials_removed": 1, "tokens_revoked": 1, "grants_taken": 1}
    assert (room.access.credentials_of(user).pin, room.access.granted(user)) == (None, frozenset())
    assert (room.access.token(gone.secret), room.access.token(kept.secret) is None) == (None, False)
    assert done.tokens == 1
    assert whole(room)


def test_who_was_made_after_the_backup_is_no_matter_whatever_became_of_it(living):
    living.back_up(1)
    user = person(living)
    living.access.set_password(user, OTHER_PASSWORD, CLI)
    living.access.revoke_token(living.access.create_token(["read"], 30, CLI).id, CLI)
    living.access.remove_user(person(living, "Bo Berg"), CLI)
    done, room = living.over()
    assert counts(done) == {}
    assert room.access.people() == []


# Call lists ----------------------------------------------------------------------------------------------------------


def keyholder(room, site, name="Erika Example", phrase="green harbour"):
    contact = KeyholderContact(name=name, telephones=("+1 202 555 0101",))
    return room.centre.call_lists.make(site, contact, None, Phrases(pass_phrase=phrase), CLI)


def test_keyholder_who_was_removed_and_one_who_was_erased_are_so_again(living):
    site = living.editor.make_site(SiteRow(name="Pier"), CLI).id
    early, late = keyholder(living, site), keyholder(living, site, "Otto Example")
    living.back_up()
    lists = living.centre.call_lists
    lists.remove(early.id, early.seq, CLI)
    living.pass_days(31)
    removed_at = living.clock.now_us()
    lists.remove(late.id, late.seq, CLI)
    done, room = living.over(1)
    assert counts(done) == {"keyholders_removed": 1, "keyholders_erased": 1}
    [left] = room.store.keyholders()
    assert (left.id, left.row.removed_at) == (late.id, removed_at)
    assert room.store.timer("keyholder", late.id).due_at == removed_at + 30 * DAY_US
    names = room.held.vault.secret_names("keyholder-")
    assert early.row.contact not in names
    assert early.row.verifier not in names
    assert whole(room)


def test_keyholder_who_was_erased_is_erased_by_a_clock_that_is_behind_too(living):
    site = living.editor.make_site(SiteRow(name="Pier"), CLI).id
    one = keyholder(living, site)
    living.back_up()
    living.centre.call_lists.remove(one.id, one.seq, CLI)
    living.pass_days(31)
    done, room = living.over(-30)
    assert counts(done) == {"keyholders_erased": 1}
    assert room.store.keyholders() == []


def test_phrases_that_were_changed_or_removed_prove_nothing(living):
    site, other = (living.editor.make_site(SiteRow(name=name), CLI).id for name in ("Pier", "Dock"))
    changed, kept = keyholder(living, site), keyholder(living, site, "Otto Example")
    lists = living.centre.call_lists
    of_site = lists.set_site_phrases(site, 0, Phrases(pass_phrase="brown horse"), CLI)
    of_other = lists.set_site_phrases(other, 0, Phrases(pass_phrase="white horse"), CLI)
    living.back_up()
    lists.set_phrases(changed.id, changed.seq, Phrases(pass_phrase="quiet lantern"), CLI)
    lists.set_site_phrases(site, of_site.seq, Phrases(), CLI)
    done, room = living.over()
    assert counts(done) == {"phrases_removed": 2}
    assert done.carried.need_phrases == (changed.id, site)
    found = {one.id: one.row.has_phrase for one in room.store.keyholders()}
    assert found == {changed.id: False, kept.id: True}
    assert [one.row.verifier for one in room.store.site_phrases()] == [of_other.row.verifier]
    assert sorted(room.held.vault.secret_names("site-phrase-")) == [of_other.row.verifier]
    assert whole(room)


def test_wishes_that_were_withdrawn_are_destroyed_and_those_that_were_replaced_are_as_they_were(living):
    site, other = (living.editor.make_site(SiteRow(name=name), CLI).id for name in ("Pier", "Dock"))
    lists, now = living.centre.call_lists, living.clock.now_us()

    def wish(at, version, wishes):
        return lists.set_wishes(at, version, ResidentWishes(wishes=wishes), now, now + 100 * DAY_US, CLI)

    withdrawn, replaced = wish(site, 0, ("walking_aid",)), wish(other, 0, ("wheelchair",))
    living.back_up()
    lists.end_wishes(site, withdrawn.seq, CLI)
    wish(other, replaced.seq, ("ring_and_wait",))
    done, room = living.over()
    assert counts(done) == {"wishes_withdrawn": 1}
    assert [one.row.wishes for one in room.store.site_wishes()] == [replaced.row.wishes]
    assert room.held.vault.secret_names("site-wishes-") == [replaced.row.wishes]
    assert room.store.timer("wishes", site) is None
    assert whole(room)


def test_warning_that_was_lifted_is_lifted_and_one_that_was_renewed_stays(living):
    living.held.add(b"name\nPier\n", kind="sites")
    living.held.add(b"account,site\n4711,Pier\n")
    places = living.centre.places()
    core = Core(living.store, living.clock, shipped_catalogue(), places, keeper=living.centre.keeper)
    living.journal.attach(core)
    living.centre.use_core(core)
    cause = living.closed(account_ref=living.store.accounts()[0].id)
    warnings, ends_at = living.centre.place_warnings, living.clock.now_us() + 100 * DAY_US
    dog, needles = (warnings.warn(cause, danger, ends_at, CLI) for danger in ("dog", "needles"))
    living.back_up(1)
    warnings.lift(dog.id, CLI)
    warnings.warn(cause, "needles", ends_at + DAY_US, CLI)
    done, room = living.over()
    assert counts(done) == {"warnings_lifted": 1}
    assert room.store.place_warnings() == [needles]
    assert whole(room)


@pytest.mark.parametrize("again", [False, True], ids=["lifted", "lifted and warned again"])
def test_warning_that_was_renewed_and_lifted_then_is_lifted(living, again):
    living.held.add(b"name\nPier\n", kind="sites")
    living.held.add(b"account,site\n4711,Pier\n")
    core = Core(living.store, living.clock, shipped_catalogue(), living.centre.places(), keeper=living.centre.keeper)
    living.journal.attach(core)
    living.centre.use_core(core)
    cause = living.closed(account_ref=living.store.accounts()[0].id)
    warnings, ends_at = living.centre.place_warnings, living.clock.now_us() + 100 * DAY_US
    dog, needles = (warnings.warn(cause, danger, ends_at, CLI) for danger in ("dog", "needles"))
    living.back_up(1)
    longer = warnings.warn(cause, "dog", ends_at + DAY_US, CLI)
    warnings.lift(longer.id, CLI)
    if again:
        warnings.warn(cause, "dog", ends_at, CLI)
    done, room = living.over()
    assert counts(done) == ({} if again else {"warnings_lifted": 1})
    assert room.store.place_warnings() == ([dog, needles] if again else [needles])
    assert whole(room)


def test_warnings_of_a_site_that_was_removed_are_lifted(living):
    living.held.add(b"name\nPier\n", kind="sites")
    living.held.add(b"account,site\n4711,Pier\n")
    core = Core(living.store, living.clock, shipped_catalogue(), living.centre.places(), keeper=living.centre.keeper)
    living.journal.attach(core)
    living.centre.use_core(core)
    cause = living.closed(account_ref=living.store.accounts()[0].id)
    living.centre.place_warnings.warn(cause, "dog", living.clock.now_us() + 100 * DAY_US, CLI)
    living.back_up(1)
    [account], [site] = living.store.accounts(), living.store.sites()
    living.editor.remove_account(account.id, account.seq, CLI)
    living.editor.remove_site(site.id, site.seq, CLI)
    done, room = living.over()
    assert counts(done) == {"warnings_lifted": 1}
    assert room.store.place_warnings() == []
    assert whole(room)


# What time and reaching people have ----------------------------------------------------------------------------------


def test_contacts_plans_tests_and_zones_that_were_ended_are_ended_and_what_goes_on_goes_on(living):
    """A place that comes back on test would start no response; a number and a plan that were erased would be back."""
    living.held.add(b"account,site\n1,Pier\n2,Pier\n")
    living.held.add(b"account,zone,name\n1,1,Door\n2,1,Gate\n", kind="zones")
    first, second = living.store.accounts()
    centre, until = living.centre, living.clock.now_us() + 20 * 3_600_000_000
    numbers = [ContactAddress(address=f"+4366012345{one}") for one in range(2)]
    contacts = [centre.contacts.add(ANA, "sms", one) for one in numbers]
    drawn = DrawnPlan(height_px=1, media="png", picture=b"PICTURE-OF-THE-PIER", width_px=1)
    plans = [centre.floor_plans.add(first.row.site_id, level, drawn, ANA) for level in (0, 1)]
    about = {"asked_by": "installer", "company": None, "live": (), "not_live": (), "partition": None, "site_id": None}
    about |= {"reason": "maintenance", "until": until, "zones": ()}
    tests = [centre.site_tests.begin(Wanted(account_id=one.id, **about), ANA) for one in (first, second)]
    fault = {"not_live": (), "reason": "detector_fault", "until": until, "zones": ("1",)}
    outs = [centre.zones_out.take_out(WantedOut(account_id=one.id, **fault), ANA) for one in (first, second)]
    living.back_up()
    centre.contacts.remove(ANA, contacts[0].id)
    centre.floor_plans.remove(plans[0].id, plans[0].seq, ANA)
    centre.site_tests.end(tests[0].id, ANA)
    centre.zones_out.put_back(outs[0].id, ANA)
    done, room = living.over()
    assert counts(done) == {"contacts_removed": 1, "plans_removed": 1, "tests_ended": 1, "zones_put_back": 1}
    assert [one.id for one in room.store.contacts()] == [contacts[1].id]
    assert room.centre.contacts.address(room.store.contacts()[0]) == numbers[1]
    assert [one.id for one in room.store.floor_plans()] == [plans[1].id]
    assert room.centre.floor_plans.picture(room.store.floor_plans()[0]) == b"PICTURE-OF-THE-PIER"
    assert [one.id for one in room.store.site_tests()] == [tests[1].id]
    assert [one.id for one in room.store.zones_out()] == [outs[1].id]
    timers = {one.ref for one in room.store.timers() if one.kind in ("on_test", "out_of_service")}
    assert timers == {tests[1].id, outs[1].id}
    assert {actor for _, _, actor, _ in since(room, living.manifest.seq, "contact.", "plan.", "test.", "zones.")} == {
        CLI
    }
    assert rebuild_findings(room.store) == []
    assert whole(room)


def test_keys_of_what_was_removed_since_are_destroyed_by_the_restore(living):
    living.held.add(b"name\nPier\n", kind="sites")
    contact = living.centre.contacts.add(ANA, "sms", ContactAddress(address="+43660123450"))
    drawn = DrawnPlan(height_px=1, media="png", picture=b"PICTURE-OF-THE-PIER", width_px=1)
    plan = living.centre.floor_plans.add(living.store.sites()[0].id, 0, drawn, ANA)
    keys = [one.key for id_ in (contact.id, plan.id) for one in living.store.values(id_)]
    assert [living.held.vault.holders.get(key) is None for key in keys] == [False, False]
    living.back_up()
    living.centre.contacts.remove(ANA, contact.id)
    living.centre.floor_plans.remove(plan.id, plan.seq, ANA)
    _, room = living.over()
    assert [room.store.values(id_) for id_ in (contact.id, plan.id)] == [[], []]
    assert [room.held.vault.holders.get(key) for key in keys] == [None, None]
