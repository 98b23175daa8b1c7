"""The app as the desktop sees it: window, tray, actions, notices, single instance."""
