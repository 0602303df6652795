"""Asking for a camera's password, which would stand in the list of processes and the shell's history otherwise."""

import sys

import typer

from attendance_app.domain.addresses import lacks_password, with_password, without_secrets
from attendance_app.store import camera_passwords


def with_asked_password(address: str, *, anew: bool = False) -> str:
    """Return the address with the password that was typed, if it names a user without one and a terminal is there.

    Nobody is asked where the environment has a password or one is kept for this user and host; ``anew``: also then.
    """
    if not lacks_password(address) or camera_passwords.given_password() or not sys.stdin.isatty():
        return address
    if not anew and camera_passwords.is_kept(address):
        return address
    question = f"Password for {without_secrets(address)} (Enter: none, or the one that is kept)"
    typed: str = typer.prompt(question, default="", hide_input=True, show_default=False, err=True)
    return with_password(address, typed) if typed else address
