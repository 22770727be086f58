"""Reaching people, by a real process: from a button to a provider, back by its receipt, over restarts and kills."""

import base64
import hmac
from urllib.parse import urlsplit

import pytest

from support.centres import make_folder
from support.providers import fake_provider
from support.room import Room
from support.server import SETTINGS, Server, wait_for


@pytest.fixture
def provider():
    with fake_provider() as made:
        yield made


def with_webhooks(folder, provider, more=""):
    make_folder(folder)
    (folder / "tocsin.toml").write_text(
        SETTINGS + f'\n[notify]\ninternal = ["{provider.address}"]\n[notify.webhook]\nenabled = true\n{more}'
    )
    return folder


def add_webhook(person, provider, path="/hook"):
    made = person.ask("POST", "/api/v1/me/contacts", {"channel": "webhook", "address": provider.url(path)})
    assert made.status == 201, made.text
    return made.json


def path_of(url):
    return urlsplit(url).path


def test_a_persons_test_goes_out_signed_comes_back_and_makes_the_contact_count(tmp_path, provider):
    with Server(with_webhooks(tmp_path / "centre", provider)) as server:
        room = Room(server)
        ana = room.person("Ana")
        made = add_webhook(ana, provider)
        contact = made["contact"]
        assert (contact["hint"], contact["tested_at"], contact["is_on"]) == ("127.0.0.1", None, True)
        tested = ana.ask("POST", f"/api/v1/me/contacts/{contact['id']}/test")
        assert tested.status == 200, tested.text
        (taken,) = provider.wait()
        body = taken.json
        assert body["data"] == {
            "purpose": "test", "number": None, "priority": None, "type": None, "exercise": False,
            "text": "TEST of your contact", "expires_at": body["data"]["expires_at"],
            "answer_url": body["data"]["answer_url"], "callback_url": body["data"]["callback_url"],
        }  # fmt: skip
        signed = f"{taken.headers['webhook-id']}.{taken.headers['webhook-timestamp']}.".encode() + taken.body
        key = base64.b64decode(made["secret"].removeprefix("whsec_"))
        mac = base64.b64encode(hmac.digest(key, signed, "sha256")).decode()
        assert taken.headers["webhook-signature"] == f"v1,{mac}"
        delivered = wait_for(
            lambda: [one for one in ana.get("/notices")["items"] if one["state"] == "delivered"], 5, "a receipt"
        )
        assert [one["state"] for one in delivered[0]["attempts"]] == ["delivered"]
        link = path_of(body["data"]["callback_url"])
        assert ana.ask("POST", link, {"state": "arrived"}).status == 204
        assert ana.ask("POST", link, {"state": "arrived"}).status == 204, "the same again changes nothing"
        (notice,) = ana.get("/notices")["items"]
        assert (notice["state"], notice["answer"], notice["is_waiting"]) == ("answered", "arrived", False)
        assert ana.get("/me/reach")["contacts"][0]["tested_at"] is not None
        kinds = [one["kind"] for one in ana.get("/journal?limit=100")["items"]]
        assert kinds.count("notice.queued") == 1
        assert kinds.count("notice.moved") == 2
        assert kinds.count("contact.set") == 2
        assert len(provider.taken) == 1
