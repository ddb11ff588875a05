#!/bin/sh
# For the dates of documents and the revision, which git alone knows.
set -eu
apt-get update -qq
DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends git >/dev/null
