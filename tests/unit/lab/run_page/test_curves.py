"""What the curves of a training are said to show."""

import math
from collections.abc import Sequence

import pytest

from attendance_app.lab.run_page.curves import in_words, read_curves
from attendance_app.lab.runs import EpochRow
from attendance_app.lab.wording import ENGLISH, wording


def rows(training: Sequence[float], validation: Sequence[float]) -> list[EpochRow]:
    losses = zip(training, validation, strict=True)
    return [EpochRow(n, loss, 0.5, val, 0.5, 0.001, 1.0) for n, (loss, val) in enumerate(losses, start=1)]


def said(training: Sequence[float], validation: Sequence[float], kept: int) -> list[str]:
    return list(in_words(read_curves(rows(training, validation), kept), ENGLISH, "loss"))


def test_a_loss_that_rises_again_in_validation_is_overfitting() -> None:
    sentences = said([1.0, 0.7, 0.5, 0.4], [1.0, 0.6, 0.62, 0.66], kept=2)

    assert sentences == [
        "It overfits: the loss in validation was lowest in epoch 2 (0.6000) and rose to 0.6600 in epoch 4, while that "
        "in training went on falling.",
        "The weights that were kept are from before this rise.",
    ]


def test_weights_from_the_rise_are_called_worse() -> None:
    sentences = said([1.0, 0.7, 0.5, 0.4], [1.0, 0.6, 0.62, 0.66], kept=4)

    assert sentences[1].startswith("The weights that were kept are from this rise")


def test_overfitting_is_called_so_once() -> None:
    sentences = said([1.0, 0.7, 0.5, 0.2], [1.0, 0.6, 0.62, 0.66], kept=4)

    assert sentences[-1] == (
        "It knows its training pictures better than new ones, too: in epoch 4, which was kept, the loss is 0.2000 in "
        "training and 0.6600 in validation."
    )
    assert sum(sentence.startswith("It overfits") for sentence in sentences) == 1


def test_a_rise_of_less_than_a_tenth_is_no_sign() -> None:
    sentences = said([1.0, 0.7, 0.5, 0.45], [1.0, 0.6, 0.62, 0.659], kept=2)

    assert [sentence.split(":")[0] for sentence in sentences] == ["No sign of overfitting"]


def test_a_loss_that_rises_in_training_too_is_no_overfitting() -> None:
    assert not read_curves(rows([1.0, 0.5, 0.6, 0.9], [1.0, 0.6, 0.7, 0.9]), 2).rises


@pytest.mark.parametrize(("validation", "gap"), [(0.399, False), (0.4, True)])
def test_twice_the_loss_of_training_is_a_gap(validation: float, gap: bool) -> None:
    found = read_curves(rows([1.0, 0.5, 0.2], [1.0, 0.6, validation]), 3)

    assert found.gap is gap


def test_the_gap_is_that_of_the_epoch_that_was_kept() -> None:
    sentences = said([1.0, 0.6, 0.1], [1.0, 0.7, 0.7], kept=2)

    assert sentences == [
        "No sign of overfitting: in epoch 2, which was kept, the loss is 0.6000 in training and 0.7000 in validation."
    ]


def test_a_loss_that_still_falls_asks_for_more_epochs() -> None:
    sentences = said([1.0, 0.8, 0.7], [1.0, 0.9, 0.8], kept=3)

    assert sentences[-1] == "In the last epoch the loss in validation was still falling: more epochs may help."
    assert not read_curves(rows([1.0, 0.8, 0.7], [1.0, 0.8, 0.795]), 3).falling


def test_two_epochs_say_nothing() -> None:
    assert said([1.0, 0.1], [1.0, 2.0], kept=1) == ["Fewer than 3 epochs don't say whether the network overfits."]


def test_a_loss_that_is_no_number_is_said() -> None:
    assert said([1.0, math.nan, math.nan], [1.0, math.nan, math.nan], kept=1) == [
        "In some epochs the loss is not a number: the training went astray."
    ]


def test_figures_are_written_as_the_language_writes_them() -> None:
    sentences = list(in_words(read_curves(rows([1.0, 0.7, 0.5], [1.0, 0.6, 0.6]), 2), wording("es"), "pérdida"))

    assert "0,7000" in sentences[0]
    assert "sobreajuste" in sentences[0]
