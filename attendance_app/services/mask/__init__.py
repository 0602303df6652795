"""Reads with the in-house mask network how faces of a picture wear masks."""
