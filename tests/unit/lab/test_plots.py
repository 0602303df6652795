"""Figures are pictures of the size that was asked for, with something in them."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from attendance_app.lab import plots
from attendance_app.lab.runs import EpochRow


def _rows(scale: float) -> list[EpochRow]:
    return [EpochRow(n, scale / n, 1 - 1 / n, scale / n, 1 - 1 / n, 0.001, 1.0) for n in range(1, 6)]


def test_three_runs_make_a_figure_of_three_columns(tmp_path: Path) -> None:
    one = plots.accuracy_and_loss([plots.Column("a", _rows(1), 2)], tmp_path / "one.png")
    three = plots.accuracy_and_loss([plots.Column(name, _rows(2), 5) for name in "abc"], tmp_path / "three.png")

    with Image.open(one) as narrow, Image.open(three) as wide:
        assert wide.height == narrow.height
        assert wide.width > 2 * narrow.width
        colours = {colour for _, colour in wide.convert("RGB").getcolors(1 << 24)}
    assert {(0x00, 0x72, 0xB2), (0xD5, 0x5E, 0x00)} <= colours


def test_a_confusion_matrix_is_drawn_with_an_empty_class(tmp_path: Path) -> None:
    matrix = np.array([[5, 1, 0], [0, 0, 0], [2, 0, 7]])

    path = plots.confusion_matrix(matrix, ["with_mask", "empty", "other"], tmp_path / "matrix.png", title="Test")

    with Image.open(path) as picture:
        assert len(picture.convert("RGB").getcolors(1 << 24)) > 10


@pytest.mark.parametrize(
    ("title", "lines"),
    [
        ("Variant 1", ["Variant 1"]),
        (
            "Report's recipe, random split, photographs: accuracy 0.9",
            ["Report's recipe, random split,", "photographs: accuracy 0.9"],
        ),
        ("", []),
    ],
)
def test_a_long_title_is_broken_into_equal_lines(title: str, lines: list[str]) -> None:
    assert plots.title_lines(title).splitlines() == lines
