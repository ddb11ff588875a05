#!/bin/sh
# The user that the site runs as, and the one folder that is the site's to write.
set -eu
useradd --system --uid 10001 --user-group --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin site
mkdir /data
chown 10001:10001 /data
