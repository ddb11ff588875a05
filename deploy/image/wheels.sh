#!/bin/sh
# Download wheels only. No stage has a compiler, so a source package fails here.
set -eu
pip download --quiet --no-cache-dir --disable-pip-version-check --only-binary :all: --require-hashes \
    --requirement requirements.txt --dest /wheels
