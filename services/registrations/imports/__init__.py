"""Files that people and other tools send, read into commands. Nothing here knows the broker."""
