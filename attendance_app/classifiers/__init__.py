"""Who it is and how the mask is worn: inference only."""
