#!/bin/sh
# Starts nginx for compose.yaml. Turns on TLS if /certificates has a certificate, redirects HTTP to SITE_URL, and trusts
# the proxies in TRUSTED_PROXIES to forward visitors' addresses and schemes.
set -eu

mkdir -p /tmp/nginx
for proxy in $(echo "${TRUSTED_PROXIES:-}" | tr ',' ' '); do
    echo "set_real_ip_from $proxy;"
done >/tmp/nginx/proxies.conf
sed 's/^set_real_ip_from \(.*\);$/\1 1;/' /tmp/nginx/proxies.conf >/tmp/nginx/proxy-networks.conf

site_url=https://${SITE_URL#*://}
site_url=${site_url%/}
site_host=$(echo "${site_url#*://}" | sed 's/:[0-9]*$//')
{
    echo "map \"\" \$site_url { default \"$site_url\"; }"
    echo "map \$host \$is_site_host { \"$site_host\" 1; default 0; }"
} >/tmp/nginx/site.conf

mkdir -p /cache
find /cache -mindepth 1 -delete # while nginx was down, nobody updated its copies

# Turn on TLS if there is any .pem file, so that nginx fails visibly if the certificate or its key is missing.
rm -f /tmp/nginx/tls.conf
if ls /certificates | grep -q '\.pem$'; then
    ln -s /deploy/nginx-tls.conf /tmp/nginx/tls.conf # a link, so that a reload reads changes
fi

exec nginx -c /deploy/nginx.conf -g "daemon off;"
