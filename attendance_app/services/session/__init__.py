"""A session: from frames to evidence to recorded marks."""
