"""Time, and reaching people: supervision, notices, sites whole, on test, desks."""

import contextlib

import msgspec
import sqlalchemy as sa
from alembic import op

from tocsin.store.place_index import PLACE_KINDS, place_rows

revision = "0004"
down_revision = "0003"
PAGE = 10_000


def upgrade() -> None:
    """Add what watching, reaching people and sites need."""
    _notices()
    _supervision()
    _on_test()
    _chains()
    _schedules()
    _floor_plans()
    _shifts()
    _zones_out()
    _key_links()
    _place_facts()
    _watch_log()


def _notices() -> None:
    """Contacts of staff, when each may be notified, notices, and what they want next."""
    op.create_table(
        "contacts",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("seq", sa.BigInteger, nullable=False),
        sa.Column("user", sa.String, nullable=False),
        sa.Column("row", sa.LargeBinary, nullable=False),
    )
    op.create_index("contacts_user", "contacts", ["user"])
    op.create_table(
        "reach",
        sa.Column("user", sa.String, primary_key=True),
        sa.Column("seq", sa.BigInteger, nullable=False),
        sa.Column("row", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "notices",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("seq", sa.BigInteger, nullable=False),
        sa.Column("cause", sa.BigInteger),
        sa.Column("incident", sa.String),
        sa.Column("recipient", sa.String, nullable=False),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("row", sa.LargeBinary, nullable=False),
    )
    op.create_index("notices_seq", "notices", ["seq"])
    op.create_index("notices_cause", "notices", ["cause"])
    op.create_index("notices_incident", "notices", ["incident", "seq"], sqlite_where=sa.text("incident IS NOT NULL"))
    op.create_index("notices_recipient", "notices", ["recipient", "seq"])
    op.create_index("notices_state", "notices", ["state", "seq"])
    op.create_table(
        "outbox",
        sa.Column("notice", sa.String, primary_key=True),
        sa.Column("due_at", sa.BigInteger, nullable=False),
        sa.Column("leased_at", sa.BigInteger),
        sqlite_with_rowid=False,
    )
    op.create_index("outbox_due", "outbox", ["due_at"])


def _supervision() -> None:
    """Paths that are missing, and what is armed."""
    op.create_table(
        "outages",
        sa.Column("account", sa.String, primary_key=True),
        sa.Column("path", sa.String, primary_key=True),
        sa.Column("incident", sa.String),
        sa.Column("row", sa.LargeBinary, nullable=False),
    )
    op.create_index("outages_incident", "outages", ["incident"])
    op.create_table(
        "armed",
        sa.Column("account", sa.String, primary_key=True),
        sa.Column("partition", sa.String, primary_key=True),
        sa.Column("seq", sa.BigInteger, nullable=False),
    )


def _on_test() -> None:
    """Places on test, and those that were."""
    op.create_table(
        "site_tests",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("seq", sa.BigInteger, nullable=False),
        sa.Column("ended_at", sa.BigInteger),
        sa.Column("row", sa.LargeBinary, nullable=False),
    )
    op.create_index("site_tests_open", "site_tests", ["seq"], sqlite_where=sa.text("ended_at IS NULL"))
    op.create_index("site_tests_ended", "site_tests", ["ended_at"])
    op.create_table(
        "site_test_codes",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("seq", sa.BigInteger, nullable=False),
        sa.Column("code", sa.String, nullable=False),
        sa.Column("until", sa.BigInteger, nullable=False),
        sa.Column("row", sa.LargeBinary, nullable=False),
    )
    op.create_index("site_test_codes_code", "site_test_codes", ["code"], unique=True)
    op.create_index("site_test_codes_until", "site_test_codes", ["until"])


def _zones_out() -> None:
    """Zones out of service, and those that were."""
    op.create_table(
        "zones_out",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("seq", sa.BigInteger, nullable=False),
        sa.Column("ended_at", sa.BigInteger),
        sa.Column("row", sa.LargeBinary, nullable=False),
    )
    op.create_index("zones_out_open", "zones_out", ["seq"], sqlite_where=sa.text("ended_at IS NULL"))
    op.create_index("zones_out_ended", "zones_out", ["ended_at"])


def _chains() -> None:
    """Chains of escalation, and the groups of people whom they tell."""
    for name in ("chains", "staff_groups"):
        op.create_table(
            name,
            sa.Column("id", sa.String, primary_key=True),
            sa.Column("seq", sa.BigInteger, nullable=False),
            sa.Column("row", sa.LargeBinary, nullable=False),
        )


def _schedules() -> None:
    """When accounts open, close and test."""
    op.create_table(
        "schedules",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("seq", sa.BigInteger, nullable=False),
        sa.Column("account", sa.String, nullable=False),
        sa.Column("row", sa.LargeBinary, nullable=False),
    )
    op.create_index("schedules_account", "schedules", ["account"])


def _floor_plans() -> None:
    """Floor plans of sites."""
    op.create_table(
        "floor_plans",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("seq", sa.BigInteger, nullable=False),
        sa.Column("site", sa.String, nullable=False),
        sa.Column("row", sa.LargeBinary, nullable=False),
    )
    op.create_index("floor_plans_site", "floor_plans", ["site"])


def _shifts() -> None:
    """Desks, who is on shift at them, and rosters."""
    op.create_table(
        "desks",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("row", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "shifts",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("seq", sa.BigInteger, nullable=False),
        sa.Column("ended_at", sa.BigInteger),
        sa.Column("row", sa.LargeBinary, nullable=False),
    )
    op.create_index("shifts_open", "shifts", ["seq"], sqlite_where=sa.text("ended_at IS NULL"))
    op.create_index("shifts_ended", "shifts", ["ended_at"])
    op.create_table(
        "rosters",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("row", sa.LargeBinary, nullable=False),
    )


def _key_links() -> None:
    """One-time links to the keys of accounts."""
    op.create_table(
        "key_links",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("seq", sa.BigInteger, nullable=False),
        sa.Column("account", sa.String, nullable=False),
        sa.Column("secret", sa.String, nullable=False),
        sa.Column("until", sa.BigInteger, nullable=False),
        sa.Column("row", sa.LargeBinary, nullable=False),
    )
    op.create_index("key_links_account", "key_links", ["account", "seq"])
    op.create_index("key_links_secret", "key_links", ["secret"], unique=True)
    op.create_index("key_links_until", "key_links", ["until"])


def _place_facts() -> None:
    """Which entries are about which site and account, of the journal so far too."""
    table = op.create_table(
        "place_facts",
        sa.Column("place", sa.String, primary_key=True),
        sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("thing", sa.String, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("place_facts_thing", "place_facts", ["thing", "seq"])
    journal = sa.table("journal", sa.column("seq"), sa.column("kind"), sa.column("entry"))
    connection = op.get_bind()
    after = 0
    while True:
        wanted = sa.select(journal.c.seq, journal.c.kind, journal.c.entry).where(
            journal.c.seq > after, journal.c.kind.in_(sorted(PLACE_KINDS))
        )
        found = connection.execute(wanted.order_by(journal.c.seq).limit(PAGE)).all()
        if not found:
            return
        rows: list[dict[str, object]] = []
        for seq, kind, entry in found:
            with contextlib.suppress(msgspec.MsgspecError, TypeError, UnicodeDecodeError):
                # One that somebody changed by hand is found by whoever verifies the journal, and stops no update.
                rows += [row._asdict() for row in place_rows([(seq, kind, entry)])]
        if rows:
            connection.execute(sa.insert(table), rows)
        after = found[-1].seq


def _watch_log() -> None:
    """Which facts stand in the watch log: they are rare, and must be found without looking through all signals."""
    kinds = (
        "centre.held_up",
        "centre.restored",
        "centre.started",
        "centre.stopped",
        "chain.set",
        "desk.attended",
        "desk.set",
        "desk.sound_checked",
        "desk.unattended",
        "group.set",
        "queue.accepted",
        "queue.ended",
        "queue.joined",
        "queue.offered",
        "roster.set",
        "shift.begun",
        "shift.ended",
        "shift.offer_ended",
        "shift.offered",
        "test.begun",
        "test.ended",
        "test.extended",
        "watch.noted",
        "zones.out_extended",
        "zones.put_back",
        "zones.taken_out",
    )
    words = ", ".join(f"'{kind}'" for kind in kinds)
    op.create_index("journal_logged", "journal", ["seq"], sqlite_where=sa.text(f"kind IN ({words})"))
