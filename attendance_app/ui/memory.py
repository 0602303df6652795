"""The window's state between starts, kept in the data folder so that two data folders don't share it."""

from pathlib import Path

from PySide6.QtCore import QByteArray, QSettings


class WindowMemory:
    """Window state, last course and column widths, in ``window.ini``."""

    def __init__(self, home: Path) -> None:
        self._settings = QSettings(str(home / "window.ini"), QSettings.Format.IniFormat)

    def text(self, key: str, default: str = "") -> str:
        """Return a remembered text; ``default`` where there is none, or something else stands in the file."""
        # A damaged file gives lists or other types.
        value = self._settings.value(key, default)
        return value if isinstance(value, str) else default

    def number(self, key: str, default: float) -> float:
        """Return a remembered number; one that can't be read counts as missing."""
        try:
            return float(self.text(key, str(default)))
        except ValueError:
            return default

    def blob(self, key: str) -> QByteArray:
        """Return a remembered window, splitter or header state, empty if there is none."""
        value = self._settings.value(key, QByteArray())
        return value if isinstance(value, QByteArray) else QByteArray()

    def keep(self, key: str, value: str | float | QByteArray) -> None:
        """Remember a value; it is written in the background and at close."""
        # As a text, which it is after a restart in any case: until then QSettings would return the number itself.
        self._settings.setValue(key, value if isinstance(value, QByteArray) else str(value))

    def flush(self) -> None:
        """Write to the file now."""
        self._settings.sync()
