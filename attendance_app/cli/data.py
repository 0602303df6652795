"""``attendance data``: whether the register is encrypted, and changing that."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from attendance_app.bootstrap import open_data, utc_now
from attendance_app.cli.context import cli_context
from attendance_app.cli.output import print_json

if TYPE_CHECKING:
    from attendance_app.store.backups import BackedUp
    from attendance_app.store.protection import Protection

app = typer.Typer(
    help="Encryption of the register: status, recovery key, encrypt it, make it plain.", no_args_is_help=True
)

PLAIN_MEANS: Final = "Whoever gets hold of the disk, the folder or a backup can read names, faces and marks."


@app.command()
def status(
    context: typer.Context,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Say whether the register and its backups are encrypted, and where the key is."""
    from attendance_app.store.database import FILE_NAME
    from attendance_app.store.protection import protection_of

    register = cli_context(context).data_folder / FILE_NAME
    found = protection_of(register)
    if as_json:
        print_json(
            {
                "register": str(register),
                "there": register.is_file(),
                "encrypted": found.encrypted,
                "key": found.place.value if found.place else None,
                "key_file": str(found.key_file) if found.key_file else None,
                "recovery_key_confirmed": found.confirmed if found.place else None,
                "plain_backups": found.plain_backups,
            }
        )
        return
    typer.echo("\n".join(_lines(register, found)))


def _lines(register: Path, found: "Protection") -> Iterator[str]:
    if not register.is_file():
        yield f"There is no register yet: {register}"
        return
    yield f"Register: {register}"
    if found.encrypted:
        yield "Encrypted: yes"
        yield f"Key: {_place(found)}"
        if not found.confirmed:
            yield "Recovery key: not confirmed yet. Write it down and type it back: attendance data recovery-key"
            yield "The key then goes into the system's keyring, if there is one."
    else:
        yield f"Encrypted: no. {PLAIN_MEANS}"
    if found.plain_backups and found.encrypted:
        yield f"Backups that are not encrypted: {found.plain_backups}"


def _place(found: "Protection") -> str:
    from attendance_app.store.key_store import KEY_VARIABLE, Place

    if found.place is None:
        return "not on this computer"
    return {
        Place.KEYRING: "in the system's keyring",
        Place.FILE: (
            f"in the file {found.key_file}. This protects a copied data folder, a stick and backups, but not this "
            "computer's disk: whoever has the whole disk has the key too"
        ),
        Place.ENVIRONMENT: f"from the variable {KEY_VARIABLE}",
    }[found.place]


@app.command()
def encrypt(context: typer.Context) -> None:
    """Encrypt the register and its backups, after a verified backup.

    Windows must be closed and no session may be recorded.
    """
    from attendance_app.store.database import FILE_NAME
    from attendance_app.store.protection import encrypt as encrypt_register
    from attendance_app.store.protection import protection_of

    home = cli_context(context).data_folder
    open_data(home).close()  # makes or migrates it
    with _alone(home):
        done = encrypt_register(home / FILE_NAME, utc_now())
    typer.echo("The register and its backups are encrypted.")
    _say_second(done)
    typer.echo(f"Key: {_place(protection_of(home / FILE_NAME))}")


@app.command()
def plain(
    context: typer.Context,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Make the register and its backups plain again, and leave them so.

    Windows must be closed and no session may be recorded.
    """
    from attendance_app.store.database import FILE_NAME
    from attendance_app.store.protection import decrypt

    home = cli_context(context).data_folder
    if not yes:
        typer.confirm(f"{PLAIN_MEANS} Make the register plain?", abort=True)
    open_data(home).close()
    with _alone(home):
        done = decrypt(home / FILE_NAME, utc_now())
    typer.echo("The register is plain, and stays so." if done is None else "The register and its backups are plain.")
    _say_second(done)


@app.command("recovery-key")
def recovery_key(
    context: typer.Context,
    new: Annotated[bool, typer.Option("--new", help="Make a new one; the earlier one opens only old copies.")] = False,
    show: Annotated[bool, typer.Option("--show", help="Print it alone, without asking for it back.")] = False,
) -> None:
    """Print the recovery key, which opens the register where this computer's key is lost, and ask for it back.

    Once it has been typed back it is not shown again. With --new windows must be closed.
    """
    from attendance_app.store.database import FILE_NAME
    from attendance_app.store.errors import RecoveryKeyConfirmed, RegisterLocked, RegisterPlain
    from attendance_app.store.protection import confirm, protection_of, recovery_key_of, renew

    home = cli_context(context).data_folder
    register = home / FILE_NAME
    found = protection_of(register)
    if not found.encrypted:
        raise RegisterPlain(path=register)
    if found.place is None:
        raise RegisterLocked(path=register)
    if new:
        open_data(home).close()
        with _alone(home):
            renew(register, utc_now())
    key = recovery_key_of(register)
    if key is None:
        raise RecoveryKeyConfirmed(path=register)
    typer.echo(key)
    if not show:
        typer.echo("Write it on paper, and keep the paper away from this computer. Without it the register is lost")
        typer.echo("when this computer is.")
        confirm(register, typer.prompt("Type it from the paper"))
        typer.echo("Confirmed. It is not shown again.")


@contextmanager
def _alone(home: Path) -> Iterator[None]:
    from attendance_app.store.database import LOCK_NAME, WINDOW_LOCK_NAME
    from attendance_app.store.recording_lock import recording_lock, window_lock

    with ExitStack() as held:
        held.enter_context(recording_lock(home / LOCK_NAME))
        held.enter_context(window_lock(home / WINDOW_LOCK_NAME))
        yield


def _say_second(done: "BackedUp | None") -> None:
    from attendance_app.cli.messages import message_of, remedy_of

    if done is not None and done.second_problem is not None:
        typer.echo(f"{message_of(done.second_problem)} {remedy_of(done.second_problem)}", err=True)
