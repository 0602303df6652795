"""Where the frozen program begins: the command and the window in one executable."""

import multiprocessing
import os
import sys


def main() -> None:
    """Serve as the child of a training or of the doctor if this start is meant as one, else run the command."""
    multiprocessing.freeze_support()
    if sys.stdout is None or sys.stderr is None:  # Windows gives a program without a console neither
        sys.stdout = sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115 - open until the end
    from attendance_app.cli.start import run

    run()


if __name__ == "__main__":
    main()
