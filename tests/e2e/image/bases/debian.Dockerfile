# The root file system that debootstrap made. The build of the site installs packages with pip, so it needs this
# machine's certificates and pip settings.
FROM debootstrap
COPY certificates.pem /etc/ssl/certs/ca-certificates.crt
COPY pip.conf /etc/pip.conf
# Like the official images, download no translated descriptions of packages, and keep no lists of packages, no
# documentation and no translations. Don't wait for the disk after each file: if the machine crashes, the image is made
# again.
RUN printf 'Dir::Cache::pkgcache "";\nDir::Cache::srcpkgcache "";\n' >/etc/apt/apt.conf.d/no-cache \
    && echo 'Acquire::Languages "none";' >/etc/apt/apt.conf.d/no-languages \
    && printf 'force-unsafe-io\npath-exclude=/usr/share/%s/*\n' doc >/etc/dpkg/dpkg.cfg.d/small \
    && printf 'path-exclude=/usr/share/%s/*\n' man locale info >>/etc/dpkg/dpkg.cfg.d/small
