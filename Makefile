# `make run` and `make test` do all the set-up themselves. README says the rest.

PYTHON ?= python3
HOST ?= 127.0.0.1
PORT ?= 8000
SITE_URL ?= http://$(HOST):$(PORT)
VENV := .venv
PY := $(VENV)/bin/python
export HOST PORT SITE_URL

FIRST_PAGE = http://$(HOST):$(PORT)/hire/machine-learning-engineer

.PHONY: run dev check report test test-all lint types bench drill image-test pins browser-tools pictures icons clean

run: $(VENV)/run.stamp var/secret_key
	@export SECRET_KEY="$${SECRET_KEY:-$$(cat var/secret_key)}" && \
	$(PY) manage.py collectstatic --noinput --verbosity 0 && \
	$(PY) manage.py build_media && \
	echo "The site is at $(FIRST_PAGE) (Ctrl-C stops it)" && \
	exec $(PY) deploy/supervise.py

dev: $(VENV)/reload.stamp
	@mkdir -p var
	@echo "The site is at $(FIRST_PAGE), and follows what you edit (Ctrl-C stops it)"
	@export DEBUG=1 && $(PY) manage.py migrate --verbosity 0 && exec $(PY) manage.py runserver $(HOST):$(PORT)

check: $(VENV)/run.stamp
	@$(PY) manage.py check_content $(ARGS)

report: $(VENV)/run.stamp
	@$(PY) manage.py content_report $(ARGS)

# Everything that needs no browser, proxy, drill or image. For one area: .venv/bin/python -m pytest tests/unit/content
test: $(VENV)/dev.stamp
	@echo "Running tests/unit and tests/integration. For one area: $(PY) -m pytest tests/integration/leads"
	@$(PY) -m pytest --numprocesses auto tests/unit tests/integration

# `make test`, then the leads on PostgreSQL, then browsers, nginx and drills. A failure in one run does not stop the next.
test-all: $(VENV)/dev.stamp
	@status=0; \
	$(PY) -m pytest --numprocesses auto tests/unit tests/integration || status=1; \
	$(PY) -m tests.support.postgres $(PY) -m pytest --numprocesses auto tests/unit/leads tests/integration/leads || status=1; \
	$(PY) -m pytest --numprocesses auto tests/e2e || status=1; \
	exit $$status

lint: $(VENV)/dev.stamp
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .

types: $(VENV)/dev.stamp
	$(VENV)/bin/mypy

bench: $(VENV)/dev.stamp
	@$(PY) -m tests.bench $(ARGS)

# The image's own steps, read from the Dockerfile and replayed in a clean root; needs root, and Debian's debootstrap.
image-test: $(VENV)/dev.stamp
	@$(PY) -m tests.e2e.image

# What is promised of leads, while everything around them is killed and cut off; SEED=… brings the same moments again.
drill: $(VENV)/dev.stamp
	@$(PY) -m tests.e2e.drill $(if $(SEED),--seed $(SEED)) $(ARGS)

# requirements.txt: the pins of requirements.in with the hashes of all files of each release, so it holds on every machine.
pins:
	$(PYTHON) -m venv var/pins
	var/pins/bin/python -m pip install --quiet --disable-pip-version-check pip-tools
	CUSTOM_COMPILE_COMMAND="make pins" var/pins/bin/pip-compile --quiet --generate-hashes --strip-extras --no-annotate \
		--no-emit-index-url --no-emit-find-links --no-emit-trusted-host --output-file requirements.txt requirements.in

# What the browser tests lay over the pages: axe-core, the W3C's checker and Mozilla's HTTP Observatory, by npm; the
# checker needs Java.
browser-tools:
	npm ci --prefix tests/e2e/browser --no-audit --no-fund --loglevel=error

# The pictures of content/README.md, from the Markdown that stands there.
pictures: $(VENV)/dev.stamp
	$(PY) -m scripts.guide_pictures

# What browsers and phones show of the site, from static/img/icon.svg.
icons: $(VENV)/run.stamp
	$(PY) -m pages.publish.icons

clean:
	rm -rf $(VENV) var

var/secret_key:
	@mkdir -p var
	@umask 077 && $(PYTHON) -c "import secrets; print(secrets.token_urlsafe(50))" > $@

$(VENV)/bin/python:
	@$(PYTHON) -c "import sys; sys.exit(sys.version_info < (3, 11) and 'Python 3.11 or newer is needed; name one with: make PYTHON=python3.12')"
	@$(PYTHON) -m venv $(VENV)

$(VENV)/run.stamp: requirements.txt | $(VENV)/bin/python
	@echo "Installing what the site runs on …"
	@$(PY) -m pip install --quiet --disable-pip-version-check --only-binary :all: -r requirements.txt
	@touch $@

$(VENV)/reload.stamp: requirements-reload.txt $(VENV)/run.stamp
	@echo "Installing what lets the open page follow an edit …"
	@$(PY) -m pip install --quiet --disable-pip-version-check --only-binary :all: -r requirements-reload.txt
	@touch $@

$(VENV)/dev.stamp: requirements-dev.txt $(VENV)/reload.stamp
	@echo "Installing what the tests need …"
	@$(PY) -m pip install --quiet --disable-pip-version-check --only-binary :all: -r requirements-dev.txt
	@touch $@
