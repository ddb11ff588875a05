"""How long tests wait for something that must happen."""

# In seconds. This is enough for a busy machine, so only a defect makes a test wait this long.
PATIENCE = 180
