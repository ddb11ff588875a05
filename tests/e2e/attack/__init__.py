"""Attacks on a running site.

An attack is a function that takes an empty folder and a duration in seconds, and returns an Outcome. A module lists its
attacks in `ATTACKS`. `make attack` runs each attack for LONG seconds. The tests in `test_*.py` run attacks for SHORT
seconds.
"""
