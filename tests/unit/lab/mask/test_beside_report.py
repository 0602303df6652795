"""A run's figures beside the mask report's."""

import numpy as np

from attendance_app.domain.classification import score
from attendance_app.lab.mask.beside_report import CONFUSION, TEST_PICTURES, beside, same_test
from attendance_app.lab.mask.results import NAMES
from attendance_app.lab.runs import EpochRow, History
from attendance_app.lab.wording import wording


def as_reported():
    """A test whose confusion matrix is the report's."""
    truth, answers = [], []
    for true, row in enumerate(CONFUSION):
        for called, count in enumerate(row):
            truth += [true] * count
            answers += [called] * count
    return score(np.array(truth), np.eye(3)[answers], NAMES)


def history(epochs):
    rows = tuple(EpochRow(n, 0.5, 0.8, 0.4, 0.85, 0.001, 1.0) for n in range(1, epochs + 1))
    return History(rows, best_epoch=epochs, stopped_early=False)


def test_the_reports_matrix_has_the_reports_pictures_and_accuracy():
    scores = as_reported()
    assert scores.count == TEST_PICTURES
    assert round(scores.accuracy, 4) == 0.9844


def test_figures_stand_side_by_side():
    text = "\n".join(one.markdown() for one in beside(history(15), as_reported())).replace("\N{NO-BREAK SPACE}", " ")
    assert "| accuracy | 98.44 % | 98.44 % |" in text
    assert "| with mask: the report | 0.99 | 0.98 | 0.99 |\n| with mask: this run | 0.99 | 0.98 | 0.99 |" in text
    assert "| macro average: the report | 0.98 | 0.98 | 0.98 |" in text
    assert (
        "| mask weared incorrect: the report | 2 | 5 | 893 |\n| mask weared incorrect: this run | 2 | 5 | 893 |" in text
    )
    assert "| epoch 15: the report | 0.0405 | 98.70 % | 0.1007 | 97.35 % |" in text
    assert "| epoch 15: this run | 0.5000 | 80.00 % | 0.4000 | 85.00 % |" in text
    assert "| epoch 20: this run | – | – | – | – |" in text


def test_the_table_speaks_spanish_on_the_spanish_page():
    test, *_others = beside(history(15), as_reported(), wording("es"))
    assert test.heads == ("prueba", "el informe", "esta corrida")
    assert test.rows[1] == ("exactitud", "98,44\N{NO-BREAK SPACE}%", "98,44\N{NO-BREAK SPACE}%")


def test_only_the_same_test_compares():
    assert same_test(as_reported(), split="random")
    assert not same_test(as_reported(), split="group")
    fewer = score(np.array([0, 1]), np.eye(3)[[0, 1]], NAMES)
    assert not same_test(fewer, split="random")
