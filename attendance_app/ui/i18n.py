"""English in the source, Spanish in a .ts file that is read at run time; switchable without a restart.

Reading the .ts itself keeps compiled files out of the repository and of the wheel; 1,000 texts take some
milliseconds. A text is looked up by its English and its comment, not by the class that shows it, so that
"Cancel" is translated once.
"""

from pathlib import Path
from typing import cast
from xml.etree import ElementTree

from PySide6.QtCore import QCoreApplication, QEvent, QLibraryInfo, QLocale, QObject, QTranslator, Signal
from PySide6.QtWidgets import QApplication

from attendance_app.config.paths import bundled

WINDOW = "Window"
KNOWN_ERROR = "KnownError"
LANGUAGES = {"en": "English", "es": "Español"}
_LOCALES = {"es": "es_MX", "en": "en_US"}
_Forms = tuple[str, ...]


def tr(text: str, comment: str = "", n: int = -1) -> str:
    """Return ``text`` in the language of the window.

    ``comment`` tells apart two meanings of one English text; with ``n``, ``%n`` in the text becomes the number
    and the plural form is chosen by it. Both must be literals for ``collect_strings.py`` to find them.
    """
    return QCoreApplication.translate(WINDOW, text, comment or None, n)


def read_catalogue(path: Path) -> dict[tuple[str, str, str], _Forms]:
    """Read a Qt .ts file: (context, English, comment) -> translation, or singular and plural."""
    found: dict[tuple[str, str, str], _Forms] = {}
    for context in ElementTree.parse(path).getroot().iter("context"):
        name = context.findtext("name", "")
        for message in context.iter("message"):
            translation = message.find("translation")
            if translation is None or translation.get("type") in {"unfinished", "vanished", "obsolete"}:
                continue
            forms = tuple(form.text or "" for form in translation.iter("numerusform")) or (translation.text or "",)
            found[name, message.findtext("source", ""), message.findtext("comment", "")] = forms
    return found


class Catalogue(QTranslator):
    """A .ts file as a translator; answers None for what it doesn't have, so that Qt asks the next one."""

    def __init__(self, path: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._texts = read_catalogue(path)

    def isEmpty(self) -> bool:
        return not self._texts

    def translate(self, context: str, source_text: str, disambiguation: str | None = None, n: int = -1) -> str | None:
        forms = self._texts.get((context, source_text, disambiguation or ""))
        if forms is None:
            return None
        return forms[-1] if n != 1 else forms[0]


class LanguageSwitch(QObject):
    """The language in use. ``changed`` is emitted after every widget was told by a LanguageChange event."""

    changed = Signal()

    def __init__(self, application: QApplication) -> None:
        super().__init__(application)
        self._application = application
        self._installed: list[QTranslator] = []
        self._code = ""

    @property
    def code(self) -> str:
        """``en`` or ``es``."""
        return self._code

    def set(self, code: str) -> None:
        """Switch to ``en``, ``es`` or, with an empty code, to the system's language (English when unknown)."""
        wanted = code if code in LANGUAGES else system_language()
        if wanted == self._code:
            return
        self._code = wanted
        QLocale.setDefault(_locale(wanted))
        for translator in self._installed:
            self._application.removeTranslator(translator)
        self._installed = self._translators(wanted)
        for translator in self._installed:
            self._application.installTranslator(translator)
        for widget in self._application.topLevelWidgets():
            QCoreApplication.sendEvent(widget, QEvent(QEvent.Type.LanguageChange))
        self.changed.emit()

    def _translators(self, code: str) -> list[QTranslator]:
        found: list[QTranslator] = []
        qt_own = QTranslator(self)
        if qt_own.load(f"qtbase_{code}", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
            found.append(qt_own)
        found.append(Catalogue(bundled("resources") / "translations" / f"attendance_{code}.ts", self))
        return found


def system_language() -> str:
    """Return ``es`` on a Spanish system, else ``en``."""
    return "es" if QLocale.system().language() == QLocale.Language.Spanish else "en"


def _locale(code: str) -> QLocale:
    """The system's own locale when it speaks the language (es_CO keeps its dates), else Mexico's or the US'."""
    system = QLocale.system()
    return system if system.name().startswith(f"{code}_") else QLocale(_LOCALES[code])


def application() -> QApplication:
    """Return the running application."""
    return cast("QApplication", QApplication.instance())
