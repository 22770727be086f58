"""One-time links to the keys of accounts: given, opened once, and in no fact what they show."""

import threading

import pytest
from msgspec.structs import replace

from support.centres import held, make_folder
from support.cores import rebuild_findings
from support.fakes import ManualClock
from tocsin.centre.centre import EPOCH
from tocsin.centre.key_links import KeyLinks
from tocsin.model.errors import BadInput, Conflict, KeyMissing
from tocsin.model.key_links import KEY_LINKS_MAX, LENGTH_S_MAX
from tocsin.system import SystemClock, SystemIds

ANA = "user-1"
KEY = "00112233445566778899AABBCCDDEEFF"
TEXT = "abcdefgh12345678"
TABLE = f"account,name,key,key_form\n1001,Kessel,{KEY},hex\n1002,Tor,{TEXT},text\n1003,Klar,,\n"
HOUR_S = 3600


class Giving:
    """A centre with an account with a key in hex, one with a key in text, and one in clear."""

    def __init__(self, made):
        self.made, self.store, self.clock = made, made.store, made.clock
        made.add(TABLE.encode(), kind="accounts")
        self.ids = {one.row.account: one.id for one in made.store.accounts()}
        self.links = made.centre.key_links
        self.expected = []
        """What a rebuild finds otherwise."""

    def links_by(self, run):
        """The same links, whose turns of the writer go another way."""
        centre = self.made.centre
        return KeyLinks(
            configuration=centre.configuration,
            store=self.store,
            secrets=self.made.vault,
            run=run,
            clock=self.clock,
            ids=SystemIds(),
            key=self.made.vault.identity_key,
        )

    def give(self, number="1001", seconds=HOUR_S, *, is_new=False, company="4711"):
        until = self.clock.now_us() + seconds * 1_000_000
        return self.links.give(self.ids[number], company, until, ANA, is_new=is_new)

    def account(self, number="1001"):
        return self.store.accounts((self.ids[number],))[0]

    def facts(self):
        return [one.row for one in self.store.entries(0, 10_000) if one.row.kind.startswith("key_link.")]

    def keyed(self, number):
        """The key that receivers judge this account's frames by."""
        return self.made.centre.snapshot().find(None, None, number).key


@pytest.fixture
def giving(tmp_path):
    with held(make_folder(tmp_path / "centre"), clock=ManualClock(SystemClock().now_us())) as made:
        found = Giving(made)
        yield found
        assert rebuild_findings(made.store) == found.expected


def test_link_that_is_being_opened_is_ended_after_that_or_before_and_never_in_between(giving):
    link, secret = giving.give(is_new=True)
    ends = []

    def end():
        with pytest.raises(BadInput):
            links.end(link.id, ANA)

    def run(work):
        if not ends:  # the first turn of the opening: another desk ends the link
            ends.append(threading.Thread(target=end))
            ends[0].start()
            ends[0].join(0.2)
            assert ends[0].is_alive(), "it waits for the opening"
        return work(giving.made.journal)

    links = giving.links_by(run)
    opened, key = links.open(secret, None)
    ends[0].join()
    assert opened.opened.key == giving.account().row.key.name
    assert giving.keyed("1001") == key.value
    assert [row.kind for row in giving.facts()] == ["key_link.given", "key_link.opened"]


def test_link_shows_the_key_once_and_the_journal_says_to_whom_and_when(giving):
    link, secret = giving.give()
    assert giving.links.find(secret) == link, "looking does not use it up"
    giving.clock.advance(60)
    opened, key = giving.links.open(secret, None)
    assert (key.value.hex().upper(), key.bits, key.form) == (KEY, 128, "hex")
    assert (opened.opened_by, opened.opened_at - opened.given_at) == (link.id, 60_000_000)
    with pytest.raises(Conflict) as caught:
        giving.links.open(secret, None)
    assert caught.value.code == "key_link.over"
    assert [row.kind for row in giving.facts()] == ["key_link.given", "key_link.opened"]
    assert giving.links.of_account(giving.ids["1001"]) == [opened]
    told = b"".join(row.entry for row in giving.facts()) + repr((link, key)).encode()
    assert not [one for one in (KEY, KEY.lower(), secret) if one.encode() in told]


def test_whoever_is_signed_in_is_named_as_who_opened_it(giving):
    _, secret = giving.give("1002")
    opened, key = giving.links.open(secret, "user-7")
    assert (opened.opened_by, key.value, key.form) == ("user-7", TEXT.encode(), "text")


def test_key_that_was_shown_is_not_shown_again_and_a_new_one_counts_from_the_opening(giving):
    giving.links.open(giving.give()[1], None)
    with pytest.raises(Conflict) as caught:
        giving.give()
    assert caught.value.code == "key_link.shown"
    _, secret = giving.give(is_new=True)
    assert giving.keyed("1001").hex().upper() == KEY, "a panel that works is heard until somebody stands before it"
    opened, key = giving.links.open(secret, None)
    assert (giving.keyed("1001"), len(key.value)) == (key.value, 16)
    assert key.value.hex().upper() != KEY
    assert opened.opened.key == giving.account().row.key.name
    with pytest.raises(Conflict):
        giving.give()


def test_new_key_has_the_form_of_the_one_before_and_the_name_of_the_account_stays(giving):
    _, key = giving.links.open(giving.give("1002", is_new=True)[1], None)
    assert (key.form, len(key.value), key.value.decode().isalnum()) == ("text", 16, True)
    names = {one.row.account: one.row.name for one in giving.made.centre.accounts()}
    assert names == {"1001": "Kessel", "1002": "Tor", "1003": "Klar"}


def test_account_in_clear_gets_a_key_only_where_somebody_asks_for_one(giving):
    with pytest.raises(Conflict) as caught:
        giving.give("1003")
    assert caught.value.code == "key_link.no_key"
    _, key = giving.links.open(giving.give("1003", is_new=True)[1], None)
    assert (key.bits, key.form, giving.keyed("1003")) == (128, "hex", key.value)


def test_one_link_is_out_for_an_account_and_the_newer_one_counts(giving):
    first, old = giving.give()
    second, new = giving.give()
    assert [one.id for one in giving.links.living()] == [second.id]
    with pytest.raises(Conflict):
        giving.links.open(old, None)
    assert giving.links.find(old).ended == "replaced"
    giving.links.end(second.id, ANA)
    with pytest.raises(Conflict):
        giving.links.open(new, None)
    with pytest.raises(BadInput) as caught:
        giving.links.end(first.id, ANA)
    assert caught.value.code == "key_link.unknown"
    assert [row.kind for row in giving.facts()] == [
        "key_link.given", "key_link.ended", "key_link.given", "key_link.ended"
    ]  # fmt: skip


@pytest.mark.parametrize("seconds", [0, LENGTH_S_MAX + 1])
def test_link_ends_within_a_day(giving, seconds):
    with pytest.raises(BadInput) as caught:
        giving.give(seconds=seconds)
    assert (caught.value.code, giving.facts()) == ("key_link.until", [])


def test_link_shows_nothing_after_its_time_nor_after_a_restore(giving):
    _, secret = giving.give(seconds=60)
    giving.clock.advance(60)
    with pytest.raises(Conflict):
        giving.links.open(secret, None)
    _, secret = giving.give()
    with giving.store.transaction() as transaction:
        transaction.put_meta(EPOCH, str(int(transaction.get_meta(EPOCH) or 0) + 1))
    assert giving.links.living() == []
    with pytest.raises(Conflict):
        giving.links.open(secret, None)


def test_link_that_is_none_of_ours_opens_nothing(giving):
    giving.give()
    for typed in ("x" * 43, "", "x" * 10_000):
        with pytest.raises(BadInput) as caught:
            giving.links.open(typed, None)
        assert caught.value.code == "key_link.unknown"


def test_lost_key_is_said_and_the_link_stays(giving):
    _, secret = giving.give()
    giving.made.vault.secrets_delete([giving.account().row.key.name])
    with pytest.raises(KeyMissing) as caught:
        giving.links.open(secret, None)
    assert caught.value.code == "key_link.lost"
    assert len(giving.links.living()) == 1
    _, again = giving.give(is_new=True)
    assert giving.links.open(again, None)[1].value == giving.keyed("1001")


def test_no_more_links_are_out_than_may_be(giving):
    link, _ = giving.give()
    given = link.given
    others = [
        replace(link, id=f"keylink-{n}", seq=n, given=replace(given, account_id=f"account-{n}", secret=f"{n:064x}"))
        for n in range(10_000, 10_000 + KEY_LINKS_MAX - 1)
    ]
    with giving.store.transaction() as transaction:
        for one in others:
            transaction.put_key_link(one)
    with pytest.raises(Conflict) as caught:
        giving.give("1002")
    assert caught.value.code == "key_link.full"
    giving.give()  # another one in its place
    with giving.store.transaction() as transaction:
        for one in others:
            transaction.put_key_link(replace(one, ended="by_hand"))
    giving.give("1002")
    giving.expected = ["links to keys: table and rebuild differ"]  # those that were put there by hand
