"""Classroom attendance by camera."""
