"""The parts of the page "Enrolment"."""
