#!/bin/sh
# Install pg_dump and pg_restore for `manage.py backup` and `restore`. compose.yaml has the same PostgreSQL version. This
# stage is only for these two programs: their package needs Perl, which the site doesn't.
set -eu
apt-get update -qq
DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends postgresql-client-17 >/dev/null
mkdir /client
cp /usr/lib/postgresql/17/bin/pg_dump /usr/lib/postgresql/17/bin/pg_restore /client
