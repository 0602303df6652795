"""Recognition measured on folders of pictures."""
