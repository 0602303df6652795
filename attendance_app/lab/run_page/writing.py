"""Writes the pages of a training into its run folder, one a language."""

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from attendance_app.lab.architecture import read_layers
from attendance_app.lab.run_page.page import Drawn, Written, page
from attendance_app.lab.run_page.record import RunRecord, Told
from attendance_app.lab.runs import LAYERS, RunFolder
from attendance_app.lab.wording import Wording, wording
from attendance_app.networks.own import PAGES


def write_run_pages(run: RunFolder, record: RunRecord, tell: Callable[[Wording], Told]) -> None:
    """Write samples.png and the page in every language. ``tell``: what this kind of training says in a language."""
    from attendance_app.lab import plots  # matplotlib may list all fonts first

    plots.picture_grid(record.samples, run.path / "samples.png")
    layers = run.path / LAYERS
    written = Written(
        run.path.resolve().name,
        run.begun_with(),
        read_layers(layers.read_text(encoding="utf-8")) if layers.is_file() else (),
    )
    for language, file in PAGES.items():
        words = wording(language)
        told = tell(words)
        run.write_text(file, page(record, told, written, _drawn(record, told, words), words))


def _drawn(record: RunRecord, told: Told, words: Wording) -> Drawn:
    from attendance_app.lab import plots

    # The files beside a card are in English; a page has its own, in its language.
    with TemporaryDirectory() as folder:
        path = Path(folder) / "plot.png"
        curves = plots.curves(record.history, path, title="", names=told.quantities, words=words).read_bytes()
        confusion = {}
        for name, one in record.tests.items():
            matrix = np.array(one.scores().confusion, dtype=np.int64)
            plots.confusion_matrix(matrix, one.names, path, title="", words=words)
            confusion[name] = path.read_bytes()
    return Drawn(curves, confusion)
