"""Measurements of the program; docs/ says what each has shown."""

# Before NumPy, which a benchmark imports first: the number of its threads must be the program's.
import attendance_app  # noqa: F401
