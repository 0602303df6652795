"""The identity report's network on a course: taught in a process of its own, kept in the register, and judged."""
