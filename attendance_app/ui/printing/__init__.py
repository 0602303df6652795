"""Sheets on paper: PDF files and the printer."""
