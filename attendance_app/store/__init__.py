"""The register on disk: SQLite through SQLAlchemy; repositories return domain values, never rows."""
