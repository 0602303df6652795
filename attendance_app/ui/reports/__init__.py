"""Parts of the page "Reports"."""
