"""Parts of the page "Students"."""
