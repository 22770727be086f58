"""`tocsin doctor` on the broker that is read and the mail that is taken: what would keep an alarm away."""

import shutil
import socket
import subprocess

import msgspec
import pytest

from support.centres import edit, held, make_folder
from support.certificates import Authority
from support.doctor import examine, wrong
from support.mosquitto import mosquitto
from tocsin.intake.mqtt.bridge import Broker
from tocsin.intake.mqtt.probe import probe
from tocsin.model.sources import MailWay, MqttWay, SourceRow
from tocsin.model.values import Actor, Code
from tocsin.settings import load

PLAIN = '[web]\nlisten = "127.0.0.1:0"\n[receivers.dc09]\nlisten = []\n'


@pytest.fixture
def folder(tmp_path):
    return make_folder(tmp_path / "centre").folder


def add(folder, *rows):
    """Sources of accounts of their own."""
    with held(load(folder, {})) as centre:
        centre.add(b"account\n4711\n4712\n")
        for account, row in zip(centre.store.accounts(), rows, strict=False):
            let = (["a@b.example"], ["192.0.2.0/24"]) if row.mail is not None else None
            row = msgspec.structs.replace(row, account_id=account.id)
            centre.centre.sources.make(row, Actor("cli"), let)


BROKERED = SourceRow(
    account_id="", mqtt=MqttWay(base=Code(""), convention="generic", topics=("plant/boiler/alarm",)), way="mqtt"
)
MAILED = SourceRow(account_id="", mail=MailWay(lines=()), way="mail")


def settings(folder, **ways):
    """Write the settings, with sections of `receivers`."""
    lines = [PLAIN]
    for way, fields in ways.items():
        lines.append(f"[receivers.{way}]")
        lines += [f"{name} = {value!r}" for name, value in fields.items()]
    (folder / "tocsin.toml").write_text("\n".join(lines) + "\n")


def test_sources_whose_way_is_not_set_up_are_named(folder, capsys):
    settings(folder)
    add(folder, BROKERED, MAILED)
    status, findings = examine(folder, capsys)
    assert status == 1
    assert wrong(findings) == {
        "broker": [
            ("1 sources send to a broker, and none is read", "Set receivers.mqtt.host, or remove the sources"),
        ],
        "mail": [("1 sources send by mail, and none is taken", "Set receivers.mail.listen, or remove the sources")],
    }


@pytest.mark.requires("mosquitto")
def test_broker_is_asked_whether_it_lets_us_in_read_and_write_and_whom_else(folder, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr("tocsin.intake.mqtt.probe.ANSWER_S", 0.5)  # a number, lowered: it is waited out once
    place = tmp_path / "broker"
    place.mkdir()
    (place / "acl").write_text("user tocsin\ntopic readwrite tocsin/#\ntopic read plant/#\nuser other\ntopic read x\n")
    for name in ("tocsin", "other"):
        command = [
            "mosquitto_passwd",
            "-b",
            *(["-c"] if name == "tocsin" else []),
            str(place / "people"),
            name,
            "right",
        ]
        subprocess.run([shutil.which(command[0]), *command[1:]], check=True, capture_output=True)
    lines = ("allow_anonymous false", f"password_file {place}/people", f"acl_file {place}/acl")
    add(folder, BROKERED)
    (folder / "password").write_text("right\n")
    with mosquitto(place, lines) as broker:
        mine = {"host": "127.0.0.1", "port": broker.port, "user": "tocsin", "password_file": "password"}
        settings(folder, mqtt=mine)
        status, findings = examine(folder, capsys)
        assert (status, wrong(findings)) == (0, {})
        ((state, found, _),) = findings["broker"]
        assert state == "ok"
        assert found.startswith(
            f"127.0.0.1:{broker.port} lets us in, MQTT 5, in clear; what waits there is the broker's"
        )
        known = Broker(host="127.0.0.1", port=broker.port, client_id="tocsin", username="tocsin", password="right")
        assert probe(known, []).lets_anybody is False

        settings(folder, mqtt=mine | {"user": "other"})
        (_, told) = examine(folder, capsys)[1]["broker"]
        assert told[:2] == (
            "look", "what we write to tocsin/tocsin/test does not come back, so no source there can be tried"
        )  # fmt: skip

        (folder / "password").write_text("wrong\n")
        settings(folder, mqtt=mine)
        status, findings = examine(folder, capsys)
        assert status == 1
        assert wrong(findings)["broker"][0][0] == f"127.0.0.1:{broker.port} does not let us in: Not authorized"
    (folder / "password").unlink()
    assert "cannot be read" in wrong(examine(folder, capsys)[1])["broker"][0][0]
    (folder / "password").write_text("right\n")
    ((found, remedy),) = wrong(examine(folder, capsys)[1])["broker"]
    assert found.startswith(f"127.0.0.1:{broker.port} cannot be reached: ")
    assert "Start the broker" in remedy


@pytest.mark.requires("mosquitto")
def test_broker_that_lets_anybody_in_is_known_by_trying(tmp_path):
    with mosquitto(tmp_path / "broker") as broker:
        known = Broker(host="127.0.0.1", port=broker.port, client_id="tocsin", username="tocsin", password="right")
        assert (probe(known, ["a/b"]).lets_anybody, probe(known, ["a/b"]).unread) == (True, ())


def test_mail_server_has_its_files_its_port_and_its_addresses_looked_at(folder, capsys):
    add(folder, MAILED)
    authority = Authority(folder, "authority")
    authority.give("mail", "alarm.example", dns=["alarm.example"], days=400)
    full = {"listen": "127.0.0.1:0", "domain": "alarm.example", "certificate": "mail.pem", "key": "mail.key"}
    settings(folder, mail=full)
    status, findings = examine(folder, capsys)
    assert (status, wrong(findings)) == (0, {})
    assert [one[:2] for one in findings["mail"]] == [
        ("ok", "certificate and key fit, valid for 399 days"),
        ("ok", "127.0.0.1:0 TCP is free, for 1 addresses at @alarm.example"),
    ]
    settings(folder, mail={"listen": "127.0.0.1:0"})
    told = [(one[0], one[1].partition(":")[0]) for one in examine(folder, capsys)[1]["mail"]]
    assert told[:2] == [
        ("look", "STARTTLS is not offered"),
        ("look", "addresses end in @tocsin.invalid"),
    ]
    authority.give("mail", "alarm.example", days=-3)
    settings(folder, mail=full)
    assert wrong(examine(folder, capsys)[1])["mail"][0][0].startswith("the certificate ended ")
    (folder / "mail.key").unlink()
    assert "the certificate or its key cannot be used" in wrong(examine(folder, capsys)[1])["mail"][0][0]
    with socket.create_server(("127.0.0.1", 0)) as blocker:
        settings(folder, mail=full | {"listen": f"127.0.0.1:{blocker.getsockname()[1]}"})
        authority.give("mail", "alarm.example", days=400)
        assert "Address already in use" in wrong(examine(folder, capsys)[1])["mail"][0][0]
    settings(folder, mail=full)
    edit(folder / "keys.db", "DELETE FROM secrets WHERE name LIKE 'source-key-%'")
    ((found, _),) = wrong(examine(folder, capsys)[1])["mail"]
    assert found.startswith("nobody knows any more where source-")
