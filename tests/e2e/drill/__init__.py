"""Failure drills: kill and cut off the site's real processes, and check that no lead is lost."""
