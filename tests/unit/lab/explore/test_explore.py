"""The exploration of a folder of pictures, from the files to the page."""

import csv
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from attendance_app.lab.errors import NoClassFolders
from attendance_app.lab.explore.findings import expected_leak
from attendance_app.lab.explore.report import Exploration, explore
from attendance_app.lab.wording import wording

EXIF_ORIENTATION = 0x0112


def noise(seed: int, brightness: int = 100, *, size: tuple[int, int] = (24, 30)) -> Image.Image:
    """A picture that is like no other: width x height."""
    width, height = size
    rough = np.random.default_rng(seed).integers(0, 40, (9, 9, 3)) + brightness
    return Image.fromarray(rough.astype(np.uint8)).resize((width, height), Image.Resampling.BICUBIC)


def keep(picture: Image.Image, path: Path, **options: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    picture.save(path, **options)


@pytest.fixture
def collection(tmp_path):
    """Two classes of three pictures, and a file that is none."""
    for label, brightness in (("day", 200), ("night", 30)):
        for number in range(3):
            keep(noise(number + brightness, brightness), tmp_path / "set" / label / f"{number}.png")
    (tmp_path / "set" / "day" / "broken.jpg").write_bytes(b"nothing")
    return tmp_path / "set"


def explored(collection: Path, language: str = "en") -> Exploration:
    out = collection.parent / f"out-{language}"
    return explore(collection, out, seed=0, report=lambda _done, _total: None, language=language)


def test_the_bar_only_moves_on_and_is_full_at_the_end(collection, tmp_path):
    told = []
    explore(collection, tmp_path / "out", seed=0, report=lambda done, total: told.append((done, total)))
    assert {total for _done, total in told} == {100}
    bar = [done for done, _total in told]
    assert bar == sorted(bar)
    assert bar[-1] == 100
    assert len(set(bar[-5:])) == 5, "each plot is told of"


def test_a_page_with_everything_in_it_is_written(collection):
    result = explored(collection)
    text = result.page.read_text(encoding="utf-8")
    assert text.count("data:image/png;base64,") >= 5
    assert "broken.jpg" in text
    assert "{{" not in text
    with (result.page.parent / "pictures.csv").open(encoding="utf-8", newline="") as table:
        assert len(list(csv.DictReader(table))) == 6


def test_a_folder_without_class_folders_is_refused(tmp_path):
    with pytest.raises(NoClassFolders):
        explore(tmp_path, tmp_path / "out", seed=0, report=lambda _done, _total: None)


def test_a_picture_in_two_classes_is_said_first(collection):
    keep(noise(230, 200), collection / "night" / "again.bmp")
    keep(noise(230, 200), collection / "day" / "original.png")
    result = explored(collection)
    assert result.conclusions[0].startswith("1 picture is in more than one class.")
    text = result.page.read_text(encoding="utf-8")
    assert "day/original.png, night/again.bmp" in text
    with (result.page.parent / "pictures.csv").open(encoding="utf-8", newline="") as table:
        same = {row["file"]: row["same_as"] for row in csv.DictReader(table)}
    assert same["night/again.bmp"] == "day/original.png"
    assert same["day/0.png"] == ""


def test_a_near_copy_in_another_class_is_to_be_looked_at(collection):
    one = np.asarray(noise(7, 120, size=(64, 64)))
    keep(Image.fromarray(one), collection / "day" / "one.png")
    keep(Image.fromarray((one * 0.6).astype(np.uint8)), collection / "night" / "darker.png")
    result = explored(collection)
    assert result.findings.same_in_classes == ()
    assert len(result.findings.alike_in_classes) == 1
    assert "2 pictures look like copies of pictures of another class." in " ".join(result.conclusions)
    assert (result.page.parent / "alike.png").is_file()


def test_a_random_split_leaks_what_has_copies(collection):
    for number in range(6):
        keep(noise(1, 60), collection / "night" / f"copy {number}.png")
    result = explored(collection)
    (night,) = [one for one in result.findings.repeats if one.label == "night"]
    assert (night.pictures, night.with_copy, night.groups) == (9, 6, 4)
    # 12 pictures, 6 of them with 5 copies each.
    assert result.findings.leak == pytest.approx(6 * (1 - 0.2**5) / 12)
    said = " ".join(result.conclusions)
    assert "A random split of this set leaks: in a test part of 20\N{NO-BREAK SPACE}%" in said
    assert "6 of 9 pictures of night have a copy; all come from 4 originals." in said


def test_a_few_copies_are_no_leak(collection):
    for number in range(60):
        keep(noise(100 + number, 60), collection / "night" / f"single {number}.png")
    for number in range(2):
        keep(noise(1, 60), collection / "night" / f"copy {number}.png")
    said = " ".join(explored(collection).conclusions).replace("\N{NO-BREAK SPACE}", " ")
    # 68 pictures; each of the two has its copy in the rest four times out of five.
    assert "Few pictures have a copy: 2 of 68. In a random test part of 20 %, 2.4 % of the pictures" in said
    assert "leaks" not in said


def test_single_pictures_leak_nothing():
    assert expected_leak(np.ones(5, dtype=np.intp)) == 0


def test_brightness_that_gives_a_class_away_is_said(collection):
    said = explored(collection).conclusions
    assert any(
        one.startswith("Pictures of night are darker than the others: brightness alone tells 100") for one in said
    )
    assert not any("larger than the others: the size" in one for one in said), "all have one size"


def test_equal_classes_of_one_kind_give_nothing_away(tmp_path):
    for number in range(40):
        keep(noise(number), tmp_path / "set" / "ab"[number % 2] / f"{number}.png")
    result = explored(tmp_path / "set")
    assert not [one for one in result.findings.telling if one.quantity in {"brightness", "pixels"}]
    assert "The classes are about equally large." in result.conclusions


def test_pictures_are_upright_and_every_kind_of_picture_is_read(tmp_path):
    exif = Image.Exif()
    exif[EXIF_ORIENTATION] = 6
    keep(noise(1, size=(40, 24)), tmp_path / "set" / "a" / "sideways.jpg", exif=exif)
    keep(noise(2).convert("P"), tmp_path / "set" / "a" / "palette.gif")
    keep(noise(3).convert("L"), tmp_path / "set" / "b" / "grey.tiff")
    keep(noise(4).convert("RGBA"), tmp_path / "set" / "b" / "clear.webp")
    (tmp_path / "set" / "b" / "notes.txt").write_text("no picture", encoding="utf-8")
    result = explored(tmp_path / "set")
    sideways = next(one for one in result.found.pictures if one.path.name == "sideways.jpg")
    assert (sideways.width, sideways.height, sideways.stored_turned) == (24, 40, True)
    assert result.findings.formats == {"a": {"JPEG": 1, "GIF": 1}, "b": {"TIFF": 1, "WEBP": 1}}
    assert result.findings.modes["b"]["L"] == 1
    said = " ".join(result.conclusions)
    assert "1 picture is stored turned (EXIF)" in said
    assert "The classes have different file formats" in said
    assert "1 file has no ending of a picture and was left out." in said
    assert "b/notes.txt" in result.page.read_text(encoding="utf-8")


def test_many_classes_get_a_panel_each(tmp_path):
    for label in range(9):
        for number in range(2):
            keep(noise(10 * label + number), tmp_path / "set" / f"person {label}" / f"{number}.png")
    few, many = tmp_path / "few", tmp_path / "set"
    for label in range(2):
        for number in range(2):
            keep(noise(10 * label + number), few / f"person {label}" / f"{number}.png")
    explored(many)
    with Image.open(tmp_path / "out-en" / "brightness.png") as drawn:
        panels = drawn.height
    explore(few, tmp_path / "out few", seed=0, report=lambda _done, _total: None)
    with Image.open(tmp_path / "out few" / "brightness.png") as drawn:
        assert drawn.height < panels


def test_the_page_speaks_spanish(collection):
    keep(noise(230, 200), collection / "night" / "again.bmp")
    keep(noise(230, 200), collection / "day" / "original.png")
    english, spanish = explored(collection, "en"), explored(collection, "es")
    assert spanish.conclusions[0].startswith("1 imagen está en más de una clase.")
    assert not set(english.conclusions) & set(spanish.conclusions)
    text = spanish.page.read_text(encoding="utf-8")
    assert '<html lang="es">' in text
    assert "What this set says" not in text


@pytest.mark.parametrize(
    ("language", "value", "decimals", "written"),
    [("en", 2994, 0, "2,994"), ("es", 2994, 0, "2994"), ("es", 12345.6, 1, "12.345,6"), ("es", 2.5, 1, "2,5")],
)
def test_numbers_are_written_as_the_language_does(language, value, decimals, written):
    assert wording(language).number(value, decimals) == written
