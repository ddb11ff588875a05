#!/bin/sh
# pg_dump and pg_restore, for the commands `backup` and `restore`: of the version that compose.yaml's server has.
set -eu
apt-get update -qq
DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends postgresql-client-17 >/dev/null
rm -rf /var/lib/apt/lists/* /var/cache/apt/archives/*.deb
