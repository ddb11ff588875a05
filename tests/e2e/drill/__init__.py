"""Failure drills: kill the site's real processes, stop its database, and check that no lead is lost."""
