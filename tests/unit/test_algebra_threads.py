"""NumPy computes on one thread, in the program and in its measurements."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]
COUNT = """
import {package}
import numpy as np
from pathlib import Path
square = np.ones((600, 600)) @ np.ones((600, 600))
print(len(list(Path("/proc/self/task").iterdir())))
"""


@pytest.mark.skipif(sys.platform != "linux" or (os.cpu_count() or 1) < 2, reason="threads are counted in /proc")
@pytest.mark.parametrize(("package", "threads"), [("attendance_app", "1"), ("benchmarks", "1"), ("os", "more")])
def test_a_product_of_matrices_takes_one_thread(package: str, threads: str) -> None:
    environment = {name: value for name, value in os.environ.items() if name != "OPENBLAS_NUM_THREADS"}
    command = [sys.executable, "-c", COUNT.format(package=package)]
    result = subprocess.run(command, cwd=CHECKOUT, env=environment, capture_output=True, text=True, check=True)
    assert ("1" if result.stdout.strip() == "1" else "more") == threads
