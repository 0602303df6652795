"""The way of a frame: find, track, read, match, decide. Each stage has its own file and leaves its own value."""
