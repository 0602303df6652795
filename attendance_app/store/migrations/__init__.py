"""Alembic's environment; it stands inside the package so that the wheel carries it."""
