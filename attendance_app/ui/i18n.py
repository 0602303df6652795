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
_Catalogue = dict[tuple[str, str, str], _Forms]
_catalogue: _Catalogue = {}
"""The texts of the current language. A QTranslator subclass can't be used: PySide 6.12 miscounts references when
``translate`` returns None, and ends the process after some thousand texts."""


def tr(text: str, comment: str = "", n: int = -1) -> str:
    """Return ``text`` in the language of the window.

    ``comment`` tells apart two meanings of one English text; with ``n``, ``%n`` in the text becomes the number
    and the plural form is chosen by it. Both must be literals for ``collect_strings.py`` to find them.
    """
    return translated(WINDOW, text, comment, n)


def translated(context: str, text: str, comment: str = "", n: int = -1) -> str:
    """Return a text of ``WINDOW`` or ``KNOWN_ERROR`` in the language of the window, English if it has none."""
    forms = _catalogue.get((context, text, comment), (text,))
    # English and Spanish have two forms each, singular first.
    form = forms[0] if n == 1 else forms[-1]
    return form.replace("%n", str(n)) if n >= 0 else form


def read_catalogue(path: Path) -> _Catalogue:
    """Read a Qt .ts file: (context, English, comment) -> translation, or singular and plural."""
    found: _Catalogue = {}
    for context in ElementTree.parse(path).getroot().iter("context"):
        name = context.findtext("name", "")
        for message in context.iter("message"):
            translation = message.find("translation")
            if translation is None or translation.get("type") in {"unfinished", "vanished", "obsolete"}:
                continue
            forms = tuple(form.text or "" for form in translation.iter("numerusform")) or (translation.text or "",)
            found[name, message.findtext("source", ""), message.findtext("comment", "")] = forms
    return found


class LanguageSwitch(QObject):
    """The language in use. ``changed`` is emitted after every widget was told by a LanguageChange event."""

    changed = Signal()

    def __init__(self, application: QApplication) -> None:
        super().__init__(application)
        self._application = application
        self._qt_own: QTranslator | None = None
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
        _catalogue.clear()
        _catalogue.update(read_catalogue(bundled("resources") / "translations" / f"attendance_{wanted}.ts"))
        self._translate_qt(wanted)
        # Qt sends this event for its own translators only. Each window passes it on to its children.
        for widget in self._application.topLevelWidgets():
            QCoreApplication.sendEvent(widget, QEvent(QEvent.Type.LanguageChange))
        self.changed.emit()

    def _translate_qt(self, code: str) -> None:
        """Translate Qt's own dialogs and menus."""
        # The one before would still be asked, and answer in the other language.
        if self._qt_own is not None:
            self._application.removeTranslator(self._qt_own)
        self._qt_own = QTranslator(self)
        if self._qt_own.load(f"qtbase_{code}", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
            self._application.installTranslator(self._qt_own)


def system_language() -> str:
    """Return ``es`` on a Spanish system, else ``en``."""
    return "es" if QLocale.system().language() == QLocale.Language.Spanish else "en"


def _locale(code: str) -> QLocale:
    """The system's own locale when it speaks the language (es_CO keeps its dates), else Mexico's or the US'."""
    system = QLocale.system()
    return system if system.name().startswith(f"{code}_") else QLocale(_LOCALES[code])


def application() -> QApplication:
    return cast("QApplication", QApplication.instance())
