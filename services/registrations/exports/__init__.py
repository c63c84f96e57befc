"""Everything that registrations holds, as rows that can be brought in again. Nothing here knows the broker."""
