# Replaces the official image of nginx. Debian's next release has the version that compose.yaml names. The lists of
# packages may be older than their date of expiry.
FROM debian-base
RUN echo "deb http://deb.debian.org/debian forky main" >/etc/apt/sources.list.d/forky.list \
    && apt-get update -qq -o Acquire::Check-Valid-Until=false \
    && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends -t forky nginx >/dev/null \
    && rm -rf /var/lib/apt/lists/* /var/cache/apt/archives/*.deb
