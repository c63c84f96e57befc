"""Seats: who has one, who waits, whom one is offered. Pure decisions, and the work that keeps the facts so."""
