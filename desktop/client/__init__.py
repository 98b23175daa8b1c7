"""Talks to a machine's supervisor: starts it when needed, calls it, watches it."""
