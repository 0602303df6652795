"""The translations of the window's texts, read from Qt's .ts files without Qt: commands write sheets in Spanish too.

Reading the .ts itself keeps compiled files out of the repository and of the wheel; 1,000 texts take some
milliseconds. A text is looked up by its English and its comment, not by the class that shows it, so that
"Cancel" is translated once.
"""

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeAlias
from xml.etree import ElementTree

from attendance_app.config.paths import bundled

WINDOW = "Window"
KNOWN_ERROR = "KnownError"
Catalogue: TypeAlias = Mapping[tuple[str, str, str], tuple[str, ...]]
"""(context, English, comment) -> the translation, or its singular and plural."""
Translate: TypeAlias = Callable[[str, str], str]
"""Returns a text of the window, given in English and with its comment, in some language."""


def catalogue_of(language: str) -> Catalogue:
    """Return the texts of ``en`` or ``es``."""
    return read_catalogue(bundled("resources") / "translations" / f"attendance_{language}.ts")


def read_catalogue(path: Path) -> Catalogue:
    """Read a Qt .ts file; unfinished texts are left out."""
    found: dict[tuple[str, str, str], tuple[str, ...]] = {}
    for context in ElementTree.parse(path).getroot().iter("context"):
        name = context.findtext("name", "")
        for message in context.iter("message"):
            translation = message.find("translation")
            if translation is None or translation.get("type") in {"unfinished", "vanished", "obsolete"}:
                continue
            forms = tuple(form.text or "" for form in translation.iter("numerusform")) or (translation.text or "",)
            found[name, message.findtext("source", ""), message.findtext("comment", "")] = forms
    return found


def looked_up(catalogue: Catalogue, context: str, text: str, comment: str = "", n: int = -1) -> str:
    """Return a text in the catalogue's language, English if it has none.

    ``%n`` becomes ``n``, which chooses between singular and plural.
    """
    forms = catalogue.get((context, text, comment), (text,))
    # English and Spanish have two forms each, singular first.
    form = forms[0] if n == 1 else forms[-1]
    return form.replace("%n", str(n)) if n >= 0 else form


def language_without_window(setting: str) -> str:
    """Return ``en`` or ``es`` for the setting ``language``; for "system" as the environment says."""
    if setting != "system":
        return setting
    names = (os.environ.get(name, "") for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    return "es" if next(filter(None, names), "").startswith("es") else "en"


def translate_to(language: str) -> Translate:
    """Return what gives the window's texts in ``en`` or ``es``, whatever the window's own language."""
    catalogue = catalogue_of(language)

    def translate(text: str, comment: str) -> str:
        return looked_up(catalogue, WINDOW, text, comment)

    return translate
