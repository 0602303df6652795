"""Messages for families: the dialog that lists them, and the one in which the school's texts are edited."""
