"""Pixels in, domain values out."""
