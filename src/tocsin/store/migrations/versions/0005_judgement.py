"""Judgement: action plans and the types that they may handle without an operator."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Add what judgement needs."""
    _action_plans()


def _action_plans() -> None:
    """Every version of every plan, and which types a plan may handle alone."""
    op.create_table(
        "action_plans",
        sa.Column("seq", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("id", sa.String, nullable=False),
        sa.Column("hash", sa.String, nullable=False),
        sa.Column("row", sa.LargeBinary, nullable=False),
    )
    op.create_index("action_plans_id", "action_plans", ["id", "seq"])
    op.create_index("action_plans_hash", "action_plans", ["hash"])
    op.create_table(
        "action_plan_switches",
        sa.Column("type", sa.String, primary_key=True),
        sa.Column("row", sa.LargeBinary, nullable=False),
    )
