"""Drawing the people of the demo class."""
