"""The page of a training: what is on it, in both languages, from a record that was made for it."""

import html
import re
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest

from attendance_app.lab.pages import Table
from attendance_app.lab.run_page.mistakes import mistakes_of
from attendance_app.lab.run_page.record import SAMPLES, RunRecord, TestPart, Told, spread
from attendance_app.lab.run_page.writing import write_run_pages
from attendance_app.lab.runs import LAYERS, EpochRow, History, RunFolder
from attendance_app.lab.wording import Wording

NAMES = ("with_mask", "<b>other</b>")
RATES = {"loss": 0.5, "accuracy": 0.8, "val_loss": 0.6, "val_accuracy": 0.7}


def history(epochs: int = 4, *, stopped: bool = False) -> History:
    rows = tuple(EpochRow(n, **RATES, learning_rate=0.001, seconds=30) for n in range(1, epochs + 1))
    return History(rows, best_epoch=2, stopped_early=stopped)


def answers(*given: tuple[int, float]) -> TestPart:
    """Pairs of the true class and the probability of the second one."""
    truth = np.array([true for true, _ in given])
    second = np.array([probability for _, probability in given])
    pictures = np.full((len(given), 8, 8, 1), 120, np.uint8)
    files = [f"picture {number}.jpg" for number in range(len(given))]
    return TestPart(NAMES, truth, np.stack([1 - second, second], axis=1), lambda index: pictures[index], files)


def told(words: Wording, *, compared: bool = False) -> Told:
    tables = (Table(("test", "the report", "this run"), (("accuracy", "98.44 %", "97.00 %"),)),)
    return Told(
        "A network",
        {"test": words.tr("Independent photographs")},
        deviations=("Batches of <32>.",),
        compared=tables if compared else (),
        not_compared="" if compared else "Another test.",
    )


def written(tmp_path: Path, *, run_history: History | None = None, compared: bool = False) -> tuple[str, str]:
    """The pages in English and Spanish."""
    config = {"epochs": 4, "recipe": {"views": 10}, "cache": None}
    run = RunFolder.create(tmp_path / "a run", config=config, seed=7, devices=("CPU",))
    run.write_text(
        LAYERS, "layer  kind   output  parameters\none    Dense  n x 3         1,234\nall" + " " * 24 + "1,234\n"
    )
    part = answers((0, 0.25), (0, 0.75), (1, 0.9), (1, 0.4), (0, 0.95))
    samples = np.full((3, 8, 8, 3), 90, np.uint8)
    record = RunRecord(run_history or history(), samples, {"test": part})
    write_run_pages(run, record, lambda words: told(words, compared=compared))
    english, spanish = ((run.path / name).read_text(encoding="utf-8") for name in ("page.html", "pagina.html"))
    return english, spanish


def plain(page: str) -> str:
    return html.unescape(re.sub(r"<[^>]+>", " ", page))


def test_the_page_says_epochs_kept_weights_test_and_device(tmp_path: Path) -> None:
    english, spanish = map(plain, written(tmp_path))

    for text in (
        "All 4 planned epochs were run.",
        "The weights of epoch 2 were kept.",
        "No sign of overfitting: in epoch 2, which was kept, the loss is 0.5000 in training and 0.6000 in validation.",
        "Independent photographs: 40.0\N{NO-BREAK SPACE}% of 5 pictures are answered rightly.",
        "a run, seed 7; fitted in 2.0 minutes on: CPU",
        "1 layers with 1,234 parameters.",
        "recipe.views",
    ):
        assert text in english
    for text in (
        "Se hicieron las 4 épocas previstas.",
        "Sin señales de sobreajuste: en la época 2",
        "40,0\N{NO-BREAK SPACE}%",
        "1 capas con 1234 parámetros.",
    ):
        assert text in spanish


def test_wrong_answers_are_shown_with_picture_answer_and_file(tmp_path: Path) -> None:
    page = plain(written(tmp_path)[0])

    assert "with mask: 2 of 3 answered wrongly" in page
    assert re.search(r"answer: <b>other</b>: 95\s%\s+true: with mask: 5\s%\s+picture 4\.jpg", page)
    assert page.index("picture 4.jpg") < page.index("picture 1.jpg")
    assert "picture 0.jpg" not in page


def test_a_network_that_knows_one_class_only_is_called_so(tmp_path: Path) -> None:
    run = RunFolder.create(tmp_path / "one", config={"epochs": 4}, seed=7)
    part = answers((0, 0.1), (0, 0.2), (0, 0.3), (1, 0.4))
    record = RunRecord(history(), np.full((3, 8, 8, 3), 90, np.uint8), {"test": part})
    write_run_pages(run, record, told)
    page = plain((run.path / "page.html").read_text(encoding="utf-8"))

    assert "hardly better than always answering with mask, which is right for 75.0\N{NO-BREAK SPACE}%." in page
    # Nobody was answered as the other class: it has no precision, a recall of 0.
    assert re.search(r"<b>other</b>\s+1\s+–\s+0\.0", page)


def test_names_of_classes_can_do_nothing_on_the_page(tmp_path: Path) -> None:
    page, _ = written(tmp_path)

    assert "<b>" not in page
    assert "&lt;32&gt;" in page


def test_the_page_loads_nothing(tmp_path: Path) -> None:
    loaded: list[str] = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            assert tag not in {"script", "link", "iframe"}
            loaded.extend(value or "" for name, value in attrs if name in {"src", "href"})

    for page in written(tmp_path):
        Reader().feed(page)
    assert loaded
    assert all(source.startswith("data:image/") for source in loaded)


@pytest.mark.parametrize(
    ("run_history", "text"),
    [
        (history(3, stopped=True), "It was stopped by its user after 3 of 4 epochs."),
        (history(3), "It ended by its own rule after 3 of 4 epochs, without progress in the last ones."),
    ],
)
def test_an_early_end_is_said_with_its_reason(tmp_path: Path, run_history: History, text: str) -> None:
    assert text in plain(written(tmp_path, run_history=run_history)[0])


def test_the_reports_figures_stand_there_only_where_the_test_was_the_same(tmp_path: Path) -> None:
    same, another = (plain(written(tmp_path / str(one), compared=one)[0]) for one in (True, False))

    assert "98.44" in same
    assert "Another test." in another
    assert "98.44" not in another


def test_a_class_without_mistakes_is_left_out_and_the_surest_come_first() -> None:
    found = mistakes_of(answers((0, 0.6), (0, 0.8), (0, 0.7), (1, 0.9)), shown=2)

    assert [(one.label, one.pictures, one.wrong) for one in found] == [(0, 3, 3)]
    assert [mistake.index for mistake in found[0].shown] == [1, 2]
    assert found[0].shown[0].true_probability == pytest.approx(0.2)


def test_samples_are_spread_over_all() -> None:
    assert spread(np.arange(3)).tolist() == [0, 1, 2]
    assert spread(np.arange(100))[[0, -1]].tolist() == [0, 99]
    assert len(spread(np.arange(100))) == SAMPLES
