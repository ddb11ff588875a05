#!/bin/sh
# Install git, which provides the documents' dates and the revision.
set -eu
apt-get update -qq
DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends git >/dev/null
