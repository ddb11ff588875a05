#!/bin/sh
# Check the documents, and build everything that can be built before the first request. A problem in a document stops
# the build.
set -eu
python manage.py check_content --strict
git rev-parse --verify HEAD >revision
python manage.py record_dates
python manage.py collectstatic --noinput --verbosity 0
python manage.py build_media
# The settings need a SECRET_KEY. No page depends on its value, so a random key is enough.
SECRET_KEY="$(python -c 'import secrets; print(secrets.token_urlsafe(50))')" python manage.py build_pages
python -m compileall -q --invalidation-mode unchecked-hash manage.py gunicorn.conf.py deploy layersrank_site leads pages
rm -rf .git
# COPY keeps the file permissions of the clone. Let everyone read the files, because the site runs as another user.
chmod -R a+rX .
# Move what changes with each edit of a document. Then such an edit replaces only one small layer of the image.
mkdir /edited
mv content var revision /edited
