"""Which photos of a course are kept back from which network."""

import numpy as np
import pytest

from attendance_app.lab.identity.course_folds import make_folds


@pytest.mark.parametrize(("students", "photos"), [(3, 2), (4, 2), (5, 3), (30, 3), (19, 10)])
def test_every_photo_is_tried_once_as_its_students_and_once_as_a_strangers(students: int, photos: int) -> None:
    owners = np.repeat(np.arange(students), photos)

    folds = make_folds(owners)

    assert sorted(np.concatenate([fold.own for fold in folds])) == list(range(len(owners)))
    assert sorted(np.concatenate([fold.strangers for fold in folds])) == list(range(len(owners)))


def test_no_network_has_seen_what_it_is_tried_with() -> None:
    owners = np.repeat(np.arange(10), 4)

    for fold in make_folds(owners):
        assert not set(fold.learnt) & {*fold.own, *fold.strangers}
        assert not set(owners[fold.learnt]) & set(owners[fold.strangers])
        # A photo kept back is of somebody who is learnt from other photos.
        assert set(owners[fold.own]) <= set(owners[fold.learnt])


def test_a_student_with_one_photo_is_a_stranger_once_and_never_kept_back() -> None:
    owners = np.array([0, 0, 1, 1, 2, 2, 3])

    folds = make_folds(owners)

    assert 6 not in np.concatenate([fold.own for fold in folds])
    assert sum(6 in fold.strangers for fold in folds) == 1


def test_folds_keep_about_as_many_photos_back() -> None:
    sizes = [len(fold.own) for fold in make_folds(np.repeat(np.arange(30), 3))]

    assert max(sizes) - min(sizes) <= 6
