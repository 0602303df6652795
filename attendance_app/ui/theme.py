"""Light, dark or as the system; text from 100 to 150 %. One style sheet, filled from the palette."""

from dataclasses import fields
from enum import Enum
from string import Template

from PySide6.QtCore import QDir, QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QPalette
from PySide6.QtWidgets import QApplication, QStyleFactory

from attendance_app.config.paths import bundled
from attendance_app.ui.palette import DARK, LIGHT, Palette

TEXT_PX = {"small": 12, "text": 13, "large": 15, "title": 20}
MIN_SCALE, MAX_SCALE = 1.0, 1.5


class ThemeChoice(Enum):
    """What the user has set."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


class Theme(QObject):
    """Colours and sizes in use; ``changed`` is emitted after the application has them."""

    changed = Signal()

    def __init__(self, application: QApplication) -> None:
        super().__init__(application)
        self._application = application
        self._choice = ThemeChoice.SYSTEM
        self._scale = 1.0
        self._applied: tuple[Palette, float] | None = None
        # Qt's own style on every system: those of Windows and macOS ignore parts of a style sheet.
        application.setStyle(QStyleFactory.create("Fusion"))
        # Not the folder itself: Qt's parser gives up on a whole style sheet when a quote is in a picture's path.
        QDir.setSearchPaths("icon", [str(bundled("resources") / "icons")])
        self._template = Template((bundled("resources") / "style.qss").read_text(encoding="utf-8"))
        application.styleHints().colorSchemeChanged.connect(self._follow_system)

    @property
    def choice(self) -> ThemeChoice:
        return self._choice

    @property
    def scale(self) -> float:
        return self._scale

    @property
    def palette(self) -> Palette:
        if self._choice is ThemeChoice.SYSTEM:
            dark = self._application.styleHints().colorScheme() == Qt.ColorScheme.Dark
            return DARK if dark else LIGHT
        return DARK if self._choice is ThemeChoice.DARK else LIGHT

    def px(self, pixels: float) -> int:
        """Scale a length of the 100 % layout."""
        return round(pixels * self._scale)

    def text_px(self, name: str) -> int:
        """Height of ``small``, ``text``, ``large`` or ``title`` text."""
        return self.px(TEXT_PX[name])

    def set(self, choice: ThemeChoice, *, scale: float | None = None) -> None:
        """Use another theme or text size; the scale is limited to 1 to 1.5."""
        self._choice = choice
        if scale is not None:
            self._scale = min(max(scale, MIN_SCALE), MAX_SCALE)
        self._apply_style()

    def _follow_system(self) -> None:
        if self._choice is ThemeChoice.SYSTEM:
            self._apply_style()

    def _apply_style(self) -> None:
        palette = self.palette
        if self._applied == (palette, self._scale):
            return
        self._applied = (palette, self._scale)
        # Pixels, not points: the sizes of the layout are pixels too, and both grow by the same scale.
        font = QFont(self._application.font())
        font.setPixelSize(self.text_px("text"))
        self._application.setFont(font)
        # What the style sheet leaves out is painted with the palette.
        self._application.setPalette(_qt_palette(palette))
        self._application.setStyleSheet(self._style_sheet(palette))
        self.changed.emit()

    def _style_sheet(self, palette: Palette) -> str:
        values = {field.name: str(getattr(palette, field.name)) for field in fields(palette)}
        values |= {f"px_{size}": f"{self.px(size)}px" for size in (1, 2, 4, 6, 8, 12, 16, 24, 32, 40, 48)}
        values |= {f"font_{name}": f"{self.text_px(name)}px" for name in TEXT_PX}
        values["ring"] = f"{(self.px(16) + 2) // 2}px"  # no more than half the side, or Qt draws a square
        values["ring_on"] = f"{(self.px(8) + 2 * self.px(4)) // 2}px"
        values["tone"] = "dark" if palette.dark else "light"
        return self._template.substitute(values)


def _qt_palette(palette: Palette) -> QPalette:
    role = QPalette.ColorRole
    colours = {
        role.Window: palette.window,
        role.WindowText: palette.text,
        role.Base: palette.surface,
        role.AlternateBase: palette.raised,
        role.Text: palette.text,
        role.PlaceholderText: palette.text_quiet,
        role.Button: palette.surface,
        role.ButtonText: palette.text,
        role.ToolTipBase: palette.raised,
        role.ToolTipText: palette.text,
        role.Highlight: palette.accent_soft,
        role.HighlightedText: palette.text,
        role.Link: palette.accent,
        role.LinkVisited: palette.accent,
        role.Accent: palette.accent,
        role.Mid: palette.border,
        role.Midlight: palette.raised,
        role.Light: palette.surface,
        role.Dark: palette.border_strong,
    }
    result = QPalette()
    for name, colour in colours.items():
        result.setColor(name, QColor(colour))
    for name in (role.WindowText, role.Text, role.ButtonText):
        result.setColor(QPalette.ColorGroup.Disabled, name, QColor(palette.border_strong))
    return result


# Delegates and painters have no parent through which they would reach the context.
_current: list[Theme] = []


def install(application: QApplication) -> Theme:
    """Make the application's theme; one per application."""
    _current[:] = [Theme(application)]
    return _current[0]


def theme() -> Theme:
    """Return the theme in use, for delegates and painters."""
    return _current[0]
