import pytest

from attendance_app.ui.palette import DARK, LIGHT, Palette, contrast

PLAIN = ("window", "surface", "raised")
ON_PLAIN = ("text", "text_quiet", "accent", "present", "late", "absent", "excused", "review", "danger")
"""Colours of words and signs on the plain backgrounds."""
THEMES = [pytest.param(LIGHT, id="light"), pytest.param(DARK, id="dark")]


def test_contrast_is_that_of_wcag() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21.0)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("palette", THEMES)
def test_every_text_colour_is_legible_on_every_background(palette: Palette) -> None:
    too_faint = {
        (text, background): round(contrast(getattr(palette, text), getattr(palette, background)), 2)
        for text in ON_PLAIN
        for background in PLAIN
        if contrast(getattr(palette, text), getattr(palette, background)) < 4.5
    }
    assert not too_faint


@pytest.mark.parametrize("palette", THEMES)
def test_what_stands_on_coloured_areas_is_legible(palette: Palette) -> None:
    pairs = {
        "primary button": (palette.on_accent, palette.accent),
        "danger button": (palette.on_danger, palette.danger),
        "selected row": (palette.text, palette.accent_soft),
        "quiet text in a selected row": (palette.text_quiet, palette.accent_soft),
        "warning": (palette.text, palette.warning_soft),
        "error": (palette.text, palette.danger_soft),
    }
    signs = {
        f"{name} sign in a selected row": (getattr(palette, name), palette.accent_soft)
        for name in ("present", "late", "absent", "excused", "review")
    }
    too_faint = {name: round(contrast(*pair), 2) for name, pair in (pairs | signs).items() if contrast(*pair) < 4.5}
    assert not too_faint


@pytest.mark.parametrize("palette", THEMES)
def test_edges_of_fields_and_buttons_can_be_seen(palette: Palette) -> None:
    for behind in (palette.window, palette.surface):
        assert contrast(palette.border_strong, behind) >= 3.0
        assert contrast(palette.accent, behind) >= 3.0
