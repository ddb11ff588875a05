"""Tools for `make dev`. None of them has an effect without DEBUG."""
