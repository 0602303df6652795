"""Dialogs that read a table from a file, show what it would change, and save it in one action."""
