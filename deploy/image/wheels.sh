#!/bin/sh
# Wheels alone: what would have to be compiled fails here, since no stage has a compiler.
set -eu
pip download --quiet --no-cache-dir --disable-pip-version-check --only-binary :all: --require-hashes \
    --requirement requirements.txt --dest /wheels
