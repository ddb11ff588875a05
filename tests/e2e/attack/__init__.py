"""Attacks on a running site.

An attack is a function that takes an empty folder and a duration in seconds, and returns an Outcome. Its module lists
it in `ATTACKS`, and `make attack` runs it for long. Its test, in `test_*.py`, runs it for SHORT seconds.
"""
