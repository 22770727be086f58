"""Alembic migrations, one a schema change. They run inside the package: there is no alembic.ini."""
