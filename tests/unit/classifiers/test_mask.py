import numpy as np
import pytest

from attendance_app.classifiers.mask import MaskClassifier
from attendance_app.domain.faces import Box
from attendance_app.domain.masks import MASK_CLASSES, MaskState
from attendance_app.lab.mask.views import kept_face, plain_view


@pytest.fixture
def classifier() -> MaskClassifier:
    return MaskClassifier()


def picture(height: int = 200, width: int = 300) -> np.ndarray:
    rows, columns = np.mgrid[:height, :width]
    waves = 128 + 60 * np.sin(rows / 17) + 60 * np.cos(columns / 23)
    return np.stack([waves, waves[::-1], waves[:, ::-1]], axis=2).astype(np.uint8)


def test_no_boxes_give_no_opinions(classifier):
    assert classifier.classify(picture(), []) == []


def test_every_box_has_three_probabilities_in_its_order(classifier):
    boxes = [Box(20, 20, 120, 120), Box(100, 40, 180, 120), Box(-30, -30, 40, 40)]
    together = classifier.classify(picture(), boxes)
    alone = [classifier.classify(picture(), [box])[0] for box in boxes]
    for one, other in zip(together, alone, strict=True):
        assert sum(one.probabilities) == pytest.approx(1)
        assert one.probabilities == pytest.approx(other.probabilities, abs=1e-5)


def test_more_faces_than_a_batch_are_all_judged(classifier):
    boxes = [Box(5 * i, 20, 5 * i + 60, 80) for i in range(40)]
    assert len(classifier.classify(picture(), boxes)) == 40


def test_unsure_is_said_below_the_threshold_of_the_file(classifier):
    likeliest = classifier.rule.least_probability - 0.01
    rest = (1 - likeliest) / 2
    assert classifier.rule.opinion((likeliest, rest, rest)).state is MaskState.UNSURE


def test_the_mean_with_the_mirror_image_does_not_care_for_sides(classifier):
    image = picture()
    box = Box(50, 50, 150, 150)
    mirrored = np.ascontiguousarray(image[:, ::-1])
    other = Box(image.shape[1] - 150, 50, image.shape[1] - 50, 150)
    first = classifier.probabilities(classifier.patches(image, [box]), mirrored=True)
    second = classifier.probabilities(classifier.patches(mirrored, [other]), mirrored=True)
    assert first == pytest.approx(second, abs=0.02)


def test_the_network_sees_in_use_what_it_saw_in_training(classifier):
    image, box = picture(), Box(60, 40, 140, 120)
    used = classifier.patches(image, [box])[0]
    trained = plain_view(kept_face(image, box))
    assert used.shape == trained.shape
    assert np.abs(used - trained).mean() < 4


@pytest.mark.parametrize("colour", [(0, 0, 0), (128, 128, 128), (200, 30, 30)])
def test_of_a_plain_wall_it_is_unsure(classifier, colour):
    wall = np.full((200, 200, 3), colour, dtype=np.uint8)
    (opinion,) = classifier.classify(wall, [Box(50, 50, 150, 150)])
    assert opinion.state is MaskState.UNSURE
    assert opinion.probabilities == pytest.approx((1 / 3, 1 / 3, 1 / 3))


@pytest.mark.parametrize("factor", [0.4, 1.5])
def test_light_hardly_moves_the_balanced_accuracy(classifier, shared_data, factor):
    """On every sixth listed face of the independent set, whatever the accuracy is."""
    from attendance_app.domain.classification import score
    from attendance_app.lab.mask.data import read_class_folders
    from attendance_app.lab.mask.faces import read_boxes
    from attendance_app.lab.mask.report import read_picture

    root = shared_data / "masks-independent"
    pictures, boxes = read_class_folders(root), read_boxes(root)
    patches: dict[float, list[np.ndarray]] = {1.0: [], factor: []}
    chosen = range(0, len(pictures), 6)
    for index in chosen:
        path = pictures.files[index]
        image = read_picture(path)
        box = boxes[path.relative_to(root).as_posix()]
        for light, kept in patches.items():
            kept.append(classifier.patches(np.clip(image * light, 0, 255).astype(np.uint8), [box])[0])
    names = tuple(state.value for state in MASK_CLASSES)
    balanced = [
        score(pictures.labels[list(chosen)], classifier.probabilities(np.stack(kept)), names).balanced_accuracy
        for kept in patches.values()
    ]
    assert balanced[0] > 0.85
    assert balanced[1] > balanced[0] - 0.02
