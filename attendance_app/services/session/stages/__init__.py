"""The stages of a frame: find, track, read, match, decide. Each has its own file and adds its own value."""
