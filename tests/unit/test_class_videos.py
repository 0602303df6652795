"""Composed class videos: which pictures are enrolled and shown, and that a seed gives the same video again."""

import hashlib
from pathlib import Path

import cv2
import pytest
from class_videos import ClassVideo, compose


def _small_class(people: Path, out: Path, seed: int) -> ClassVideo:
    return compose(people, out, seed=seed, students=4, photos_each=2, absent=1, strangers=1, late=1, seconds=2, fps=5)


@pytest.fixture(scope="module")
def made(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> ClassVideo:
    return _small_class(shared_data / "lfw-original", tmp_path_factory.mktemp("class"), 3)


def test_truth_counts_the_absent_and_the_present(made: ClassVideo) -> None:
    assert len(made.absent) == 1
    assert len(made.present) == 3
    assert made.strangers == 1
    assert sorted(made.arrivals) == sorted(made.present)
    assert sum(second > 0 for second in made.arrivals.values()) == 1


def test_every_student_is_enrolled_with_the_asked_number_of_photos(made: ClassVideo) -> None:
    folders = {folder.name.split(" ")[0]: folder for folder in made.enrol_dir.iterdir()}
    assert set(folders) == set(made.truth)
    assert {len(list(folder.iterdir())) for folder in folders.values()} == {2}


def test_dlib_finds_everybody_who_is_there_and_nobody_else(made: ClassVideo) -> None:
    import dlib

    video = cv2.VideoCapture(str(made.video_path))
    frames = []
    while (read := video.read())[0]:
        frames.append(cv2.cvtColor(read[1], cv2.COLOR_BGR2RGB))
    assert len(frames) == 10
    detector = dlib.get_frontal_face_detector()
    assert len(detector(frames[0], 1)) == 3
    assert len(detector(frames[-1], 1)) == 4


def test_the_same_seed_composes_the_same_video(made: ClassVideo, shared_data: Path, tmp_path: Path) -> None:
    again = _small_class(shared_data / "lfw-original", tmp_path, 3)
    digests = {hashlib.sha256(video.video_path.read_bytes()).hexdigest() for video in (made, again)}
    assert len(digests) == 1
