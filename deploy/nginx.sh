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
echo "map \"\" \$site_url { default \"$site_url\"; }" >/tmp/nginx/site.conf

# Lines for the locations of public pages in nginx.conf. With variables instead, nginx would have to compute their
# values for each request.
site_host=$(echo "${site_url#*://}" | sed 's/:[0-9]*$//' | tr A-Z a-z)
echo "if (\$host != \"$site_host\") { return 418; }" >/tmp/nginx/host.conf
case $SITE_URL in
https://*) echo "add_header Strict-Transport-Security max-age=31536000 always;" ;;
esac >/tmp/nginx/hsts.conf

mkdir -p /cache
find /cache -mindepth 1 -delete # while nginx was down, nobody updated its copies

# Turn on TLS if there is any .pem file, so that nginx fails visibly if the certificate or its key is missing.
rm -f /tmp/nginx/tls.conf
if ls /certificates | grep -q '\.pem$'; then
    ln -s /deploy/nginx-tls.conf /tmp/nginx/tls.conf # a link, so that a reload reads changes
fi

exec nginx -c /deploy/nginx.conf -g "daemon off;"
