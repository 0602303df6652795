"""Before a lesson: how far recognition reaches in a room, and what would help."""
