"""Figures are pictures of the size that was asked for, with something in them."""

from pathlib import Path

import numpy as np
from PIL import Image

from attendance_app.lab import plots
from attendance_app.lab.runs import EpochRow


def _rows(scale: float) -> list[EpochRow]:
    return [EpochRow(n, scale / n, 1 - 1 / n, scale / n, 1 - 1 / n, 0.001, 1.0) for n in range(1, 6)]


def test_three_runs_make_a_figure_of_three_columns(tmp_path: Path) -> None:
    one = plots.accuracy_and_loss([("a", _rows(1))], tmp_path / "one.png")
    three = plots.accuracy_and_loss([(name, _rows(2)) for name in "abc"], tmp_path / "three.png")

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
