"""Lists of school systems: what comes in, what goes out, and that nothing is lost on the way."""

import io
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from single_writes import each

from attendance_app.domain.people import RosterEntry, tidy
from attendance_app.services.columns import propose_mapping, with_choices
from attendance_app.services.output.files import OutputFile
from attendance_app.services.roster import Action, apply_plan, plan_import
from attendance_app.services.roster_export import SCHOOL_FORMATS, export_table, roster_list
from attendance_app.services.roster_rows import SkipReason
from attendance_app.services.tables import errors
from attendance_app.services.tables.reading import read_table, refuse_unclear
from attendance_app.services.tables.table import Problem
from attendance_app.store.database import open_store
from attendance_app.words.catalogue import translate_to
from attendance_app.words.sheets import sheet_words

ONEROSTER = {
    "users.csv": (
        "sourcedId,status,enabledUser,username,givenName,familyName,identifier,email\n"
        "u1,,true,ana,Ana,García,007,ana@example.org\n"
        "u2,,true,eva,Eva,Ñáñez,008,\n"
        "u3,,true,prof,Marta,Ruiz,900,\n"
        "u4,tobedeleted,true,luis,Luis,Paz,010,\n"
        "u5,,false,gil,Gil,Roa,011,\n"
    ),
    "classes.csv": "sourcedId,status,title\nc1,,Algebra\nc2,,Historia\n",
    "enrollments.csv": (
        "sourcedId,status,classSourcedId,schoolSourcedId,userSourcedId,role\n"
        "e1,,c1,s,u1,student\ne2,,c1,s,u3,teacher\ne3,,c1,s,u4,student\ne4,,c1,s,u5,student\n"
        "e5,,c2,s,u2,student\ne6,tobedeleted,c2,s,u1,student\ne7,,c2,s,u99,student\n"
    ),
}
CANVAS = {
    "users.csv": (
        "user_id,login_id,first_name,last_name,email,status\n7,ana,Ana,García,,active\n8,eva,Eva,Paz,,deleted\n"
    ),
    "enrollments.csv": "course_id,user_id,role,section_id,status\nM1,7,student,M1-A,active\nM1,8,student,M1-A,active\n",
}
ENGLISH, SPANISH = sheet_words(translate_to("en")), sheet_words(translate_to("es"))


@pytest.fixture
def store(tmp_path):
    with open_store(tmp_path / "home") as opened:
        yield opened


@pytest.fixture
def course(store):
    return each(store).courses.add("ALG", "Algebra")


def packed(files: dict[str, str], path: Path) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def plan_of(store, course, path, sheet=None):
    table = read_table(path, sheet=sheet)
    return plan_import(store, course, table, propose_mapping(table))


def imported(store, course, path, sheet=None):
    plan = plan_of(store, course, path, sheet)
    with store.write() as tx:
        apply_plan(tx, plan)
    return plan


def outcomes(plan):
    return [(line.entry.number, line.reason or line.action) for line in plan.lines]


@pytest.mark.parametrize("packing", ["zip", "zip with a folder", "folder"])
def test_oneroster_brings_the_students_of_one_class(store, course, tmp_path, packing):
    path = tmp_path / ("lists" if packing == "folder" else "lists.zip")
    if packing == "folder":
        path.mkdir()
        for name, content in ONEROSTER.items():
            (path / name).write_text(content, encoding="utf-8")
    else:
        folder = "export/" if packing == "zip with a folder" else ""
        packed({folder + name: content for name, content in ONEROSTER.items()}, path)
    table = read_table(path)
    assert [sheet.name for sheet in table.sheets] == ["Algebra", "Historia"]
    assert outcomes(imported(store, course, path, "Algebra")) == [
        ("007", Action.ADD),
        ("900", SkipReason.OTHER_ROLE),
        ("010", SkipReason.NOT_ACTIVE),
        ("011", SkipReason.NOT_ACTIVE),
    ]
    (ana,) = store.students.of_course(course.id)
    assert (ana.name, ana.family_name, ana.given_name, ana.email) == ("Ana García", "García", "Ana", "ana@example.org")
    assert outcomes(plan_of(store, course, path, "2")) == [
        ("008", Action.ADD),
        ("007", SkipReason.NOT_ACTIVE),
        ("u99", Problem.NOT_AMONG_USERS),
    ]


def test_one_of_several_classes_must_be_chosen(tmp_path):
    path = packed(ONEROSTER, tmp_path / "lists.zip")
    with pytest.raises(errors.ClassUnclear) as refused:
        refuse_unclear(read_table(path), path)
    assert refused.value.classes == ("Algebra", "Historia")
    refuse_unclear(read_table(path, sheet="c2"), path, sheet="c2")
    with pytest.raises(errors.NoSuchSheet):
        read_table(path, sheet="Arte")


def test_canvas_brings_its_section(store, course, tmp_path):
    path = packed(CANVAS, tmp_path / "sis.zip")
    assert read_table(path).sheet == "M1-A"
    assert outcomes(imported(store, course, path)) == [("7", Action.ADD), ("8", SkipReason.NOT_ACTIVE)]


def test_users_without_identifiers_have_another_number(store, course, tmp_path):
    files = {**ONEROSTER, "users.csv": ONEROSTER["users.csv"].replace("008", "")}
    plan = plan_of(store, course, packed(files, tmp_path / "l.zip"), "Algebra")
    assert [line.entry.number for line in plan.lines] == ["ana", "prof", "luis", "gil"]


def test_a_line_with_other_bytes_is_refused_by_itself(store, course, tmp_path):
    path = tmp_path / "l.zip"
    packed({name: text for name, text in ONEROSTER.items() if name != "users.csv"}, path)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("users.csv", ONEROSTER["users.csv"].replace("Ñáñez", "Peña").encode("latin-1"))
    assert outcomes(plan_of(store, course, path, "Historia"))[0] == ("008", Problem.BYTES)


BROKEN = {
    "no zip": (b"PK\x03\x04 no zip", errors.BundleDamaged),
    "empty": (b"", errors.BundleDamaged),
    "a text": (b"ID,Name\n1,Ana\n", errors.BundleDamaged),
    "without enrolments": ({"users.csv": ONEROSTER["users.csv"]}, errors.BundleLacks),
    "without users": ({"enrollments.csv": ONEROSTER["enrollments.csv"]}, errors.BundleLacks),
    "without anything": ({}, errors.BundleLacks),
    "another kind": ({"enrollments.csv": "a,b\n1,2\n", "users.csv": "a\n1\n"}, errors.BundleUnknown),
    "an empty file": ({**ONEROSTER, "enrollments.csv": ""}, errors.NoRows),
    "nobody enrolled": ({**ONEROSTER, "enrollments.csv": "classSourcedId,userSourcedId,role\n"}, errors.NoRows),
    "a picture": ({**ONEROSTER, "users.csv": "\x89PNG\0\0"}, errors.NotATable),
    "an open quotation mark": (
        {**ONEROSTER, "users.csv": 'sourcedId,givenName\nu1,"Ana\nu2,Eva\n'},
        errors.UnclosedQuote,
    ),
    "a wide file": ({**ONEROSTER, "users.csv": ",".join(map(str, range(2_000)))}, errors.TooManyColumns),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_bundle_is_refused_in_words(tmp_path, name):
    content, kind = BROKEN[name]
    path = tmp_path / "lists.zip"
    if isinstance(content, bytes):
        path.write_bytes(content)
    else:
        packed(content, path)
    with pytest.raises(kind):
        read_table(path)


def test_a_zip_that_unpacks_to_too_much_or_is_cut_off_is_refused(tmp_path):
    path = packed({**ONEROSTER, "users.csv": "x" * 40_000_000}, tmp_path / "bomb.zip")
    with pytest.raises(errors.TableTooLarge):
        read_table(path)
    whole = packed(ONEROSTER, tmp_path / "whole.zip").read_bytes()
    for length in range(0, len(whole), 97):
        (tmp_path / "cut.zip").write_bytes(whole[:length])
        with pytest.raises(errors.BundleDamaged):
            read_table(tmp_path / "cut.zip")
    with pytest.raises(errors.TableNotThere):
        read_table(tmp_path / "none.zip")


def test_google_classroom_s_list_is_matched_by_e_mail(store, course, tmp_path):
    with store.write() as tx:
        tx.students.put_roster(course.id, [RosterEntry("007", "Ana García", "Ana@example.org", "García", "Ana")])
    path = tmp_path / "classroom.csv"
    path.write_text(
        "Last Name,First Name,Email Address\nGarcía,Ana,ana@example.org\nPaz,Eva,eva@example.org\nRoa,Gil,\n",
        encoding="utf-8",
    )
    assert outcomes(imported(store, course, path)) == [
        ("007", Action.CHANGE),  # the e-mail is written in small letters now
        ("eva@example.org", Action.ADD),
        ("", SkipReason.NO_NUMBER),
    ]
    assert [line.action for line in plan_of(store, course, path).lines[:2]] == [Action.UNCHANGED] * 2


@pytest.mark.parametrize(
    ("header", "cells", "numbers"),
    [
        ("N.º lista", ("1", "02", "3.º", "4."), [1, 2, 3, 4]),
        ("No.", ("1.0", "2,0", "3)", "10"), [1, 2, 3, 10]),
        ("#", ("1", "", "3", "4"), [1, None, 3, 4]),
    ],
)
def test_list_numbers_are_read_as_they_are_written(store, course, tmp_path, header, cells, numbers):
    path = tmp_path / "l.csv"
    lines = "".join(f"{cell};S{place};Name {place}\n" for place, cell in enumerate(cells))
    path.write_text(f"{header};Matrícula;Nombre\n{lines}", encoding="utf-8")
    imported(store, course, path)
    found = {student.number: student.list_number for student in store.students.of_course(course.id)}
    assert [found[f"S{place}"] for place in range(4)] == numbers


def test_what_is_no_list_number_is_named_with_its_line(store, course, tmp_path):
    path = tmp_path / "l.csv"
    lines = "".join(f"{place};S{place};Name\n" for place in range(1, 9))
    path.write_text(f"Lista;Matrícula;Nombre\n{lines}B;S9;Name\n", encoding="utf-8")
    plan = imported(store, course, path)
    assert [(line.row, line.reason) for line in plan.lines if line.reason] == [(10, SkipReason.LIST_NUMBER)]


def test_a_column_of_other_numbers_is_no_list_number_unless_somebody_says_so(store, course, tmp_path):
    path = tmp_path / "l.csv"
    path.write_text("Lista;Matrícula;Nombre\nA;1;Ana\nB;2;Eva\n", encoding="utf-8")
    table = read_table(path)
    assert propose_mapping(table).list_number is None
    chosen = with_choices(table, propose_mapping(table), {"list_number": "Lista"})
    plan = plan_import(store, course, table, chosen)
    assert {line.reason for line in plan.lines} == {SkipReason.LIST_NUMBER}


LETTERS = st.text(st.sampled_from("aábcdeéñÑOÚü ’-"), min_size=1, max_size=12).map(tidy).filter(any)
NAMES = LETTERS.filter(lambda name: any(map(str.isalpha, name)))
STUDENTS = st.lists(st.tuples(NAMES, st.none() | NAMES, st.none() | st.integers(1, 9999)), min_size=1, max_size=6)


@pytest.mark.parametrize("kind", ["csv", "xlsx", *SCHOOL_FORMATS])
def test_what_is_exported_changes_nothing_when_it_comes_back(tmp_path_factory, kind):
    @settings(max_examples=25, deadline=None)
    @given(STUDENTS, st.sampled_from([ENGLISH, SPANISH]))
    def check(people, words):
        folder = tmp_path_factory.mktemp("trip")
        with open_store(folder / "home") as store, open_store(folder / "other") as other:
            entries = [
                RosterEntry(
                    f"0{place}",
                    tidy(f"{given} {family}") if given else family,
                    f"s{place}@example.org",
                    *((family, given) if given else ("", "")),
                    list_number=listed,
                )
                for place, (family, given, listed) in enumerate(people)
            ]
            each(store).students.put_roster(each(store).courses.add("ALG", "Algebra").id, entries)
            roster = roster_list(store, "ALG")
            ending = SCHOOL_FORMATS[kind].ending if kind in SCHOOL_FORMATS else kind
            file = OutputFile(folder / f"list.{ending}", ending)
            if kind in SCHOOL_FORMATS:
                file.write(SCHOOL_FORMATS[kind].content(roster))
            else:
                export_table(roster, file, words)
            again = plan_of(store, roster.course, file.path)
            assert [line.action for line in again.lines] == [Action.UNCHANGED] * len(people)
            assert again.not_listed == ()
            # Somewhere else it brings the same students.
            course = each(other).courses.add("ALG", "Algebra")
            imported(other, course, file.path)
            fields = ("name", "family_name", "given_name", "email")
            assert sorted(tuple(getattr(s, f) for f in fields) for s in other.students.of_course(course.id)) == sorted(
                tuple(getattr(s, f) for f in fields) for s in roster.students
            )

    check()


def test_oneroster_s_zip_has_a_manifest_and_no_byte_order_mark(store, course):
    each(store).students.put_roster(course.id, [RosterEntry("007", "Íñigo Peña", "", "Peña", "Íñigo")])
    content = SCHOOL_FORMATS["oneroster"].content(roster_list(store, "ALG"))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        manifest = dict(line.split(",") for line in archive.read("manifest.csv").decode().splitlines())
        bulk = {name.removeprefix("file.") for name, value in manifest.items() if value == "bulk"}
        assert manifest["oneroster.version"] == "1.2"
        assert {f"{name}.csv" for name in bulk} | {"manifest.csv"} == set(archive.namelist())
        for name in archive.namelist():
            lines = archive.read(name).decode().splitlines()
            assert not lines[0].startswith("\ufeff")
            assert {line.count(",") for line in lines} == {lines[0].count(",")}
