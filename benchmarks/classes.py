"""Whole sessions on composed class videos with ground truth: who is marked, who is missed, who is marked wrongly.

``uv run python -m benchmarks.classes --classes 5`` composes each class from real faces (ATTENDANCE_SHARED_DATA, else
``../shared/data``), enrols it and runs its session through the command line, and prints a Markdown table.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.class_videos import ClassVideo, compose

CHECKOUT = Path(__file__).resolve().parent.parent


def attendance(home: Path, *arguments: str) -> bytes:
    """Run the program on the data folder ``home`` and return what it prints."""
    # A process of its own, as a user starts it: nothing is warm from the class before.
    command = [sys.executable, "-m", "attendance_app", "--home", str(home), *arguments]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, cwd=CHECKOUT).stdout


def run_class(video: ClassVideo, home: Path, *options: str, detector: str | None = None) -> str:
    """Enrol and run one class; returns its line of the table, without the first cell."""
    if detector is not None:
        attendance(home, "settings", "set", "detector", detector)
    attendance(home, "course", "add", "CLASS", "--title", "Composed class")
    enrol = ["enrol", str(video.enrol_dir), "--course", "CLASS", "--create-missing", "--consent", "benchmark", "--json"]
    report = json.loads(attendance(home, *enrol))
    arguments = ["session", "run", "--course", "CLASS", "--source", str(video.video_path), "--json", *options]
    document = json.loads(attendance(home, *arguments))
    # "absent" is also a mark once the session is closed.
    marked = {mark["student_id"] for mark in document["marks"] if mark["status"] in {"present", "late"}}
    missed, wrong = sorted(video.present - marked), sorted(marked - video.present)
    reviewed = sum(item["student_id"] in missed for item in document["to_review"])
    return (
        f"{report['counts'].get('enrolled', 0)} of {len(report['files'])} | "
        f"{len(marked & video.present)} of {len(video.present)} | {reviewed} | {len(wrong)} {' '.join(wrong)} | "
        f"{document['unknown_people']} of {video.strangers} | "
        f"{document['frames_processed']} of {document['frames_read']} |"
    )


def main() -> None:
    """Compose, run and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--classes", type=int, default=5)
    parser.add_argument("--first-seed", type=int, default=1)
    parser.add_argument("--detector", help="the setting of that name, instead of its default")
    parser.add_argument("--realtime", action="store_true", help="play the videos as a camera would")
    options = parser.parse_args()
    data = Path(os.environ.get("ATTENDANCE_SHARED_DATA", CHECKOUT.parent / "shared" / "data"))
    print("| class | photos enrolled | present and marked | missed, to review | marked wrongly | unknown | frames |")
    print("|---|---|---|---|---|---|---|")
    for seed in range(options.first_seed, options.first_seed + options.classes):
        with tempfile.TemporaryDirectory() as name:
            video = compose(data / "lfw-original", Path(name), seed=seed)
            pace = ["--realtime"] if options.realtime else []
            line = run_class(video, Path(name) / "home", *pace, detector=options.detector)
        print(f"| {seed} | {line}", flush=True)


if __name__ == "__main__":
    main()
