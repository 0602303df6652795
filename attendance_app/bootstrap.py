"""The only composition root: from a data folder to stores, engine and services."""
