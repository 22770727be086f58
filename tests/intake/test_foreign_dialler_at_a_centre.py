"""Somebody else's dialler (PyPI, my-dc09-spt) at a real centre: what it believes delivered is in the journal, once."""

import json

import pytest

from support.foreign_dialler import MESSAGES, send_all
from support.server import Server, make_centre, run_tocsin

KEYS = {"5512": None, "5513": b"0123456789abcdef", "5514": b"0123456789abcdef" * 2}
ACCOUNTS = "account,key,key_form\n" + "".join(
    f"{account},{key.decode() if key else ''},{'text' if key and len(key) < 32 else 'text' if key else ''}\n"
    for account, key in KEYS.items()
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("foreign") / "centre"
    make_centre(made, ACCOUNTS)
    return made


@pytest.mark.slow
def test_what_the_foreign_dialler_believes_delivered_is_in_the_journal_once(folder):
    with Server(folder) as server:
        server.wait_ready()
        host, port = server.dc09
        for account, key in KEYS.items():
            for transport in ("tcp", "udp"):
                sent = send_all(host, port, account=account, key=key, transport=transport)
                assert len(sent) == len(MESSAGES) + 1, "every message and the poll were acknowledged"
        assert server.stop() == 0
    exported = run_tocsin("journal", "export", "--dir", folder, "--kind", "signal").output
    lines = [json.loads(line) for line in exported.splitlines()]
    found = [(line["body"]["account"], line["body"]["sequence"], line["body"]["code"]) for line in lines]
    codes = ["BA", "FA", "131", "131", "CL", "WA"]
    assert found == [(account, f"{n + 1:04d}", code) for account in KEYS for n, code in enumerate(codes)]
    assert [line["derived"]["duplicates"] for line in lines] == [1] * len(lines), "over UDP the same came again"
    assert {line["body"]["account"] for line in lines if line["body"]["encrypted"]} == {"5513", "5514"}
