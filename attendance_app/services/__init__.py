"""Use cases: what a teacher does, without a window."""
