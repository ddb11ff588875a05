#!/bin/sh
# Starts the nginx of compose.yaml: with TLS where /certificates holds any, and believing TRUSTED_PROXIES, if there are
# proxies before it, when they say who asked them.
set -eu

mkdir -p /tmp/nginx
for proxy in $(echo "${TRUSTED_PROXIES:-}" | tr ',' ' '); do
    echo "set_real_ip_from $proxy;"
done >/tmp/nginx/proxies.conf

# Any name that ends so: nginx refuses to start with half a certificate, and without TLS nobody asked for it.
rm -f /tmp/nginx/tls.conf
if ls /certificates | grep -q '\.pem$'; then
    ln -s /deploy/nginx-tls.conf /tmp/nginx/tls.conf # so that a reload takes up a newer one
fi

exec nginx -c /deploy/nginx.conf -g "daemon off;"
