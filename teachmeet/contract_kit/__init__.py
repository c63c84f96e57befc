"""What partners test their messages with, offline: the same checks by the same code as in the services."""
