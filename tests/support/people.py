"""A held centre and its access, opened again at will, as after a restart; people with passwords and authenticators."""

import msgspec
import pyotp
import pytest

from support.centres import HeldCentre
from support.fakes import ManualClock
from tocsin.access.access import Access
from tocsin.access.passwords import Cost, Passwords
from tocsin.model.errors import TocsinError
from tocsin.model.values import Actor
from tocsin.system import SystemIds

CLI = Actor("cli")
DESK = "192.0.2.7"
STRANGER = "198.51.100.1"
PASSWORD = "Wanderschuh Laterne Kompass 7"
OTHER_PASSWORD = "Regenschirm Pflaume Turbine 9"
CHEAP = Cost(1, 8, 1)
"""The same algorithm, without its cost: what is tested is not how long a guess takes."""


class People:
    """A centre whose clock only moves when told."""

    def __init__(self, settings, **options):
        self.settings = settings
        self.clock = ManualClock()
        self.options = {"passwords": Passwords(CHEAP), "centre_name": settings.centre.name} | options
        self.open()

    def open(self):
        self.held = HeldCentre(self.settings, clock=self.clock)
        self.access = self.make_access()

    def make_access(self, **options):
        """Access to the held centre, as at a start."""
        given = {
            "store": self.held.store,
            "secrets": self.held.vault,
            "clock": self.clock,
            "ids": SystemIds(),
            "record": self.held.journal.record,
            "session_s": 12 * 3600,
            "centre_tag": "test0000",
        }
        return Access(**(given | self.options | options))

    def restart(self):
        self.held.close()
        self.open()

    def close(self):
        self.held.close()

    def facts(self, *kinds):
        """Kind, ref, actor and body of the facts whose kinds begin so, in order."""
        entries = [msgspec.json.decode(stored.row.entry) for stored in self.held.store.entries(0, 5000)]
        return [(e["kind"], e["ref"], e["actor"], e["body"]) for e in entries if e["kind"].startswith(kinds)]

    def user(self, name="Ana Horvat", *roles, password=PASSWORD):
        """A user with a password; None for none."""
        id_ = self.access.set_user(name, roles or ("operator",), CLI)
        if password is not None:
            self.access.set_password(id_, password, CLI)
        return id_

    def by_link(self, user):
        """Secret and session of somebody who came by a link."""
        return self.access.sign_in(self.access.create_link(user, CLI).secret)

    def by_password(self, name="Ana Horvat", code=None, *, password=PASSWORD, address=DESK):
        """Secret and session of somebody who came by a password."""
        return self.access.sign_in_with_password(name, password, code, address)

    def authenticator(self, user):
        """Give somebody an authenticator; return it, and the recovery codes. Its first code is used up."""
        offer = self.access.begin_totp(user)
        phone = Phone(offer.secret, self.clock)
        return phone, self.access.confirm_totp(user, phone.code())


class Phone:
    """An authenticator whose clock is that of the centre, but for `off_s`."""

    def __init__(self, secret, clock):
        self._totp = pyotp.TOTP(secret)
        self._clock = clock

    def code(self, off_s=0):
        return self._totp.at(self._clock.wall_us // 1_000_000 + off_s)


def refused(expected, act, /, *arguments, **options):
    """The refusal of an act, by its code."""
    with pytest.raises(TocsinError) as refusal:
        act(*arguments, **options)
    assert refusal.value.code == expected, refusal.value
    return refusal.value
