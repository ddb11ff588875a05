"""Failure drills: the site's real processes, killed and cut off, against what it promises of leads."""
