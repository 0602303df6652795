"""Writes requirements.lock and the constraints in pyproject.toml from what pyproject.toml asks for.

``uv run .ci/lock.py`` (``--upgrade`` takes newer versions). The lock has exact versions and hashes for every
platform and no registry's address; the constraints make ``uv run`` resolve to the same versions.
"""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "requirements.lock"
PROJECT = ROOT / "pyproject.toml"
BEGIN, END = "# constraints: written by .ci/lock.py\n", "# end of constraints\n"


def pins(lock: str) -> list[str]:
    """Return the pinned requirements with their markers, without hashes."""
    lines = re.findall(r"^([A-Za-z0-9._\[\]-]+==[^\\\n]+?)\s*\\?$", lock, flags=re.MULTILINE)
    return [" ".join(line.split()) for line in lines]


def main() -> None:
    """Resolve, then write both files."""
    text = PROJECT.read_text()
    before, after = text.split(BEGIN)[0], text.split(END)[1]
    PROJECT.write_text(f"{before}{BEGIN}constraint-dependencies = []\n{END}{after}")
    upgrade = ["--upgrade"] if "--upgrade" in sys.argv else []
    command = ["uv", "pip", "compile", "pyproject.toml", "--group", "dev", "--universal", "--generate-hashes"]
    options = ["--no-header", "--no-annotate", "--no-emit-index-url", "--no-emit-find-links", "--quiet"]
    command += ["--no-emit-package", "classroom-attendance"]  # the group dev asks for its extra lab
    subprocess.run([*command, *options, *upgrade, "-o", str(LOCK)], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    constraints = "".join(f'    "{pin}",\n' for pin in pins(LOCK.read_text()))
    PROJECT.write_text(f"{before}{BEGIN}constraint-dependencies = [\n{constraints}]\n{END}{after}")


if __name__ == "__main__":
    main()
