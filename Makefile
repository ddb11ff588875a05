# `make run`, `make dev` and `make test` create .venv and install what they need. See README.md and CONTRIBUTING.md.

PYTHON ?= python3
HOST ?= 127.0.0.1
PORT ?= 8000
SITE_URL ?= http://$(HOST):$(PORT)
VENV := .venv
PY := $(VENV)/bin/python
NODE_MODULES := tests/e2e/browser/node_modules
export HOST PORT SITE_URL
# Let Python save compiled modules, even if the environment forbids it. Otherwise, each process compiles all modules
# again, which takes a quarter of the time that `manage.py` needs to start.
unexport PYTHONDONTWRITEBYTECODE

FIRST_PAGE = http://$(HOST):$(PORT)/hire/machine-learning-engineer

.PHONY: run dev listen-address check report test test-postgres test-e2e test-all lint types bench drill attack image-test pins browser-tools pictures icons clean

run: COMMAND = make run
run: listen-address $(VENV)/run.stamp var/secret_key
	@export SECRET_KEY="$${SECRET_KEY:-$$(cat var/secret_key)}" && \
	$(PY) manage.py collectstatic --noinput --verbosity 0 && \
	$(PY) manage.py build_media && \
	echo "The site is at $(FIRST_PAGE) (Ctrl-C stops it)" && \
	exec $(PY) deploy/supervise.py

dev: COMMAND = make dev
dev: listen-address $(VENV)/reload.stamp
	@mkdir -p var
	@$(PY) -m layersrank_site.network_addresses $(HOST) $(PORT) /hire/machine-learning-engineer
	@export DEBUG=1 && $(PY) manage.py migrate --verbosity 0 && exec $(PY) manage.py runserver $(HOST):$(PORT)

# If another program uses the port, fail before any slow step.
listen-address: | $(VENV)/bin/python
	@$(PY) -m deploy.listen_address $(COMMAND)

check: $(VENV)/run.stamp
	@$(PY) manage.py check_content $(ARGS)

report: $(VENV)/run.stamp
	@$(PY) manage.py content_report $(ARGS)

# Start more test processes than there are processors, because many tests wait. With `--dist worksteal`, most modules run
# in one process, so fewer fixtures of modules are made twice.
IN_PARALLEL = --numprocesses $$(( $$(getconf _NPROCESSORS_ONLN) * 3 / 2 )) --dist worksteal

# Run the unit and integration tests, which need no browser, proxy or container image.
test: $(VENV)/dev.stamp
	@echo "Running tests/unit and tests/integration. For one area: $(PY) -m pytest tests/integration/leads"
	@$(PY) -m pytest $(IN_PARALLEL) tests/unit tests/integration

# Run the tests that use the database again, on PostgreSQL.
test-postgres: $(VENV)/dev.stamp
	@$(PY) -m tests.support.postgres $(PY) -m pytest --numprocesses auto tests/unit/leads tests/integration/leads \
		tests/integration/deploy/test_prepare.py

# Run the end-to-end tests, with real browsers, nginx, killed processes and full disks.
test-e2e: $(VENV)/dev.stamp
	@$(PY) -m pytest $(IN_PARALLEL) tests/e2e

# Run all three kinds of tests, even if one kind fails.
test-all:
	@$(MAKE) --no-print-directory --keep-going test test-postgres test-e2e

lint: $(VENV)/dev.stamp $(NODE_MODULES)/npm.stamp
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/lint-imports --no-logo
	$(VENV)/bin/djlint templates --lint --quiet
	$(NODE_MODULES)/.bin/stylelint --config-basedir tests/e2e/browser "static/**/*.css" "pages/development/static/**/*.css"

types: $(VENV)/dev.stamp
	$(VENV)/bin/mypy

bench: $(VENV)/dev.stamp
	@$(PY) -m tests.bench $(ARGS)

# Build the image with Docker, deploy it as docs/operations.md says, and check it. Needs root, docker.io,
# docker-registry and debootstrap.
image-test: $(VENV)/dev.stamp
	@$(PY) -m tests.e2e.image

# Check that no lead is lost while processes are killed and connections are cut. SEED=… repeats an earlier run.
drill: $(VENV)/dev.stamp
	@$(PY) -m tests.e2e.drill $(if $(SEED),--seed $(SEED)) $(ARGS)

# Attack a running site, and print a table of the attacks and their results. Needs nginx and wrk.
attack: $(VENV)/dev.stamp
	@$(PY) -m tests.e2e.attack $(ARGS)

# Write requirements.txt from requirements.in, and add the hashes of each package's files for every platform.
pins:
	$(PYTHON) -m venv var/pins
	var/pins/bin/python -m pip install --quiet --disable-pip-version-check pip-tools
	CUSTOM_COMPILE_COMMAND="make pins" var/pins/bin/pip-compile --quiet --generate-hashes --strip-extras --no-annotate \
		--no-emit-index-url --no-emit-find-links --no-emit-trusted-host --output-file requirements.txt requirements.in

# Use npm to install the tools that browser tests and `make lint` need: axe-core, the W3C's Nu HTML Checker (which needs
# Java), Mozilla's HTTP Observatory, TypeScript and stylelint.
browser-tools: $(NODE_MODULES)/npm.stamp

# Draw the pictures in content/README.md from its Markdown examples.
pictures: $(VENV)/dev.stamp
	$(PY) -m scripts.guide_pictures $(ARGS)
	$(PY) -m scripts.media_pictures

# Draw the site's icons from static/img/icon.svg.
icons: $(VENV)/dev.stamp
	$(PY) -m scripts.icons

clean:
	rm -rf $(VENV) var

var/secret_key:
	@mkdir -p var
	@umask 077 && $(PYTHON) -c "import secrets; print(secrets.token_urlsafe(50))" > $@

$(NODE_MODULES)/npm.stamp: tests/e2e/browser/package-lock.json
	npm ci --prefix tests/e2e/browser --no-audit --no-fund --loglevel=error
	@touch $@

$(VENV)/bin/python:
	@$(PYTHON) -c "import sys; sys.exit(sys.version_info < (3, 11) and 'Python 3.11 or newer is needed. Choose one: make PYTHON=python3.12')"
	@$(PYTHON) -m venv $(VENV)

$(VENV)/run.stamp: requirements.txt | $(VENV)/bin/python
	@echo "Installing the site's packages …"
	@$(PY) -m pip install --quiet --disable-pip-version-check --only-binary :all: -r requirements.txt
	@touch $@

$(VENV)/reload.stamp: requirements-reload.txt $(VENV)/run.stamp
	@echo "Installing packages for live reload …"
	@$(PY) -m pip install --quiet --disable-pip-version-check --only-binary :all: -r requirements-reload.txt
	@touch $@

$(VENV)/dev.stamp: requirements-dev.txt $(VENV)/reload.stamp
	@echo "Installing packages for tests …"
	@$(PY) -m pip install --quiet --disable-pip-version-check --only-binary :all: -r requirements-dev.txt
	@touch $@
