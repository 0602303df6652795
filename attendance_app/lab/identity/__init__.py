"""Networks that say who a face is: the report and ours."""
