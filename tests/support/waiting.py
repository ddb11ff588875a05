"""How long tests wait for something that must happen."""

# Seconds. A busy machine may be slow, so only a defect takes this long.
PATIENCE = 180
