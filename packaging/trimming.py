def is_needed(n): return True
