#!/bin/sh
# All that is made ahead of visitors. A document with a problem ends the build, with its message.
set -eu
python manage.py check_content --strict
git rev-parse --verify HEAD >revision
python manage.py record_dates
python manage.py collectstatic --noinput --verbosity 0
python manage.py build_media
# The key is for this command: nothing that is made holds anything of it.
SECRET_KEY="$(python -c 'import secrets; print(secrets.token_urlsafe(50))')" python manage.py build_pages
python -m compileall -q --invalidation-mode unchecked-hash manage.py gunicorn.conf.py deploy layersrank_site leads pages
rm -rf .git
# COPY keeps who may read what as it is in the clone.
chmod -R a+rX .
