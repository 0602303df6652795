"""Timetables: what is typed, what a calendar file says, which lesson is due."""
