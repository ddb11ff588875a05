"""Tools for `make dev`. These tools have no effect unless DEBUG is on."""
