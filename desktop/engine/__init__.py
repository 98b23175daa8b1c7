"""The Docker Engine as the app sees it; the only room that imports docker."""
