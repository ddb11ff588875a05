# The site's image. docs/operations.md describes how to run it. Each step is a script in deploy/image, so that
# `make image-test` can run it without a container engine.

FROM python:3.13.15-slim-trixie AS base
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
WORKDIR /site
COPY deploy/image/stdlib.sh deploy/image/
RUN sh deploy/image/stdlib.sh

FROM base AS wheels
COPY requirements.txt ./
COPY deploy/image/wheels.sh deploy/image/
RUN sh deploy/image/wheels.sh

FROM base AS packages
COPY --from=wheels /wheels /wheels
COPY requirements.txt ./
COPY deploy/image/packages.sh deploy/image/
RUN sh deploy/image/packages.sh

FROM packages AS site
COPY deploy/image/git.sh deploy/image/
RUN sh deploy/image/git.sh
COPY . .
# Pages contain this URL. A container with another SITE_URL renders them again when it starts.
ARG SITE_URL=https://www.layersrank.com
RUN sh deploy/image/site.sh

FROM base AS client
COPY deploy/image/client.sh deploy/image/
RUN sh deploy/image/client.sh

FROM base
COPY --from=client /client /usr/local/bin
COPY deploy/image/libraries.sh deploy/image/data.sh deploy/image/
RUN sh deploy/image/libraries.sh && sh deploy/image/data.sh
COPY --from=packages /venv /venv
COPY deploy/sbom.py deploy/
COPY deploy/image/sbom.sh deploy/image/
RUN sh deploy/image/sbom.sh
# The layer with the documents and the rendered pages comes last, because it changes with each edit of a document.
COPY --from=site /site /site
COPY --from=site /edited /site
ENV PRODUCTION=1 DATA_DIR=/data HOST=0.0.0.0 PORT=8000
USER 10001:10001
VOLUME /data
EXPOSE 8000
# On a busy machine, a start can take minutes. Failed checks count only after the start period.
HEALTHCHECK --interval=5s --timeout=10s --start-period=10m --retries=3 CMD ["bash", "deploy/healthcheck.sh", "8000", "/livez"]
CMD ["python", "deploy/supervise.py"]
LABEL org.opencontainers.image.title="LayersRank website" org.opencontainers.image.vendor="LayersRank"
# The commands in docs/operations.md set these two values.
ARG REVISION=unknown
ARG CREATED=unknown
LABEL org.opencontainers.image.revision=$REVISION org.opencontainers.image.created=$CREATED
