"""Availability in words."""
