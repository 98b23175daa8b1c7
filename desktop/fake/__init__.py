"""A pretended machine with its engine, in a process of its own, for fast tests and rare screens; imports core only."""
