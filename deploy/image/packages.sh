#!/bin/sh
# Install the Python packages into a virtual environment without pip, which the site doesn't need. Then remove what no
# program reads: the debugging symbols of compiled modules, the sources of modules and translations, tests, Django's
# geography, and the translations of the admin, which is in English.
set -eu
apt-get update -qq
DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends binutils >/dev/null
python -m venv --without-pip /venv
pip --python /venv/bin/python install --quiet --no-cache-dir --disable-pip-version-check --no-compile \
    --no-index --find-links /wheels --require-hashes --requirement requirements.txt
# Leave the libraries in *.libs alone: their wheels changed them in a way that strip can't handle.
find /venv/lib -name '*.so' ! -path '*.libs/*' -exec strip --strip-unneeded {} +
find /venv/lib \( -name '*.po' -o -name '*.pyi' -o -name '*.pyx' -o -name '*.pxd' -o -name '*.h' \) -delete
rm -r /venv/lib/python3*/site-packages/*/tests
rm -r /venv/lib/python3*/site-packages/django/contrib/*/locale
rm -r /venv/lib/python3*/site-packages/django/contrib/gis
/venv/bin/python -m compileall -q -j 0 --invalidation-mode unchecked-hash /venv/lib
