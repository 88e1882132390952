"""Journeys through stages: how long each takes, who waits, and where it grew."""
