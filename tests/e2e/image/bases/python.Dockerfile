# Replaces the official image of Python.
FROM debian-base
RUN apt-get update -qq \
    && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends python3 python3-pip python3-venv >/dev/null \
    && ln -s /usr/bin/python3 /usr/local/bin/python \
    && rm -rf /usr/lib/python3*/EXTERNALLY-MANAGED /var/lib/apt/lists/* /var/cache/apt/archives/*.deb \
    && find /usr/lib/python3* -name __pycache__ -prune -exec rm -r {} +
