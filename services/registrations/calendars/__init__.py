"""When people can come: in words, from files, and from calendars that are read again and again."""
