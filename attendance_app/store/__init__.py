"""SQLite behind SQLAlchemy: repositories that take and return domain values."""
