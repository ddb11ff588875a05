"""Tools for `make dev`. They have no effect unless DEBUG is on."""
