"""Call lists: kept by people and by files, sealed each by itself, confirmed yearly, gone 30 days after removal."""

import contextlib
import itertools
import json

import msgspec
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from support.centres import HeldCentre, held, make_folder, rows
from support.fakes import ManualClock
from tocsin.centre.call_lists import NOTHING, CallLists
from tocsin.centre.editing import Editor, Overtaken
from tocsin.centre.endings import KeyholdersEnd
from tocsin.centre.keyholders import (
    rebuild_keyholders,
    rebuild_phrases,
    rebuild_warnings,
    rebuild_wishes,
)
from tocsin.centre.phrases import check_phrase, unpack
from tocsin.centre.table_files import BadRows
from tocsin.model.errors import BadInput, Conflict, Refused
from tocsin.model.keyholders import (
    CONFIRM_DAYS,
    GONE_DAYS,
    KEYHOLDERS_MAX,
    KeyholderContact,
    Phrases,
    ResidentWishes,
    SitePhrases,
    confirm_due_at,
    erased_at,
)
from tocsin.model.sites import SiteRow
from tocsin.system import SystemClock, SystemIds

ANA = "user-1"
DAY_S = 86_400
DAY_US = DAY_S * 1_000_000


class Keeping:
    """A centre with one site, and whoever keeps its call list."""

    def __init__(self, made):
        self.made = made
        self.centre = made.centre
        self.store = made.store
        self.clock = made.clock
        self.lists = CallLists(made.centre.configuration, made.store, made.vault, made.clock, SystemIds())
        self.editor = Editor(made.centre.configuration, made.store, made.clock)
        self.site = self.editor.make_site(SiteRow(name="Pier"), ANA).id

    def make(self, name="Erika Example", *numbers, **options):
        fields = {"order": None, "phrases": None} | options
        return self.lists.make(self.site, contact(name, *numbers), fields["order"], fields["phrases"], ANA)

    def names(self):
        return [(one.row.order, one.contact.name) for one in self.lists.of_site(self.site)]

    def run_timers(self):
        return self.centre.timers.run_all(self.made.journal, self.clock.now_us(), is_clock_sure=True)

    def journal(self):
        entries = []
        while page := self.store.entries(len(entries), 1000):
            entries += page
        return entries

    def secrets(self):
        """Names of what lies in the vault of call lists."""
        found = rows(self.made.folder / "keys.db", "SELECT name FROM secrets")
        return {name for (name,) in found if name.startswith(("keyholder-", "site-phrase-", "site-wishes-"))}


def contact(name="Erika Example", *numbers, availability="always"):
    return KeyholderContact(name=name, telephones=numbers or ("+1 202 555 0101",), availability=availability)


def in_use(store):
    found = {one.row.contact for one in store.keyholders()} | {one.row.verifier for one in store.keyholders()}
    found |= {one.row.verifier for one in store.site_phrases()} | {one.row.wishes for one in store.site_wishes()}
    return found - {None}


@pytest.fixture
def keeping(tmp_path):
    clock = ManualClock(SystemClock().now_us())
    with held(make_folder(tmp_path / "centre"), clock=clock) as made:
        made.folder = tmp_path / "centre"
        yield Keeping(made)


# One by one ----------------------------------------------------------------------------------------------------------


def test_keyholder_comes_at_the_end_of_the_list_or_at_a_free_place(keeping):
    keeping.make("One")
    keeping.make("Five", order=5)
    keeping.make("Six")
    assert keeping.names() == [(1, "One"), (5, "Five"), (6, "Six")]
    with pytest.raises(Conflict, match="Place 5 of this call list is taken by keyholder-") as caught:
        keeping.make("Other", order=5)
    assert caught.value.code == "keyholders.taken"
    assert "Other" not in str(caught.value)


def test_name_stands_once_on_a_list_without_case_and_however_it_is_written(keeping):
    first = keeping.make("Café")
    with pytest.raises(Conflict) as caught:
        keeping.make("CAFE\u0301")
    assert (caught.value.code, "caf" in str(caught.value).lower()) == ("keyholders.same_name", False)
    second = keeping.make("Other")
    with pytest.raises(Conflict):
        keeping.lists.change(second.id, second.seq, contact("CAFÉ"), None, ANA)
    assert keeping.lists.change(first.id, first.seq, contact("CAFÉ"), None, ANA).row.order == 1


def test_change_of_what_somebody_else_changed_is_refused_and_names_nobody(keeping):
    made = keeping.make()
    keeping.lists.change(made.id, made.seq, contact("Erika Example", "+1 202 555 0102"), None, "user-2")
    for act in (
        lambda: keeping.lists.change(made.id, made.seq, contact("Mallory"), None, ANA),
        lambda: keeping.lists.confirm(made.id, made.seq, ANA),
        lambda: keeping.lists.set_phrases(made.id, made.seq, Phrases(pass_phrase="Sunrise"), ANA),
        lambda: keeping.lists.remove(made.id, made.seq, ANA),
    ):
        with pytest.raises(Overtaken) as caught:
            act()
        assert (caught.value.by, "Erika" in str(caught.value)) == ("user-2", False)
    assert keeping.names() == [(1, "Erika Example")]


def test_list_of_a_site_is_bounded(keeping):
    for n in range(KEYHOLDERS_MAX):
        keeping.make(f"Holder {n}")
    with pytest.raises(Conflict, match="has 20 keyholders already"):
        keeping.make("One more")
    gone = keeping.lists.of_site(keeping.site)[0].id
    keeping.lists.remove(gone, keeping.lists.keyholder(gone).seq, ANA)
    keeping.make("One more")
    with pytest.raises(Conflict, match="has 20 keyholders already"):
        keeping.lists.take_back(gone, keeping.lists.keyholder(gone).seq, ANA)


def test_list_is_put_in_order_as_a_whole_or_not_at_all(keeping):
    a, b, c = (keeping.make(name) for name in ("A", "B", "C"))
    keeping.lists.reorder(keeping.site, [c.id, a.id, b.id], ANA)
    assert keeping.names() == [(1, "C"), (2, "A"), (3, "B")]
    for wrong in ([a.id, b.id], [a.id, b.id, b.id], [a.id, b.id, c.id, "keyholder-99"]):
        with pytest.raises(Conflict) as caught:
            keeping.lists.reorder(keeping.site, wrong, ANA)
        assert caught.value.code == "keyholders.list_changed"
    assert keeping.names() == [(1, "C"), (2, "A"), (3, "B")]


def test_confirmation_is_due_a_year_after_the_last_one(keeping):
    made = keeping.make()
    assert confirm_due_at(made.row) == keeping.clock.now_us() + CONFIRM_DAYS * DAY_US
    keeping.clock.advance(400 * DAY_S)
    assert confirm_due_at(keeping.lists.keyholder(made.id).row) < keeping.clock.now_us()
    confirmed = keeping.lists.confirm(made.id, made.seq, ANA)
    assert confirmed.row.confirmed_at == keeping.clock.now_us()
    assert keeping.lists.of_site(keeping.site)[0].contact == contact()


def test_site_or_keyholder_that_is_not_there_is_refused(keeping):
    with pytest.raises(BadInput) as caught:
        keeping.lists.of_site("site-999")
    assert caught.value.code == "sites.unknown"
    for id_ in ("keyholder-999", "Erika Example", None):
        with pytest.raises(BadInput) as caught:
            keeping.lists.keyholder(id_)
        assert (caught.value.code, "Erika" in str(caught.value)) == ("keyholders.unknown", False)


# Phrases -------------------------------------------------------------------------------------------------------------


def outcome(keeping, id_, said):
    reference = keeping.lists.keyholder(id_).row.verifier
    return check_phrase(unpack(keeping.made.vault.secret_get(reference)), said)


def test_phrases_are_told_without_case_blanks_and_accents_and_duress_from_right(keeping):
    made = keeping.make(phrases=Phrases(pass_phrase="Blue Harbour 7", duress_phrase="Red Harbour 7"))
    assert (made.row.has_phrase, made.row.has_duress) == (True, True)
    said = ["blue harbour 7", "BLUE-HARBOUR-7", "bluehárbour7", "red harbour 7", "green harbour 7", "", "7"]
    assert [outcome(keeping, made.id, word) for word in said] == [
        "right", "right", "right", "duress", "wrong", "wrong", "wrong",
    ]  # fmt: skip


def test_no_word_is_right_where_there_is_no_phrase_of_that_kind(keeping):
    made = keeping.make(phrases=Phrases(pass_phrase="Sunrise"))
    assert outcome(keeping, made.id, "\x00") == "wrong"
    assert made.row.has_duress is False


@pytest.mark.parametrize(
    ("phrases", "wrong"),
    [
        (Phrases(pass_phrase="abc"), "pass_phrase must have at least 4 letters or digits"),
        (Phrases(pass_phrase="a - b - c"), "pass_phrase must have at least 4 letters or digits"),
        (Phrases(pass_phrase="x" * 81), "pass_phrase must be at most 80 printable characters"),
        (Phrases(pass_phrase="Sun\x07rise"), "pass_phrase must be at most 80 printable characters"),
        (Phrases(pass_phrase="Sunrise", duress_phrase="sun rise"), "duress_phrase must be another than pass_phrase"),
        (Phrases(duress_phrase="Sunset"), "duress_phrase needs a pass_phrase beside it"),
    ],
)
def test_phrase_that_cannot_be_is_refused_and_not_repeated(keeping, phrases, wrong):
    made = keeping.make()
    for act in (
        lambda: keeping.lists.set_phrases(made.id, made.seq, phrases, ANA),
        lambda: keeping.lists.set_site_phrases(keeping.site, NOTHING, phrases, ANA),
    ):
        with pytest.raises(BadInput, match=wrong) as caught:
            act()
        assert caught.value.code == "keyholders.phrase"
        for word in ("abc", "Sunrise", "Sunset"):
            assert word not in caught.value.message
    assert keeping.secrets() == in_use(keeping.store)


def test_phrases_are_set_and_taken_away_whole_and_the_old_verifier_is_destroyed(keeping):
    made = keeping.make(phrases=Phrases(pass_phrase="Sunrise", duress_phrase="Sunset"))
    changed = keeping.lists.set_phrases(made.id, made.seq, Phrases(pass_phrase="Moonlight"), ANA)
    assert (changed.row.has_phrase, changed.row.has_duress) == (True, False)
    assert [outcome(keeping, made.id, word) for word in ("Sunrise", "Sunset", "moonlight")] == [
        "wrong", "wrong", "right",
    ]  # fmt: skip
    assert keeping.secrets() == in_use(keeping.store)
    gone = keeping.lists.set_phrases(made.id, changed.seq, Phrases(), ANA)
    assert (gone.row.verifier, gone.row.has_phrase) == (None, False)
    assert keeping.secrets() == {gone.row.contact}


def test_change_of_a_contact_keeps_the_phrases_and_destroys_the_old_contact(keeping):
    made = keeping.make(phrases=Phrases(pass_phrase="Sunrise"))
    changed = keeping.lists.change(made.id, made.seq, contact("New Name", "+1 202 555 0199"), 4, ANA)
    assert (changed.row.verifier, changed.row.order) == (made.row.verifier, 4)
    assert changed.row.contact != made.row.contact
    assert keeping.secrets() == in_use(keeping.store)
    assert outcome(keeping, made.id, "sunrise") == "right"


def test_site_has_phrases_of_its_own_until_they_are_taken_away(keeping):
    lists = keeping.lists
    assert lists.set_site_phrases(keeping.site, NOTHING, Phrases(), ANA) is None
    found = lists.set_site_phrases(keeping.site, NOTHING, Phrases(pass_phrase="Harbour", duress_phrase="Ocean"), ANA)
    assert isinstance(found, SitePhrases)
    verifier = unpack(keeping.made.vault.secret_get(found.row.verifier))
    assert [check_phrase(verifier, word) for word in ("harbour", "ocean", "river")] == ["right", "duress", "wrong"]
    with pytest.raises(Overtaken):
        lists.set_site_phrases(keeping.site, NOTHING, Phrases(pass_phrase="Other"), ANA)
    assert lists.set_site_phrases(keeping.site, found.seq, Phrases(), ANA) is None
    assert (keeping.store.site_phrases(), keeping.secrets()) == ([], set())
    with pytest.raises(Conflict, match="not there any more"):
        lists.set_site_phrases(keeping.site, found.seq, Phrases(pass_phrase="Other"), ANA)


def test_where_both_phrases_were_alike_the_word_counts_as_duress(keeping):
    keeping.made.add(b"site,name,telephone_1,phrase\nPier,Erika,+1 202 555 0101,Sunrise\n", kind="keyholders")
    keeping.made.add(b"site,name,telephone_1,duress_phrase\nPier,Erika,+1 202 555 0101,sunrise\n", kind="keyholders")
    (found,) = keeping.store.keyholders()
    assert outcome(keeping, found.id, "Sunrise") == "duress"


# The end -------------------------------------------------------------------------------------------------------------


def test_removed_keyholder_is_on_no_list_can_be_taken_back_and_is_gone_after_30_days(keeping):
    stays = keeping.make("Stays")
    made = keeping.make(phrases=Phrases(pass_phrase="Sunrise"))
    keeping.lists.remove(made.id, made.seq, ANA)
    assert keeping.names() == [(1, "Stays")]
    removed = keeping.lists.keyholder(made.id)
    assert erased_at(removed.row) == keeping.clock.now_us() + GONE_DAYS * DAY_US
    with pytest.raises(Conflict, match="was taken off the call list"):
        keeping.lists.change(made.id, removed.seq, contact(), None, ANA)
    back = keeping.lists.take_back(made.id, removed.seq, ANA)
    assert (keeping.names(), outcome(keeping, made.id, "sunrise")) == ([(1, "Stays"), (2, "Erika Example")], "right")

    keeping.lists.remove(made.id, back.seq, ANA)
    keeping.clock.advance(GONE_DAYS * DAY_S - 1)
    assert keeping.run_timers() == 0
    keeping.clock.advance(2)
    assert keeping.run_timers() == 1
    assert [one.id for one in keeping.store.keyholders()] == [stays.id]
    assert keeping.secrets() == {stays.row.contact}
    with pytest.raises(BadInput):
        keeping.lists.take_back(made.id, back.seq, ANA)
    assert rebuild_keyholders(keeping.journal()) == keeping.store.keyholders()


def test_keyholder_who_was_taken_back_is_not_destroyed_by_an_old_timer(keeping):
    made = keeping.make()
    keeping.lists.remove(made.id, made.seq, ANA)
    keeping.lists.take_back(made.id, keeping.lists.keyholder(made.id).seq, ANA)
    keeping.clock.advance(60 * DAY_S)
    assert keeping.run_timers() == 0
    assert keeping.names() == [(1, "Erika Example")]


def test_what_was_destroyed_before_a_kill_is_told_by_the_next_start(keeping):
    made = keeping.make(phrases=Phrases(pass_phrase="Sunrise"))
    keeping.lists.remove(made.id, made.seq, ANA)
    keeping.clock.advance(31 * DAY_S)
    (timer,) = keeping.store.timers(kind="keyholder")
    KeyholdersEnd(keeping.store, keeping.made.vault).destroy([timer], keeping.clock.now_us())
    # Here the process is killed: keys.db has forgotten, the database has not.
    assert keeping.secrets() == set()
    (lost,) = keeping.lists.of_site(keeping.site, with_removed=True)
    assert lost.contact is None
    assert keeping.run_timers() == 1
    assert keeping.store.keyholders() == rebuild_keyholders(keeping.journal()) == []


def test_no_byte_of_a_keyholder_is_left_in_any_file_when_the_time_is_over(keeping):
    secret = keeping.make("Planted Erika Example", "+1 202 555 0177", phrases=Phrases(pass_phrase="Sunrise")).row
    wrapped = "SELECT w.value FROM secrets s JOIN wrapped w ON w.id = s.id WHERE s.name = '{}'"
    stored = [
        bytes(rows(keeping.made.folder / "keys.db", wrapped.format(name))[0][0])
        for name in (secret.contact, secret.verifier)
    ]
    files = [path for path in keeping.made.folder.rglob("*") if path.is_file()]
    held_before = {path.name: path.read_bytes() for path in files}
    assert all(any(one in data for data in held_before.values()) for one in stored)
    assert not [name for name, data in held_before.items() if b"Planted" in data or b"555 0177" in data]
    (made,) = keeping.store.keyholders()
    keeping.lists.remove(made.id, made.seq, ANA)
    keeping.clock.advance(31 * DAY_S)
    keeping.run_timers()
    for path in keeping.made.folder.rglob("*"):
        data = path.read_bytes() if path.is_file() else b""
        assert not [one for one in (*stored, b"Planted", b"555 0177") if one in data], path.name


def test_with_a_site_its_phrases_and_wishes_go_at_once_and_its_keyholders_as_those_who_are_removed(keeping):
    made = keeping.make()
    now = keeping.clock.now_us()
    keeping.lists.set_site_phrases(keeping.site, NOTHING, Phrases(pass_phrase="Harbour"), ANA)
    keeping.lists.set_wishes(keeping.site, NOTHING, ResidentWishes(wishes=("wheelchair",)), now, now + 9 * DAY_US, ANA)
    site = keeping.store.sites([keeping.site])[0]
    keeping.editor.remove_site(site.id, site.seq, ANA)
    assert (keeping.store.site_phrases(), keeping.store.site_wishes()) == ([], [])
    assert keeping.secrets() == {made.row.contact}
    assert [one.row.removed_at for one in keeping.store.keyholders()] == [now]
    keeping.clock.advance(31 * DAY_S)
    assert keeping.run_timers() == 1, "the wishes' timer ended with them"
    assert (keeping.store.keyholders(), keeping.secrets()) == ([], set())


# Wishes --------------------------------------------------------------------------------------------------------------


def set_wishes(keeping, consented=0, review=100, version=NOTHING, **fields):
    now = keeping.clock.now_us()
    wishes = ResidentWishes(**({"wishes": ("hard_of_hearing",)} | fields))
    consented_at, review_at = now + consented * DAY_US, now + review * DAY_US
    return keeping.lists.set_wishes(keeping.site, version, wishes, consented_at, review_at, ANA)


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"wishes": ()}, "wishes.none"),
        ({"consented": -366}, "wishes.consent"),
        ({"consented": 2}, "wishes.consent"),
        ({"review": 0}, "wishes.review"),
        ({"review": -1}, "wishes.review"),
        ({"review": 366}, "wishes.review"),
    ],
)
def test_wishes_need_a_consent_and_a_review_within_a_year(keeping, options, code):
    with pytest.raises(BadInput) as caught:
        set_wishes(keeping, **options)
    assert caught.value.code == code
    assert (keeping.store.site_wishes(), keeping.secrets()) == ([], set())


def test_wishes_are_replaced_whole_and_end_when_somebody_takes_them_away(keeping):
    first = set_wishes(keeping, words="Ring twice")
    with pytest.raises(Overtaken):
        set_wishes(keeping)
    second = set_wishes(keeping, version=first.seq, words=None)
    assert keeping.secrets() == {second.row.wishes} != {first.row.wishes}
    keeping.lists.end_wishes(keeping.site, second.seq, ANA)
    assert (keeping.store.site_wishes(), keeping.secrets()) == ([], set())
    keeping.clock.advance(200 * DAY_S)
    assert keeping.run_timers() == 0


def test_wishes_end_on_their_review_date_unless_they_were_set_anew(keeping):
    first = set_wishes(keeping, review=50)
    keeping.clock.advance(40 * DAY_S)
    assert keeping.run_timers() == 0
    set_wishes(keeping, review=50, version=first.seq)
    keeping.clock.advance(20 * DAY_S)
    assert keeping.run_timers() == 0
    keeping.clock.advance(31 * DAY_S)
    assert keeping.run_timers() == 1
    assert (keeping.store.site_wishes(), keeping.secrets()) == ([], set())
    assert rebuild_wishes(keeping.journal()) == []


# The journal ---------------------------------------------------------------------------------------------------------


def test_journal_holds_references_and_numbers_and_nothing_of_anybody(keeping):
    secret = "Planted Erika Example"
    keeping.make(secret, "+1 202 555 0177", phrases=Phrases(pass_phrase="Planted Sunrise", duress_phrase="Planted Sea"))
    set_wishes(keeping, key_safe="Planted behind the pot", words="Planted words")
    said = b"".join(stored.row.entry for stored in keeping.journal()).decode()
    assert '"kind":"keyholder.set"' in said
    assert '"kind":"site.wishes_set"' in said
    for word in ("Planted", "Erika", "202 555", "Sunrise", "pot", "hard_of_hearing", "always"):
        assert word not in said


def test_rebuild_needs_no_vault_and_equals_the_tables(keeping):
    keeping.make("A", phrases=Phrases(pass_phrase="Sunrise"))
    made = keeping.make("B")
    keeping.lists.remove(made.id, made.seq, ANA)
    keeping.lists.set_site_phrases(keeping.site, NOTHING, Phrases(pass_phrase="Harbour"), ANA)
    set_wishes(keeping)
    found = keeping.made.vault
    found.secrets_delete(sorted(keeping.secrets()))
    entries = keeping.journal()
    for table, rebuilt in (
        (keeping.store.keyholders(), rebuild_keyholders(entries)),
        (keeping.store.site_phrases(), rebuild_phrases(entries)),
        (keeping.store.site_wishes(), rebuild_wishes(entries)),
    ):
        assert msgspec.json.encode(table) == msgspec.json.encode(rebuilt) != b"[]"


def test_lost_contact_is_shown_as_lost_and_set_again(keeping):
    made = keeping.make()
    keeping.made.vault.secret_delete(made.row.contact)
    (found,) = keeping.lists.of_site(keeping.site)
    assert found.contact is None
    changed = keeping.lists.change(made.id, made.seq, contact("Again"), None, ANA)
    assert keeping.names() == [(1, "Again")]
    assert keeping.secrets() == {changed.row.contact}


# Whatever people do --------------------------------------------------------------------------------------------------


class People(RuleBasedStateMachine):
    """People keep the call lists of two sites, by files and one by one; time passes; some of it is refused."""

    @initialize()
    def begin(self):
        folder = self.place / f"centre-{next(self.count)}"
        self.made = HeldCentre(make_folder(folder), clock=ManualClock(SystemClock().now_us()))
        self.made.folder = folder
        self.keeping = Keeping(self.made)
        self.sites = [self.keeping.site, self.keeping.editor.make_site(SiteRow(name="Dock"), ANA).id]

    def one(self, index):
        found = self.made.store.keyholders()
        return found[index % len(found)] if found else None

    @rule(
        site=st.sampled_from(["pier", "Dock", "Nowhere"]),
        name=st.sampled_from(["Ana", "ANA", "Bo", "Cy"]),
        order=st.sampled_from([None, "1", "2"]),
    )
    def import_one(self, site, name, order):
        cells = {"site": site, "name": name, "order": order, "telephone_1": "+1 202 555 0101"}
        with contextlib.suppress(BadRows):
            self.made.add(json.dumps([cells]).encode(), "json", "keyholders")

    @rule(site=st.integers(0, 1), name=st.sampled_from(["Ana", "Di"]), order=st.sampled_from([None, 1, 3]))
    def make(self, site, name, order):
        with contextlib.suppress(Refused):
            self.keeping.lists.make(self.sites[site], contact(name), order, None, ANA)

    @rule(index=st.integers(0, 9), name=st.sampled_from(["Ana", "Bo"]), order=st.sampled_from([None, 1, 2]))
    def change(self, index, name, order):
        if (one := self.one(index)) is not None:
            with contextlib.suppress(Refused):
                self.keeping.lists.change(one.id, one.seq, contact(name), order, ANA)

    @rule(index=st.integers(0, 9), act=st.sampled_from(["remove", "take_back", "confirm"]))
    def act(self, index, act):
        if (one := self.one(index)) is not None:
            with contextlib.suppress(Refused):
                getattr(self.keeping.lists, act)(one.id, one.seq, ANA)

    @rule(site=st.integers(0, 1))
    def turn_round(self, site):
        with contextlib.suppress(Refused):
            ids = [one.id for one in self.keeping.lists.of_site(self.sites[site])]
            self.keeping.lists.reorder(self.sites[site], ids[::-1], ANA)

    @rule(days=st.sampled_from([1, 20, 31]))
    def time_passes(self, days):
        self.made.clock.advance(days * DAY_S)
        self.keeping.run_timers()

    @rule(site=st.integers(0, 1))
    def remove_site(self, site):
        found = self.made.store.sites([self.sites[site]])
        if found:
            self.keeping.editor.remove_site(found[0].id, found[0].seq, ANA)

    @invariant()
    def journal_alone_rebuilds_the_table(self):
        assert rebuild_keyholders(self.keeping.journal()) == self.made.store.keyholders()
        assert rebuild_warnings(self.keeping.journal()) == self.made.store.place_warnings() == []

    @invariant()
    def vault_holds_what_rows_name_and_nothing_else(self):
        assert self.keeping.secrets() == in_use(self.made.store)

    @invariant()
    def places_and_names_of_a_list_are_told_apart(self):
        for site in self.made.store.sites():
            living = self.keeping.lists.of_site(site.id)
            assert len({one.row.order for one in living}) == len(living)
            assert len({one.contact.name.casefold() for one in living}) == len(living)

    @invariant()
    def whoever_was_removed_has_a_timer_and_nobody_else(self):
        due = {timer.ref: timer.due_at for timer in self.made.store.timers(kind="keyholder")}
        removed = {one.id: erased_at(one.row) for one in self.made.store.keyholders() if one.row.removed_at is not None}
        assert due == removed

    def teardown(self):
        self.made.close()


@pytest.mark.slow
def test_call_lists_stay_true_whatever_people_do(tmp_path):
    People.place, People.count = tmp_path, itertools.count()
    run_state_machine_as_test(
        People,
        settings=settings(
            max_examples=12, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
