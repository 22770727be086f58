"""A live stream on real sockets: it ends in good order, and a console that does not read holds up nobody."""

import asyncio
import contextlib
import threading
from concurrent.futures import Future

import msgspec
import pytest
import uvloop

from support.centres import wait_for
from support.desks import Stream
from support.live import changed, committed
from tocsin.bench.hub import HOST, HubServer
from tocsin.web.live import EVENT_BYTES_MAX, WAITING_BYTES_MAX, show

INCIDENTS = 1_000


class Served:
    """A hub behind the product's server, in a thread of its own."""

    def __init__(self):
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, name="hub", daemon=True)
        self._thread.start()
        assert self._ready.wait(20)

    @property
    def address(self):
        return HOST, self.server.port

    def call(self, work):
        """Let the loop do something with the server; return what it returns."""
        done = Future()

        def do():
            try:
                done.set_result(work(self.server))
            except BaseException as error:  # noqa: BLE001 - handed to whoever waits
                done.set_exception(error)

        self.loop.call_soon_threadsafe(do)
        return done.result(20)

    def stop(self):
        asyncio.run_coroutine_threadsafe(self.server.stop(), self.loop).result(20)

    def end(self):
        self.loop.call_soon_threadsafe(self._over.set)
        self._thread.join(20)

    def page(self):
        return self.call(lambda server: server.board.page(2_000))

    def change_all(self):
        """Commit a further signal of every incident, a hundred at once: more than one write takes."""

        def work(server):
            found = server.board.all()
            for start in range(0, len(found), 100):
                seq = server.board.head + 1
                rows = [changed(one, seq, signals=one.signals + 1) for one in found[start : start + 100]]
                show(committed(seq, *rows), server.board, server.hub)

        self.call(work)

    def waiting(self):
        return self.call(lambda server: max((one.sink.waiting_bytes() for one in server.hub._consoles), default=0))

    def consoles(self):
        return self.call(lambda server: server.hub.consoles)

    def rows(self):
        found = msgspec.json.decode(self.page())["items"]
        return {row["id"]: row for row in found}

    def _run(self):
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(self._serve())

    async def _serve(self):
        self.loop = asyncio.get_running_loop()
        self._over = asyncio.Event()
        self.server = HubServer(INCIDENTS)
        self.server.start()
        self._ready.set()
        await self._over.wait()
        await self.server.stop()


@pytest.fixture
def served():
    made = Served()
    try:
        yield made
    finally:
        made.end()


@contextlib.contextmanager
def console(served, last=None, **options):
    """A console that has its snapshot, and follows."""
    page = served.page()
    headers = {} if last is False else {"Last-Event-ID": last or msgspec.json.decode(page)["live"]}
    with Stream(served.address, headers, **options) as stream:
        stream.follower.load(page)
        yield stream


def test_stream_is_an_endless_answer_that_nobody_keeps(served):
    with console(served) as stream:
        assert (stream.status, stream.headers["content-type"]) == (200, "text/event-stream; charset=utf-8")
        assert (stream.headers["cache-control"], stream.headers["x-accel-buffering"]) == ("no-store", "no")
        stream.until(lambda follower: len(follower.beats) == 2)


def test_console_follows_whatever_changes_and_takes_up_where_it_was(served):
    with console(served) as stream:
        for _ in range(30):
            served.call(lambda server: server.update())
        stream.until(lambda follower: follower.rows == served.rows())
        held, rows = stream.follower.id, stream.follower.rows
    wait_for(lambda: served.consoles() == 0)
    for _ in range(30):
        served.call(lambda server: server.update())
    with console(served, held) as again:
        again.follower.id, again.follower.rows = held, rows
        again.until(lambda follower: follower.rows == served.rows())
        assert again.follower.resets == []


@pytest.mark.slow
def test_console_that_does_not_read_holds_up_nobody_and_is_reset_when_it_reads_again(served):
    with console(served, receive_bytes=32_768) as stuck, console(served) as quick:
        served.change_all()
        # What the system itself buffers is megabytes; then ours fills up, to its limit.
        while not served.call(lambda server: any(one.is_slow for one in server.hub._consoles)):
            served.change_all()
            assert served.waiting() <= WAITING_BYTES_MAX + EVENT_BYTES_MAX
            quick.until(lambda follower: follower.rows == served.rows())
        assert served.consoles() == 2
        assert stuck.until(lambda follower: follower.resets) == ["slow"]
        stuck.follower.load(served.page())
        served.change_all()
        stuck.until(lambda follower: follower.rows == served.rows())
        assert quick.follower.resets == []


@pytest.mark.slow
def test_console_that_never_reads_is_cut_off(served):
    with console(served, receive_bytes=32_768) as stuck:
        while served.consoles():
            served.change_all()
        while not stuck.is_over:
            stuck.read()
        assert stuck._events.is_over is False


def test_console_that_goes_is_forgotten(served):
    with console(served), console(served):
        wait_for(lambda: served.consoles() == 2)
    wait_for(lambda: served.consoles() == 0)
    assert served.call(lambda server: (server.hub._timer, server.hub._beat_timer)) == (None, None)


@pytest.mark.slow
def test_stop_ends_streams_in_good_order_and_cuts_those_that_are_stuck(served):
    with console(served) as stream, console(served, receive_bytes=32_768):
        while served.waiting() < WAITING_BYTES_MAX / 2:
            served.change_all()
            stream.until(lambda follower: follower.rows == served.rows())
        served.stop()
        assert stream.until_over() is True
