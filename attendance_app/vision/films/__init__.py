"""Films and streams decoded to upright RGB pictures with square pixels."""
