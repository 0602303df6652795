"""Tables from elsewhere: CSV in any dialect and encoding, XLSX; and cells that a spreadsheet won't run."""
