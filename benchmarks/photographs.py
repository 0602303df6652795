"""The roll from photographs, on photographs of real classrooms.

    python -m benchmarks.photographs

Prints how many of the boxed faces are found, and how many of the people who are in both photographs of one class are
marked or asked about in one when they were enrolled from the other alone (faces of 14 to 86 pixels). Needs the folder
``../shared/data``; photographs of one class there are named in ``same_people.csv``.
"""

import csv
import os
import time
from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.optimize import linear_sum_assignment

from attendance_app.bootstrap import open_matcher, open_reader
from attendance_app.classifiers.thresholds import DEFAULT_RULE
from attendance_app.domain.faces import Box, Frame, Image
from attendance_app.domain.people import Gallery, Student
from attendance_app.domain.roll_call import Rules
from attendance_app.services.face_reader import FaceReader, ReadFace
from attendance_app.services.session.cadence import Cadence, Scan
from attendance_app.services.session.frame_result import FaceState, FaceView
from attendance_app.services.session.pipeline import Pipeline
from attendance_app.services.session.stages.photograph import JOIN_BELOW
from attendance_app.services.session.stages.track_states import GallerySnapshot
from attendance_app.vision.photo import load_photo
from attendance_app.vision.photo_search import find_all
from attendance_app.vision.quality import resolved_px

CHECKOUT = Path(__file__).resolve().parent.parent
ROOMS = Path(os.environ.get("ATTENDANCE_SHARED_DATA", CHECKOUT.parent / "shared" / "data")) / "classrooms"


@dataclass(frozen=True, slots=True)
class Photograph:
    """``place``: the face that was found for a box of the table, by the box's number."""

    image: Image
    faces: list[ReadFace]
    place: dict[int, int]


def boxes() -> dict[str, dict[int, Box]]:
    """Read the faces of each photograph, by number."""
    found: dict[str, dict[int, Box]] = defaultdict(dict)
    with open(ROOMS / "faces.csv", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            sides = (int(row[side]) for side in ("left", "top", "right", "bottom"))
            found[row["file"]][int(row["face"])] = Box(*sides)
    return found


def same_people() -> tuple[str, str, list[tuple[int, int]]]:
    """Read which faces of two photographs are one person."""
    with open(ROOMS / "same_people.csv", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    pairs = [(int(row["first_face"]), int(row["second_face"])) for row in rows]
    return rows[0]["first_file"], rows[0]["second_file"], pairs


def read(reader: FaceReader, name: str, wanted: dict[int, Box]) -> Photograph:
    """Find and encode the faces of a photograph, and print how many of the boxes were found."""
    image = load_photo(ROOMS / name)
    begun = time.perf_counter()
    faces = reader.read(image, find_all(reader.detector, image, upsample=1.0))
    seconds = time.perf_counter() - begun
    place: dict[int, int] = {}
    if faces:
        overlap = np.array([[box.iou(face.pose.detection.box) for face in faces] for box in wanted.values()])
        numbers = list(wanted)
        # One to one, with the largest overlap in all: two faces must not claim one box.
        for row, column in zip(*linear_sum_assignment(-overlap), strict=True):
            # Low, since dlib's boxes and those of the table (by other networks) are cut differently.
            if overlap[row, column] > 0.2:
                place[numbers[row]] = int(column)
    size = f"{image.shape[1]} x {image.shape[0]}"
    print(f"| {name} | {size} | {len(place)} of {len(wanted)} | {len(faces) - len(place)} | {seconds:.1f} s |")
    return Photograph(image, faces, place)


def roll(reader: FaceReader, enrolled: Photograph, people: list[tuple[int, int]]) -> Pipeline:
    """Enrol each person from one photograph; return the recognition that is to read others."""
    students = tuple(Student(number + 1, f"S{number}", f"S{number}") for number in range(len(people)))
    encodings = np.stack([enrolled.faces[enrolled.place[first]].encoding for first, _ in people])
    face_px = np.array([resolved_px(enrolled.faces[enrolled.place[first]].pose.quality) for first, _ in people])
    gallery = Gallery(reader.encoder_id, students, encodings.astype(np.float32), np.arange(len(people)), face_px)
    rules = Rules(DEFAULT_RULE.accept, DEFAULT_RULE.review)
    made = Pipeline(reader, GallerySnapshot(gallery, open_matcher(gallery)), rules, cadence=Cadence(), scan=Scan())
    made.begin_source(beside=False, photographs=True)
    return made


def judge(faces: tuple[FaceView, ...], photograph: Photograph, people: list[tuple[int, int]]) -> Counter[str]:
    """Count what was said of the people and of the others in a photograph."""
    owner = {photograph.place[second]: number + 1 for number, (_, second) in enumerate(people)}
    said: Counter[str] = Counter()
    for place, face in enumerate(faces):
        student = owner.get(place)
        who = "others" if student is None else "people"
        right = face.student_id == student
        if face.state is FaceState.KNOWN:
            said[f"{who} named" if student is None or right else "people named wrongly"] += 1
        elif face.state is FaceState.DOUBTFUL:
            said[f"{who} asked about" if student is None or right else "people asked about wrongly"] += 1
    return said


def main() -> None:
    reader = open_reader("auto")
    print("| photograph | size | faces found | other finds | find and encode |\n|---|---|---|---|---|")
    photographs = {name: read(reader, name, wanted) for name, wanted in boxes().items()}
    first, second, people = same_people()
    for before, after, pairs in ((first, second, people), (second, first, [(b, a) for a, b in people])):
        one, other = photographs[before], photographs[after]
        both = [(a, b) for a, b in pairs if a in one.place and b in other.place]
        result = roll(reader, one, both).process(Frame(0, 0.0, other.image, photograph=after))
        said = judge(result.faces, other, both)
        print(f"\nEnrolled from {before}, met in {after}: {len(both)} people, {len(other.faces) - len(both)} others")
        print(", ".join(f"{count} {words}" for words, count in sorted(said.items())))
    print(f"\nPairs of faces of two photographs that are nearer than {JOIN_BELOW}")
    names = list(photographs)
    for index, one_name in enumerate(names):
        for other_name in names[index + 1 :]:
            distances = np.linalg.norm(
                np.stack([face.encoding for face in photographs[one_name].faces])[:, np.newaxis]
                - np.stack([face.encoding for face in photographs[other_name].faces]),
                axis=2,
            )
            rows, columns = linear_sum_assignment(np.minimum(distances, JOIN_BELOW))
            print(f"{one_name}, {other_name}: {int((distances[rows, columns] < JOIN_BELOW).sum())}")


if __name__ == "__main__":
    main()
