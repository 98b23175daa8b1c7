"""Moorage: a desktop tray app that owns a Docker VM."""

__version__ = "0.1.0"
