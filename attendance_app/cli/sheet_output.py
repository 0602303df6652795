"""Options and writing of sheets for people: language, separator, kind of file."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

if TYPE_CHECKING:
    from attendance_app.services.output.files import OutputFile
    from attendance_app.services.sheets.sheet import Sheet, SheetWords

Machine = Annotated[bool, typer.Option("--machine", help="For other programs: columns and words that never change.")]
Language = Annotated[
    Literal["en", "es"] | None,
    typer.Option(help="Language of the file; by default that of the window."),
]
Separator = Annotated[
    Literal["comma", "semicolon", "tab"],
    typer.Option(help="What separates the columns of a CSV; a spreadsheet takes the one of its system."),
]


def write_for_people(
    make: "Callable[[SheetWords], Sheet]",
    out: "OutputFile",
    *,
    language: str | None,
    separator: str,
    data_folder: Path,
) -> None:
    """Write a sheet in a language, by default the one that the window's settings name. Raises KnownError."""
    from attendance_app.services.sheets.files import SEPARATORS, write_sheet
    from attendance_app.words.catalogue import translate_to
    from attendance_app.words.sheets import sheet_words

    chosen = language_of(language, data_folder)
    sheet = make(sheet_words(translate_to(chosen)))

    def pdf(sheet: "Sheet") -> bytes:
        # Qt takes a moment to load, and only this kind of file needs it.
        from attendance_app.ui.printing.without_window import pdf_in_language

        return pdf_in_language(sheet, chosen)

    write_sheet(sheet, out, separator=SEPARATORS[separator], pdf=pdf)


def language_of(chosen: str | None, data_folder: Path) -> str:
    """Return the chosen language, or the one that the window's settings name."""
    from attendance_app.config.settings_file import read_settings
    from attendance_app.words.catalogue import language_without_window

    return chosen or language_without_window(read_settings(data_folder).settings.language)
