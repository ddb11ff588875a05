#!/bin/sh
# Starts nginx for compose.yaml. Turns on TLS if /certificates has a certificate, and trusts the proxies in
# TRUSTED_PROXIES to forward visitors' addresses.
set -eu

mkdir -p /tmp/nginx
for proxy in $(echo "${TRUSTED_PROXIES:-}" | tr ',' ' '); do
    echo "set_real_ip_from $proxy;"
done >/tmp/nginx/proxies.conf

# Turn on TLS even if only one .pem file is there: if the certificate or its key is missing, nginx then fails visibly.
rm -f /tmp/nginx/tls.conf
if ls /certificates | grep -q '\.pem$'; then
    ln -s /deploy/nginx-tls.conf /tmp/nginx/tls.conf # a link, so that a reload reads changes
fi

exec nginx -c /deploy/nginx.conf -g "daemon off;"
