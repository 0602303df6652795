"""Paths of the program, the data folder, and the user's settings."""
