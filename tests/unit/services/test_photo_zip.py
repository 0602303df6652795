"""Zips as other programs pack them, and zips whose table says something else than their contents."""

import os
import struct
import unicodedata
import zipfile
import zlib

import pytest

from attendance_app.domain.errors import SourceError
from attendance_app.domain.people import Student
from attendance_app.services import photo_names, photo_zip
from attendance_app.services.errors import (
    MemberDamaged,
    MemberEncrypted,
    MemberPackedUnknown,
    PhotoFileTooLarge,
    TooManyMembers,
    ZipCutOff,
    ZipEncrypted,
)
from attendance_app.services.photo_folders import find_photos, match_label, new_student

JOSE = "José Núñez"
DECOMPOSED = unicodedata.normalize("NFD", JOSE)


def packed(path, members, compression=zipfile.ZIP_DEFLATED):
    with zipfile.ZipFile(path, "w", compression) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def answers(photos):
    found = {}
    for photo in photos:
        try:
            found[photo.name] = photo.content()
        except SourceError as error:
            found[photo.name] = type(error)
    return found


@pytest.mark.parametrize(
    ("name", "read_as", "label"),
    [
        ("S09\\0.jpg", "S09/0.jpg", "S09"),
        ("photos\\S09\\0.jpg", "photos/S09/0.jpg", "S09"),
        ("/S09/0.jpg", "S09/0.jpg", "S09"),
        ("C:\\photos\\S09\\0.jpg", "photos/S09/0.jpg", "S09"),
        ("../../S09/0.jpg", "S09/0.jpg", "S09"),
        ("./S09/./0.jpg", "S09/0.jpg", "S09"),
        (f"{DECOMPOSED}/0.jpg", f"{JOSE}/0.jpg", JOSE),
    ],
)
def test_names_are_read_as_the_folders_that_were_meant(tmp_path, name, read_as, label):
    packed(tmp_path / "a.zip", {name: b"1", "other.jpg": b"2"})
    photo = next(each for each in find_photos(tmp_path / "a.zip") if each.content() == b"1")
    assert (photo.name, photo.label) == (read_as, label)


def test_utf8_without_its_mark_is_read_as_such(tmp_path):
    file = packed(tmp_path / "a.zip", {f"{JOSE}/0.jpg": b"1"})
    content = bytearray(file.read_bytes())
    for signature, flags in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        content[content.index(signature) + flags + 1] &= 0xF7
    file.write_bytes(content)
    assert [photo.label for photo in find_photos(file)] == [JOSE]


@pytest.mark.parametrize("compression", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA, zipfile.ZIP_STORED])
def test_a_damaged_member_is_one_line_and_the_others_are_read(tmp_path, compression):
    words = os.urandom(3000)
    file = packed(tmp_path / "a.zip", {f"S0{number}/1.jpg": words for number in (1, 2, 3)}, compression)
    content = bytearray(file.read_bytes())
    second = content.index(b"S02/1.jpg") + 60
    content[second : second + 200] = bytes(200)
    file.write_bytes(content)
    found = answers(find_photos(file))
    assert found == {"S01/1.jpg": words, "S02/1.jpg": MemberDamaged, "S03/1.jpg": words}


def test_a_way_of_packing_that_is_not_known_is_one_line(tmp_path):
    file = packed(tmp_path / "a.zip", {"S01/1.jpg": b"one", "S02/1.jpg": b"two"})
    content = bytearray(file.read_bytes())
    for signature, method in ((b"PK\3\4", 8), (b"PK\1\2", 10)):
        at = content.index(signature) + method
        content[at : at + 2] = struct.pack("<H", 97)
    file.write_bytes(content)
    assert answers(find_photos(file)) == {"S01/1.jpg": MemberPackedUnknown, "S02/1.jpg": b"two"}


def named_in_bytes(path, *names):
    """A zip whose names are these bytes, without the mark of UTF-8."""
    packed(path, {f"{number}" * len(name): b"photo" for number, name in enumerate(names)})
    content = path.read_bytes()
    for number, name in enumerate(names):
        content = content.replace(f"{number}".encode() * len(name), name)
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("page", ["cp437", "cp850", "cp1252", "mac-roman", "utf-8"])
@pytest.mark.parametrize("people", [("José", "Núñez"), ("García Muñoz", "Peña", "Inés")])
def test_names_in_the_code_page_of_a_country_are_read(tmp_path, page, people):
    file = named_in_bytes(tmp_path / "a.zip", *(f"{one}/1.jpg".encode(page) for one in people))
    assert {photo.label for photo in find_photos(file)} == set(people)


def test_capital_letters_as_windows_packs_them_in_spain_are_read(tmp_path):
    file = named_in_bytes(tmp_path / "a.zip", "ÁNGEL NÚÑEZ/1.jpg".encode("cp850"), "Íñigo/1.jpg".encode("cp850"))
    assert {photo.label for photo in find_photos(file)} == {"ÁNGEL NÚÑEZ", "Íñigo"}


def test_a_second_name_in_utf8_is_taken_unless_the_first_was_changed(tmp_path):
    file = tmp_path / "a.zip"
    with zipfile.ZipFile(file, "w") as archive:
        for first, checked in (("Jose/1.jpg", "Jose/1.jpg"), ("Luis/1.jpg", "other")):
            member, name = zipfile.ZipInfo(first), "Łukasz/1.jpg".encode()
            member.extra = struct.pack("<HHBI", 0x7075, 5 + len(name), 1, zlib.crc32(checked.encode())) + name
            archive.writestr(member, b"photo")
    assert {photo.label for photo in find_photos(file)} == {"Łukasz", "Luis"}


def test_a_folder_written_with_a_backslash_is_no_photo(tmp_path):
    file = packed(tmp_path / "a.zip", {"S01\\": b"", "S01\\1.jpg": b"one"})
    assert answers(find_photos(file)) == {"S01/1.jpg": b"one"}


@pytest.mark.parametrize("share", [0.3, 0.6, 0.99])
def test_a_cut_zip_says_so(tmp_path, share):
    file = packed(tmp_path / "a.zip", {f"S0{number}/1.jpg": os.urandom(1000) for number in (1, 2, 3)})
    content = file.read_bytes()
    file.write_bytes(content[: round(len(content) * share)])
    with pytest.raises(ZipCutOff):
        find_photos(file)


def encrypt(file, count):
    """Set the mark of encryption on the first members."""
    content = bytearray(file.read_bytes())
    for signature, flags in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        at = -1
        for _ in range(count):
            at = content.index(signature, at + 1)
            content[at + flags] |= 1
    file.write_bytes(content)
    return file


def test_an_encrypted_member_is_one_line_an_encrypted_zip_an_error(tmp_path):
    file = packed(tmp_path / "a.zip", {"S01/1.jpg": b"one", "S02/1.jpg": b"two"})
    assert answers(find_photos(encrypt(file, 1))) == {"S01/1.jpg": MemberEncrypted, "S02/1.jpg": b"two"}
    with pytest.raises(ZipEncrypted):
        find_photos(encrypt(file, 2))


def test_no_more_of_a_member_is_read_than_a_photo_may_have(tmp_path, monkeypatch):
    monkeypatch.setattr(photo_names, "MAX_BYTES", 1000)
    file = packed(tmp_path / "a.zip", {"S01/1.jpg": bytes(1001), "S02/1.jpg": bytes(1000)})
    assert answers(find_photos(file)) == {"S01/1.jpg": PhotoFileTooLarge, "S02/1.jpg": bytes(1000)}


def test_a_size_that_lies_does_not_matter(tmp_path):
    file = packed(tmp_path / "a.zip", {"S01/1.jpg": b"one" * 100, "S02/1.jpg": b"two"})
    content = bytearray(file.read_bytes())
    directory = content.index(b"PK\1\2")
    content[directory + 24 : directory + 28] = struct.pack("<I", 0xFFFFFFF0)
    file.write_bytes(content)
    assert answers(find_photos(file))["S02/1.jpg"] == b"two"


def test_two_members_of_one_name_are_both_read(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("S01/1.jpg", b"one")
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("S01/1.jpg", b"two")
    assert {photo.content() for photo in find_photos(tmp_path / "a.zip")} == {b"one", b"two"}


def test_a_zip_with_too_many_files_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(photo_zip, "MAX_MEMBERS", 2)
    with pytest.raises(TooManyMembers):
        find_photos(packed(tmp_path / "a.zip", dict.fromkeys(["1.jpg", "2.jpg", "3.jpg"], b"")))


def test_a_zip_with_flipped_bits_gives_files_or_known_errors(tmp_path):
    """The short run of a fuzzer; zlib's CRC is recomputed nowhere, so most damage is noticed."""
    import random

    whole = packed(tmp_path / "whole.zip", {f"S0{n}/1.jpg": os.urandom(80) + bytes(200) for n in range(4)}).read_bytes()
    dice = random.Random(7)
    for _ in range(400):
        content = bytearray(whole)
        for _ in range(dice.randint(1, 4)):
            content[dice.randrange(len(content))] = dice.randrange(256)
        (tmp_path / "a.zip").write_bytes(content[: dice.choice([len(content), dice.randrange(len(content))])])
        try:
            answers(find_photos(tmp_path / "a.zip"))
        except SourceError:
            continue


class TestFolders:
    def test_links_that_go_round_and_files_that_are_none_are_left_out(self, tmp_path):
        (tmp_path / "S01").mkdir()
        (tmp_path / "S01" / "1.jpg").write_bytes(b"one")
        (tmp_path / "S01" / "round").symlink_to(tmp_path)
        (tmp_path / "S01" / "gone.jpg").symlink_to(tmp_path / "nowhere.jpg")
        os.mkfifo(tmp_path / "S01" / "pipe.jpg")
        assert [photo.name for photo in find_photos(tmp_path)] == ["S01/1.jpg"]

    def test_a_name_that_is_no_text_can_be_stored_and_shown(self, tmp_path):
        (tmp_path / os.fsdecode(b"Jos\xe9\x01")).mkdir()
        (tmp_path / os.fsdecode(b"Jos\xe9\x01") / "1.jpg").write_bytes(b"one")
        (photo,) = find_photos(tmp_path)
        assert photo.label.encode() == "Jos?�".encode()

    def test_a_file_larger_than_any_photo_is_not_read(self, tmp_path, monkeypatch):
        monkeypatch.setattr(photo_names, "MAX_BYTES", 10)
        (tmp_path / "S01.jpg").write_bytes(bytes(11))
        with pytest.raises(PhotoFileTooLarge):
            find_photos(tmp_path)[0].content()


class TestLetters:
    @pytest.mark.parametrize("label", [JOSE, DECOMPOSED, DECOMPOSED.upper(), f"900 {DECOMPOSED}"])
    @pytest.mark.parametrize("listed", [JOSE, DECOMPOSED])
    def test_a_name_is_the_same_in_composed_and_decomposed_letters(self, label, listed):
        student = Student(1, "900", listed)
        assert match_label(label, [student]) is student

    def test_a_new_student_gets_composed_letters(self):
        assert new_student(f"901 {DECOMPOSED}").name == JOSE


class TestHandedZips:
    """The zips of ../shared/cases."""

    def test_backslashes_are_folders(self, shared_cases):
        assert {photo.label for photo in find_photos(shared_cases / "backslashes.zip")} == {"S09X", "S10X"}

    def test_one_bad_member_is_one_line(self, shared_cases):
        found = answers(find_photos(shared_cases / "one-bad-member.zip"))
        assert [name for name, answer in found.items() if answer is MemberDamaged] == ["S02/1.jpg"]
        assert len(found) == 3

    def test_decomposed_names_are_the_roster_s(self, shared_cases):
        students = [Student(900, "900", "José Núñez"), Student(901, "901", "José Muñoz")]
        labels = {photo.label for photo in find_photos(shared_cases / "nfd-names.zip")}
        assert [match_label(label, students) for label in labels] == students[:1]


def test_no_zip_is_refused(tmp_path):
    (tmp_path / "a.zip").write_bytes(b"PK\3\4 and no more" + zlib.compress(b"x"))
    with pytest.raises(ZipCutOff):
        find_photos(tmp_path / "a.zip")
