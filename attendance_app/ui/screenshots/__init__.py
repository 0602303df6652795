"""Pictures of every page in both languages and themes, from the demo class."""
