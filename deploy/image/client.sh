#!/bin/sh
# Install pg_dump and pg_restore for `manage.py backup` and `restore`. compose.yaml has the same PostgreSQL version.
set -eu
apt-get update -qq
DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends postgresql-client-17 >/dev/null
rm -rf /var/lib/apt/lists/* /var/cache/apt/archives/*.deb
