"""A storm of sign-ins: panels are acknowledged, operators work, and who always signs in here still does."""

import contextlib
import http.client
import itertools
import threading
from urllib.parse import urlencode

import pytest

from support.centres import make_folder
from support.journal_reader import read_journal, signals
from support.people import PASSWORD
from support.room import Person, Room, wait_for_open
from support.server import Server, wait_for

pytestmark = pytest.mark.slow
ALARMS = 120
STORMERS = 30
STRANGERS = 40
PATIENCE_S = 10.0
"""A panel repeats what was not acknowledged after about so long."""

DESK = "192.0.2.7"


class Storm:
    """Many who guess at once, each from an address of their own, as a proxy tells it."""

    def __init__(self, address):
        self.address = address
        self.answers = []
        self._is_over = threading.Event()
        self._threads = [threading.Thread(target=self._guess, args=(number,)) for number in range(STORMERS)]

    def __enter__(self):
        for thread in self._threads:
            thread.start()
        wait_for(lambda: len(self.answers) > STORMERS, 60, "the storm")
        return self

    def __exit__(self, *error):
        self._is_over.set()
        for thread in self._threads:
            thread.join()

    def _guess(self, number):
        for turn in itertools.count():
            if self._is_over.is_set():
                return
            # Names that are there and names that are not, from ever other addresses.
            name = "Ana Horvat" if turn % 2 else f"Nobody {number}"
            # At the door a check gives way to everything else: a stranger may wait, and give up, on a busy machine.
            with contextlib.suppress(TimeoutError):
                answer = sign_in(self.address, name, f"wrong {turn}", f"198.51.{number}.{turn % STRANGERS}")
                self.answers.append(answer.status)


def sign_in(address, name, password, from_):
    connection = http.client.HTTPConnection(*address, timeout=60)
    try:
        headers = {"content-type": "application/x-www-form-urlencoded", "x-forwarded-for": from_}
        connection.request("POST", "/sign-in", urlencode({"name": name, "password": password}), headers)
        answer = connection.getresponse()
        answer.read()
        return answer
    finally:
        connection.close()


@pytest.fixture
def centre(tmp_path):
    make_folder(tmp_path / "centre")
    with Server(tmp_path / "centre", {"TOCSIN_WEB__TRUSTED_PROXIES": '["127.0.0.1"]'}) as server:
        yield Room(server)


def test_alarms_are_acknowledged_and_operators_work_while_sign_ins_storm(centre):
    ana = Person(centre.address, centre.link("Ana Horvat"))
    assert ana.ask("POST", "/api/v1/me/password", {"new": PASSWORD}).status == 200
    assert sign_in(centre.address, "Ana Horvat", PASSWORD, DESK).status == 303, "the desk is known from now on"
    before = centre.server.metric("tocsin_journal_seq")
    with Storm(centre.address) as storm:
        begun = len(storm.answers)
        for number in range(ALARMS):
            # Fails where no acknowledgement comes.
            centre.alarm(str(1001 + number % 40), zone=1 + number // 40)
        found = wait_for_open(ana, 40)
        claimed = ana.claim(found[0])
        assert sign_in(centre.address, "Ana Horvat", PASSWORD, DESK).status == 303
        assert len(storm.answers) > begun, "the storm went on all the while"
    assert set(storm.answers) <= {400, 429}, "nobody came in, and nothing broke"
    assert 429 in storm.answers
    assert claimed["claimed_by"] == ana.id
    assert centre.server.metric("tocsin_journal_seq") - before >= ALARMS
    assert slow_acknowledgements(centre.server.get("/metrics").text) == 0
    assert centre.server.stop() == 0
    assert len(signals(read_journal(centre.folder))) == ALARMS


def slow_acknowledgements(metrics):
    """Frames whose acknowledgement took longer than a panel waits for it, by the histogram."""
    buckets = {}
    for line in metrics.splitlines():
        if line.startswith("tocsin_acknowledgement_seconds_bucket"):
            name, _, count = line.rpartition(" ")
            buckets[name.split('le="')[1].split('"')[0]] = float(count)
    assert buckets, metrics
    limit = max((edge for edge in buckets if edge != "+Inf" and float(edge) <= PATIENCE_S), key=float)
    return buckets["+Inf"] - buckets[limit]
