"""What a training of the identity report's variants leaves in its run folder, beside the report's own figures."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from attendance_app.lab.architecture import layer_list
from attendance_app.lab.identity.data import GreyFaces, Split
from attendance_app.lab.identity.report_factors import COMMAND, factors, table
from attendance_app.lab.pages import Table
from attendance_app.lab.run_page.record import RunRecord, TestPart, Told, spread
from attendance_app.lab.run_page.writing import write_run_pages
from attendance_app.lab.runs import LAYERS, History, RunFolder
from attendance_app.lab.wording import ENGLISH, Wording, spoken
from attendance_app.networks.fit import CLASSES
from attendance_app.networks.own import CARD

REPORTED_PEOPLE, REPORTED_TEST_PICTURES = 19, 374
"""Of the report's set; only beside a test of as many its figures are put."""


def deviations(words: Wording, *, as_reported: bool) -> tuple[str, ...]:
    """Where a run differs from the report; ``as_reported``: one to the letter, which differs less."""
    tr = words.tr
    always = (
        tr(
            "Keras's batches are shuffled by the seed and the epoch, so that a training that is resumed sees the same "
            "ones."
        ),
        tr(
            "The best weights are kept in memory and, after each epoch, in the run's checkpoint; at the end they are "
            "put back."
        ),
    )
    if as_reported:
        return always
    return (
        tr("Validation is a fifth of the training part with everybody in it; the report takes its last fifth."),
        tr("Pixels are divided by 255 once; the report's code divides what is from 0 to 1 already."),
        tr(
            "Of several epochs with the best validation accuracy the one with the lowest validation loss is kept; the "
            "report keeps the first."
        ),
        *always,
    )


@dataclass(frozen=True, slots=True)
class Variant:
    """What distinguishes the three, and the test accuracy that the report gives for each."""

    dropout: float
    dense: int
    reported_accuracy: float


# Dropout and dense layer are from the report's code, the accuracies from what its training printed.
VARIANTS = {1: Variant(0.55, 128, 0.8075), 2: Variant(0.3, 128, 0.8048), 3: Variant(0.2, 0, 0.7941)}


@dataclass(frozen=True, slots=True, eq=False)
class Fitted:
    """A Keras model with its best weights, and how it got there."""

    model: Any
    history: History


def write_results(
    run: RunFolder, variant: int, faces: GreyFaces, split: Split, fitted: Fitted, *, as_reported: bool
) -> None:
    """Test the network, and write network, history, curves, samples, layers, confusion matrix, results and card."""
    from attendance_app.lab import export, plots

    run.write_history(fitted.history)
    plots.curves(fitted.history, run.path / "curves.png", title=f"Variant {variant}")
    layers = layer_list(fitted.model)
    run.write_text(LAYERS, layers)
    tested, loss, accuracy = _test(run, variant, faces, split, fitted)
    difference = export.export(
        fitted.model,
        run.path / "network.onnx",
        samples=faces.images[split.test][:32],
        metadata={CLASSES: "\n".join(faces.names), "variant": str(variant)},
    )
    result = {
        "variant": variant,
        "test_accuracy": accuracy,
        "test_loss": loss,
        "reported_test_accuracy": VARIANTS[variant].reported_accuracy,
        "best_epoch": fitted.history.best_epoch,
        "epochs": len(fitted.history.rows),
        "stopped_early": fitted.history.stopped_early,
        "people": len(faces.names),
        "training_pictures": len(split.training),
        "validation_pictures": len(split.validation),
        "test_pictures": len(split.test),
        "export_difference": difference,
    }
    run.write_json("result.json", result)
    pictures = {name: int((faces.labels == index).sum()) for index, name in enumerate(faces.names)}
    run.write_text(CARD, _card(result, pictures, layers, as_reported=as_reported, devices=run.computed_on))
    samples = _eight_bit(faces.images[spread(split.training)])
    write_run_pages(
        run,
        RunRecord(fitted.history, samples, {"test": tested}),
        lambda words: _told(result, words, as_reported=as_reported),
    )


def _eight_bit(images: NDArray[np.float32]) -> NDArray[np.uint8]:
    return (images * 255).round().astype(np.uint8)


def _told(result: dict[str, float | int | bool], words: Wording, *, as_reported: bool) -> Told:
    """What a run says on its page."""
    tr = words.tr
    same = (result["people"], result["test_pictures"]) == (REPORTED_PEOPLE, REPORTED_TEST_PICTURES)
    reported, reached = (words.percent(result[name], 2) for name in ("reported_test_accuracy", "test_accuracy"))
    heads = (tr("test", "of a network"), tr("the report"), tr("this run"))
    title = tr("Identity network, the report's variant {number}, to the letter")
    if not as_reported:
        title = tr("Identity network, the report's variant {number}")
    return Told(
        title.format(number=result["variant"]),
        {"test": tr("Test part, drawn at random")},
        deviations=deviations(words, as_reported=as_reported),
        compared=(Table(heads, ((tr("accuracy"), reported, reached),)),) if same else (),
        not_compared="" if same else tr("The report's test was another one, so its figures are not put beside these."),
    )


def _test(
    run: RunFolder, variant: int, faces: GreyFaces, split: Split, fitted: Fitted
) -> tuple[TestPart, float, float]:
    """Name the test pictures, write confusion matrix and report; return answers, loss (cross-entropy) and accuracy."""
    from sklearn.metrics import classification_report, confusion_matrix, log_loss

    from attendance_app.lab import plots

    truth = faces.labels[split.test]
    probabilities = fitted.model.predict(faces.images[split.test], verbose=0).astype(np.float64)
    predicted: NDArray[np.intp] = probabilities.argmax(axis=1)
    accuracy = float((predicted == truth).mean())
    labels = list(range(len(faces.names)))
    text = classification_report(truth, predicted, labels=labels, target_names=list(faces.names), zero_division=0)
    run.write_text("classification_report.txt", text)
    matrix = confusion_matrix(truth, predicted, labels=labels)
    title = f"Variant {variant}: test accuracy {accuracy:.4f}"
    plots.confusion_matrix(matrix, faces.names, run.path / "confusion.png", title=title)
    # Softmax in single precision does not add up to 1 exactly.
    loss = float(log_loss(truth, probabilities / probabilities.sum(axis=1, keepdims=True), labels=labels))
    tested = TestPart(faces.names, truth, probabilities, lambda index: _eight_bit(faces.images[split.test[index]]))
    return tested, loss, accuracy


def _card(
    result: dict[str, float | int | bool], pictures: dict[str, int], layers: str, *, as_reported: bool, devices: str
) -> str:
    same_test = (result["people"], result["test_pictures"]) == (REPORTED_PEOPLE, REPORTED_TEST_PICTURES)
    reported = f"{result['reported_test_accuracy']:.4f}" if same_test else "another set, so it does not compare"
    return f"""# Identity network, the report's variant {result["variant"]}{" to the letter" if as_reported else ""}

| | test accuracy |
|---|---|
| this run | {result["test_accuracy"]:.4f} |
| the report | {reported} |

Test loss (cross-entropy) {result["test_loss"]:.4f}. {result["people"]} people; {result["training_pictures"]} pictures
trained on, {result["validation_pictures"]} to choose the best epoch ({result["best_epoch"]} of {result["epochs"]}),
{result["test_pictures"]} tested once at the end. Computed on: {devices}.

## Where it differs from the report
{_listed(deviations(ENGLISH, as_reported=as_reported))}

## What the accuracy depends on
{_dependence()}

## People and pictures
{_listed(f"{spoken(name)}: {count}" for name, count in pictures.items())}

## Layers
```
{layers.rstrip()}
```

## Use
Input 125 x 94, grey, 0 to 1; output one probability a person, in the order of the file's metadata.
It knows these people only, has no answer for strangers, and needs the face where LFW's pictures have it.
"""


def _dependence() -> str:
    measured = factors()
    first = measured[0]
    return f"""Variant {first.variant} by the report's recipe to the letter, one thing changed at a time, {first.epochs}
epochs (`{COMMAND}`):

{table(measured)}

Alignment explains most of the difference from the report: on pictures that are not aligned the recipe to the letter
comes to the report's figure."""


def _listed(lines: Iterable[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)
