"""The page "Models": networks and their cards, the course's photos, a mask in a photo, a collection of pictures."""

import sys
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from classroom import make_class
from openpyxl import load_workbook
from own_networks import mask_run
from PIL import Image as Pictures
from PySide6.QtCore import QUrl
from PySide6.QtWidgets import QLabel, QProgressBar
from single_writes import each

from attendance_app.classifiers.course_cnn import course_cnn_id
from attendance_app.classifiers.identity import IdentityEmbedder
from attendance_app.classifiers.match import shipped_parameters
from attendance_app.classifiers.thresholds import Strictness
from attendance_app.domain.faces import Box
from attendance_app.domain.fusion import ClassifierChoice
from attendance_app.domain.masks import MaskOpinion, MaskState
from attendance_app.domain.people import Course, FaceTemplate, TrainedHead
from attendance_app.networks.errors import ManifestDamaged, NetworkMissing
from attendance_app.networks.in_use import choose, chosen
from attendance_app.networks.manifest import read_manifest
from attendance_app.networks.own import NetworkKind
from attendance_app.services.classifier_comparison import Confusion, CourseCheck, CourseComparison, NamingCounts
from attendance_app.services.course_cnn.report import CnnReport, OtherWay, PersonTries
from attendance_app.services.course_cnn.teaching import CnnRecipe
from attendance_app.services.identity.heads import HeadReport
from attendance_app.services.mask.photos import ReadPhoto, export_masks
from attendance_app.services.mask.reading import MaskedFace, WholePicture
from attendance_app.services.output.files import OutputFile
from attendance_app.services.training_events import EpochDone, TrainingEvent
from attendance_app.store.database import Store
from attendance_app.ui.main_window import MainWindow
from attendance_app.ui.pages.models import ModelsPage
from attendance_app.ui.palette import DARK, LIGHT
from attendance_app.ui.recognition.networks import NetworkInfo, network_name, network_purpose

Settle = Callable[[], None]
NOW = datetime(2026, 11, 2, tzinfo=UTC)


def opened(window: MainWindow, settle: Settle, tab: int = 0) -> ModelsPage:
    page = window.open_page("models")
    assert isinstance(page, ModelsPage)
    page.tabs.setCurrentIndex(tab)
    settle()
    return page


def with_photos(store: Store, window: MainWindow, photos: int = 2) -> Course:
    """A course whose students' templates are far apart."""
    course = make_class(store, 3)
    random = np.random.default_rng(0)
    for student in store.students.of_course(course.id):
        each(store).consents.record(student.id, "form", NOW)
        face = random.normal(size=128)
        for photo in range(photos):
            encoding = (face + 0.05 * random.normal(size=128)).astype(np.float32)
            template = FaceTemplate(
                student.id, shipped_parameters().encoder_id, encoding, f"{student.id}-{photo}", 1.0, NOW
            )
            each(store).templates.add(template)
    window.context.changed("courses")
    window.context.choose_course(course)
    return course


# -- networks


def test_every_network_of_the_manifest_is_named_in_words_and_intact(window: MainWindow, settle: Settle) -> None:
    page = opened(window, settle)
    texts = [page.networks.list.item(row).text() for row in range(page.networks.list.count())]
    assert len(texts) == len(read_manifest())
    assert all(text.endswith("\nIntact") for text in texts)
    for name in read_manifest():
        assert network_name(name) != name
        assert network_purpose(name)


def test_the_chosen_networks_card_is_shown_and_leads_nowhere(window: MainWindow, settle: Settle) -> None:
    page = opened(window, settle)
    page.networks.list.setCurrentRow(list(read_manifest()).index("dlib-face-encoder.onnx"))
    assert "ResNet" in page.networks.card.toPlainText()
    assert not page.networks.card.openLinks()
    assert not page.networks.card.openExternalLinks()


def test_an_altered_network_says_what_is_wrong_and_what_to_do(window: MainWindow, settle: Settle) -> None:
    page = opened(window, settle)
    entry = read_manifest()["mask.onnx"]
    error = NetworkMissing(name="m", folder=Path("f"))
    page.networks.show_networks([NetworkInfo(entry, "", error)])
    assert page.networks.list.item(0).text() == "Sees masks\nAltered or missing"
    assert "is missing from f. Install the program again." in page.networks._state.text()
    assert not page.networks.card.isVisible()


def test_a_missing_manifest_goes_into_the_message_bar(
    window: MainWindow, settle: Settle, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> object:
        raise ManifestDamaged(path=Path("p"))

    monkeypatch.setattr("attendance_app.ui.recognition.networks.read_manifest", broken)
    opened(window, settle)
    assert window.message_bar.isVisible()


def test_spanish_says_that_the_card_is_english(window: MainWindow, settle: Settle) -> None:
    page = opened(window, settle)
    assert not page.networks._note.isVisible()
    window.context.change_settings(language="es")
    settle()
    assert page.networks._note.isVisible()
    assert page.networks.list.item(0).text() == "Encuentra rostros pequeños\nIntacta"


def test_a_network_of_ones_own_is_added_used_and_given_up_again(
    window: MainWindow, settle: Settle, tmp_path: Path
) -> None:
    page = opened(window, settle)
    view, home = page.networks, window.context.store.home
    assert not view.own.use_button.isVisible()

    view.own.add(mask_run(tmp_path / "night"))
    settle()
    view.list.setCurrentRow(view.list.count() - 1)
    assert view.list.currentItem().text() == "night\nYours"
    assert "Tested on 9 pictures" in view.card.toPlainText()

    view.own.use_button.click()
    settle()
    assert chosen(home, NetworkKind.MASK) == "night"
    assert view.list.currentItem().text() == "night\nYours, in use"
    assert not view.own.use_button.isVisible()

    view.own.back_button.click()
    settle()
    assert chosen(home, NetworkKind.MASK) is None
    assert view.list.currentItem().text() == "night\nYours"


def test_the_page_of_a_training_opens_in_the_windows_language(
    window: MainWindow, settle: Settle, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[QUrl] = []
    monkeypatch.setattr("attendance_app.ui.recognition.own_networks.QDesktopServices.openUrl", shown.append)
    view = opened(window, settle).networks
    run = mask_run(tmp_path / "night")
    for name in ("page.html", "pagina.html"):
        (run / name).write_text(name)
    view.own.add(mask_run(tmp_path / "bare"))
    view.own.add(run)
    settle()

    view.list.setCurrentRow(view.list.count() - 2)
    assert view.list.currentItem().text() == "bare\nYours"
    assert not view.own.page_button.isVisible()
    view.list.setCurrentRow(view.list.count() - 1)
    view.own.page_button.click()
    window.context.change_settings(language="es")
    settle()
    view.own.page_button.click()

    kept = window.context.store.home / "networks" / "night"
    assert [url.toLocalFile() for url in shown] == [str(kept / "page.html"), str(kept / "pagina.html")]


def test_a_folder_without_a_network_goes_into_the_message_bar(
    window: MainWindow, settle: Settle, tmp_path: Path
) -> None:
    page = opened(window, settle)
    page.networks.own.add(tmp_path)
    settle()
    assert window.message_bar.isVisible()
    assert page.networks.list.count() == len(read_manifest())


# -- the course


def test_without_a_course_the_tab_offers_to_make_one(window: MainWindow, settle: Settle) -> None:
    page = opened(window, settle, 1)
    assert page._no_course.button.isVisible()
    assert not page.course_check.button.isVisible()


def test_photos_of_a_course_are_checked(window: MainWindow, settle: Settle, store: Store) -> None:
    with_photos(store, window)
    page = opened(window, settle, 1)
    page.course_check.button.click()
    settle()
    shown = [cell.text() for cell in page.course_check.findChildren(QLabel) if cell.isVisible()]
    assert "No photo was given to the wrong student." in shown
    assert shown.count("6 of 6") == len(Strictness)
    assert page.course_check.button.isEnabled()


def test_a_course_without_photos_is_told_to_enrol_some(window: MainWindow, settle: Settle, store: Store) -> None:
    with_photos(store, window, photos=0)
    page = opened(window, settle, 1)
    page.course_check.button.click()
    settle()
    assert page.course_check.summary.text() == "No student of this course has an enrolled photo yet."
    assert page.course_check.to_photos.isVisible()


def add_embeddings(store: Store, course: Course, *, mixed_up: bool = False) -> None:
    """The in-house network's own embeddings of the same photos; with ``mixed_up``, of one face for everybody."""
    random = np.random.default_rng(1)
    one_face = random.normal(size=128)
    for student in store.students.of_course(course.id):
        face = one_face if mixed_up else random.normal(size=128)
        for photo in range(2):
            seen = face + 0.05 * random.normal(size=128)
            encoding = (seen / np.linalg.norm(seen)).astype(np.float32)
            template = FaceTemplate(student.id, IdentityEmbedder().id, encoding, f"{student.id}-{photo}", 1.0, NOW)
            each(store).templates.add(template)


def test_both_networks_are_compared_on_the_same_photos(window: MainWindow, settle: Settle, store: Store) -> None:
    add_embeddings(store, with_photos(store, window), mixed_up=True)
    page = opened(window, settle, 1)
    page.course_check.button.click()
    settle()
    ways = page.course_check.ways
    assert ways.isVisible()
    assert ways.advice.text() == "Best on these photos: Comparing faces"
    rows = [cell.text() for cell in ways.table.findChildren(QLabel) if cell.isVisible()]
    assert {"Comparing faces", "Our own network", "Both together"} <= set(rows)
    assert not ways.rates.isVisible()
    ways.rates_button.click()
    rates = [cell.text() for cell in ways.rates.findChildren(QLabel) if cell.isVisible()]
    assert "Taken for another (FMR)" in rates
    assert "0.0 % (0.0 % to 70.8 %)".replace(" %", "\u00a0%") in rates
    assert "95 %" in rates
    assert "In brackets" in ways.confusions.text()


def test_confusions_are_said_with_both_names(window: MainWindow, settle: Settle, store: Store) -> None:
    students = store.students.of_course(with_photos(store, window).id)
    page = opened(window, settle, 1)
    confused = Confusion(students[0], students[1], 2)
    outcomes = dict.fromkeys(Strictness, NamingCounts(right=4, wrong=2))
    bad = CourseCheck(3, 6, 6, 0, outcomes, dict.fromkeys(Strictness, ()), confusions=(confused,))
    good = CourseCheck(3, 6, 6, 0, dict.fromkeys(Strictness, NamingCounts(right=6)), dict.fromkeys(Strictness, ()))
    ways = page.course_check.ways
    ways.show_found(
        CourseComparison({ClassifierChoice.ENCODINGS: bad, ClassifierChoice.CNN: good, ClassifierChoice.BOTH: bad}),
        Strictness.BALANCED,
    )
    ways.rates_button.click()
    assert ways.advice.text() == "Best on these photos: Our own network"
    assert "It makes the fewest mistakes." in ways._why.text()
    assert "Comparing faces: 2 photos of Student 01 would be marked as Student 02." in ways.confusions.text()


def test_without_embeddings_nothing_is_compared(window: MainWindow, settle: Settle, store: Store) -> None:
    with_photos(store, window)
    page = opened(window, settle, 1)
    page.course_check.button.click()
    settle()
    assert page.course_check.table.isVisible()
    assert not page.course_check.ways.isVisible()


def test_what_was_found_is_forgotten_with_the_course(window: MainWindow, settle: Settle, store: Store) -> None:
    with_photos(store, window)
    page = opened(window, settle, 1)
    page.course_check.check()
    settle()
    window.context.choose_course(each(store).courses.add("BIO", "Biology"))
    settle()
    assert not page.course_check.summary.isVisible()


# -- our own network


def test_no_network_of_our_own_no_training(
    window: MainWindow, settle: Settle, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    others = {name: entry for name, entry in read_manifest().items() if not name.startswith("identity")}
    monkeypatch.setattr("attendance_app.ui.recognition.networks.read_manifest", lambda: others)
    with_photos(store, window)
    page = opened(window, settle, 1)
    assert page.course_check.isVisible()
    assert not page.training.isVisible()


def learning(monkeypatch: pytest.MonkeyPatch, train: Callable[..., object]) -> None:
    monkeypatch.setattr("attendance_app.ui.pages.models.NETWORK", "mask.onnx")  # one that is always there
    monkeypatch.setattr("attendance_app.ui.recognition.course_training.train_course_head", train)


def test_what_the_network_learnt_is_said_in_words(
    window: MainWindow, settle: Settle, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    course = with_photos(store, window)
    ids = tuple(student.id for student in store.students.of_course(course.id))

    def train(store: Store, code: str, **_given: object) -> None:
        report = HeadReport(6, 6, 5, ((ids[0], ids[1]),), (ids[2],)).as_document()
        import json

        each(store).heads.put(TrainedHead(course.id, "backbone", ids, b"head", json.dumps(report), NOW))

    learning(monkeypatch, train)
    page = opened(window, settle, 1)
    assert page.training.isVisible()
    page.training.button.click()
    settle()
    said = page.training.result.text()
    assert "5 of 6 named right" in said
    assert "It confuses Student 01 and Student 02" in said
    assert "Without a photo: Student 03" in said
    assert "Teach it again" in page.training.button.text()


def test_a_training_is_cancelled_while_it_waits(
    window: MainWindow, settle: Settle, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def train(_store: Store, _code: str, *, waiting: Callable[[], None], **_given: object) -> None:
        import time

        end = time.monotonic() + 8
        while time.monotonic() < end:
            waiting()
            time.sleep(0.01)
        raise AssertionError("not cancelled")

    learning(monkeypatch, train)
    with_photos(store, window)
    page = opened(window, settle, 1)
    page.training.button.click()
    assert page.training.progress.isVisible()
    assert not page.training.button.isEnabled()
    page.training.progress.cancel_button.click()
    settle()
    assert not page.training.progress.isVisible()
    assert not page.training.result.isVisible()
    assert page.training.button.isEnabled()


# -- one of the report's networks


REPORT = CnnReport(
    variant=2,
    photos=6,
    students=3,
    best_named=4,
    own=tuple(PersonTries(2, right=1) for _ in range(3)),
    left_out=tuple(PersonTries(2) for _ in range(3)),
    beside=(OtherWay(ClassifierChoice.ENCODINGS, (PersonTries(6, right=6),), (PersonTries(6),)),),
)


def epoch(number: int) -> EpochDone:
    return EpochDone(number, 5, 2 / number, 0.1 * number, 3 / number, 0.05 * number, 10)


def teaching(monkeypatch: pytest.MonkeyPatch, teach: Callable[..., object]) -> None:
    monkeypatch.setattr("attendance_app.ui.pages.models.NETWORK", "mask.onnx")  # one that is always there
    monkeypatch.setattr("attendance_app.ui.recognition.course_training.teach_course_cnn", teach)
    monkeypatch.setattr("attendance_app.ui.recognition.course_training.open_photo_embedder", lambda _network: None)
    monkeypatch.setattr("attendance_app.ui.recognition.course_training.network_to_compare", lambda *_given: None)


def test_a_network_of_the_report_is_taught_with_its_curves_and_judged(
    window: MainWindow, settle: Settle, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    course = with_photos(store, window)
    ids = tuple(student.id for student in store.students.of_course(course.id))
    asked: list[CnnRecipe] = []

    def teach(
        store: Store, _code: str, recipe: CnnRecipe, *, report: Callable[[TrainingEvent], None], **_given: object
    ) -> None:
        asked.append(recipe)
        for number in range(1, 4):
            report(epoch(number))
        each(store).heads.put(TrainedHead(course.id, course_cnn_id(2), ids, b"network", REPORT.to_json(), NOW))

    teaching(monkeypatch, teach)
    page = opened(window, settle, 1)
    training = page.training
    assert not training.curves.isVisible()
    training.choice.setCurrentIndex(2)
    assert training.advice.isVisible()
    training.button.click()
    settle()
    assert asked == [CnnRecipe(2)]
    assert training.curves.isVisible()
    assert [one.epoch for one in training.curves.epochs] == [1, 2, 3]
    assert training.curves.accessibleName() == "Epoch 3: of the photos kept back 15 % named right"
    assert not training.curves.grab().isNull()
    said = training.result.text()
    assert "The report's network, variant 2: learnt on" in said
    assert "the likeliest student is right in 4 of 6" in said
    assert "more photos of each student help it most" in said
    assert "not decide alone: too few strangers" in said
    cells = [cell.text() for cell in training.figures.findChildren(QLabel) if not cell.isHidden()]
    assert any(cell.startswith("3 of 6 (") for cell in cells)
    assert any(cell.startswith("6 of 6 (") for cell in cells)
    assert not training.stop_button.isVisible()


def test_pictures_of_other_people_go_into_the_recipe_and_can_be_left_out_again(
    window: MainWindow, settle: Settle, store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[CnnRecipe] = []
    teaching(monkeypatch, lambda _store, _code, recipe, **_given: asked.append(recipe))
    chosen = "attendance_app.ui.recognition.other_people.QFileDialog.getExistingDirectory"
    monkeypatch.setattr(chosen, lambda *_asked: str(tmp_path))
    with_photos(store, window)
    training = opened(window, settle, 1).training
    assert not training.others.isVisible()
    training.choice.setCurrentIndex(2)
    assert training.others.isVisible()
    assert not training.others.clear_button.isVisible()
    training.others.choose_button.click()
    assert str(tmp_path) in training.others.text.text()
    training.button.click()
    settle()
    training.others.clear_button.click()
    training.button.click()
    settle()
    assert asked == [CnnRecipe(2, (tmp_path,)), CnnRecipe(2)]


def test_a_choice_of_pictures_that_is_given_up_keeps_the_one_before(
    window: MainWindow, settle: Settle, store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = iter([str(tmp_path), ""])
    chosen = "attendance_app.ui.recognition.other_people.QFileDialog.getExistingDirectory"
    monkeypatch.setattr(chosen, lambda *_asked: next(answers))
    teaching(monkeypatch, lambda *_given, **_more: None)
    with_photos(store, window)
    others = opened(window, settle, 1).training.others
    others.choose_button.click()
    others.choose_button.click()
    assert others.folders() == (tmp_path,)


def test_stopping_asks_the_training_to_keep_the_best_so_far(
    window: MainWindow, settle: Settle, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = threading.Event()

    def teach(
        _store: Store, _code: str, _recipe: CnnRecipe, *, stop_asked: Callable[[], bool], **_given: object
    ) -> None:
        begun.set()
        end = time.monotonic() + 8
        while not stop_asked():
            assert time.monotonic() < end, "not stopped"
            time.sleep(0.01)

    teaching(monkeypatch, teach)
    with_photos(store, window)
    training = opened(window, settle, 1).training
    training.choice.setCurrentIndex(1)
    training.button.click()
    assert begun.wait(8)
    assert training.stop_button.isVisible()
    training.stop_button.click()
    assert not training.stop_button.isEnabled()
    settle()
    assert not training.stop_button.isVisible()
    assert training.button.isEnabled()
    assert not window.message_bar.isVisible()


def test_without_the_laboratory_only_our_own_network_can_be_taught(
    window: MainWindow, settle: Settle, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("attendance_app.laboratory.missing", lambda: ("tensorflow",))
    monkeypatch.setattr("attendance_app.ui.pages.models.NETWORK", "mask.onnx")
    with_photos(store, window)
    training = opened(window, settle, 1).training
    assert not training.choice.isVisible()
    assert training.variant is None
    assert 'pip install "classroom-attendance[lab]"' in training.advice.text()


# -- masks


class FakeReader:
    def __init__(self, faces: list[MaskedFace]) -> None:
        self._faces = faces

    def faces(self, image: np.ndarray) -> list[MaskedFace]:
        assert image.shape == (60, 80, 3)
        return self._faces


def photo(folder: Path, name: str = "photo.png") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    Pictures.fromarray(np.full((60, 80, 3), 128, np.uint8)).save(path)
    return path


def reading(monkeypatch: pytest.MonkeyPatch, *faces: MaskedFace) -> None:
    monkeypatch.setattr(
        "attendance_app.ui.recognition.mask_photos.open_mask_reader", lambda _network: FakeReader(list(faces))
    )


def test_every_face_gets_its_mask_in_words_and_bars(
    window: MainWindow, settle: Settle, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    on = MaskedFace(Box(5, 5, 25, 25), 1.0, MaskOpinion(MaskState.WITH_MASK, (0.97, 0.02, 0.01)))
    unsure = MaskedFace(Box(40, 5, 60, 25), 0.5, MaskOpinion(MaskState.UNSURE, (0.4, 0.3, 0.3)))
    reading(monkeypatch, on, unsure)
    page = opened(window, settle, 2)
    page.mask_photos.read([photo(tmp_path)])
    settle()
    assert page.mask_photos.summary.text() == "2 faces found"
    bars = [bar for bar in page.mask_photos.findChildren(QProgressBar) if bar.isVisible()]
    assert [bar.value() for bar in bars] == [970, 20, 10, 400, 300, 300]
    assert bars[0].accessibleName() == "1 · With a mask: With a mask 97 %"
    assert page.mask_photos.picture.accessibleName() == "1 With a mask, 2 Mask: can't tell"


def test_a_network_of_ones_own_is_tried_as_the_report_does_beside_the_face_found_first(
    window: MainWindow, settle: Settle, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def seen(value: int) -> np.ndarray:
        return np.full((32, 32, 3), value, np.uint8)

    class BothWaysReader(FakeReader):
        def whole_picture(self, image: np.ndarray) -> WholePicture:
            return WholePicture(seen(50), MaskOpinion(MaskState.UNSURE, (0.4, 0.35, 0.25)))

        def prepared(self, image: np.ndarray, face: MaskedFace) -> np.ndarray:
            return seen(200)

    on = MaskedFace(Box(5, 5, 25, 25), 1.0, MaskOpinion(MaskState.WITH_MASK, (0.97, 0.02, 0.01)))
    place = "attendance_app.ui.recognition.mask_photos"
    monkeypatch.setattr(f"{place}.open_mask_reader", lambda _network: BothWaysReader([on]))
    page = opened(window, settle, 0)
    page.networks.own.add(mask_run(tmp_path / "mine"))
    settle()
    choose(window.context.store.home, NetworkKind.MASK, "mine")
    page.tabs.setCurrentIndex(2)
    masks = page.mask_photos
    masks.read([photo(tmp_path)])
    settle()

    bars = [bar.value() for bar in masks.findChildren(QProgressBar) if bar.isVisible()]
    assert bars == [400, 350, 250, 970, 20, 10]
    shown = {one.text() for one in masks.findChildren(QLabel) if one.isVisible()}
    assert {"Whole photo, squashed as in the report's test", "The face, found first"} <= shown

    masks._exporter.save(tmp_path / "both.png", masks._write_picture())
    masks._exporter.save(tmp_path / "both.csv", lambda out: export_masks([masks.model.rows[0].read], out, words=str))
    settle()
    with Pictures.open(tmp_path / "both.png") as picture:
        assert picture.height > 60 + 256
    lines = (tmp_path / "both.csv").read_text(encoding="utf-8-sig").splitlines()
    assert lines[2].startswith("photo.png,squashed,,,,,unsure,0.4,0.35,0.25")


def test_a_photo_without_a_face_says_so(
    window: MainWindow, settle: Settle, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reading(monkeypatch)
    page = opened(window, settle, 2)
    page.mask_photos.read([photo(tmp_path)])
    settle()
    assert page.mask_photos.summary.text() == "No face found"


def test_several_photos_are_a_table_and_a_broken_one_is_a_line_of_it(
    window: MainWindow, settle: Settle, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    on = MaskedFace(Box(5, 5, 25, 25), 1.0, MaskOpinion(MaskState.WITH_MASK, (0.97, 0.02, 0.01)))
    reading(monkeypatch, on, on)
    page = opened(window, settle, 2)
    masks = page.mask_photos
    masks.read([photo(tmp_path, "a.png"), tmp_path / "none.jpg", photo(tmp_path, "b.png")])
    settle()
    table = [[masks.model.index(row, column).data() for column in range(3)] for row in range(3)]
    assert table == [
        ["a.png", "2", "2 × With a mask"],
        ["none.jpg", "", "The photo can't be read"],
        ["b.png", "2", "2 × With a mask"],
    ]
    assert masks.table.isVisible()
    assert masks.summary.text() == "2 faces found"
    masks.table.selectRow(1)
    assert "none.jpg" in masks._advice.text()
    assert masks.again_button.isEnabled()


def test_a_picture_that_was_taken_as_one_face_says_so(
    window: MainWindow, settle: Settle, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reading(monkeypatch, MaskedFace(Box(0, 0, 80, 60), None, MaskOpinion(MaskState.WITH_MASK, (0.97, 0.02, 0.01))))
    page = opened(window, settle, 2)
    page.mask_photos.read([photo(tmp_path)])
    settle()
    assert page.mask_photos._advice.text() == "The picture was taken as one face."
    assert not page.mask_photos.table.isVisible()


def test_what_was_seen_is_exported(tmp_path: Path) -> None:
    face = MaskedFace(Box(1, 2, 3, 4), 1.0, MaskOpinion(MaskState.WITH_MASK, (0.97, 0.02, 0.01)))
    photos = [
        ReadPhoto("=a.png", (face,)),
        ReadPhoto("b.png"),
        ReadPhoto("c.png", error=ManifestDamaged(path=Path("c"))),
    ]
    out = OutputFile(tmp_path / "masks.csv", "csv")
    export_masks(photos, out, words=lambda _error: "broken")
    lines = out.path.read_text(encoding="utf-8-sig").splitlines()
    assert lines[1].endswith("=a.png,1,1,2,3,4,with_mask,0.97,0.02,0.01,")
    assert not lines[1].startswith("=")
    assert lines[2:] == ["b.png,,,,,,,,,,no face found", "c.png,,,,,,,,,,broken"]
    export_masks(photos, OutputFile(tmp_path / "masks.xlsx", "xlsx"), words=lambda _error: "broken")
    sheet = load_workbook(tmp_path / "masks.xlsx").active
    assert [cell.value for cell in sheet[2]][:7] == ["=a.png", 1, 1, 2, 3, 4, "with_mask"]


# -- a collection


def test_a_collection_is_explored_and_its_page_opened(
    window: MainWindow, settle: Settle, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[QUrl] = []
    monkeypatch.setattr("attendance_app.ui.recognition.dataset.QDesktopServices.openUrl", shown.append)
    for label in ("cats", "dogs"):
        photo(tmp_path / "set" / label)
    page = opened(window, settle, 3)
    assert not page.dataset.show_button.isVisible()
    page.dataset.explore(tmp_path / "set", tmp_path / "out")
    settle()
    assert [url.toLocalFile() for url in shown] == [str(tmp_path / "out" / "index.html")]
    assert (tmp_path / "out" / "index.html").is_file()
    assert "cats: 1, dogs: 1" in page.dataset.result.text()
    assert page.dataset.show_button.isVisible()


def test_a_folder_without_pictures_goes_into_the_message_bar(
    window: MainWindow, settle: Settle, tmp_path: Path
) -> None:
    page = opened(window, settle, 3)
    page.dataset.explore(tmp_path, tmp_path / "out")
    settle()
    assert window.message_bar.isVisible()
    assert page.dataset.button.isEnabled()


def test_without_the_laboratory_one_line_says_how_to_install_it(
    window: MainWindow, settle: Settle, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("attendance_app.laboratory.missing", lambda: ("matplotlib",))
    page = opened(window, settle, 3)
    assert not page.dataset.button.isVisible()
    assert page.dataset.result.text() == 'This needs the laboratory: pip install "classroom-attendance[lab]"'


def test_the_frozen_program_names_no_command_to_install_the_laboratory(
    window: MainWindow, settle: Settle, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("attendance_app.laboratory.missing", lambda: ("matplotlib",))
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    page = opened(window, settle, 3)
    assert not page.dataset.button.isVisible()
    assert "not part of this installation" in page.dataset.result.text()
    assert "pip" not in page.dataset.result.text()


# -- looks


@pytest.mark.parametrize(("name", "colours"), [("light", LIGHT), ("dark", DARK)])
def test_both_themes_are_worn(window: MainWindow, settle: Settle, name: str, colours: object) -> None:
    page = opened(window, settle)
    window.context.change_settings(theme=name)
    settle()
    assert window.context.theme.palette is colours
    assert page.networks.list.count() == len(read_manifest())
