#!/bin/sh
# Install the Python packages into a virtual environment without pip, which the site doesn't need.
set -eu
python -m venv --without-pip /venv
pip --python /venv/bin/python install --quiet --no-cache-dir --disable-pip-version-check --no-compile \
    --no-index --find-links /wheels --require-hashes --requirement requirements.txt
/venv/bin/python -m compileall -q -j 0 --invalidation-mode unchecked-hash /venv/lib
