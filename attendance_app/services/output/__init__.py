"""Where the program writes files for its user."""
