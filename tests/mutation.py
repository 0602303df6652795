"""Mutation testing of one room: is a fault noticed by its tests? ``uv run python tests/mutation.py ROOM``.

``--sample N`` runs N mutants drawn with ``--seed`` instead of all and reports those, ``--again`` runs only those that
survived; both together: only the sample's survivors.
docs/mutation-testing.md says what came of it. mutmut reads its settings from the folder where it runs, so each room
has one, ``mutants/ROOM``: links to the checkout's folders and a pyproject.toml of its own.
"""

import argparse
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import tomllib
from dataclasses import dataclass
from pathlib import Path

from scipy.stats import binomtest

CHECKOUT = Path(__file__).resolve().parent.parent
LINKED = ("attendance_app", "tests", "models", "resources", "benchmarks", "README.md", "LICENSE")
KILLED, SURVIVED, UNTESTED = 1, 0, 33
"""mutmut's exit codes; any other that is not None is a time-out or a crash, which a test run would show too."""
HANGS_AFTER = 20
"""Seconds after which a test has failed. No test of these rooms takes a quarter of them."""


@dataclass(frozen=True, slots=True)
class Room:
    """What is mutated and which tests must notice. Tests that open networks take seconds each and are left out."""

    mutated: str
    tests: tuple[str, ...]
    without: tuple[str, ...] = ()


ROOMS = {
    "domain": Room("attendance_app/domain/*", ("tests/unit/domain",)),
    "store": Room(
        "attendance_app/store/*",
        ("tests/unit/store", "tests/migrations"),
        (
            "tests/unit/store/test_only_the_store_commits.py",  # reads the sources, runs nothing of them
            "tests/migrations/test_migrations.py::test_a_current_database_opens_without_alembic",  # it measures time
        ),
    ),
    "session": Room(
        "attendance_app/services/session/*",
        (
            "tests/unit/services/session",
            "tests/unit/cli/test_session_full_disk.py",
            "tests/unit/cli/test_session_by_hand.py",
        ),
        ("tests/unit/services/session/test_sideways.py::test_real_faces_on_their_side_are_noticed",),
    ),
    "classifiers": Room(
        "attendance_app/classifiers/*",
        ("tests/unit/classifiers",),
        (
            "tests/unit/classifiers/test_identity_network.py::test_the_reports_people",
            "tests/unit/classifiers/test_identity_network.py::test_a_class_of_thirty",
            "tests/unit/classifiers/test_identity_network.py::test_people_held_out",
            "tests/unit/classifiers/test_mask.py::test_light",
            "tests/unit/classifiers/test_match.py::test_thirty_tracks",  # it measures time
        ),
    ),
}


def prepare(name: str, room: Room) -> Path:
    """Make the room's folder, with its settings; what the last run left stays."""
    folder = CHECKOUT / "mutants" / name
    folder.mkdir(parents=True, exist_ok=True)
    for linked in LINKED:
        link = folder / linked
        if not link.is_symlink():
            link.symlink_to(CHECKOUT / linked)
    pytest_settings = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())["tool"]["pytest"]["ini_options"]
    pytest_settings["timeout"] = HANGS_AFTER
    settings = {
        "source_paths": ["attendance_app"],
        "only_mutate": [room.mutated],
        "do_not_mutate": ["*/migrations/*"],  # their result is compared with the rows, and mutmut takes minutes for one
        "also_copy": [linked for linked in LINKED if linked not in {"attendance_app", "tests"}],
        "pytest_add_cli_args_test_selection": list(room.tests),
        "pytest_add_cli_args": ["-p", "no:cacheprovider", *(f"--deselect={test}" for test in room.without)],
        # A mutant that leaves a thread waiting ends after 4 x (3 s + what its tests take); 15 x (1 s + ...) by default.
        "timeout_constant": 3.0,
        "timeout_multiplier": 4.0,
    }
    # A list or a text in JSON is one in TOML.
    text = "[tool.mutmut]\n" + "".join(f"{key} = {json.dumps(value)}\n" for key, value in settings.items())
    text += "[tool.pytest.ini_options]\n"
    text += "".join(f"{key} = {json.dumps(value)}\n" for key, value in pytest_settings.items())
    (folder / "pyproject.toml").write_text(text)
    return folder


def outcomes(folder: Path) -> dict[str, int | None]:
    """Return every mutant's exit code; None: not run yet."""
    found: dict[str, int | None] = {}
    for meta in sorted((folder / "mutants").rglob("*.meta")):
        found |= json.loads(meta.read_text())["exit_code_by_key"]
    return found


def run(folder: Path, names: list[str]) -> None:
    """Run mutmut over the named mutants, or all that have no result yet, one at a time."""
    environment = os.environ | {"ATTENDANCE_SHARED_DATA": str(shared_data()), "HYPOTHESIS_DERANDOMIZE": "1"}
    with tempfile.TemporaryDirectory() as scratch:
        command = [sys.executable, "-m", "mutmut", "run", "--max-children", "1", *names]
        subprocess.run(command, cwd=folder, env=environment | {"PYTEST_DEBUG_TEMPROOT": scratch}, check=False)


def shared_data() -> Path:
    """Return where the real faces are, as tests/conftest.py has it: the tests run from a copy elsewhere."""
    return Path(os.environ.get("ATTENDANCE_SHARED_DATA", CHECKOUT.parent / "shared" / "data")).resolve()


def report(results: dict[str, int | None], *, mutants: int) -> None:
    """Print the survivors and how many were killed, with the interval where not all have run."""
    done = {name: code for name, code in results.items() if code is not None}
    alive = [name for name, code in done.items() if code in {SURVIVED, UNTESTED}]
    for name in alive:
        print("survived" if done[name] == SURVIVED else "no test", name)
    killed = len(done) - len(alive)
    line = f"{killed} of {len(done)} killed ({killed / max(1, len(done)):.1%}), {mutants} mutants in all"
    line += f"; {sum(code not in {KILLED, SURVIVED, UNTESTED} for code in done.values())} by a time-out or a crash"
    if 0 < len(done) < mutants:
        interval = binomtest(killed, len(done)).proportion_ci()
        line += f"; 95 % interval {interval.low:.1%} to {interval.high:.1%}"
    print(line)


def main() -> None:
    """Parse the arguments, run, report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("room", choices=ROOMS)
    parser.add_argument("--sample", type=int, help="so many mutants, drawn at random")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--again", action="store_true", help="only the survivors of the last run")
    parser.add_argument("--fresh", action="store_true", help="forget the last run")
    parser.add_argument("--report", action="store_true", help="run nothing, print the last run's result")
    options = parser.parse_args()
    folder = prepare(options.room, ROOMS[options.room])
    if options.fresh:
        shutil.rmtree(folder / "mutants", ignore_errors=True)
    if options.sample and not options.report:
        run(folder, ["no.such.mutant"])  # makes the mutants only
    names = sorted(outcomes(folder))
    if options.sample:
        names = random.Random(options.seed).sample(names, min(options.sample, len(names)))
    if options.again:
        found = outcomes(folder)
        run(folder, [name for name in names if found[name] in {SURVIVED, UNTESTED}])
    elif not options.report:
        run(folder, names if options.sample else [])
    found = outcomes(folder)
    report({name: found[name] for name in names} if options.sample else found, mutants=len(found))


if __name__ == "__main__":
    main()
