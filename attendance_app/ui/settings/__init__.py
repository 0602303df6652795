"""Parts of the pages "Settings" and "First start"."""
