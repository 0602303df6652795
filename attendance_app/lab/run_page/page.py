"""The page of a training as HTML: what it says first, then curves, samples, errors with their pictures, the recipe."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Final

from PIL import Image as Pillow

from attendance_app.domain.classification import ClassificationScores
from attendance_app.lab.pages import Head, bullets, captioned, folded, part, picture, row, section, table, whole_page
from attendance_app.lab.run_page.curves import in_words, read_curves, rule_in_words
from attendance_app.lab.run_page.mistakes import SHOWN, ClassMistakes, Mistake, mistakes_of
from attendance_app.lab.run_page.record import Picture, RunRecord, TestPart, Told
from attendance_app.lab.wording import Wording, spoken

MARGIN: Final = 0.05
"""An accuracy has to be this much above the share of the largest class to mean anything."""


@dataclass(frozen=True, slots=True)
class Written:
    """What the run's own files say. ``begun``: config.json; ``layers``: rows of name, kind, output and parameters."""

    name: str
    begun: Mapping[str, Any]
    layers: Sequence[Sequence[str]]

    @property
    def planned(self) -> int | None:
        """Epochs that were asked for."""
        epochs = self.begun.get("config", {}).get("epochs")
        return epochs if isinstance(epochs, int) else None


@dataclass(frozen=True, slots=True)
class Drawn:
    """Plots as PNG. ``confusion``: by the name of the test."""

    curves: bytes
    confusion: Mapping[str, bytes]


def page(record: RunRecord, told: Told, written: Written, drawn: Drawn, words: Wording) -> str:
    """Return the page of a training in the language of ``words``, with everything in it."""
    tr = words.tr
    sections = [
        section(tr("What this training says"), "", bullets(conclusions(record, told, written, words))),
        _compared(told, words),
        section(tr("Curves"), rule_in_words(words), picture(drawn.curves, tr("Curves"))),
        section(
            tr("Samples"),
            tr("Pictures of the training, as the network sees them."),
            row(captioned(picture(_jpeg(one), tr("Samples"), "jpeg")) for one in record.samples),
        ),
        *(_test(told.tests[name], one, drawn.confusion[name], words) for name, one in record.tests.items()),
        _recipe(told, written, words),
        _layers(written, words),
    ]
    head = Head(tr("{title}: training").format(title=told.title), told.title, _summary(record, written, words))
    return whole_page(head, sections, words)


def conclusions(record: RunRecord, told: Told, written: Written, words: Wording) -> Iterator[str]:
    """Yield how the training went and what came of it."""
    tr = words.tr
    yield _epochs(record, written, words)
    yield tr("The weights of epoch {epoch} were kept.").format(epoch=words.number(record.history.best_epoch))
    quantity = told.quantities[1] if told.quantities else tr("loss", "of a network")
    yield from in_words(read_curves(record.history.rows, record.history.best_epoch), words, quantity)
    for name, one in record.tests.items():
        scores = one.scores()
        yield tr("{test}: {share} of {count} pictures are answered rightly.").format(
            test=told.tests[name], share=words.percent(scores.accuracy, 1), count=words.number(scores.count)
        )
        yield from _no_better_than_one_class(scores, words)
    if not record.tests:
        yield tr("It was not tested: the report's people are not among its own.")


def _no_better_than_one_class(scores: ClassificationScores, words: Wording) -> Iterator[str]:
    largest = max(scores.classes, key=lambda one: one.count)
    share = largest.count / scores.count
    if scores.accuracy < share + MARGIN:
        yield words.tr("That is hardly better than always answering {label}, which is right for {share}.").format(
            label=spoken(largest.name), share=words.percent(share, 1)
        )


def _epochs(record: RunRecord, written: Written, words: Wording) -> str:
    tr, done, planned = words.tr, len(record.history.rows), written.planned
    if record.history.stopped_early:
        text = tr("It was stopped by its user after {done} of {planned} epochs.")
    elif planned is not None and done < planned:
        text = tr("It ended by its own rule after {done} of {planned} epochs, without progress in the last ones.")
    else:
        text = tr("All {done} planned epochs were run.")
    return text.format(done=words.number(done), planned="–" if planned is None else words.number(planned))


def _summary(record: RunRecord, written: Written, words: Wording) -> str:
    minutes = sum(one.seconds for one in record.history.rows) / 60
    devices = ", ".join(written.begun.get("devices", ())) or words.tr("unknown", "device")
    return words.tr("{run}, seed {seed}; fitted in {minutes} minutes on: {devices}").format(
        run=written.name, seed=written.begun.get("seed", "–"), minutes=words.number(minutes, 1), devices=devices
    )


def _compared(told: Told, words: Wording) -> str:
    heading = words.tr("Beside the report")
    if told.compared:
        note = words.tr("The same test was run: as many pictures, chosen in the same way.")
        return section(heading, note, "".join(table(one.heads, one.rows) for one in told.compared))
    return section(heading, told.not_compared, "") if told.not_compared else ""


def _test(title: str, tested: TestPart, confusion: bytes, words: Wording) -> str:
    tr, scores = words.tr, tested.scores()
    heads = (
        tr("class", "of pictures"), tr("pictures"), tr("precision", "of a class"), tr("recall", "of a class"), "F1",
    )  # fmt: skip
    rows = [
        [
            spoken(one.name),
            words.number(one.count),
            # A class that was never answered has no precision.
            words.percent(one.precision, 1) if called else "–",
            words.percent(one.recall, 1),
            words.percent(one.f1, 1),
        ]
        for one, called in zip(scores.classes, map(sum, zip(*scores.confusion, strict=True)), strict=True)
    ]
    summary = tr("Accuracy {accuracy}, balanced {balanced}, loss {loss}, calibration error {error}.").format(
        accuracy=words.percent(scores.accuracy, 1),
        balanced=words.percent(scores.balanced_accuracy, 1),
        loss=words.number(scores.loss, 4),
        error=words.number(scores.calibration_error, 3),
    )
    body = table(heads, rows) + picture(confusion, tr("Confusion matrix"))
    return section(title, summary, body + _mistakes(tested, words))


def _mistakes(tested: TestPart, words: Wording) -> str:
    found = mistakes_of(tested)
    heading = words.tr("Wrong answers")
    if not found:
        return part(heading, words.tr("None."), "")
    note = words.tr("As the network sees the pictures; of each class the {count} surest at most.").format(
        count=words.number(SHOWN)
    )
    return part(heading, note, "".join(_of_class(tested, one, words) for one in found))


def _of_class(tested: TestPart, found: ClassMistakes, words: Wording) -> str:
    title = words.tr("{label}: {wrong} of {pictures} answered wrongly").format(
        label=spoken(tested.names[found.label]),
        wrong=words.number(found.wrong),
        pictures=words.number(found.pictures),
    )
    return part(title, "", row(_mistake(tested, found.label, one, words) for one in found.shown))


def _mistake(tested: TestPart, label: int, mistake: Mistake, words: Wording) -> str:
    def share(name: str, probability: float) -> str:
        return f"{spoken(name)}: {words.percent(probability)}"

    answered, true = (
        share(tested.names[mistake.answer], mistake.probability),
        share(tested.names[label], mistake.true_probability),
    )
    lines = [
        words.tr("answer: {label}").format(label=answered),
        words.tr("true: {label}").format(label=true),
    ]
    shown = picture(_jpeg(tested.picture(mistake.index)), "; ".join(lines), "jpeg")
    return captioned(shown, *lines, *([tested.files[mistake.index]] if tested.files else []))


def _recipe(told: Told, written: Written, words: Wording) -> str:
    tr = words.tr
    settings = [*_flat(written.begun.get("config", {})), *_flat(written.begun.get("versions", {}))]
    body = table([tr("setting", "of a training"), tr("value", "of a setting")], settings)
    if told.deviations:
        body = part(tr("Where it differs from the report"), "", bullets(told.deviations)) + folded(
            tr("Settings and versions"), body
        )
    else:
        body = folded(tr("Settings and versions"), body)
    return section(tr("Recipe"), tr("Settings are called as in config.json."), body)


def _flat(settings: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, str]]:
    for name, value in settings.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{above}{name}.")
        else:
            text = ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
            yield f"{above}{name}", text if value not in (None, "", []) else "–"


def _layers(written: Written, words: Wording) -> str:
    tr = words.tr
    if not written.layers:
        return ""
    heads = [tr("layer", "of a network"), tr("kind", "of a layer"), tr("output shape"), tr("parameters")]
    *rows, (_all, _kind, _output, count) = written.layers
    note = tr("{count} layers with {parameters} parameters.").format(
        count=words.number(len(rows)), parameters=words.number(float(count.replace(",", "")))
    )
    body = table(heads, [[*one[:-1], words.number(float(one[-1].replace(",", "")))] for one in rows])
    return section(tr("Layers"), note, folded(tr("All layers"), body))


def _jpeg(shown: Picture) -> bytes:
    data = BytesIO()
    Pillow.fromarray(shown[..., 0] if shown.shape[-1] == 1 else shown).save(data, "JPEG", quality=90)
    return data.getvalue()
