"""English in the source, Spanish in a .ts file (``words/catalogue.py``); switchable without a restart."""

from typing import cast

from PySide6.QtCore import QCoreApplication, QEvent, QLibraryInfo, QLocale, QObject, QTranslator, Signal
from PySide6.QtWidgets import QApplication

from attendance_app.words.catalogue import WINDOW, catalogue_of, looked_up

LANGUAGES = {"en": "English", "es": "Español"}
_LOCALES = {"es": "es_MX", "en": "en_US"}
_catalogue: dict[tuple[str, str, str], tuple[str, ...]] = {}
"""The texts of the current language. A QTranslator subclass can't be used: PySide 6.12 miscounts references when
``translate`` returns None, and ends the process after some thousand texts."""


def tr(text: str, comment: str = "", n: int = -1) -> str:
    """Return ``text`` in the language of the window.

    ``comment`` tells apart two meanings of one English text; with ``n``, ``%n`` in the text becomes the number
    and the plural form is chosen by it. Both must be literals for ``collect_strings.py`` to find them.
    """
    return translated(WINDOW, text, comment, n)


def translated(context: str, text: str, comment: str = "", n: int = -1) -> str:
    """Return a text of a context of the catalogue in the language of the window, English if it has none."""
    return looked_up(_catalogue, context, text, comment, n)


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
        QLocale.setDefault(locale_of(wanted))
        _catalogue.clear()
        _catalogue.update(catalogue_of(wanted))
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


def locale_of(code: str) -> QLocale:
    """The system's own locale when it speaks the language (es_CO keeps its dates), else Mexico's or the US'."""
    system = QLocale.system()
    return system if system.name().startswith(f"{code}_") else QLocale(_LOCALES[code])


def application() -> QApplication:
    return cast("QApplication", QApplication.instance())
