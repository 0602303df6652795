"""Photos of one batch are compared with each other, not only with what is enrolled."""

import numpy as np
import pytest

from attendance_app.services.photo_comparison import LabelledPhoto, compare_photos

NOISE = 0.2


def person(seed: int, photos: int) -> list[np.ndarray]:
    """Encodings of one person: some 0.28 from each other, some 1.2 from anybody else's."""
    random = np.random.default_rng(seed)
    centre = random.normal(0, 0.075, 128)
    return [(centre + random.normal(0, NOISE / 128**0.5, 128)).astype(np.float32) for _ in range(photos)]


def of(owner: str, encodings: list[np.ndarray], *, sure: bool = False) -> list[LabelledPhoto]:
    return [LabelledPhoto(owner, encoding, sure) for encoding in encodings]


def refused(findings) -> list[bool]:
    return [finding.refused for finding in findings]


def test_different_people_are_left_in_peace():
    findings = compare_photos([*of("A", person(1, 3)), *of("B", person(2, 3))], of("C", person(3, 3)))
    assert refused(findings) == [False] * 6
    assert {finding.other for finding in findings} == {None}


def test_a_stray_photo_is_refused_and_those_it_is_like_are_not():
    a, b = person(1, 2), person(2, 4)
    findings = compare_photos([*of("A", [b[0]]), *of("A", a), *of("B", b[1:])], [])
    assert refused(findings) == [True, False, False, False, False, False]
    assert findings[0].other == "B"


def test_the_very_same_picture_under_two_students_goes_to_the_one_whose_other_photos_it_fits():
    a, b = person(1, 2), person(2, 3)
    findings = compare_photos([*of("A", [b[0]]), *of("A", a), *of("B", b)], [])
    assert refused(findings) == [True, False, False, False, False, False]
    assert findings[0].same_picture


def test_a_student_with_one_photo_does_not_suffer_from_a_stray_among_anothers():
    a, b = person(1, 2), person(2, 2)
    findings = compare_photos([*of("A", [a[0]]), *of("B", [a[1]]), *of("B", b)], [])
    assert refused(findings) == [False, True, False, False]
    assert findings[1].other == "A"


def test_where_nothing_else_is_known_both_are_refused():
    a = person(1, 2)
    findings = compare_photos([*of("A", [a[0]]), *of("B", [a[1]]), *of("C", person(3, 1))], [])
    assert refused(findings) == [True, True, False]
    assert [finding.other for finding in findings] == ["B", "A", None]


def test_what_is_enrolled_counts_and_is_never_refused():
    a = person(1, 2)
    findings = compare_photos(of("B", [a[0]]), of("A", [a[1]]))
    assert refused(findings) == [True]
    assert findings[0].other == "A"


def test_a_person_who_says_that_they_are_two_is_believed_and_reminded():
    a = person(1, 2)
    findings = compare_photos([*of("A", [a[0]], sure=True), *of("B", [a[1]])], [])
    assert refused(findings) == [False, False]
    assert [finding.other for finding in findings] == ["B", "A"]


def test_nobody_is_believed_who_says_that_one_picture_shows_two():
    (a,) = person(1, 1)
    findings = compare_photos([*of("A", [a], sure=True), *of("B", [a], sure=True)], [])
    assert refused(findings) == [True, True]


def test_twins_who_are_nearer_to_their_own_photos_are_only_named():
    centre, gap = np.zeros(128, np.float32), np.zeros(128, np.float32)
    gap[0], step = 0.3, np.zeros(128, np.float32)
    step[1] = 0.1
    findings = compare_photos([*of("A", [centre, centre + step]), *of("B", [centre + gap, centre + gap + step])], [])
    assert refused(findings) == [False] * 4
    assert [finding.other for finding in findings] == ["B", "B", "A", "A"]


@pytest.mark.parametrize("known", ["batch", "enrolled"])
def test_a_photo_unlike_the_students_others_is_pointed_out(known):
    a, odd = person(1, 2), person(9, 1)
    photos, enrolled = (of("A", [*odd, *a]), []) if known == "batch" else (of("A", odd), of("A", a))
    findings = compare_photos(photos, enrolled)
    assert findings[0].unlike
    assert not findings[0].refused
    assert not any(finding.unlike for finding in findings[1:])


def test_nothing_to_compare():
    assert compare_photos([], of("A", person(1, 2))) == []


@pytest.mark.parametrize(("weak", "like"), [((False, False), True), ((True, False), False), ((True, True), False)])
def test_a_small_face_must_be_nearer_to_another_to_look_like_it(weak, like):
    """Faces of one class photograph lie within 0.42 of each other though they are different people's."""
    one = person(1, 1)[0]
    other = one + np.float32(0.36 / 128**0.5)
    photos = [LabelledPhoto(*labelled) for labelled in (("A", one, False, weak[0]), ("B", other, False, weak[1]))]
    assert refused(compare_photos(photos, [])) == [like, like]
    assert (compare_photos(photos[:1], photos[1:])[0].other == "B") is like
