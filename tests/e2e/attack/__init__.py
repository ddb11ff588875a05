"""Attacks on a running site.

An attack is a function that takes an empty folder and a duration in seconds, and returns an Outcome. A module lists its
attacks in `ATTACKS`, and `make attack` runs them for LONG seconds. Their tests, in `test_*.py`, run them for SHORT
seconds.
"""
