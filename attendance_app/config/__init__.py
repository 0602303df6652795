"""Where things live and what the user has set."""
