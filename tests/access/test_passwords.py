"""Passwords and PINs: which are taken, how they are kept, and that hashing holds nothing else up."""

import contextlib
import os
import sys
import threading
import unicodedata
from concurrent.futures import ThreadPoolExecutor

import pytest
from argon2 import extract_parameters
from argon2.low_level import Type
from hypothesis import given
from hypothesis import strategies as st

from support.people import CHEAP, PASSWORD
from tocsin.access.hashing import PasswordsApart
from tocsin.access.passwords import (
    CHECKS_AT_ONCE,
    MANY_BEHIND,
    NICE,
    QUEUE_MAX,
    Passwords,
    refuse_pin,
)
from tocsin.model.errors import BadInput, CentreFault, TooMany


@pytest.fixture(scope="module")
def passwords():
    return Passwords(CHEAP)


def test_password_is_kept_as_argon2id_of_64_mib_3_rounds_and_4_lanes():
    kept = Passwords().hash(PASSWORD).decode()
    found = extract_parameters(kept)
    assert (found.type, found.time_cost, found.memory_cost, found.parallelism) == (Type.ID, 3, 65_536, 4)
    assert (found.salt_len, found.hash_len) == (16, 32)


def test_right_password_is_right_and_any_other_is_not(passwords):
    kept = passwords.hash(PASSWORD)
    assert passwords.is_right(kept, PASSWORD, "door")
    for other in ("", PASSWORD.lower(), PASSWORD + " ", PASSWORD[:-1], "x" * 1_000_000, "\ud800", "\x00" + PASSWORD):
        assert not passwords.is_right(kept, other, "door"), other[:20]


def test_two_hashes_of_one_password_differ(passwords):
    assert passwords.hash(PASSWORD) != passwords.hash(PASSWORD)


@pytest.mark.parametrize("kept", [None, b"", b"$argon2id$v=19$broken", b"\xff\xfe", b"plain text"])
def test_nothing_is_right_where_nothing_that_fits_is_kept(passwords, kept):
    assert not passwords.is_right(kept, PASSWORD, "door")
    assert not passwords.is_right(kept, "nobody's", "door")


def test_password_is_the_same_however_a_keyboard_composes_it(passwords):
    kept = passwords.hash(unicodedata.normalize("NFD", "Küstenwächter Möwe 12"))
    assert passwords.is_right(kept, unicodedata.normalize("NFC", "Küstenwächter Möwe 12"), "door")


@pytest.mark.parametrize(
    "new",
    [
        PASSWORD,
        "correct horse battery staple",
        "x7!Kp2@vQ9#m",
        "пароль длинный и странный зонт",
        "消防署の赤い自転車と青い傘が二本",
        "🐙🚒🌂🧭🐌🎻🪁🥁🧊🪴🛷🧵",
        "  blanks before and behind  ",
        "4 umbrellas, 9 snails & a brass compass; " * 3 + "0kQ7?",
    ],
)
def test_long_password_that_nobody_guesses_is_taken(passwords, new):
    passwords.refuse_weak(new, ["Ana Horvat", "Harbour Centre"])


@pytest.mark.parametrize(
    ("new", "code"),
    [
        ("", "length"),
        ("x7!Kp2@vQ9#", "length"),
        ("kQ7 " * 32 + "x", "length"),
        ("a\u0308" * 11, "length"),
        ("correct horse\nbattery staple", "characters"),
        ("correct horse\x00battery staple", "characters"),
        ("passwordpassword", "weak"),
        ("123456789012", "weak"),
        ("aaaaaaaaaaaaaaaaaaaa", "weak"),
        ("qwertyuiopas", "weak"),
        ("Ana Horvat 19283746501", "weak"),
        ("horvatANA!!!", "weak"),
        ("HarbourCentre2026!", "weak"),
        ("Tocsin-Tocsin-1", "weak"),
    ],
)
def test_password_that_is_short_or_guessed_first_is_refused(passwords, new, code):
    with pytest.raises(BadInput, match=rf"\[access\.password_({code})\]") as refusal:
        passwords.refuse_weak(new, ["Ana Horvat", "Harbour Centre", "tocsin"])
    assert new == "" or new not in str(refusal.value)


@given(st.text(max_size=200), st.lists(st.text(max_size=30), max_size=3))
def test_any_text_is_taken_or_refused(new, words):
    with contextlib.suppress(BadInput):
        _PASSWORDS.refuse_weak(new, words)
        assert 12 <= len(unicodedata.normalize("NFC", new)) <= 128


_PASSWORDS = Passwords(CHEAP)


@pytest.mark.parametrize("pin", ["280619", "904713", "1029384756", "736205184920"])
def test_pin_of_six_to_twelve_digits_is_taken(pin):
    refuse_pin(pin)


@pytest.mark.parametrize(
    "pin",
    ["", "28061", "1234567890123", "28o619", "280 619", "٢٨٠٦١٩", "111111", "123456", "654321", "890123", "135791",
     "121212", "112211", "123123", "112233", "147258", "28061\n"],
)  # fmt: skip
def test_pin_that_is_none_or_tried_first_is_refused(pin):
    with pytest.raises(BadInput, match=r"\[access\.pin\]"):
        refuse_pin(pin)


class Slow(Passwords):
    """Each check waits until it is let go on, and says so."""

    def __init__(self):
        super().__init__(CHEAP)
        self.go_on = threading.Event()
        self.begun = threading.Semaphore(0)

    def verify_now(self, kept, secret, *, gives_way):
        self.begun.release()
        assert self.go_on.wait(30)
        return super().verify_now(kept, secret, gives_way=gives_way)


def test_one_check_at_once_twenty_wait_and_more_are_told_when_to_come_again():
    slow = Slow()
    with ThreadPoolExecutor(CHECKS_AT_ONCE + QUEUE_MAX) as pool:
        waiting = [pool.submit(slow.is_right, None, "x", "door") for _ in range(CHECKS_AT_ONCE + QUEUE_MAX)]
        for _ in range(CHECKS_AT_ONCE):
            assert slow.begun.acquire(timeout=30)
        while slow._queues["door"]._inside < CHECKS_AT_ONCE + QUEUE_MAX:
            os.sched_yield()
        assert not slow.begun.acquire(blocking=False)
        with pytest.raises(TooMany, match=r"\[access\.busy\]") as refusal:
            slow.is_right(None, "x", "door")
        assert refusal.value.retry_after_s == 6
        with pytest.raises(TooMany, match=r"\[access\.busy\]"):
            slow.refuse_where_full("door")
        slow.refuse_where_full("desk")
        slow.go_on.set()
        assert [one.result(30) for one in waiting] == [False] * (CHECKS_AT_ONCE + QUEUE_MAX)
    slow.refuse_where_full("door")
    assert slow.is_right(None, "x", "door") is False


def test_desk_that_is_unlocked_does_not_wait_for_strangers_at_the_door():
    slow = Slow()
    kept = slow.hash(PASSWORD)
    with ThreadPoolExecutor(CHECKS_AT_ONCE) as pool:
        strangers = [pool.submit(slow.is_right, None, "x", "door") for _ in range(CHECKS_AT_ONCE)]
        for _ in range(CHECKS_AT_ONCE):
            assert slow.begun.acquire(timeout=30)
        assert Passwords.is_right(_unblocked(slow), kept, PASSWORD, "desk")
        slow.go_on.set()
        assert [one.result(30) for one in strangers] == [False] * CHECKS_AT_ONCE


def _unblocked(slow):
    """The same queues, and checks that do not wait."""
    made = Passwords(CHEAP)
    made._queues = slow._queues
    return made


@pytest.mark.skipif(sys.platform != "linux", reason="priorities of single threads are Linux's")
def test_threads_that_hash_stand_back_behind_everything_else():
    found = Passwords(CHEAP)._queues["door"].run(lambda: _standing(threading.get_native_id()))
    assert found == (NICE, os.SCHED_OTHER)
    assert os.getpriority(os.PRIO_PROCESS, threading.get_native_id()) < NICE


def _standing(thread_or_process):
    return os.getpriority(os.PRIO_PROCESS, thread_or_process), os.sched_getscheduler(thread_or_process)


# By processes of their own -------------------------------------------------------------------------------------------


@pytest.fixture
def apart():
    made = PasswordsApart(CHEAP)
    yield made
    made.close()


def test_process_apart_says_what_this_one_says(apart, passwords):
    kept = apart.hash(PASSWORD)
    assert apart.is_right(kept, PASSWORD, "door")
    assert passwords.is_right(kept, PASSWORD, "door")
    assert not apart.is_right(kept, PASSWORD + "x", "desk")
    assert not apart.is_right(None, "nobody's", "door")
    apart.refuse_weak(PASSWORD, ["Ana Horvat"])
    with pytest.raises(BadInput, match=r"\[access\.password_weak\]"):
        apart.refuse_weak("passwordpassword", ["Ana Horvat"])


def test_process_that_was_killed_is_replaced_and_none_is_left_at_the_end(apart):
    kept = apart.hash(PASSWORD)
    [first] = apart._all
    first.kill()
    first.wait()
    assert apart.is_right(kept, PASSWORD, "desk")
    [second] = apart._all
    assert second.pid != first.pid
    apart.close()
    assert second.poll() is not None


def test_at_most_one_process_for_each_check_at_once(apart):
    kept = apart.hash(PASSWORD)
    with ThreadPoolExecutor(12) as pool:
        lanes = ["door"] * 8 + ["desk"] * 4
        assert all(pool.map(lambda lane: apart.is_right(kept, PASSWORD, lane), lanes))
    assert len(apart._all) <= CHECKS_AT_ONCE + 2  # and one that gives way


@pytest.mark.skipif(sys.platform != "linux", reason="priorities of single threads are Linux's")
def test_process_apart_stands_back_and_this_one_does_not(apart):
    kept = apart.hash(PASSWORD)
    assert apart.is_right(kept, PASSWORD, "door")
    [one] = apart._all
    assert _standing(one.pid) == (NICE, os.SCHED_OTHER)
    thread = apart._queues["desk"].run(lambda: os.getpriority(os.PRIO_PROCESS, threading.get_native_id()))
    assert thread < NICE


@pytest.mark.skipif(sys.platform != "linux", reason="priorities of single threads are Linux's")
def test_check_with_many_behind_it_gives_way_to_everything_else_and_the_last_ones_do_not(apart):
    kept = apart.hash(PASSWORD)
    [plain] = apart._all
    door, over = apart._queues["door"], threading.Event()
    with ThreadPoolExecutor(CHECKS_AT_ONCE + MANY_BEHIND + 1) as pool:
        blocking = [pool.submit(door.run, over.wait) for _ in range(CHECKS_AT_ONCE)]
        while door._inside < CHECKS_AT_ONCE:
            os.sched_yield()
        many = [pool.submit(apart.is_right, kept, PASSWORD, "door") for _ in range(MANY_BEHIND + 1)]
        while door.waiting < MANY_BEHIND + 1:
            os.sched_yield()
        over.set()
        assert all(one.result(30) for one in [*blocking, *many])
    [giving_way] = apart._all - {plain}
    assert _standing(giving_way.pid) == (NICE, os.SCHED_IDLE)
    assert list(apart._idle[True]) == [giving_way]
    assert list(apart._idle[False]) == [plain]


def test_nothing_is_hashed_and_no_process_made_once_it_was_closed(apart):
    apart.hash(PASSWORD)
    apart.close()
    with pytest.raises(CentreFault, match=r"\[access\.hashing\]"):
        apart.hash(PASSWORD)
    assert apart._all == set()
