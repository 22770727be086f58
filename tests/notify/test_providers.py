"""What settings switch on. Without one nothing leaves."""

import pytest

from support.centres import SETTINGS, make_folder
from support.fakes import ManualClock
from tocsin.model.errors import BadInput
from tocsin.notify.providers import make_notifiers, push_key_of
from tocsin.settings import load
from tocsin.system import SystemIds

ALL = """
[notify.email]
host = "mail.example.org"
sender = "centre@example.org"
[notify.email.second]
host = "other.example.org"
sender = "centre@example.org"
[notify.gateway]
url = "https://provider.example/AC1"
account = "AC1"
token_file = "token"
sender = "+12025550100"
calls = true
[notify.gateway.second]
url = "https://other.example/AC1"
account = "AC1"
token_file = "token"
sender = "Centre"
[notify.push]
enabled = true
contact = "it@example.org"
[notify.webhook]
enabled = true
"""


class Keys:
    def __init__(self):
        self.kept = {}

    def secrets_get(self, names):
        return {name: self.kept[name] for name in names if name in self.kept}

    def secret_put(self, name, secret):
        self.kept[name] = secret


def ways(folder, more, keys=None):
    settings = make_folder(folder, toml=SETTINGS + more)
    key = push_key_of(settings, keys or Keys())
    return set(make_notifiers(settings, "urn:tocsin:t", key, ManualClock(), SystemIds()))


def test_new_centre_has_no_way_out_and_makes_no_key(tmp_path):
    keys = Keys()
    assert ways(tmp_path / "centre", "", keys) == set()
    assert keys.kept == {}


def test_each_section_switches_its_own_channel_on_two_providers_each(tmp_path):
    assert ways(tmp_path / "centre", ALL) == {
        ("email", 1), ("email", 2), ("sms", 1), ("sms", 2), ("voice", 1), ("push", 1), ("webhook", 1),
    }  # fmt: skip


def test_key_that_browsers_subscribed_with_stays_the_same(tmp_path):
    keys = Keys()
    settings = make_folder(tmp_path / "centre", toml=SETTINGS + ALL)
    one, other = push_key_of(settings, keys), push_key_of(settings, keys)
    assert one is not None
    assert other is not None
    assert one.private_numbers() == other.private_numbers()


@pytest.mark.parametrize(
    "half",
    [
        '[notify.email]\nhost = "mail.example.org"', '[notify.push]\nenabled = true',
        '[notify.email]\nhost = "m"\nsender = "a@b.c"\nuser = "u"',
        '[notify.gateway]\nurl = "https://provider.example/"', '[notify.email.second]\nhost = "m"\nsender = "a@b.c"',
        '[notify]\ninternal = ["nowhere"]', '[notify.gateway]\nurl = "https://provider.example/?a=b"',
        '[notify.email]\nsender = "no mailbox"', '[notify.gateway]\nsender = "x"',
    ],
)  # fmt: skip
def test_half_of_what_a_way_out_needs_is_refused_before_anything_starts(tmp_path, half):
    make_folder(tmp_path / "centre", toml=SETTINGS)
    (tmp_path / "centre" / "tocsin.toml").write_text(f"{SETTINGS}\n{half}\n")
    with pytest.raises(BadInput) as caught:
        load(tmp_path / "centre", {})
    assert caught.value.code == "settings.value"
