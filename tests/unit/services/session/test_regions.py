"""Where in the picture faces are named, and why the others are not."""

import numpy as np
import pytest

from attendance_app.cli.region_output import print_regions, regions_document
from attendance_app.domain.faces import Flaw, FloatBox, Frame
from attendance_app.domain.masks import MaskState
from attendance_app.services.session.frame_result import FaceState, FaceView, FrameResult
from attendance_app.services.session.regions import (
    Depth,
    RegionCount,
    RegionWatch,
    Side,
    WhyUnnamed,
    count_regions,
    region_of,
    why_unnamed,
)

WIDTH, HEIGHT = 900, 600


def face(
    track: int,
    state: FaceState = FaceState.PENDING,
    *,
    at: tuple[float, float] = (450, 300),
    flaw: Flaw | None = None,
    mask: MaskState | None = None,
) -> FaceView:
    x, y = at
    student = track if state in {FaceState.KNOWN, FaceState.DOUBTFUL} else None
    return FaceView(track, FloatBox(x - 20, y - 20, x + 20, y + 20), state, student, 0.5, flaw, mask)


def taken(watch: RegionWatch, seconds: float, *faces: FaceView) -> bool:
    frame = Frame(0, seconds, np.zeros((HEIGHT, WIDTH, 3), np.uint8))
    return watch.take(frame, FrameResult(0, seconds, faces, (), ()))


def found(watch: RegionWatch) -> int:
    return sum(region.found for region in watch.counts)


@pytest.mark.parametrize(
    ("at", "region"),
    [
        ((10, 10), (Depth.BACK, Side.LEFT)),
        ((450, 300), (Depth.MIDDLE, Side.CENTRE)),
        ((890, 590), (Depth.FRONT, Side.RIGHT)),
        ((299, 401), (Depth.FRONT, Side.LEFT)),
        ((-15, 615), (Depth.FRONT, Side.LEFT)),
        ((915, -15), (Depth.BACK, Side.RIGHT)),
    ],
)
def test_a_face_is_where_its_middle_is(at: tuple[float, float], region: tuple[Depth, Side]) -> None:
    assert region_of(face(1, at=at).box, width=WIDTH, height=HEIGHT) == region


@pytest.mark.parametrize("flaw", Flaw)
def test_every_flaw_is_a_reason_of_the_same_words(flaw: Flaw) -> None:
    why = why_unnamed(face(1, flaw=flaw))
    assert why is not None
    assert why.value == flaw.value


def test_reasons_beside_the_flaws() -> None:
    assert why_unnamed(face(1, FaceState.UNKNOWN, flaw=Flaw.BLURRED)) is WhyUnnamed.NOT_ON_LIST
    assert why_unnamed(face(1, mask=MaskState.WITH_MASK)) is WhyUnnamed.MASKED
    assert why_unnamed(face(1, mask=MaskState.WITHOUT_MASK)) is WhyUnnamed.UNDECIDED
    assert why_unnamed(face(1, FaceState.KNOWN, flaw=Flaw.BLURRED)) is None
    assert why_unnamed(face(1, FaceState.DOUBTFUL)) is None


def test_each_region_adds_up_and_names_its_most_common_reason_first() -> None:
    back = (450.0, 20.0)
    faces = [
        face(1, FaceState.KNOWN, at=back),
        face(2, FaceState.DOUBTFUL, at=back),
        face(3, at=back),
        *(face(track, at=back, flaw=Flaw.TOO_SMALL) for track in (4, 5)),
        face(6, FaceState.KNOWN),
    ]
    counts = count_regions(faces, width=WIDTH, height=HEIGHT)
    assert len(counts) == 9
    reasons = ((WhyUnnamed.TOO_SMALL, 2), (WhyUnnamed.UNDECIDED, 1))
    assert counts[1] == RegionCount(Depth.BACK, Side.CENTRE, 5, 1, 1, reasons)
    assert all(one.found == one.named + one.doubtful + sum(count for _, count in one.reasons) for one in counts)
    assert sum(one.found for one in counts) == len(faces)


def test_the_fullest_picture_counts_with_what_became_of_its_faces() -> None:
    watch = RegionWatch()
    assert not watch.counts
    assert taken(watch, 0.0, face(1), face(2), face(3))
    taken(watch, 2.0, face(1, FaceState.KNOWN))
    assert found(watch) == 3
    middle = watch.counts[4]
    assert (middle.named, middle.reasons) == (1, ((WhyUnnamed.UNDECIDED, 2),))


def test_a_face_that_was_named_between_two_pictures_is_named() -> None:
    watch = RegionWatch()
    taken(watch, 0.0, face(1))
    assert not taken(watch, 0.5, face(1, FaceState.KNOWN))
    assert watch.counts[4].named == 1


def test_only_the_last_seconds_count_where_that_is_asked_for() -> None:
    watch = RegionWatch(within=10.0)
    taken(watch, 0.0, *(face(track) for track in range(5)))
    taken(watch, 4.0, *(face(track) for track in range(3)))
    taken(watch, 9.0, face(1))
    assert found(watch) == 5
    taken(watch, 11.0, face(1))
    assert found(watch) == 3
    taken(watch, 30.0)
    assert found(watch) == 0


def test_the_command_names_regions_with_faces_that_are_not_named(capsys: pytest.CaptureFixture[str]) -> None:
    counts = count_regions(
        [
            face(1, FaceState.KNOWN, at=(20, 580)),
            face(2, FaceState.DOUBTFUL, at=(880, 20)),
            face(3, at=(880, 20), flaw=Flaw.TOO_SMALL),
            face(4),
        ],
        width=WIDTH,
        height=HEIGHT,
    )
    print_regions(counts)
    assert capsys.readouterr().out.splitlines() == [
        "Back right: 2 faces, 0 named, 1 to check, 1 too small.",
        "Middle: 1 face, 0 named, 1 unclear who.",
    ]
    document = regions_document(counts)
    assert isinstance(document, list)
    assert document[0] == {
        "depth": "back",
        "side": "right",
        "found": 2,
        "named": 0,
        "doubtful": 1,
        "not_named": {"too small": 1},
    }
    assert len(document) == 3
