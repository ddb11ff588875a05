# Replaces the official image of nginx. Only Debian's next release, forky, has the version that compose.yaml names.
# Accept its package lists even after their expiry date.
FROM debian-base
RUN echo "deb http://deb.debian.org/debian forky main" >/etc/apt/sources.list.d/forky.list \
    && apt-get update -qq -o Acquire::Check-Valid-Until=false \
    && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends -t forky nginx >/dev/null \
    && rm -rf /var/lib/apt/lists/* /var/cache/apt/archives/*.deb
