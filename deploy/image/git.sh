#!/bin/sh
# Install git. With it, the build reads the documents' dates and the site's revision.
set -eu
apt-get update -qq
DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends git >/dev/null
