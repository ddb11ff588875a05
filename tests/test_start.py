"""An unsafe start is refused, and the refusal names the variable. Everything has a default that is safe."""

import os
import subprocess
import sys

import pytest

from .conftest import ROOT, free_port

GOOD_KEY = "k3y-" + "0123456789abcdefghijklmnopqrstuvwxyz" * 2


def run(*command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    names = ("SECRET_KEY", "DEBUG", "ALLOWED_HOSTS", "SITE_URL", "CONTENT_DIR", "CONTENT_RELOAD", "DATABASE_URL")
    env = {name: value for name, value in os.environ.items() if name not in names}
    env |= {"DJANGO_SETTINGS_MODULE": "layersrank_site.settings", "PORT": str(free_port()), **environment}
    return subprocess.run([sys.executable, *command], cwd=ROOT, env=env, capture_output=True, text=True, timeout=30)


@pytest.mark.parametrize(
    ("environment", "named"),
    [
        ({}, "SECRET_KEY is missing"),
        ({"SECRET_KEY": ""}, "SECRET_KEY is missing"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY is weak"),
        ({"SECRET_KEY": "a" * 80}, "SECRET_KEY is weak"),
        ({"SECRET_KEY": "django-insecure-" + GOOD_KEY}, "SECRET_KEY is weak"),
        ({"SECRET_KEY": GOOD_KEY, "ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS=*"),
        ({"SECRET_KEY": GOOD_KEY, "ALLOWED_HOSTS": "a.example, *"}, "ALLOWED_HOSTS=*"),
        ({"SECRET_KEY": GOOD_KEY, "CONTENT_DIR": "/nowhere"}, "CONTENT_DIR is /nowhere"),
        ({"SECRET_KEY": GOOD_KEY, "SITE_URL": "www.layersrank.com"}, "SITE_URL is “www.layersrank.com”"),
    ],
)
def test_an_unsafe_start_is_refused_by_name(environment, named):
    served = run("-m", "gunicorn", **environment)
    assert served.returncode != 0
    assert named in served.stderr
    commanded = run("manage.py", "migrate", **environment)
    assert commanded.returncode != 0
    assert named in commanded.stderr
    assert "Traceback" not in commanded.stderr


def test_a_safe_start_passes_the_checks_and_what_is_empty_is_not_set():
    empty = dict.fromkeys(("ALLOWED_HOSTS", "SITE_URL", "CONTENT_DIR", "DATABASE_URL", "DEBUG"), "")
    assert run("manage.py", "check", SECRET_KEY=GOOD_KEY).returncode == 0
    assert run("manage.py", "check", SECRET_KEY=GOOD_KEY, **empty).returncode == 0


def test_development_needs_nothing_set():
    assert run("manage.py", "check", DEBUG="1").returncode == 0
