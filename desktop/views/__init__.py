"""Widgets: they show models and say what the user wishes."""
