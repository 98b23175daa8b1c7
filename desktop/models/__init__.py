"""Qt item models over the services' stores; QtCore and QtGui only."""
