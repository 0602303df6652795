"""The room check: the picture with who is within reach, and advice."""
