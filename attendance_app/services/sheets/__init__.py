"""Registers as people read them: tables in a teacher's language, for a spreadsheet, a printer, an office."""
