"""Tables. The journal is the truth; every other table is a projection of it, or a bounded list beside it."""

from typing import Final

import sqlalchemy as sa

from tocsin.model.watch_log import LOGGED

METADATA: Final = sa.MetaData()

REVISION: Final = "0007"
"""The newest migration."""

JOURNAL: Final = sa.Table(
    "journal",
    METADATA,
    sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("at", sa.BigInteger, nullable=False),
    sa.Column("kind", sa.String, nullable=False),
    sa.Column("stream", sa.String),
    sa.Column("number", sa.BigInteger),
    sa.Column("entry", sa.LargeBinary, nullable=False),
    sa.Column("hash", sa.LargeBinary, nullable=False),
    sa.Column("key", sa.BigInteger),
    sa.Column("sealed", sa.LargeBinary),
)
"""`entry` is the canonical JSON that was hashed. `key` and `sealed` are the signal's personal part, in its own row."""

sa.Index("journal_stream", JOURNAL.c.stream, JOURNAL.c.number, unique=True, sqlite_where=JOURNAL.c.stream.isnot(None))

IS_LOGGED: Final = sa.text("kind IN ({})".format(", ".join(f"'{kind}'" for kind in LOGGED)))
"""What stands in the watch log. It is rare among signals, and must be found without looking through them."""

sa.Index("journal_logged", JOURNAL.c.seq, sqlite_where=IS_LOGGED)

DUPLICATES: Final = sa.Table(
    "duplicates",
    METADATA,
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("count", sa.BigInteger, nullable=False),
)
"""How often a signal was repeated. No hash and no rule uses it; a kill may undercount, never overcount."""

ACCOUNTS: Final = sa.Table(
    "accounts",
    METADATA,
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("seq", sa.BigInteger, nullable=False),
    sa.Column("row", sa.LargeBinary, nullable=False),
    sa.Column("number", sa.String),
    sa.Column("made", sa.BigInteger),
    sa.Column("site_id", sa.String),
)
"""Projection of `account.set`: the row as canonical JSON. Of it, to find accounts by: the number in upper case, the seq
that made the account, and its site. An account that was removed has no row."""

sa.Index("accounts_number", ACCOUNTS.c.number, ACCOUNTS.c.made)
sa.Index("accounts_site", ACCOUNTS.c.site_id, ACCOUNTS.c.number, ACCOUNTS.c.made)

UNKNOWN: Final = sa.Table(
    "unknown_accounts",
    METADATA,
    sa.Column("account", sa.String, primary_key=True),
    sa.Column("receiver", sa.String, primary_key=True),
    sa.Column("line", sa.String, primary_key=True),
    sa.Column("first_at", sa.BigInteger, nullable=False),
    sa.Column("last_at", sa.BigInteger, nullable=False),
    sa.Column("signals", sa.BigInteger, nullable=False),
    sa.Column("polls", sa.BigInteger, nullable=False),
    sa.Column("unreadable", sa.BigInteger, nullable=False),
    sa.Column("transport", sa.String, nullable=False),
)
"""Receiver and line are "-" where the frame had none, since a primary key has no NULL."""

REJECTED: Final = sa.Table(
    "rejected_frames",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("at", sa.BigInteger, nullable=False),
    sa.Column("outcome", sa.String, nullable=False),
    sa.Column("reason", sa.String, nullable=False),
    sa.Column("transport", sa.String, nullable=False),
    sa.Column("account", sa.String),
    sa.Column("token", sa.String),
    sa.Column("key", sa.BigInteger),
    sa.Column("sealed", sa.LargeBinary),
    sqlite_autoincrement=True,
)

META: Final = sa.Table(
    "meta",
    METADATA,
    sa.Column("name", sa.String, primary_key=True),
    sa.Column("value", sa.String, nullable=False),
)

INCIDENTS: Final = sa.Table(
    "incidents",
    METADATA,
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("number", sa.BigInteger, nullable=False),
    sa.Column("version", sa.BigInteger, nullable=False),
    sa.Column("state", sa.String, nullable=False),
    sa.Column("row", sa.LargeBinary, nullable=False),
)
"""Projection of the facts about incidents: `model.incidents.Incident` as canonical JSON."""

sa.Index("incidents_state", INCIDENTS.c.state, INCIDENTS.c.version)

INCIDENT_FACTS: Final = sa.Table(
    "incident_facts",
    METADATA,
    sa.Column("incident", sa.String, primary_key=True),
    sa.Column("seq", sa.BigInteger, primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
)
"""Which entries of the journal make an incident's time line."""

SIGNALS: Final = sa.Table(
    "signals",
    METADATA,
    sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("at", sa.BigInteger, nullable=False),
    sa.Column("account", sa.String, nullable=False),
    sa.Column("account_id", sa.String),
    sa.Column("code", sa.String),
    sa.Column("format", sa.String),
    sa.Column("zone", sa.String),
    sa.Column("outcome", sa.String, nullable=False),
    sa.Column("reason", sa.String, nullable=False),
    sa.Column("incident", sa.String),
)
"""Where each signal ended: one row a signal that the projector has passed."""

sa.Index("signals_incident", SIGNALS.c.incident, SIGNALS.c.seq, sqlite_where=SIGNALS.c.incident.isnot(None))
sa.Index("signals_account", SIGNALS.c.account_id, SIGNALS.c.seq, sqlite_where=SIGNALS.c.account_id.isnot(None))

COMMANDS: Final = sa.Table(
    "commands",
    METADATA,
    sa.Column("actor", sa.String, primary_key=True),
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("at", sa.BigInteger, nullable=False),
    sa.Column("digest", sa.LargeBinary, nullable=False),
    sa.Column("answer", sa.LargeBinary, nullable=False),
)
"""What was answered to a command, for 30 days: the same command again gets the same answer."""

SITES: Final = sa.Table(
    "sites",
    METADATA,
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("seq", sa.BigInteger, nullable=False),
    sa.Column("row", sa.LargeBinary, nullable=False),
)
"""Projection of `site.set`."""

ZONES: Final = sa.Table(
    "zones",
    METADATA,
    sa.Column("account_id", sa.String, primary_key=True),
    sa.Column("number", sa.String, primary_key=True),
    sa.Column("seq", sa.BigInteger, nullable=False),
    sa.Column("row", sa.LargeBinary, nullable=False),
)
"""Projection of `zone.set`."""

REFUSALS: Final = sa.Table(
    "refusals",
    METADATA,
    sa.Column("account", sa.String, primary_key=True),
    sa.Column("receiver", sa.String, primary_key=True),
    sa.Column("line", sa.String, primary_key=True),
    sa.Column("seq", sa.BigInteger, nullable=False),
    sa.Column("row", sa.LargeBinary, nullable=False),
)
"""Projection of `number.refused`; number in upper case, receiver and line as in `unknown_accounts`."""

USERS: Final = sa.Table(
    "users",
    METADATA,
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("seq", sa.BigInteger, nullable=False),
    sa.Column("row", sa.LargeBinary, nullable=False),
)
"""Projection of `user.set`."""

ACCESS: Final = sa.Table(
    "access",
    METADATA,
    sa.Column("hash", sa.LargeBinary, primary_key=True),
    sa.Column("kind", sa.String, nullable=False),
    sa.Column("id", sa.String, nullable=False),
    sa.Column("user", sa.String),
    sa.Column("scopes", sa.String),
    sa.Column("created_at", sa.BigInteger, nullable=False),
    sa.Column("expires_at", sa.BigInteger, nullable=False),
    sa.Column("used_at", sa.BigInteger),
    sa.Column("ended_at", sa.BigInteger),
    sa.Column("how", sa.String),
    sa.Column("locked_at", sa.BigInteger),
    sa.Column("device", sa.String),
)
"""Sessions, tokens, one-time links and recovery codes, each by SHA-256 of its secret; the facts of them stand in the
journal."""

CREDENTIALS: Final = sa.Table(
    "credentials",
    METADATA,
    sa.Column("user", sa.String, primary_key=True),
    sa.Column("kind", sa.String, primary_key=True),
    sa.Column("seq", sa.BigInteger, nullable=False),
    sa.Column("row", sa.LargeBinary, nullable=False),
)
"""Projection of `credential.set` and `credential.removed`. The secrets lie in the vault."""

TOTP_STEPS: Final = sa.Table(
    "totp_steps",
    METADATA,
    sa.Column("user", sa.String, primary_key=True),
    sa.Column("step", sa.BigInteger, nullable=False),
)
"""The last 30 seconds of which a user's authenticator gave a code that was used: none opens twice. No projection."""

GRANTS: Final = sa.Table(
    "grants",
    METADATA,
    sa.Column("user", sa.String, primary_key=True),
    sa.Column("target", sa.String, primary_key=True),
    sa.Column("seq", sa.BigInteger, nullable=False),
    sa.Column("row", sa.LargeBinary, nullable=False),
)
"""Projection of `grant.set`. A grant that was taken back has no row."""

APPROVALS: Final = sa.Table(
    "approvals",
    METADATA,
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("seq", sa.BigInteger, nullable=False),
    sa.Column("row", sa.LargeBinary, nullable=False),
)
"""Projection of `approval.asked`, `approval.answered` and `approval.used`: `model.access.Approval` as canonical JSON.
`seq` is the fact that made it."""

HOLDER_KEYS: Final = sa.Table(
    "holder_keys",
    METADATA,
    sa.Column("key", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("holder", sa.String, nullable=False),
    sa.Column("at", sa.BigInteger, nullable=False),
)
"""Which keys of `keys.db` belong to whom: one, or two where two threads were the first at once. No projection: part of
the vault, dropped with its holder's erasure."""

sa.Index("holder_keys_holder", HOLDER_KEYS.c.holder)

VAULT_VALUES: Final = sa.Table(
    "vault_values",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("ref", sa.String, nullable=False),
    sa.Column("holder", sa.String, nullable=False),
    sa.Column("field", sa.String, nullable=False),
    sa.Column("key", sa.BigInteger, nullable=False),
    sa.Column("sealed", sa.LargeBinary, nullable=False),
    sa.Column("at", sa.BigInteger, nullable=False),
)
"""Sealed values under their holders' keys; no projection. `ref` has no index of its own: it is random, so each insert
would touch another page, and a value is always looked for by its holder."""

sa.Index("vault_values_holder", VAULT_VALUES.c.holder, VAULT_VALUES.c.field)

TIMERS: Final = sa.Table(
    "timers",
    METADATA,
    sa.Column("kind", sa.String, primary_key=True),
    sa.Column("ref", sa.String, primary_key=True),
    sa.Column("due_at", sa.BigInteger, nullable=False),
    sqlite_with_rowid=False,
)
"""What falls due, one a kind and object: projection of `timer.set`."""

sa.Index("timers_due", TIMERS.c.due_at)

HOLDS: Final = sa.Table(
    "holds",
    METADATA,
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("incident", sa.String, nullable=False),
    sa.Column("until", sa.BigInteger, nullable=False),
    sa.Column("row", sa.LargeBinary, nullable=False),
)
"""Legal holds, lifted ones too: projection of `hold.set` and `hold.lifted`."""

sa.Index("holds_incident", HOLDS.c.incident)

ERASURES: Final = sa.Table(
    "erasures",
    METADATA,
    sa.Column("incident", sa.String, primary_key=True),
    sa.Column("seq", sa.BigInteger, nullable=False),
    sa.Column("row", sa.LargeBinary, nullable=False),
)
"""The last erasure of each incident's data: projection of `incident.erased`."""

KEYHOLDERS: Final = sa.Table(
    "keyholders",
    METADATA,
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("seq", sa.BigInteger, nullable=False),
    sa.Column("site_id", sa.String, nullable=False),
    sa.Column("row", sa.LargeBinary, nullable=False),
)
"""Projection of `keyholder.set`: those that were removed stay until `keyholder.erased`."""

sa.Index("keyholders_site", KEYHOLDERS.c.site_id)

SITE_PHRASES: Final = sa.Table(
    "site_phrases",
    METADATA,
    sa.Column("site_id", sa.String, primary_key=True),
    sa.Column("seq", sa.BigInteger, nullable=False),
    sa.Column("row", sa.LargeBinary, nullable=False),
)
"""Projection of `site.phrases_set`."""

SITE_WISHES: Final = sa.Table(
    "site_wishes",
    METADATA,
    sa.Column("site_id", sa.String, primary_key=True),
    sa.Column("seq", sa.BigInteger, nullable=False),
    sa.Column("row", sa.LargeBinary, nullable=False),
)
"""Projection of `site.wishes_set`."""

PLACE_WARNINGS: Final = sa.Table(
    "place_warnings",
    METADATA,
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("seq", sa.BigInteger, nullable=False),
    sa.Column("site_id", sa.String, nullable=False),
    sa.Column("row", sa.LargeBinary, nullable=False),
)
"""Projection of `place.warned` and `place.warning_ended`: those that stand."""

sa.Index("place_warnings_site", PLACE_WARNINGS.c.site_id)

CONTACTS: Final = sa.Table(
    "contacts",
    METADATA,
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("seq", sa.BigInteger, nullable=False),
    sa.Column("user", sa.String, nullable=False),
    sa.Column("row", sa.LargeBinary, nullable=False),
)
"""Projection of `contact.set`: ways to reach who works here. One that was removed has no row."""

sa.Index("contacts_user", CONTACTS.c.user)

REACH: Final = sa.Table(
    "reach",
    METADATA,
    sa.Column("user", sa.String, primary_key=True),
    sa.Column("seq", sa.BigInteger, nullable=False),
    sa.Column("row", sa.LargeBinary, nullable=False),
)
"""Projection of `reach.set`: when somebody may be notified."""

NOTICES: Final = sa.Table(
    "notices",
    METADATA,
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("seq", sa.BigInteger, nullable=False),
    sa.Column("cause", sa.BigInteger),
    sa.Column("incident", sa.String),
    sa.Column("recipient", sa.String, nullable=False),
    sa.Column("state", sa.String, nullable=False),
    sa.Column("row", sa.LargeBinary, nullable=False),
)
"""Projection of `notice.queued` and `notice.moved`: `model.notices.Notice` as canonical JSON."""

sa.Index("notices_seq", NOTICES.c.seq)
sa.Index("notices_cause", NOTICES.c.cause)
sa.Index("notices_incident", NOTICES.c.incident, NOTICES.c.seq, sqlite_where=NOTICES.c.incident.isnot(None))
sa.Index("notices_recipient", NOTICES.c.recipient, NOTICES.c.seq)
sa.Index("notices_state", NOTICES.c.state, NOTICES.c.seq)

OUTBOX: Final = sa.Table(
    "outbox",
    METADATA,
    sa.Column("notice", sa.String, primary_key=True),
    sa.Column("due_at", sa.BigInteger, nullable=False),
    sa.Column("leased_at", sa.BigInteger),
    sqlite_with_rowid=False,
)
"""What notices want, and when: written with their facts. `leased_at` is no fact: since when this process is at it."""

sa.Index("outbox_due", OUTBOX.c.due_at)

OUTAGES: Final = sa.Table(
    "outages",
    METADATA,
    sa.Column("account", sa.String, primary_key=True),
    sa.Column("path", sa.String, primary_key=True),
    sa.Column("incident", sa.String),
    sa.Column("row", sa.LargeBinary, nullable=False),
)
"""Paths that are missing: projection of `supervision.missing` and `supervision.returned`."""

sa.Index("outages_incident", OUTAGES.c.incident)

ARMED: Final = sa.Table(
    "armed",
    METADATA,
    sa.Column("account", sa.String, primary_key=True),
    sa.Column("partition", sa.String, primary_key=True),
    sa.Column("seq", sa.BigInteger, nullable=False),
)
"""What is armed, as far as panels said so: projection of signals of opening and closing."""

SITE_TESTS: Final = sa.Table(
    "site_tests",
    METADATA,
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("seq", sa.BigInteger, nullable=False),
    sa.Column("ended_at", sa.BigInteger),
    sa.Column("row", sa.LargeBinary, nullable=False),
)
"""Places on test, and those that were: projection of `test.begun`, `test.extended` and `test.ended`."""

sa.Index("site_tests_open", SITE_TESTS.c.seq, sqlite_where=SITE_TESTS.c.ended_at.is_(None))
sa.Index("site_tests_ended", SITE_TESTS.c.ended_at)

ZONES_OUT: Final = sa.Table(
    "zones_out",
    METADATA,
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("seq", sa.BigInteger, nullable=False),
    sa.Column("ended_at", sa.BigInteger),
    sa.Column("row", sa.LargeBinary, nullable=False),
)
"""Zones out of service, and those that were: projection of the three kinds `zones. ...`."""

sa.Index("zones_out_open", ZONES_OUT.c.seq, sqlite_where=ZONES_OUT.c.ended_at.is_(None))
sa.Index("zones_out_ended", ZONES_OUT.c.ended_at)

SITE_TEST_CODES: Final = sa.Table(
    "site_test_codes",
    METADATA,
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("seq", sa.BigInteger, nullable=False),
    sa.Column("code", sa.String, nullable=False),
    sa.Column("until", sa.BigInteger, nullable=False),
    sa.Column("row", sa.LargeBinary, nullable=False),
)
"""One-day codes of installers: projection of `test.code_given` and `test.code_ended`. `code` is a keyed hash."""

sa.Index("site_test_codes_code", SITE_TEST_CODES.c.code, unique=True)
sa.Index("site_test_codes_until", SITE_TEST_CODES.c.until)

CHAINS: Final = sa.Table(
    "chains",
    METADATA,
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("seq", sa.BigInteger, nullable=False),
    sa.Column("row", sa.LargeBinary, nullable=False),
)
"""Chains of the centre's own: projection of `chain.set`."""

SOURCES: Final = sa.Table(
    "sources",
    METADATA,
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("seq", sa.BigInteger, nullable=False),
    sa.Column("row", sa.LargeBinary, nullable=False),
)
"""Machines and programs that send otherwise than panels: projection of `source.set`."""

GIVEN_IDS: Final = sa.Table(
    "given_ids",
    METADATA,
    sa.Column("digest", sa.LargeBinary, primary_key=True),
    sa.Column("hash", sa.LargeBinary, nullable=False),
    sa.Column("id", sa.String, nullable=False),
    sa.Column("seq", sa.BigInteger, nullable=False),
    sqlite_with_rowid=False,
)
"""Ids that senders gave their signals, for ever: keyed hashes of the id and of what was said under it."""

ACTION_PLANS: Final = sa.Table(
    "action_plans",
    METADATA,
    sa.Column("seq", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("id", sa.String, nullable=False),
    sa.Column("hash", sa.String, nullable=False),
    sa.Column("row", sa.LargeBinary, nullable=False),
)
"""Every version of every action plan, those too that were replaced or removed: projection of `action_plan.set`."""

sa.Index("action_plans_id", ACTION_PLANS.c.id, ACTION_PLANS.c.seq)
sa.Index("action_plans_hash", ACTION_PLANS.c.hash)

ACTION_PLAN_SWITCHES: Final = sa.Table(
    "action_plan_switches",
    METADATA,
    sa.Column("type", sa.String, primary_key=True),
    sa.Column("row", sa.LargeBinary, nullable=False),
)
"""Which types a plan may handle without an operator: projection of `action_plan.switched`."""

STAFF_GROUPS: Final = sa.Table(
    "staff_groups",
    METADATA,
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("seq", sa.BigInteger, nullable=False),
    sa.Column("row", sa.LargeBinary, nullable=False),
)
"""People who are told together: projection of `group.set`."""

SCHEDULES: Final = sa.Table(
    "schedules",
    METADATA,
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("seq", sa.BigInteger, nullable=False),
    sa.Column("account", sa.String, nullable=False),
    sa.Column("row", sa.LargeBinary, nullable=False),
)
"""When accounts open, close and test: projection of `schedule.set`. One that was removed has no row."""

sa.Index("schedules_account", SCHEDULES.c.account)

FLOOR_PLANS: Final = sa.Table(
    "floor_plans",
    METADATA,
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("seq", sa.BigInteger, nullable=False),
    sa.Column("site", sa.String, nullable=False),
    sa.Column("row", sa.LargeBinary, nullable=False),
)
"""Floor plans: projection of `plan.set`. Their pictures are sealed values. One that was removed has no row."""

sa.Index("floor_plans_site", FLOOR_PLANS.c.site)

DESKS: Final = sa.Table(
    "desks",
    METADATA,
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("row", sa.LargeBinary, nullable=False),
)
"""Desks: projection of `desk.set`, `desk.unattended` and `desk.attended`."""

SHIFTS: Final = sa.Table(
    "shifts",
    METADATA,
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("seq", sa.BigInteger, nullable=False),
    sa.Column("ended_at", sa.BigInteger),
    sa.Column("row", sa.LargeBinary, nullable=False),
)
"""Shifts, going on and over: projection of `shift.begun`, `.offered`, `.offer_ended` and `.ended`."""

sa.Index("shifts_open", SHIFTS.c.seq, sqlite_where=SHIFTS.c.ended_at.is_(None))
sa.Index("shifts_ended", SHIFTS.c.ended_at)

ROSTERS: Final = sa.Table(
    "rosters",
    METADATA,
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("row", sa.LargeBinary, nullable=False),
)
"""Rosters: projection of `roster.set`."""

KEY_LINKS: Final = sa.Table(
    "key_links",
    METADATA,
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("seq", sa.BigInteger, nullable=False),
    sa.Column("account", sa.String, nullable=False),
    sa.Column("secret", sa.String, nullable=False),
    sa.Column("until", sa.BigInteger, nullable=False),
    sa.Column("row", sa.LargeBinary, nullable=False),
)
"""One-time links to keys: projection of `key_link.given`, `.opened` and `.ended`. `secret` is a keyed hash."""

sa.Index("key_links_account", KEY_LINKS.c.account, KEY_LINKS.c.seq)
sa.Index("key_links_secret", KEY_LINKS.c.secret, unique=True)
sa.Index("key_links_until", KEY_LINKS.c.until)

CALL_FORMS: Final = sa.Table(
    "call_forms",
    METADATA,
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("begun", sa.BigInteger, nullable=False),
    sa.Column("row", sa.LargeBinary, nullable=False),
)
"""Calls that are being taken, or whose draft is not yet erased: projection of `call.*`. `begun`: seq of the first."""

CHECK_INS: Final = sa.Table(
    "check_ins",
    METADATA,
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("begun", sa.BigInteger, nullable=False),
    sa.Column("row", sa.LargeBinary, nullable=False),
)
"""Check-ins of lone workers that go on, or were just missed: projection of `check_in.*`."""
RINGS: Final = sa.Table(
    "rings",
    METADATA,
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("key", sa.String, nullable=False),
    sa.Column("begun", sa.BigInteger, nullable=False),
    sa.Column("row", sa.LargeBinary, nullable=False),
)
"""Calls that a telephone system tells of, until their number is erased: projection of `ring.*`. `key`: a keyed hash of
what it calls them."""

sa.Index("rings_key", RINGS.c.key)

LINES: Final = sa.Table(
    "lines",
    METADATA,
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("made", sa.BigInteger, nullable=False),
    sa.Column("row", sa.LargeBinary, nullable=False),
)
"""Telephone lines: projection of `line.set`."""

PLACE_FACTS: Final = sa.Table(
    "place_facts",
    METADATA,
    sa.Column("place", sa.String, primary_key=True),
    sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("thing", sa.String, nullable=False),
    sqlite_with_rowid=False,
)
"""Which entries are about which site and account (`store.place_index`)."""

sa.Index("place_facts_thing", PLACE_FACTS.c.thing, PLACE_FACTS.c.seq)
