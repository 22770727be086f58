"""Who is known here: users, and what stands for them: passwords, codes, sessions, tokens, links, phones, grants.

What requests ask is held in memory, so that asking costs no I/O; every change is a fact in the journal, committed with
the row that it makes before anybody is let in. Secrets of sessions, tokens, links and recovery codes are known by their
hash alone; passwords, PINs and the secrets of authenticators lie in the vault.
Source: INTEGRATIONS.md, section 11.
"""

from collections.abc import Callable

from tocsin.access.approvals import ApprovalBook
from tocsin.access.attempts import Attempts
from tocsin.access.base import Base, Record, Secrets, journal_time_since
from tocsin.access.credentials import CREDENTIAL_PREFIX, Credentials
from tocsin.access.desks import Desks
from tocsin.access.devices import Devices
from tocsin.access.entrance import Entrance
from tocsin.access.entries import KEPT_S, Entries, LiveSession, LiveToken
from tocsin.access.grants import Grants
from tocsin.access.links import Links, LinkState
from tocsin.access.own_credentials import OwnCredentials
from tocsin.access.passwords import Passwords
from tocsin.access.people import People
from tocsin.access.phones import Phones
from tocsin.access.secrets import tag_of
from tocsin.access.sessions import Sessions
from tocsin.access.sign_in import SignIn
from tocsin.access.tokens import Tokens
from tocsin.access.user_changes import UserChanges
from tocsin.access.users import NAME_PREFIX, USERS_MAX
from tocsin.model.ports import Clock, Ids, Store
from tocsin.model.values import Actor, Ref

__all__ = [
    "KEPT_S",
    "Access",
    "LinkState",
    "LiveSession",
    "LiveToken",
    "Record",
    "Secrets",
    "tag_of",
]


class Access:
    """Asked by every request, without I/O; changed by sign-ins and commands, from any thread but the event loop's.

    It has no rules of its own: each name that others call stands here once, beside the part that answers to it.
    """

    def __init__(
        self,
        *,
        store: Store,
        secrets: Secrets,
        clock: Clock,
        ids: Ids,
        record: Record,
        session_s: int,
        centre_tag: str,
        centre_name: str = "Tocsin",
        users_max: int = USERS_MAX,
        passwords: Passwords | None = None,
    ) -> None:
        """Read what there is.

        `session_s` is how long a session lasts at most. `centre_tag` tells this centre's cookie from that of another
        one on the same machine: letters and digits. `centre_name` is what authenticators show, and no password.
        """
        self.centre_tag = centre_tag
        self._base = base = Base(store, secrets, clock, ids, record)
        passwords = passwords or Passwords()
        self._entries = entries = Entries(clock, store.access_rows(), journal_time_since(store, clock))
        self._people = people = People(base)
        self._credentials = credentials = Credentials(base)
        self._grants = grants = Grants(base)
        devices = Devices(base)

        self.attempts = attempts = Attempts(clock, ids)
        self.approvals = ApprovalBook(base, people.roles_of)

        self.authenticator_taken = self.approvals.hands.authenticator_taken

        self.roles_of = people.roles_of
        self.person = people.person
        self.people = people.everybody
        self.find = people.find

        sessions = Sessions(base, entries, people, credentials, devices, session_s)
        self.session = sessions.session
        self.sessions = sessions.sessions
        self.present = sessions.present
        self.is_open = sessions.is_open
        self.is_fresh = sessions.is_fresh
        self.refuse_link_alone = sessions.refuse_link_alone
        self.refuse_unconfirmed = sessions.refuse_unconfirmed
        self.is_confirmed = sessions.is_confirmed
        self.sign_out = sessions.sign_out
        self.end_session = sessions.end_session
        self.end_all = sessions.end_all

        links = Links(base, entries, people, credentials, attempts)
        self.link = links.link
        self.refuse_link = links.refuse_link
        self.create_link = links.create_link

        tokens = Tokens(base, entries)
        self.token = tokens.token
        self.tokens = tokens.tokens
        self.create_token = tokens.create_token
        self.revoke_token = tokens.revoke_token

        sign_in = SignIn(base, entries, credentials, passwords, attempts, people.find, people.person)
        entrance = Entrance(base, entries, people, sessions, links, sign_in, attempts)
        self.sign_in = entrance.by_link
        self.refuse_where_full = sign_in.refuse_where_full
        self.sign_in_with_password = entrance.by_password
        self.sign_in_with_code = entrance.by_code
        self.check_person = entrance.check_person
        self.confirm = entrance.confirm

        own = OwnCredentials(base, entries, people, sessions, credentials, passwords, sign_in, centre_name)
        self.set_password = own.set_password
        self.needs_old = own.needs_old
        self.begin_totp = own.begin_totp
        self.confirm_totp = own.confirm_totp
        self.remove_totp = own.remove_totp
        self.make_recovery_codes = own.make_recovery_codes
        self.set_pin = own.set_pin
        self.remove_pin = own.remove_pin
        self.credentials_of = own.state_of

        desks = Desks(base, people, sessions, credentials, passwords, attempts)
        self.lock = desks.lock
        self.unlock = desks.unlock

        phones = Phones(base, people, sessions, devices)
        self.bind_device = phones.bind_device
        self.challenge = phones.challenge
        self.prove = phones.prove

        users = UserChanges(base, entries, people, sessions, credentials, grants, own.forget, users_max)
        self.set_user = users.set_user
        self.set_roles = users.set_roles
        self.rename_user = users.rename_user
        self.remove_user = users.remove_user
        self.grant = users.grant
        self.revoke_grant = users.revoke_grant

        self._destroy_left_over()

    def knows(self, secret: str) -> bool:
        """Whether this is or was a secret of ours; what is not may be a guess."""
        return self._entries.of_secret(secret) is not None

    def granted(self, user: Actor) -> frozenset[Ref]:
        """Sites that somebody is contact of, and accounts that somebody is installer of, by the roles of now."""
        return self._grants.of(user, self.roles_of(user))

    def watch(self, on_change: Callable[[], None]) -> None:
        """Let `on_change` be called after each change of rights, in the thread of whoever made it."""
        self._base.watchers.append(on_change)

    def write_uses(self) -> None:
        """Write when sessions and tokens were last used. Call about once a minute, not from the event loop."""
        with self._base.changing:
            made = self._entries.take_uses()
            if made:
                self._base.record([], lambda transaction, _seqs: transaction.put_access(made))
                self._entries.keep(made)

    def _destroy_left_over(self) -> None:
        """Destroy names and secrets that nothing names: a power cut came between a fact and the end of what it ended.

        Whether the database is older than the keys was settled before (`centre.opening`): then nothing is opened.
        """
        named: set[str] = {user.row.name for user in self._people.users.values() if not user.row.removed}
        named |= self._credentials.references()
        for prefix in (NAME_PREFIX, CREDENTIAL_PREFIX):
            left_over = [name for name in self._base.secrets.secret_names(prefix) if name not in named]
            if left_over:
                self._base.secrets.secrets_delete(left_over)
