"""Sessions, tokens and links of a real process: over kill -9, and what of them can be found afterwards."""

import http.client
import json
import re

import pytest

from support.server import SETTINGS, Server, make_centre, run_tocsin

pytestmark = pytest.mark.slow
ACCOUNTS = "account\n4102\n"


@pytest.fixture
def folder(tmp_path):
    make_centre(tmp_path / "centre", ACCOUNTS, SETTINGS)
    return tmp_path / "centre"


def tocsin(*words):
    done = run_tocsin(*words)
    assert done.status == 0, done.errors
    return done.output.strip()


def ask(server, method, path, **headers):
    """Status, headers and text of an answer."""
    connection = http.client.HTTPConnection(*server._web, timeout=10)
    try:
        connection.request(method, path, headers={name.replace("_", "-"): value for name, value in headers.items()})
        answer = connection.getresponse()
        return answer.status, dict(answer.getheaders()), answer.read().decode()
    finally:
        connection.close()


def sign_in(server, link):
    """Use a link up; return the cookie."""
    status, headers, _ = ask(server, "POST", re.sub(r"^http://[^/]+", "", link))
    assert status == 303
    return headers["set-cookie"].partition(";")[0]


def csrf(server, cookie):
    return json.loads(ask(server, "GET", "/api/v1/session", cookie=cookie)[2])["csrf"]


def test_killed_centre_knows_its_sessions_tokens_and_used_links_again(folder):
    link = tocsin("link", "Ana", "--dir", folder)
    waiting = tocsin("link", "Bo", "--dir", folder)
    token = tocsin("token", "create", "--scope", "read", "--dir", folder)
    with Server(folder) as server:
        cookie = sign_in(server, link)
        other = sign_in(server, tocsin("link", "Ana", "--dir", folder))
        assert ask(server, "DELETE", "/api/v1/session", cookie=other, x_csrf_token=csrf(server, other))[0] == 204
        for _ in range(2):
            server.kill()
            server.start().wait_ready()
            assert ask(server, "GET", "/api/v1/session", cookie=cookie)[0] == 200
            assert ask(server, "GET", "/api/v1/session", cookie=other)[0] == 401
            assert ask(server, "GET", "/api/v1/catalogue", authorization=f"Bearer {token}")[0] == 200
            assert ask(server, "POST", re.sub(r"^http://[^/]+", "", link))[0] == 410
        left = sign_in(server, waiting)
        assert json.loads(ask(server, "GET", "/api/v1/session", cookie=left)[2])["user"]["name"] == "Bo"
        tocsin("token", "revoke", json.loads(tocsin("token", "list", "--dir", folder, "--json"))["id"], "--dir", folder)
        server.kill()
        server.start().wait_ready()
        assert ask(server, "GET", "/api/v1/catalogue", authorization=f"Bearer {token}")[0] == 401


def test_answer_to_a_sign_in_is_true_though_the_process_dies_at_once(folder):
    """What was answered is on the disk: a cookie that was handed out opens the centre after the kill."""
    with Server(folder) as server:
        for number in range(2):
            cookie = sign_in(server, tocsin("link", f"Person {number}", "--dir", folder))
            server.kill()
            server.start().wait_ready()
            assert ask(server, "GET", "/api/v1/session", cookie=cookie)[0] == 200


def test_no_secret_and_no_name_can_be_found_in_any_file_or_log(folder, tmp_path):
    name = "Zdenka Quastenflosser"
    link = tocsin("link", name, "--dir", folder)
    unused = tocsin("link", name, "--dir", folder)
    token = tocsin("token", "create", "--scope", "read", "--dir", folder)
    with Server(folder, arguments=("--log-level", "debug")) as server:
        cookie = sign_in(server, link)
        secret = cookie.partition("=")[2]
        assert name in ask(server, "GET", "/api/v1/users", cookie=cookie)[2]
        forged = "F" * 43
        for path in ("/lite", "/api/v1/session", "/nowhere", f"/sign-in/{forged}"):
            ask(server, "GET", path, cookie=cookie, accept="text/html")
        ask(server, "POST", f"/sign-in/{forged}")
        ask(server, "POST", "/api/v1/incidents/incident-1/note", cookie=cookie, idempotency_key="k" * 8)
        ask(server, "GET", "/api/v1/session", authorization=f"Bearer tcn_{forged}")
        ask(server, "GET", "/api/v1/catalogue", authorization=f"Bearer {token}")
        token_csrf = csrf(server, cookie)
        planted = {
            "link": link.rpartition("/")[2],
            "unused link": unused.rpartition("/")[2],
            "token": token.removeprefix("tcn_"),
            "session": secret,
            "csrf": token_csrf,
            "forged": forged,
            "name": name,
        }
        running = found_in(folder, tmp_path, planted)
        server.terminate()
        assert server.wait_exit() == 0
    assert running == []
    assert found_in(folder, tmp_path, planted) == []
    exported = tocsin("journal", "export", "--dir", folder)
    assert [what for what, text in planted.items() if text in exported] == []


def found_in(folder, tmp_path, planted):
    """Which of these texts stand in which file of the centre or of its output."""
    files = [path for path in (*folder.rglob("*"), *tmp_path.glob("*-output/*")) if path.is_file()]
    assert {"tocsin.db", "keys.db", "1.err"} <= {path.name for path in files}
    return [(path.name, what) for path in files for what, text in planted.items() if text.encode() in path.read_bytes()]


def test_open_live_streams_do_not_hold_up_the_end(folder):
    with Server(folder) as server:
        cookie = sign_in(server, tocsin("link", "Ana", "--dir", folder))
        streams = []
        for _ in range(20):
            connection = http.client.HTTPConnection(*server._web, timeout=10)
            connection.request("GET", "/api/v1/live", headers={"cookie": cookie})
            answer = connection.getresponse()
            assert (answer.status, answer.getheader("content-type")) == (200, "text/event-stream; charset=utf-8")
            assert answer.readline()
            streams.append((connection, answer))
        server.terminate()
        assert server.wait_exit(deadline_s=20) == 0
        for connection, answer in streams:
            answer.read()
            connection.close()


def test_signing_out_ends_the_live_stream_of_that_session_and_of_no_other(folder):
    with Server(folder) as server:
        mine = sign_in(server, tocsin("link", "Ana", "--dir", folder))
        other = sign_in(server, tocsin("link", "Ana", "--dir", folder))
        ended, going_on = (listen(server, cookie) for cookie in (mine, other))
        ask(server, "DELETE", "/api/v1/session", cookie=mine, x_csrf_token=csrf(server, mine))
        text = ended[1].read().decode()
        assert 'event: reset\ndata: {"reason":"rights"}' in text
        for _ in range(8):
            assert going_on[1].readline()
        for connection, _ in (ended, going_on):
            connection.close()


def listen(server, cookie):
    connection = http.client.HTTPConnection(*server._web, timeout=10)
    connection.request("GET", "/api/v1/live", headers={"cookie": cookie})
    return connection, connection.getresponse()
