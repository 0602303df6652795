"""``attendance settings``: what can be set, from the declaration of every key."""

from pathlib import Path
from typing import Annotated

import typer

from attendance_app.cli.context import cli_context
from attendance_app.cli.output import Json, print_json, print_table
from attendance_app.config.kinds import Value
from attendance_app.config.settings import SETTINGS, Setting, Settings
from attendance_app.domain.addresses import lacks_password, with_dots, with_password
from attendance_app.services.user_settings import load_settings, save_settings

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
app = typer.Typer(help="Show and change what the window has on its page Settings.", no_args_is_help=True)

KEYS = "Keys: " + "; ".join(f"{one.key} ({one.kind.allowed()})" for one in SETTINGS.values()) + "."


def used_settings(home: Path) -> Settings:
    """Return the settings; each key that is left aside is named on standard error."""
    from attendance_app.cli.messages import message_of, remedy_of

    read = load_settings(home)
    for problem in read.problems:
        typer.echo(f"Settings: {message_of(problem)} {remedy_of(problem)}", err=True)
    return read.settings


@app.command("list")
def list_settings(context: typer.Context, as_json: AsJson = False) -> None:
    """Show every key with its value and what it accepts; --json has the defaults too."""
    settings = used_settings(cli_context(context).data_folder)
    if as_json:
        print_json([_document(one, settings) for one in SETTINGS.values()])
        return
    rows: list[list[Json]] = [
        [one.key, _shown(getattr(settings, one.key)), one.kind.allowed()] for one in SETTINGS.values()
    ]
    print_table(["key", "value", "accepts"], rows)


def _document(one: Setting, settings: Settings) -> Json:
    value = _shown(getattr(settings, one.key))
    return {"key": one.key, "value": value, "default": one.default, "accepts": one.kind.allowed()}


def _shown(value: Value) -> Value:
    # A camera's address may have a password.
    return with_dots(value) if isinstance(value, str) else value


def _with_its_password(address: str) -> str:
    """Return a camera's address with the password that the environment or the terminal gives.

    Raises CameraPasswordMissing for dots in place of a password that is not kept.
    """
    from attendance_app.cli.camera_password import with_asked_password
    from attendance_app.store import camera_passwords

    if lacks_password(address) and camera_passwords.given_password():
        return with_password(address, camera_passwords.given_password())
    asked = with_asked_password(address, anew=True)
    camera_passwords.whole_address(asked)
    return asked


@app.command("set", epilog=KEYS)
def set_setting(
    context: typer.Context,
    key: Annotated[str, typer.Argument(help="Name of the setting.")],
    value: Annotated[str, typer.Argument(help="Its new value.")],
) -> None:
    """Change one setting; an open window takes it over at its next start.

    A camera's password is kept apart from the settings. Where its address names a user without one, as in
    rtsp://user@host/path, it is read from ATTENDANCE_CAMERA_PASSWORD, or asked for in a terminal.
    """
    home = cli_context(context).data_folder
    if key not in SETTINGS:
        raise typer.BadParameter(f"There is no setting {key}. {KEYS}")
    parsed = SETTINGS[key].kind.parsed(value)
    if key == "camera" and isinstance(parsed, str):
        parsed = _with_its_password(parsed)
    save_settings(home, used_settings(home).changed(**{key: parsed}))
    from attendance_app.bootstrap import open_data
    from attendance_app.services.audit import note_settings
    from attendance_app.store.database import FILE_NAME

    # Without a register there is nothing yet that settings could belong to.
    if (home / FILE_NAME).is_file():
        with open_data(home) as store:
            note_settings(store, (key,))
