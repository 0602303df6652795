"""Killed at any moment, a restore leaves the register of before or of after, whole."""

import os
import random
import subprocess
import sys
import time
from contextlib import closing
from datetime import UTC, datetime

from attendance_app.store.backup_files import Reason
from attendance_app.store.backups import SCRATCH
from attendance_app.store.contents import is_whole
from attendance_app.store.database import FILE_NAME, open_store
from attendance_app.store.driver import connect

ROUNDS = 8
RESTORING = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from attendance_app.store.restore import restore
register, few, many = map(Path, sys.argv[1:])
print("ready", flush=True)
while True:
    for file in (few, many):
        restore(register, file, datetime.now(UTC))
"""


def test_killed_at_random_moments_the_register_is_the_one_or_the_other(tmp_path):
    home, seed = tmp_path / "home", random.randrange(10**6)
    chance = random.Random(seed)
    with open_store(home) as store:
        copies = []
        for count in (1, 400):
            with store.write() as tx:
                for number in range(count):
                    tx.students.add(f"{count}-{number}", f"Student {number}")
            copies.append(tmp_path / f"{count}.sqlite3")
            copies[-1].write_bytes(store.back_up(Reason.HAND, datetime.now(UTC)).backup.path.read_bytes())
    for turn in range(ROUNDS):
        child = subprocess.Popen(
            [sys.executable, "-c", RESTORING, str(home / FILE_NAME), *map(str, copies)],
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
            stdout=subprocess.PIPE,
            text=True,
        )
        assert child.stdout is not None
        assert child.stdout.readline() == "ready\n"
        time.sleep(chance.uniform(0, 0.6))
        child.kill()
        child.communicate()
        with open_store(home) as store, closing(connect(home / FILE_NAME)) as raw:
            assert is_whole(raw), f"seed {seed}, turn {turn}"
            assert len(store.students.all()) in {1, 401}, f"seed {seed}, turn {turn}"
    with open_store(home) as store:
        store.restore(copies[0], datetime.now(UTC))
        assert len(store.students.all()) == 1
    assert not (home / SCRATCH).exists()
    assert not list(home.rglob("*.part*"))
