"""How long tests wait for something that must happen."""

# The timeout of tests, in seconds. It is so long, even for a busy machine, that only a defect makes a test reach it.
PATIENCE = 180
