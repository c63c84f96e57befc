"""The local runner: broker, services and mail server on one machine."""
