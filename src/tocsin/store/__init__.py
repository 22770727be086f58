"""The database: schema, migrations and queries, behind `model.ports.Store`."""
