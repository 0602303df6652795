"""The commands by name. A command's module is imported when the command is asked for: ``--help`` needs none of them."""

from collections.abc import Iterator, MutableMapping
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

import typer
from typer.core import TyperGroup

if TYPE_CHECKING:
    from typer._click import Command, Context, HelpFormatter

_CLI: Final = "attendance_app.cli"


@dataclass(frozen=True, slots=True)
class Entry:
    """A command or a group of them, found in its module by ``name``; ``summary`` is its line in the list.

    A group's module calls it ``app``. ``of_laboratory``: ``lab_commands`` makes it.
    """

    name: str
    summary: str
    is_group: bool = False
    of_laboratory: bool = False

    def load(self) -> Any:
        """Import the module and return the function, or the group."""
        if self.of_laboratory:
            from attendance_app.cli.lab_commands import group

            return group(self.name)
        return getattr(import_module(f"{_CLI}.{self.name}"), "app" if self.is_group else self.name)


# In the order in which ``--help`` lists them.
ENTRIES: Final = (
    Entry("demo", "Take the roll of a class of synthetic people."),
    Entry("doctor", "Check libraries, networks, data folder, camera and window."),
    Entry("enrol", "Enrol photos."),
    Entry("identify", "Find every face of each picture and name it."),
    Entry("mask", "Tell for every face how its mask is worn."),
    Entry("screenshots", "Render every page from the demo class, without a screen."),
    Entry("room", "Rooms: how far recognition reaches, before a lesson.", is_group=True),
    Entry("session", "Sessions: take the roll, look at the register, export it.", is_group=True),
    Entry("course", "Courses: add, list, rename, put away.", is_group=True),
    Entry("timetable", "Timetables: terms, weekly times and holidays of courses.", is_group=True),
    Entry("report", "Reports over a course: how well its cameras take the roll.", is_group=True),
    Entry("roster", "Class lists: import from CSV or XLSX, list.", is_group=True),
    Entry("student", "Students: add, list, show, consent, erase.", is_group=True),
    Entry("settings", "Show and change what the window has on its page Settings.", is_group=True),
    Entry("audit", "The audit trail: who changed what, and its check.", is_group=True),
    Entry("backup", "Back up the register now."),
    Entry("backups", "List the backups, each opened and checked."),
    Entry("restore", "Put a backup in the register's place."),
    Entry("data", "Encryption of the register: status, recovery key, encrypt, make plain.", is_group=True),
    Entry("unlock", "Open an encrypted register or backup with its recovery key."),
    Entry("models", "Trained networks: list, verify, rebuild; use your own.", is_group=True),
    Entry("licences", "List what the program consists of: packages, networks and icons, with versions and licences."),
    Entry("dataset", "Look at data sets of pictures (laboratory).", is_group=True, of_laboratory=True),
    Entry("train", "Train the networks.", is_group=True, of_laboratory=True),
    Entry("evaluate", "Measure accuracy on folders of pictures (laboratory).", is_group=True, of_laboratory=True),
)


class _Commands(MutableMapping[str, "Command"]):
    """Typer's commands by name, each made when it is first taken out."""

    def __init__(self) -> None:
        self._entries = {entry.name: entry for entry in ENTRIES}
        self._made: dict[str, Command] = {}

    def __getitem__(self, name: str) -> "Command":
        # Made once: Click may ask for a command several times.
        if name not in self._made:
            self._made[name] = _command(self._entries[name])
        return self._made[name]

    def __setitem__(self, name: str, command: "Command") -> None:
        self._made[name] = command

    def __delitem__(self, name: str) -> None:
        del self._entries[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)


def _command(entry: Entry) -> "Command":
    """Let Typer make the command of a program that has no other."""
    program = typer.Typer(add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)
    # A Typer program with one command and no callback becomes that command itself instead of a group.
    program.callback()(lambda: None)
    if entry.is_group:
        program.add_typer(entry.load(), name=entry.name)
    else:
        program.command(entry.name)(entry.load())
    made = typer.main.get_command(program)
    assert isinstance(made, TyperGroup)
    return made.commands[entry.name]


class LazyGroup(TyperGroup):
    """The top-level group: lists ``ENTRIES`` without importing them."""

    def __init__(self, **attributes: Any) -> None:
        super().__init__(**attributes)
        self.commands = _Commands()

    def format_commands(self, _ctx: "Context", formatter: "HelpFormatter") -> None:
        # Click's own listing would take out, and so import, every command for its summary.
        with formatter.section("Commands"):
            formatter.write_dl([(entry.name, entry.summary) for entry in ENTRIES])
