"""What attendance is: values and rules. No clock, no I/O, no Qt, no SQL."""
