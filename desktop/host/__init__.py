"""What this host is and does; the only room that imports psutil."""
