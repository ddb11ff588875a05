#!/bin/sh
# Create the site's user, and the only folder that it may write to.
set -eu
useradd --system --uid 10001 --user-group --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin site
mkdir /data
chown 10001:10001 /data
