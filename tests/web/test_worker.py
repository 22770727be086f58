"""The worker process of imports and exports: it may die, hang or be asked too much; nothing else may."""

import asyncio
import contextlib
import socket

import psutil
import pytest
from structlog.testing import capture_logs

from support.centres import wait_for
from support.desks import desks
from tocsin.centre.folder import CONTROL
from tocsin.model.errors import CentreFault, TooMany
from tocsin.web.worker import BUSY_MAX, Worker


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    with desks(tmp_path_factory.mktemp("office") / "centre") as made:
        yield made


@pytest.fixture(scope="module")
def ana(office):
    return office.person("Ana", ("integrator",))


async def pieces(*found):
    for piece in found:
        yield piece


def run(coroutine):
    return asyncio.run(asyncio.wait_for(coroutine, 60))


def workers():
    return [child for child in psutil.Process().children() if is_worker(child)]


def is_worker(child):
    # One that ended this moment has no command line any more.
    with contextlib.suppress(psutil.ZombieProcess, psutil.NoSuchProcess):
        return "tocsin.centre.table_worker" in child.cmdline()
    return False


class Upload:
    """A file that is being sent to a centre, and stays half sent."""

    def __init__(self, person, kind="sites"):
        self._socket = socket.create_connection(person.address, 60)
        head = [f"POST /api/v1/import/{kind} HTTP/1.1", f"Host: {person.address[0]}", "Content-Length: 30"]
        head += [f"{name}: {value}" for name, value in person.headers.items()]
        self._socket.sendall("\r\n".join([*head, "", ""]).encode() + b"name\n")

    def finish(self):
        """Send the rest; return the answer's head and body."""
        with contextlib.suppress(ConnectionError):
            self._socket.sendall(b"Upload".ljust(25, b"\n"))
        with self._socket:
            return self._socket.recv(65_536).decode()

    def close(self):
        self._socket.close()


def test_worker_that_is_killed_is_told_and_the_next_import_is_carried_out(office, ana):
    upload = Upload(ana)
    (child,) = wait_for(workers)
    child.kill()
    answer = upload.finish()
    assert " 503 " in answer.splitlines()[0]
    assert "import.worker" in answer
    again = Upload(ana)
    assert " 200 " in again.finish().splitlines()[0]
    assert ana.get("/sites?name=Upload")["total"] == 1
    assert workers() == []


def test_too_many_at_once_are_refused_with_when_to_try_again_and_slow_senders_hold_up_nobody(office, ana):
    slow = [Upload(ana) for _ in range(BUSY_MAX - 1)]
    wait_for(lambda: len(workers()) == BUSY_MAX - 1)
    assert " 200 " in Upload(ana).finish().splitlines()[0], "four that do not end leave a place, and the turn"
    slow.append(Upload(ana))
    wait_for(lambda: len(workers()) == BUSY_MAX)
    reply = ana.ask("GET", "/api/v1/export/sites")
    assert (reply.status, reply.json["code"], reply.json["retry_after_s"]) == (429, "import.busy", 10)
    for upload in slow:
        upload.close()
    wait_for(lambda: workers() == [])
    assert ana.ask("GET", "/api/v1/export/sites").status == 200


def test_worker_ends_with_whoever_asked(office, ana):
    upload = Upload(ana)
    wait_for(workers)
    upload.close()
    wait_for(lambda: workers() == [])


def test_centre_that_does_not_answer_is_told_in_its_own_words(tmp_path):
    worker = Worker(tmp_path / "control.sock")
    answer = run(worker.answer("import", "sites", "cli", "plan", data=pieces(b"name\nx\n")))
    assert b"control.no_answer" in answer

    async def take():
        return [piece async for piece in worker.file("export", "sites", "csv", "cli")]

    with pytest.raises(CentreFault, match=r"control\.no_answer"):
        run(take())


def test_bug_in_the_worker_is_logged_by_its_name_without_its_message(office):
    worker = Worker(office.centre.settings.folder / CONTROL)
    with capture_logs() as logs, pytest.raises(CentreFault, match=r"import\.worker"):
        run(worker.answer("import", "people", "cli", "plan", data=pieces(b"Erika Example\n")))
    (line,) = logs
    assert (line["event"], line["error"]) == ("worker.failed", "KeyError")
    assert "Erika" not in str(logs)


def test_turns_are_counted_though_the_asker_is_cancelled(tmp_path):
    async def cancelled():
        worker = Worker(tmp_path / "control.sock")

        async def never():
            yield b"name\n"
            await asyncio.Event().wait()

        tasks = [
            asyncio.create_task(worker.answer("import", "sites", "cli", "plan", data=never())) for _ in range(BUSY_MAX)
        ]
        await asyncio.to_thread(wait_for, lambda: len(workers()) == BUSY_MAX)
        with pytest.raises(TooMany):
            await worker.answer("import", "sites", "cli", "plan", data=pieces(b""))
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        assert workers() == []
        return await worker.answer("import", "sites", "cli", "plan", data=pieces(b"name\n"))

    assert run(cancelled())
