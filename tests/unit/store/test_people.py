"""Courses, students and consents."""

from datetime import timedelta

import pytest
from single_writes import each

from attendance_app.domain.people import RosterEntry, RosterOrder, TrainedHead
from attendance_app.store.errors import (
    ConsentWithoutGround,
    CourseExists,
    CourseWithoutCode,
    NoConsentToWithdraw,
    NoCourseAtAll,
    NoListNumber,
    NoSuchCourse,
    NoSuchStudent,
    NotOnRoster,
    NumberTaken,
    StudentGone,
    StudentWithoutNumber,
)


def test_a_course_code_is_taken_once(store, course):
    with pytest.raises(CourseExists, match="MATH-1"):
        each(store).courses.add(" MATH-1 ", "Other")


def test_an_empty_code_or_number_is_refused(store):
    with pytest.raises(CourseWithoutCode):
        each(store).courses.add("  ", "x")
    with pytest.raises(StudentWithoutNumber):
        each(store).students.add(" ", "x")


def test_an_unknown_course_is_answered_with_the_ones_there_are(store):
    with pytest.raises(NoCourseAtAll):
        store.courses.by_code("X")
    each(store).courses.add("A-1", "")
    each(store).courses.add("B-2", "")
    with pytest.raises(NoSuchCourse, match=r"A-1.*B-2"):
        store.courses.by_code("X")


def test_archived_courses_are_listed_only_on_demand(store, course):
    each(store).courses.archive(course.id)
    assert store.courses.all() == ()
    assert [c.code for c in store.courses.all(archived=None)] == ["MATH-1"]
    assert each(store).courses.archive(course.id, archived=False).archived is False
    assert [c.code for c in store.courses.all()] == ["MATH-1"]


def test_a_course_is_renamed(store, course):
    each(store).courses.retitle(course.id, "Maths")
    assert store.courses.get(course.id).title == "Maths"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        pytest.param("  Ana \t  Ruiz ", "Ana Ruiz", id="spaces"),
        pytest.param("Jose\u0301", "José", id="NFC"),
        pytest.param("\u200fمحمد علي\u200e", "محمد علي", id="right to left, direction marks dropped"),
        pytest.param("王小明", "王小明", id="Chinese"),
        pytest.param("می\u200cخواهم", "می\u200cخواهم", id="joiners belong to the script"),
        pytest.param("N" * 120, "N" * 120, id="120 characters"),
        pytest.param("a\x00b\x07", "ab", id="control characters"),
    ],
)
def test_names_are_tidied_and_kept(store, typed, kept):
    each(store).students.add("1", typed)
    assert store.students.by_number("1").name == kept


def test_students_sort_and_are_found_without_case_and_accents(store):
    for number, name in (("1", "Álvarez"), ("2", "alba"), ("3", "Zoë"), ("4", "BENÍTEZ"), ("5", "Straße")):
        each(store).students.add(number, name)
    assert [s.name for s in store.students.all()] == ["alba", "Álvarez", "BENÍTEZ", "Straße", "Zoë"]
    assert [s.name for s in store.students.all(search="alva")] == ["Álvarez"]
    assert [s.name for s in store.students.all(search="STRASSE")] == ["Straße"]


def test_leading_zeros_make_another_number(store):
    each(store).students.add("007", "A")
    assert each(store).students.add("7", "B").number == "7"
    with pytest.raises(NumberTaken, match="007"):
        each(store).students.add("007", "C")


def test_a_student_is_in_several_courses_and_enrolled_once(store, students, course):
    other = each(store).courses.add("ART", "Art")
    assert each(store).students.enrol(other.id, students[0].id)
    assert not each(store).students.enrol(other.id, students[0].id)
    assert [c.code for c in store.students.courses_of(students[0].id)] == ["ART", "MATH-1"]
    each(store).students.unenrol(course.id, students[0].id)
    assert [s.number for s in store.students.of_course(course.id)] == ["S02", "S03"]


def test_archived_students_leave_the_roster(store, students, course):
    each(store).students.archive(students[0].id)
    assert [s.number for s in store.students.of_course(course.id)] == ["S02", "S03"]
    assert len(store.students.of_course(course.id, archived=None)) == 3


def test_updating_changes_only_what_is_given(store, students):
    each(store).students.update(students[0].id, email="s01@example.org")
    changed = each(store).students.update(students[0].id, number="S99")
    assert (changed.number, changed.name, changed.email) == ("S99", "Student 01", "s01@example.org")
    with pytest.raises(NumberTaken, match="S02"):
        each(store).students.update(students[0].id, number="S02")


def test_a_list_is_taken_over_whole_or_not_at_all(store, students, course):
    entries = [RosterEntry("S01", "New name"), RosterEntry("S77", "Newcomer"), RosterEntry("", "Nobody")]
    with pytest.raises(StudentWithoutNumber):
        each(store).students.put_roster(course.id, entries)
    assert store.students.find("S77") is None
    assert store.students.by_number("S01").name == "Student 01"


def test_parts_of_a_name_stay_until_the_name_changes(store, course):
    each(store).students.put_roster(course.id, [RosterEntry("1", "Ana Ruiz", family_name="Ruiz", given_name="Ana")])
    ana = store.students.by_number("1")

    def parts():
        student = store.students.get(ana.id)
        return student.name, student.family_name, student.given_name

    assert parts() == ("Ana Ruiz", "Ruiz", "Ana")
    each(store).students.put_roster(course.id, [RosterEntry("1"), RosterEntry("1", "Ana Ruiz")])
    each(store).students.update(ana.id, name=" Ana  Ruiz", email="a@example.org")
    assert parts() == ("Ana Ruiz", "Ruiz", "Ana")
    each(store).students.update(ana.id, name="Ana María Ruiz")
    assert parts() == ("Ana María Ruiz", "", "")


def test_consents_are_added_and_never_rewritten(store, students, now):
    each(store).consents.record(students[0].id, "form", now)
    each(store).consents.record(students[0].id, "form", now + timedelta(days=1))
    newer = each(store).consents.record(students[0].id, "parent's letter", now + timedelta(days=2), source="import")
    assert store.consents.current(students[0].id) == newer
    assert [c.ground for c in store.consents.history(students[0].id)] == ["form", "parent's letter"]


def test_a_consent_without_a_ground_is_refused(store, students, now):
    with pytest.raises(ConsentWithoutGround):
        each(store).consents.record(students[0].id, "  ", now)


def test_withdrawal_deletes_face_and_what_was_trained_with_it(store, students, course, now, make_face):
    for student in students[:2]:
        each(store).consents.record(student.id, "form", now)
        each(store).templates.add(make_face(student), b"jpeg")
    each(store).heads.put(TrainedHead(course.id, "net:1", (students[0].id, students[1].id), b"w", "{}", now))
    kept = store.templates.of_student(students[1].id)

    assert each(store).consents.withdraw(students[0].id, now + timedelta(days=1)) == 1

    assert store.consents.current(students[0].id) is None
    assert store.templates.of_student(students[0].id) == ()
    assert [t.id for t in store.templates.of_student(students[1].id)] == [t.id for t in kept]
    assert store.heads.of_course(course.id) is None
    with pytest.raises(NoConsentToWithdraw):
        each(store).consents.withdraw(students[0].id, now)


def test_withdrawn_bytes_leave_the_files(store, students, now, make_face):
    each(store).consents.record(students[0].id, "form", now)
    template = make_face(students[0])
    each(store).templates.add(template, b"JPEG-OF-A-FACE")
    wanted = (template.encoding.tobytes(), b"JPEG-OF-A-FACE")
    assert all(any(what in f.read_bytes() for f in store.home.iterdir()) for what in wanted)
    each(store).consents.withdraw(students[0].id, now)
    assert not any(what in f.read_bytes() for f in store.home.iterdir() for what in wanted)


def test_an_erased_students_id_is_never_used_again(store, students, now):
    each(store).erasures.erase_student(students[2].id, now)
    assert each(store).students.add("S04", "Student 04").id > students[2].id


def test_a_course_is_tidied_and_without_a_title_called_by_its_code(store):
    art = each(store).courses.add("  ART ", " ")
    assert (art.code, art.title, art.archived) == ("ART", "ART", False)
    assert store.courses.by_code(" ART ") == store.courses.get(art.id) == art
    assert each(store).courses.retitle(art.id, "  Fine  arts ").title == "Fine arts"
    assert each(store).courses.retitle(art.id, "  ").title == "ART"


def test_courses_are_listed_by_code_without_case_and_accents(store):
    for code in ("b", "C", "Á", "a"):
        each(store).courses.add(code, "")
    each(store).courses.archive(each(store).courses.add("Z", "").id)
    assert [one.code for one in store.courses.all()] == ["Á", "a", "b", "C"]
    assert [one.code for one in store.courses.all(archived=None)] == ["Á", "a", "b", "C", "Z"]
    assert [one.code for one in store.courses.all(archived=True)] == ["Z"]


def test_an_unknown_course_is_named_as_it_was_asked_for(store, course):
    each(store).courses.add("ART", "")
    with pytest.raises(NoSuchCourse) as unknown:
        store.courses.get(99)
    assert (unknown.value.name, unknown.value.codes) == ("no. 99", ("ART", "MATH-1"))
    with pytest.raises(NoSuchCourse) as unknown:
        store.courses.by_code("X")
    assert unknown.value.name == "X"


def test_an_unknown_student_is_named_as_they_were_asked_for(store):
    with pytest.raises(NoSuchStudent) as unknown:
        store.students.by_number("S1")
    assert unknown.value.number == "S1"
    with pytest.raises(StudentGone) as gone:
        store.students.get(4)
    assert gone.value.student_id == 4
    assert store.students.find("S1") is None


def test_a_student_is_tidied_and_without_a_name_called_by_the_number(store):
    ana = each(store).students.add(" 1 ", " Ana  Ruiz ", " ana@example.org ")
    assert (ana.number, ana.name, ana.email, ana.archived) == ("1", "Ana Ruiz", "ana@example.org", False)
    assert store.students.find(" 1 ") == store.students.get(ana.id) == ana
    assert each(store).students.add("2", " ").name == "2"
    assert each(store).students.update(ana.id, name="", email=" new@example.org ").name == "1"
    assert store.students.get(ana.id).email == "new@example.org"


def test_students_are_found_by_number_and_address_and_names_alike_sort_by_number(store):
    each(store).students.add("B7", "Same", "one@example.org")
    each(store).students.add("A7", "Same", "two@example.org")
    each(store).students.archive(each(store).students.add("C7", "Same").id)
    assert [s.number for s in store.students.all()] == ["A7", "B7"]
    assert [s.number for s in store.students.all(search=" b7 ")] == ["B7"]
    assert [s.number for s in store.students.all(search="TWO@")] == ["A7"]
    assert [s.number for s in store.students.all(archived=True)] == ["C7"]
    assert [s.number for s in store.students.all(archived=None, search="7")] == ["A7", "B7", "C7"]
    assert store.students.all(search="somebody else") == ()


def test_a_list_brings_every_value_and_a_number_in_it_twice_is_one_student(store, course, students):
    each(store).students.archive(students[0].id)
    entries = [
        RosterEntry(" S01 ", "Ana Ruiz", " a@example.org ", family_name=" Ruiz ", given_name=" Ana "),
        RosterEntry("N1", "Nina", "n@example.org", family_name="N", given_name="Nina"),
        RosterEntry("N1", email="nina@example.org"),
        RosterEntry("N2"),
    ]
    each(store).students.put_roster(course.id, entries)
    assert [
        (s.number, s.name, s.email, s.family_name, s.given_name, s.archived)
        for s in store.students.of_course(course.id)
        if s.number not in {"S02", "S03"}
    ] == [
        ("N1", "Nina", "nina@example.org", "N", "Nina", False),
        ("N2", "N2", "", "", "", False),
        ("S01", "Ana Ruiz", "a@example.org", "Ruiz", "Ana", False),
    ]
    with pytest.raises(NoSuchCourse):
        each(store).students.put_roster(99, entries)


def test_a_list_number_belongs_to_the_course(store, course, students):
    other = each(store).courses.add("OTHER", "")
    each(store).students.put_roster(course.id, [RosterEntry("S02", list_number=2), RosterEntry("S03", list_number=1)])
    each(store).students.put_roster(other.id, [RosterEntry("S02", list_number=31), RosterEntry("S03")])
    each(store).students.put_roster(course.id, [RosterEntry("S02", "Another name")])
    each(store).courses.reorder(course.id, RosterOrder.LIST_NUMBER)
    assert [(s.number, s.list_number) for s in store.students.of_course(course.id)] == [
        *(("S03", 1), ("S02", 2), ("S01", None))
    ]
    assert {s.number: s.list_number for s in store.students.of_course(other.id)} == {"S02": 31, "S03": None}
    assert {s.list_number for s in store.students.all()} == {None}


@pytest.mark.parametrize("number", [0, -1, 10_000, 10**30])
def test_what_no_list_has_is_no_list_number(store, course, students, number):
    with pytest.raises(NoListNumber) as refused:
        each(store).students.renumber(course.id, students[0].id, number)
    assert refused.value.text == str(number)


def test_a_student_of_another_course_has_no_number_in_this_one(store, students):
    other = each(store).courses.add("OTHER", "")
    with pytest.raises(NotOnRoster) as refused:
        each(store).students.renumber(other.id, students[0].id, 1)
    assert (refused.value.number, refused.value.course) == ("S01", "OTHER")


def test_the_parts_of_a_name_make_what_is_shown_unless_it_is_given(store, students):
    edit = each(store).students.update
    assert edit(students[0].id, family=" Ruiz  Paz", given="Ana").name == "Ana Ruiz Paz"
    assert edit(students[0].id, name="Anita", family="Ruiz", given="Ana").name == "Anita"
    assert edit(students[0].id, family="Gil").name == "Ana Gil"
    assert edit(students[0].id, family="", given="").name == "Ana Gil"
    assert each(store).students.add("N9", "", family="Gil", given="Ana").name == "Ana Gil"


def test_an_empty_list_changes_nothing(store, course, students):
    before = store.students.all(archived=None)
    each(store).students.put_roster(course.id, [])
    assert store.students.all(archived=None) == before == store.students.of_course(course.id)


def test_enrolling_somebody_or_into_something_unknown_is_refused(store, course, students):
    with pytest.raises(StudentGone):
        each(store).students.enrol(course.id, 99)
    with pytest.raises(NoSuchCourse):
        each(store).students.enrol(99, students[0].id)
    assert each(store).students.unenrol(course.id, students[0].id)
    assert not each(store).students.unenrol(course.id, students[0].id)
    assert len(store.students.of_course(course.id)) == 2


def test_a_courses_consents_are_the_newest_current_ones_of_its_students(store, course, students, now):
    stranger = each(store).students.add("X", "Not on the roster")
    each(store).consents.record(stranger.id, "form", now)
    each(store).consents.record(students[0].id, "form", now)
    newest = each(store).consents.record(students[0].id, "letter", now + timedelta(days=1), source="import")
    each(store).consents.record(students[1].id, "form", now)
    each(store).consents.withdraw(students[1].id, now)
    assert store.consents.of_course(course.id) == {students[0].id: newest}
    assert (newest.student_id, newest.given_at, newest.withdrawn_at) == (students[0].id, now + timedelta(days=1), None)
    assert (newest.ground, newest.source) == ("letter", "import")
    assert store.consents.current(students[2].id) is None


def test_withdrawing_ends_every_consent_that_was_current(store, students, now):
    day = timedelta(days=1)
    for number, ground in enumerate(("form", "letter")):
        each(store).consents.record(students[0].id, ground, now + number * day)
    each(store).consents.record(students[1].id, "form", now)
    each(store).consents.withdraw(students[0].id, now + 2 * day)
    each(store).consents.record(students[0].id, "again", now + 3 * day)
    each(store).consents.withdraw(students[0].id, now + 4 * day)
    ends = [one.withdrawn_at for one in store.consents.history(students[0].id)]
    assert ends == [now + 2 * day, now + 2 * day, now + 4 * day]
    assert store.consents.current(students[1].id) is not None
    with pytest.raises(NoConsentToWithdraw) as none:
        each(store).consents.withdraw(students[0].id, now)
    assert none.value.number == "S01"


def test_a_consent_of_somebody_unknown_is_refused_and_a_ground_is_tidied(store, students, now):
    with pytest.raises(StudentGone):
        each(store).consents.record(99, "form", now)
    with pytest.raises(StudentGone):
        each(store).consents.withdraw(99, now)
    assert each(store).consents.record(students[0].id, "  signed  form ", now).ground == "signed form"
    assert store.consents.current(students[0].id).source == ""
