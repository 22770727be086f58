"""What makes a change the same one, and what no digest of it holds."""

import msgspec
import pytest

from tocsin.web.api.help_types import KeyholderBody, PhrasesBody, WishesBody
from tocsin.web.configuration_items import once

DAY = 1_700_000_000_000_000
BODIES = [
    KeyholderBody(name="Erika", telephones=["+1 202 555 0101"], pass_phrase="Sunrise", duress_phrase="Sunset"),
    PhrasesBody(version=3, pass_phrase="Sunrise", duress_phrase="Sunset"),
    WishesBody(version=3, wishes=[], key_safe="By the gate", words="Ring twice", consented_at=DAY, review_at=DAY),
]
UNTOLD = ["pass_phrase", "duress_phrase", "key_safe", "words"]


class Vault:
    def identity_key(self):
        return bytes(32)


def digest(body, act="act"):
    return once(Vault(), "key", act, body).digest


@pytest.mark.parametrize("body", BODIES, ids=lambda body: type(body).__name__)
def test_digest_of_a_change_tells_of_phrases_and_wishes_only_whether_they_are_set(body):
    for field in set(UNTOLD) & set(body.__struct_fields__):
        assert digest(msgspec.structs.replace(body, **{field: "Another"})) == digest(body), field
        assert digest(msgspec.structs.replace(body, **{field: None})) != digest(body), field


def test_digest_of_a_change_tells_everything_else():
    keyholder, phrases, _ = BODIES
    assert digest(msgspec.structs.replace(keyholder, name="Bert")) != digest(keyholder)
    assert digest(msgspec.structs.replace(phrases, version=4)) != digest(phrases) != digest(phrases, "other")
    assert digest(3) != digest(4)
    assert once(Vault(), None, "act", phrases) is None
