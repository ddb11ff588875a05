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

FROM base
COPY deploy/image/client.sh deploy/image/
RUN sh deploy/image/client.sh
COPY --from=packages /venv /venv
COPY --from=site /site /site
RUN sh deploy/image/data.sh
ENV PRODUCTION=1 DATA_DIR=/data HOST=0.0.0.0 PORT=8000
USER 10001:10001
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s CMD ["python", "deploy/healthcheck.py"]
CMD ["python", "deploy/supervise.py"]
