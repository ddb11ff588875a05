"""The keys of the advisory locks in PostgreSQL.

The numbers are arbitrary, but each lock needs its own number, and all workers and replicas must use the same numbers.
"""

RATE_LIMITS, MIGRATIONS, LOGINS = range(7_242_633_109, 7_242_633_112)
