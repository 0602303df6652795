"""Sources of faces for the identity network: folders, scikit-learn's data home, bad pictures, splits."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from attendance_app.domain.errors import NotFoundError
from attendance_app.lab.errors import PictureTooSmall, PictureUnreadable, TooFewPeople, TooFewPicturesOfSomebody
from attendance_app.lab.identity.data import (
    Person,
    Role,
    grey_crop,
    list_people,
    load_grey_faces,
    people_root,
    report_pictures,
    report_split,
    role_of,
)

NOBODY_WATCHES = lambda done, total: None  # noqa: E731


def _picture(path: Path, *, seed: int, size: tuple[int, int] = (250, 250), mode: str = "RGB") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    noise = np.random.default_rng(seed).integers(0, 256, (size[1], size[0], 3), dtype=np.uint8)
    Image.fromarray(noise).convert(mode).save(path)
    return path


def _people(root: Path, counts: dict[str, int]) -> Path:
    for name, count in counts.items():
        for number in range(count):
            _picture(root / name / f"{name}_{number:04d}.png", seed=hash((name, number)) % 1000)
    return root


def test_people_with_too_few_pictures_are_left_out(tmp_path: Path) -> None:
    _people(tmp_path, {"A": 3, "B": 1, "C": 2})
    (tmp_path / "Empty").mkdir()

    assert [person.name for person in list_people(tmp_path, min_pictures=2)] == ["A", "C"]


@pytest.mark.parametrize("counts", [{}, {"A": 3}], ids=["nobody", "one class only"])
def test_fewer_than_two_people_are_nothing_to_learn(tmp_path: Path, counts: dict[str, int]) -> None:
    _people(tmp_path, counts)
    (tmp_path / "Empty").mkdir()

    with pytest.raises(TooFewPeople):
        list_people(tmp_path)


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="nowhere"):
        list_people(tmp_path / "nowhere")


@pytest.mark.parametrize("given", ["", "lfw_home", "lfw_home/lfw_funneled"])
def test_a_data_home_of_scikit_learn_is_found_from_any_level(tmp_path: Path, given: str) -> None:
    _people(tmp_path / "lfw_home" / "lfw_funneled", {"A": 1, "B": 1})

    assert people_root(tmp_path / given) == tmp_path / "lfw_home" / "lfw_funneled"


def test_the_pictures_are_those_of_fetch_lfw_people(tmp_path: Path) -> None:
    from sklearn.datasets import fetch_lfw_people

    home = tmp_path / "lfw_home"
    for index, name in enumerate(("Ann_A", "Bob_B", "Cid_C")):
        for number in range(5 + index):
            _picture(home / "lfw_funneled" / name / f"{name}_{number:04d}.jpg", seed=10 * index + number)
    # scikit-learn looks for these files before it reads the pictures.
    for name in ("pairsDevTrain.txt", "pairsDevTest.txt", "pairs.txt"):
        (home / name).write_text("")
    theirs = fetch_lfw_people(data_home=tmp_path, resize=1.0, min_faces_per_person=6, download_if_missing=False)

    ours = load_grey_faces(list_people(tmp_path, min_pictures=6), NOBODY_WATCHES)

    np.testing.assert_array_equal(ours.labels, theirs.target)
    np.testing.assert_allclose(ours.images[..., 0], theirs.images, atol=1e-6)


@pytest.mark.parametrize("mode", ["L", "RGBA", "P", "CMYK"])
def test_pictures_of_any_mode_are_read(tmp_path: Path, mode: str) -> None:
    suffix = "jpg" if mode == "CMYK" else "png"

    crop = grey_crop(_picture(tmp_path / f"picture.{suffix}", seed=1, mode=mode))

    assert crop.shape == (125, 94)
    assert 0 <= crop.min() < crop.max() <= 1


def test_a_picture_of_another_size_is_brought_to_lfws(tmp_path: Path) -> None:
    big = Image.new("RGB", (500, 600), "white")
    big.paste("black", (125, 175, 375, 425))
    big.save(tmp_path / "big.png")

    crop = grey_crop(tmp_path / "big.png")

    assert crop.shape == (125, 94)
    assert crop[10:-10].max() < 0.01


def test_a_picture_of_ten_pixels_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PictureTooSmall, match="width=10, height=10"):
        grey_crop(_picture(tmp_path / "tiny.png", seed=1, size=(10, 10)))


def test_a_corrupt_picture_is_named(tmp_path: Path) -> None:
    whole = _picture(tmp_path / "cut.png", seed=1).read_bytes()
    (tmp_path / "cut.png").write_bytes(whole[: len(whole) // 2])

    with pytest.raises(PictureUnreadable, match=r"cut\.png"):
        grey_crop(tmp_path / "cut.png")


def test_the_split_keeps_every_person_in_every_part_and_repeats_with_its_seed() -> None:
    labels = np.repeat(np.arange(4), 25)

    split, again = report_split(labels, seed=3), report_split(labels, seed=3)

    assert sorted([*split.training, *split.validation, *split.test]) == list(range(100))
    assert [len(part) for part in (split.training, split.validation, split.test)] == [64, 16, 20]
    assert all(set(labels[part]) == {0, 1, 2, 3} for part in (split.training, split.validation, split.test))
    np.testing.assert_array_equal(split.test, again.test)


def test_too_few_pictures_for_a_split_are_a_known_error() -> None:
    with pytest.raises(TooFewPicturesOfSomebody):
        report_split(np.array([0, 0, 0, 0, 1]))


def _person(name: str, pictures: int) -> Person:
    return Person(name, tuple(Path(f"{name}/{number}.jpg") for number in range(pictures)))


def test_the_name_alone_decides_who_is_held_out() -> None:
    few = [role_of(_person(f"Person {number}", 2)) for number in range(500)]
    many = [role_of(_person(f"Person {number}", 8)) for number in range(500)]

    assert role_of(_person("Anybody", 40)) is Role.REPORT
    assert 0.14 < few.count(Role.TEST) / 500 < 0.26
    assert 0.42 < many.count(Role.TEST) / 500 < 0.58
    assert all(b is Role.TEST for a, b in zip(few, many, strict=True) if a is Role.TEST)


def test_the_reports_test_pictures_are_never_learnt() -> None:
    people = [_person("A", 45), _person("B", 60), _person("C", 8)]

    learn, test = report_pictures(people)

    assert not learn & test
    assert learn | test == {path for person in people[:2] for path in person.pictures}
    assert len(test) == 21


def test_to_the_letter_the_last_fifth_of_the_training_pictures_validates() -> None:
    labels = np.repeat(np.arange(4), 25)
    split, letter = report_split(labels), report_split(labels, last_fifth=True)

    assert (letter.test == split.test).all(), "the test part is the same"
    assert (len(letter.training), len(letter.validation)) == (64, 16)
    everything = np.concatenate([letter.training, letter.validation, letter.test])
    assert sorted(everything.tolist()) == list(range(100))
    assert len(set(np.bincount(labels[split.validation]).tolist())) == 1, "stratified: everybody alike"
