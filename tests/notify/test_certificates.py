"""Who carries notices shows a certificate that this machine trusts, under its own name, or is given nothing."""

import asyncio
import contextlib
import gc
import socket
import ssl
import threading
import warnings
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from aiosmtpd.controller import Controller

from support.certificates import Authority
from support.notices import message
from tocsin.model.notices import Accepted, ContactAddress, Failed, Retry
from tocsin.notify.email import EmailNotifier
from tocsin.notify.http import HttpAnswer, HttpClient
from tocsin.settings import Smtp

TO = ContactAddress(address="ana@example.org")


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """An authority, and what a server shows: signed by it for this machine, for another name, and by a stranger."""
    folder = tmp_path_factory.mktemp("certificates")
    good, stranger = Authority(folder, "good"), Authority(folder, "stranger")
    shown = {
        "ours": good.give("ours", "127.0.0.1", addresses=["127.0.0.1"]),
        "other name": good.give("other", "mail.example.org", dns=["mail.example.org"]),
        "stranger": stranger.give("strange", "127.0.0.1", addresses=["127.0.0.1"]),
        "over": good.give("over", "127.0.0.1", addresses=["127.0.0.1"], days=-1),
    }
    return ssl.create_default_context(cafile=str(good.file)), shown


def server_side(files):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*files)
    return context


class Mails:
    """What a mail server was given."""

    def __init__(self):
        self.count = 0

    async def handle_DATA(self, _server, _session, _envelope):  # noqa: N802 - the library's name
        self.count += 1
        return "250 taken"


@contextlib.contextmanager
def mail_server(files, security):
    mails = Mails()
    named = {"ssl_context" if security == "tls" else "tls_context": server_side(files)}
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(mails, hostname="127.0.0.1", port=port, **named)
    with contextlib.suppress(ssl.SSLError, TimeoutError):  # its own trial connection trusts nobody
        controller.start()
    try:
        yield mails, port
    finally:
        controller.stop(no_assert=True)


@contextlib.contextmanager
def web_server(files):
    taken = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            taken.append(self.path)
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.handle_error = lambda *_args: None
    server.socket = server_side(files).wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield taken, server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def mail(port, security, tls):
    settings = Smtp(host="127.0.0.1", port=port, security=security, sender="centre@example.org")

    async def send():
        try:
            return await EmailNotifier(settings, "Harbour", lambda: "", tls).send(message(), TO)
        finally:
            await asyncio.sleep(0.05)  # the loop closes the connection whose handshake failed in turns of its own

    try:
        return asyncio.run(send())
    finally:
        with warnings.catch_warnings():  # what it had no turn for is no later test's fault
            warnings.simplefilter("ignore", ResourceWarning)
            gc.collect()


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_mail_goes_to_a_server_with_a_trusted_certificate_and_to_no_other(made, security):
    trusted, shown = made
    with mail_server(shown["ours"], security) as (mails, port):
        assert isinstance(mail(port, security, trusted), Accepted)
        assert mail(port, security, None) == Failed("smtp_tls", is_provider=True), "by what this machine trusts alone"
    assert mails.count == 1
    for which in ("other name", "stranger", "over"):
        with mail_server(shown[which], security) as (mails, port):
            assert mail(port, security, trusted) == Failed("smtp_tls", is_provider=True), which
        assert mails.count == 0, which


def test_request_goes_to_a_server_with_a_trusted_certificate_and_to_no_other(made):
    trusted, shown = made

    async def post(port, verify):
        client = HttpClient((f"127.0.0.1:{port}",), verify=verify)
        try:
            return await client.post(f"https://127.0.0.1:{port}/hook", {}, b"x")
        finally:
            await client.close()

    with web_server(shown["ours"]) as (taken, port):
        assert isinstance(asyncio.run(post(port, trusted)), HttpAnswer)
        assert asyncio.run(post(port, None)) == Retry(None, "unreachable")
    assert taken == ["/hook"]
    for which in ("other name", "stranger", "over"):
        with web_server(shown[which]) as (taken, port):
            assert asyncio.run(post(port, trusted)) == Retry(None, "unreachable"), which
        assert taken == [], which
