"""Networks that say how a mask is worn: the report and ours."""
