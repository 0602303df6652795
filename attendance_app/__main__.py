"""``python -m attendance_app``."""

from attendance_app.cli.start import run

if __name__ == "__main__":
    run()
