"""The parts of the page "Roll call"."""
