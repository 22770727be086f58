"""Whatever happened after a backup: whom the centre that was there refuses does not come in by a restore over it."""

import itertools
import shutil

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from support.centres import make_folder
from support.fakes import ManualClock
from support.people import OTHER_PASSWORD, PASSWORD, Phone
from support.restoring import Living
from tocsin.model.errors import TocsinError
from tocsin.settings import load

CLI = "cli"
ADDRESS = "192.0.2.7"
PIN = "481516"
ACTS = ("other", "own", "totp", "no_totp", "codes", "use_code", "use_step", "pin", "no_pin", "fewer", "more", "remove",
        "link", "token", "revoke", "sign_in")  # fmt: skip
NAMES = ("Ana Horvat", "Bo Berg", "Cem Kaya")


class Story:
    """What three people do, and every secret that there ever was."""

    def __init__(self, room):
        self.room = room
        self.users = {}
        self.phones = {name: [] for name in NAMES}
        self.codes = {name: [] for name in NAMES}
        self.links, self.tokens, self.steps = [], [], []
        person = room.access.set_user("Dea Lind", ["administrator"], CLI)
        room.access.set_password(person, PASSWORD, CLI)
        for name in NAMES:
            self.users[name] = room.access.set_user(name, ["operator", "supervisor"], CLI)
            room.access.set_password(self.users[name], PASSWORD, CLI)
        self.do("totp", "Bo Berg")
        self.do("totp", "Cem Kaya")
        for act in ("pin", "link", "token", "token"):
            self.do(act, "Ana Horvat")

    def do(self, act, name):
        """Do it where it can be done."""
        try:
            self._do(act, name, self.users[name], self.room.access)
        except (TocsinError, IndexError):
            return
        finally:
            self.room.clock.advance(31)

    def _do(self, act, name, user, access):
        match act:
            case "other" | "own":
                access.set_password(user, OTHER_PASSWORD if act == "other" else PASSWORD, CLI)
            case "totp":
                phone = Phone(access.begin_totp(user).secret, self.room.clock)
                self.codes[name] += access.confirm_totp(user, phone.code())
                self.phones[name].append(phone)
            case "no_totp":
                access.remove_totp(user, CLI)
            case "codes":
                self.codes[name] += access.make_recovery_codes(user)
            case "use_code":
                access.sign_in_with_password(name, PASSWORD, self.codes[name][0], ADDRESS)
            case "use_step":
                code = self.phones[name][-1].code()
                self.steps.append((name, code))
                access.sign_in_with_password(name, PASSWORD, code, ADDRESS)
            case "pin" | "no_pin":
                access.set_pin(user, PIN) if act == "pin" else access.remove_pin(user, CLI)
            case "fewer" | "more":
                access.set_roles(user, ["operator"] if act == "fewer" else ["operator", "supervisor", "auditor"], CLI)
            case "remove":
                access.remove_user(user, CLI)
            case "link":
                self.links.append(access.create_link(user, CLI).secret)
            case "token":
                self.tokens.append(access.create_token(["read"], 30, CLI))
            case "revoke":
                access.revoke_token(self.tokens[0].id, CLI)
                self.tokens.append(self.tokens.pop(0))
            case _:
                access.sign_in_with_password(name, PASSWORD, None, ADDRESS)

    def ways_in(self):
        """Every way that ever led in: who comes, and what is given."""
        passwords = (PASSWORD, OTHER_PASSWORD)
        yield "Dea Lind", PASSWORD, None
        for name, password in itertools.product(NAMES, passwords):
            yield name, password, None
            for phone in self.phones[name]:
                yield name, password, phone
            for code in self.codes[name][:1] + self.codes[name][-1:]:
                yield name, password, code

    def entered(self, room):
        """Those of the ways by which somebody comes in, with what they may then."""
        found = {}
        for name, password, given_code in self.ways_in():
            room.clock.advance(3600)  # what was wrong before makes nobody wait
            code = given_code.code() if isinstance(given_code, Phone) else given_code
            way = (name, password, id(given_code) if isinstance(given_code, Phone) else given_code)
            try:
                _, live = room.access.sign_in_with_password(name, password, code, ADDRESS)
            except TocsinError:
                continue
            found[way] = frozenset(live.roles)
            room.access.sign_out(live.id, live.user)
        return found

    def standing(self, room):
        """Links, tokens and PINs that open something."""
        found = {}
        for link in self.links:
            if room.access.link(link).state == "alive":
                found["link", link] = frozenset()
        for token in self.tokens:
            if (live := room.access.token(token.secret)) is not None:
                found["token", token.id] = frozenset(live.scopes)
        for name, user in self.users.items():
            if room.access.credentials_of(user).pin is not None:
                found["pin", name] = frozenset()
        return found


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.tuples(st.sampled_from(ACTS), st.sampled_from(NAMES)), max_size=7))
def test_nobody_comes_in_whom_the_centre_that_was_there_refuses(tmp_path_factory, acts):
    place = tmp_path_factory.mktemp("story")
    living = Living(make_folder(place / "centre", clock=ManualClock()))
    story = Story(living)
    living.back_up()
    for act, name in acts:
        story.do(act, name)
    _, room = living.over()
    shutil.copytree(living.folder / "replaced-1", place / "was")
    shutil.copy(living.folder / "master.key", place / "was" / "master.key")
    was = Living(load(place / "was", {}), clock=living.clock)
    try:
        before, now = story.standing(was), story.standing(room)
        before |= story.entered(was)
        now |= story.entered(room)
        assert now.keys() <= before.keys(), acts
        assert all(now[way] <= before[way] for way in now), acts
        for name, user in story.users.items():
            assert set(room.access.roles_of(user)) <= set(was.access.roles_of(user)), (name, acts)
        assert ("Dea Lind", PASSWORD, None) in now, "who had nothing ended is as before"
    finally:
        was.close_folder()
        room.close_folder()
