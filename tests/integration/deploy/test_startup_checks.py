"""Start-up checks: the site refuses to start with an unsafe setting, and names the setting. All defaults are safe."""

import json
import os
import subprocess
import sys

import django
import pytest
from django.conf import Settings, settings

from deploy import prepare
from layersrank_site.checks import check_startup
from pages import log
from tests.support.waiting import PATIENCE

from ...conftest import ROOT, free_port

GOOD_KEY = "k3y-" + "0123456789abcdefghijklmnopqrstuvwxyz" * 2

VARIABLES = ("SECRET_KEY", "DEBUG", "ALLOWED_HOSTS", "SITE_URL", "CONTENT_DIR", "CONTENT_RELOAD", "DATABASE_URL")
VARIABLES += ("PRODUCTION", "DATA_DIR", "POSTGRES_PASSWORD", "EMAIL_HOST_PASSWORD", "WEBHOOK_SECRET", "SENTRY_DSN")
VARIABLES += ("BUILD_DIR", "SPOOL_DIR", "MAIL_FROM", "PORT", "WEB_CONCURRENCY")
SECRETS = ("SECRET_KEY", "DATABASE_URL", "POSTGRES_PASSWORD", "EMAIL_HOST_PASSWORD", "WEBHOOK_SECRET")
VARIABLES += tuple(f"{name}_FILE" for name in SECRETS)


def run(*command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run Python with default settings, except for `environment`."""
    (ROOT / "var").mkdir(exist_ok=True)
    env = {name: value for name, value in os.environ.items() if name not in VARIABLES}
    env |= {"DJANGO_SETTINGS_MODULE": "layersrank_site.settings", "PORT": str(free_port()), **environment}
    return subprocess.run(
        [sys.executable, *command], cwd=ROOT, env=env, capture_output=True, text=True, timeout=PATIENCE
    )


@pytest.fixture
def startup_errors(monkeypatch):
    """Return a function that loads the settings with only the given variables, and returns the start-up errors."""

    def load(**environment: str) -> list[str]:
        for name in VARIABLES:
            monkeypatch.delenv(name, raising=False)
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        monkeypatch.delitem(sys.modules, "layersrank_site.settings", raising=False)
        monkeypatch.setattr(settings, "_wrapped", Settings("layersrank_site.settings"))
        return [error.msg for error in check_startup()]

    return load


@pytest.mark.parametrize(
    ("environment", "message"),
    [
        ({}, "SECRET_KEY is missing"),
        ({"SECRET_KEY": ""}, "SECRET_KEY is missing"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY is weak"),
        ({"SECRET_KEY": GOOD_KEY, "SENTRY_DSN": "errors.example.com"}, "SENTRY_DSN is not a DSN"),
        ({"SECRET_KEY": GOOD_KEY, "ADMIN_OTP": "enabled"}, "ADMIN_OTP is “enabled”, which is neither on nor off"),
        ({"SECRET_KEY": GOOD_KEY, "EMAIL_USE_TLS": "treu"}, "EMAIL_USE_TLS is “treu”"),
        ({"SECRET_KEY": GOOD_KEY, "LLMS_FULL_BYTES": "2MB"}, "LLMS_FULL_BYTES is not a number of bytes"),
        ({"SECRET_KEY": GOOD_KEY, "MAX_DOCUMENT_BYTES": "0"}, "MAX_DOCUMENT_BYTES is not a number of bytes"),
        ({"SECRET_KEY": GOOD_KEY, "NGINX_CACHE_URL": "nginx:8002"}, "NGINX_CACHE_URL is “nginx:8002”"),
        ({"SECRET_KEY": GOOD_KEY, "NGINX_CACHE_URL": "https://nginx:8002"}, "NGINX_CACHE_URL is “https:"),
        ({"SECRET_KEY": "a" * 80}, "SECRET_KEY is weak"),
        ({"SECRET_KEY": "django-insecure-" + GOOD_KEY}, "SECRET_KEY is weak"),
        ({"SECRET_KEY": GOOD_KEY, "ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS=*"),
        ({"SECRET_KEY": GOOD_KEY, "ALLOWED_HOSTS": "a.example, *"}, "ALLOWED_HOSTS=*"),
        ({"SECRET_KEY": GOOD_KEY, "CONTENT_DIR": "/nowhere"}, "CONTENT_DIR is /nowhere"),
        ({"SECRET_KEY": GOOD_KEY, "BUILD_DIR": str(ROOT / "content" / "build")}, "inside CONTENT_DIR"),
        ({"SECRET_KEY": GOOD_KEY, "SITE_URL": "www.layersrank.com"}, "SITE_URL is “www.layersrank.com”"),
        ({"SECRET_KEY": GOOD_KEY, "ALLOWED_HOSTS": "layersrank.com"}, "ALLOWED_HOSTS does not include 127.0.0.1"),
        ({"SECRET_KEY": GOOD_KEY, "DATABASE_URL": "layersrank"}, "DATABASE_URL is not a PostgreSQL or SQLite URL"),
        ({"SECRET_KEY": GOOD_KEY, "DATABASE_URL": "mysql://a:b@c/d"}, "DATABASE_URL is not a PostgreSQL or SQLite URL"),
        (
            {"SECRET_KEY": GOOD_KEY, "DATABASE_URL": "postgres://a:b@c"},
            "DATABASE_URL is not a PostgreSQL or SQLite URL",
        ),
        (
            {"SECRET_KEY": GOOD_KEY, "DATABASE_URL": "postgres://a:pass#word@c/d"},
            "DATABASE_URL is not a PostgreSQL or SQLite URL",
        ),
        ({"DEBUG": "1", "DATABASE_URL": "sqlite://"}, "DATABASE_URL is not a PostgreSQL or SQLite URL"),
        ({"SECRET_KEY": GOOD_KEY, "DATABASE_URL": "sqlite:///file::memory:?cache=shared"}, "DATABASE_URL is not"),
        (
            {"SECRET_KEY": GOOD_KEY, "DATABASE_URL": "sqlite:leads.sqlite3"},
            "DATABASE_URL is not a PostgreSQL or SQLite URL",
        ),
    ],
)
def test_the_error_names_the_unsafe_setting(startup_errors, environment, message):
    (error,) = startup_errors(**environment)
    assert message in error
    assert "pass#word" not in error


@pytest.mark.parametrize("command", [["-m", "gunicorn"], ["manage.py", "migrate"]])
def test_gunicorn_and_commands_refuse_an_unsafe_setting(command):
    # Use one worker: if two workers stop at the same moment, gunicorn fails in a way that the test doesn't expect.
    process = run(*command, SECRET_KEY=GOOD_KEY, DATABASE_URL="postgres://a:pass#word@c/d", WEB_CONCURRENCY="1")
    assert process.returncode != 0
    assert "DATABASE_URL is not a PostgreSQL or SQLite URL" in process.stderr
    assert "pass#word" not in process.stderr and "Traceback" not in process.stderr


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"LEADS_TO": "nobody"}, "LEADS_TO is “nobody”"),
        ({"LEADS_TO": "a@layersrank.com, b@layersrank.com"}, "LEADS_TO is “a@layersrank.com, b@layersrank.com”"),
        ({"LEADS_TO": "a@layersrank.com\nBcc: b@layersrank.com"}, "LEADS_TO is"),
        ({"MAIL_FROM": "LayersRank"}, "MAIL_FROM is “LayersRank”"),
        ({"EMAIL_PORT": "smtp"}, "EMAIL_PORT is “smtp”"),
        ({"EMAIL_PORT": "99999"}, "EMAIL_PORT is “99999”"),
        ({"WEBHOOK_URL": "hooks.example", "WEBHOOK_SECRET": "x"}, "WEBHOOK_URL is not an http or https URL"),
        ({"WEBHOOK_URL": "ftp://hooks.example", "WEBHOOK_SECRET": "x"}, "WEBHOOK_URL is not an http or https URL"),
        ({"WEBHOOK_URL": "https://hooks.example:x", "WEBHOOK_SECRET": "x"}, "WEBHOOK_URL is"),
        ({"WEBHOOK_URL": "https://[hooks", "WEBHOOK_SECRET": "x"}, "WEBHOOK_URL is"),
        ({"WEBHOOK_URL": "https://hooks.example"}, "WEBHOOK_SECRET is missing"),
        ({"WEBHOOK_URL": "https://hooks.example", "WEBHOOK_SECRET": "whsec_a"}, "WEBHOOK_SECRET starts with whsec_"),
        ({"WEBHOOK_URL": "https://hooks.example", "WEBHOOK_SECRET": "whsec_!!"}, "WEBHOOK_SECRET starts with whsec_"),
        ({"WEBHOOK_URL": "https://hooks.example", "WEBHOOK_SECRET": "whsec_"}, "WEBHOOK_SECRET starts with whsec_"),
        ({"TRUSTED_PROXIES": ["10.0.0.0/8", "nginx"]}, "TRUSTED_PROXIES contains “nginx”"),
        ({"ADMIN_PATH": "de sk"}, "ADMIN_PATH is “de sk”"),
        ({"ADMIN_PATH": "desk/../x"}, "ADMIN_PATH is"),
        ({"ADMIN_PATH": "hire"}, "ADMIN_PATH is “hire”, but the site already uses this path"),
        ({"ADMIN_PATH": "Start/here"}, "ADMIN_PATH is “Start/here”, but the site already uses this path"),
        ({"ADMIN_PATH": "search"}, "ADMIN_PATH is “search”, but the site already uses this path"),
        ({"FORMS_URL": "https://forms.example/start"}, "FORMS_URL is “https://forms.example/start”"),
        ({"CONTENT_EDIT_URL": "github.com/x"}, "CONTENT_EDIT_URL is “github.com/x”, which is not an http or https URL"),
    ],
)
def test_an_invalid_value_is_refused(settings, values, message):
    for name, value in values.items():
        setattr(settings, name, value)
    (error,) = check_startup()
    assert message in error.msg
    assert error.hint


def test_valid_values_in_different_notations_are_accepted(settings):
    settings.LEADS_TO, settings.MAIL_FROM = "sales@layersrank.com", "LayersRank <site@layersrank.com>"
    settings.WEBHOOK_URL, settings.WEBHOOK_SECRET = (
        "http://127.0.0.1:9000/leads?a=b",
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
    )
    settings.TRUSTED_PROXIES, settings.ADMIN_PATH = ["10.0.0.1", "2001:db8::/32", "10.0.0.5/8"], "desk-7f3k/here"
    assert check_startup() == []


def test_the_hint_about_a_missing_key_names_the_key_of_make_run(startup_errors, monkeypatch, tmp_path):
    startup_errors()
    monkeypatch.setattr(settings, "VAR_DIR", tmp_path)

    def hint():
        return next(error.hint for error in check_startup() if error.msg == "SECRET_KEY is missing.")

    assert hint() == "Set SECRET_KEY to the output of: openssl rand -hex 32"
    (tmp_path / "secret_key").write_text(GOOD_KEY)
    assert hint() == "To use the key of “make run”, set SECRET_KEY_FILE=var/secret_key"


def test_defaults_and_empty_variables_pass_the_checks(startup_errors):
    empty = dict.fromkeys(("ALLOWED_HOSTS", "SITE_URL", "CONTENT_DIR", "DATABASE_URL", "DEBUG"), "")
    assert startup_errors(SECRET_KEY=GOOD_KEY) == []
    assert startup_errors(SECRET_KEY=GOOD_KEY, **empty) == []
    assert run("manage.py", "check", SECRET_KEY=GOOD_KEY).returncode == 0


def test_the_docker_image_refuses_development_settings(startup_errors, tmp_path):
    good = {"PRODUCTION": "1", "SECRET_KEY": GOOD_KEY, "SITE_URL": "https://www.layersrank.com"}
    for environment, message in [
        ({"DEBUG": "1"}, "DEBUG is set"),
        ({"DEBUG": "1", "SECRET_KEY": ""}, "SECRET_KEY is missing"),
        ({"SITE_URL": "http://www.layersrank.com"}, "SITE_URL is http://www.layersrank.com"),
        ({"SITE_URL": ""}, "SITE_URL is http://127.0.0.1:8000"),
        ({"SITE_URL": "https://"}, "SITE_URL is “https:”"),
        ({"SITE_URL": "https://[www"}, "SITE_URL is “https://[www”"),
        ({"SECRET_KEY": ""}, "SECRET_KEY is missing"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY is weak"),
        ({"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS=*"),
    ]:
        errors = startup_errors(**good | environment)
        assert any(error.startswith(message) for error in errors), errors
    process = run("-m", "deploy.prepare", DATA_DIR=str(tmp_path / "data"), **good | {"DEBUG": "1"})
    assert process.returncode == 1
    (line,) = process.stderr.splitlines()
    assert json.loads(line)["message"].startswith("The site does not start: DEBUG is set")
    assert not (tmp_path / "data").exists()


@pytest.fixture
def refusals(startup_errors, monkeypatch, caplog):
    """A function that runs deploy.prepare with unusable variables, and returns the messages that it logs."""
    # Don't configure the log, because caplog must stay its handler.
    monkeypatch.setattr(log, "configure", lambda: None)
    monkeypatch.setattr(django, "setup", lambda: None)

    def run_prepare(**environment: str) -> list[str]:
        startup_errors(SECRET_KEY=GOOD_KEY, **{"PORT": str(free_port())} | environment)
        caplog.clear()
        assert prepare.main() == 1
        return [record.getMessage().removeprefix("The site does not start: ") for record in caplog.records]

    return run_prepare


def test_numbers_that_gunicorn_cannot_use_are_refused(refusals, tmp_path):
    port, workers = refusals(DATA_DIR=str(tmp_path), PORT="80800", WEB_CONCURRENCY="two")
    assert port == "PORT is “80800”, which is not a number from 1 to 65535."
    assert workers == "WEB_CONCURRENCY is “two”, which is not a number from 1 to 1000."


def test_unwritable_folders_are_refused(refusals, tmp_path):
    (tmp_path / "file").touch()
    below = str(tmp_path / "file" / "folder")
    (spool,) = refusals(DATA_DIR=str(tmp_path), SPOOL_DIR=below)
    assert spool.startswith(f"user {os.getuid()} cannot write to {below} (SPOOL_DIR).")
    (build,) = refusals(DATA_DIR=str(tmp_path), BUILD_DIR=below, SPOOL_DIR=below)
    assert build.startswith(f"user {os.getuid()} cannot write to {below} (BUILD_DIR).")


def test_a_folder_without_documents_is_refused(refusals, startup_errors, tmp_path):
    folder = tmp_path / "content"
    folder.mkdir()
    (folder / "README.md").touch()
    (content,) = refusals(DATA_DIR=str(tmp_path / "data"), CONTENT_DIR=str(folder))
    assert content.startswith(f"user {os.getuid()} finds no documents in {folder} (CONTENT_DIR).")
    # Only deploy.prepare refuses an empty content folder. Commands such as backup still run.
    assert startup_errors(SECRET_KEY=GOOD_KEY, CONTENT_DIR=str(folder)) == []


@pytest.mark.parametrize(
    ("url", "is_accepted"),
    [
        ("https://www.layersrank.com", True),
        ("https://www.layersrank.com/", True),
        ("https://WWW.LayersRank.com:8443", True),
        ("http://[2001:db8::1]:8000", True),
        ("https://www.layersrank.com/site", False),
        ("https://www.layersrank.com?", False),
        ("https://someone@www.layersrank.com", False),
        ("https://www.layersrank.com.", False),
        ("https://bücher.example", False),
        ("https://www layersrank.com", False),
        ("HTTPS://www.layersrank.com", False),
    ],
)
def test_site_url_must_be_a_valid_origin(startup_errors, url, is_accepted):
    errors = startup_errors(SECRET_KEY=GOOD_KEY, SITE_URL=url)
    assert any(f"SITE_URL is “{url}”" in error for error in errors) is not is_accepted
    assert bool(errors) is not is_accepted


def test_allowed_hosts_default_to_the_host_of_site_url(startup_errors):
    for environment, hosts in [
        ({}, "127.0.0.1 localhost 127.0.0.1 [::1]"),
        ({"SITE_URL": "https://www.layersrank.com:8443"}, "www.layersrank.com localhost 127.0.0.1 [::1]"),
        ({"SITE_URL": "http://[2001:db8::1]:80"}, "[2001:db8::1] localhost 127.0.0.1 [::1]"),
        ({"SITE_URL": "https://layersrank.com", "ALLOWED_HOSTS": "a.example, b.example"}, "a.example b.example"),
    ]:
        startup_errors(**environment)
        assert " ".join(settings.ALLOWED_HOSTS) == hosts


def test_data_dir_contains_everything_that_the_site_writes(startup_errors, tmp_path):
    for folder in (tmp_path, tmp_path / "100%25#?"):
        startup_errors(DATA_DIR=str(folder))
        paths = [settings.BUILD_DIR, settings.SPOOL_DIR, settings.DATABASES["default"]["NAME"]]
        assert [str(path) for path in paths] == [str(folder / name) for name in ("build", "spool", "db.sqlite3")]


def test_deploy_checks_pass_in_production():
    deployed = {"SITE_URL": "https://www.layersrank.com", "ALLOWED_HOSTS": "www.layersrank.com", "ADMIN_PATH": "desk-7"}
    check = run("manage.py", "check", "--deploy", "--fail-level", "WARNING", SECRET_KEY=GOOD_KEY, **deployed)
    assert (check.returncode, check.stderr) == (0, "")
    assert check.stdout == f"System check identified no issues ({len(settings.SILENCED_SYSTEM_CHECKS)} silenced).\n"


def test_development_needs_no_environment_variable_except_debug():
    assert run("manage.py", "check", DEBUG="1").returncode == 0


def test_the_mail_from_variable_sets_the_sender_address_of_django(startup_errors):
    """`manage.py sendtestemail` also uses DEFAULT_FROM_EMAIL."""
    startup_errors(MAIL_FROM="site@layersrank.example")
    assert (settings.DEFAULT_FROM_EMAIL, settings.SERVER_EMAIL) == ("site@layersrank.example",) * 2
    startup_errors(MAIL_FROM="")
    assert (settings.DEFAULT_FROM_EMAIL, settings.SERVER_EMAIL) == ("webmaster@localhost", "root@localhost")


def test_secrets_are_read_from_files(startup_errors, tmp_path):
    values = {
        "SECRET_KEY": GOOD_KEY,
        "DATABASE_URL": "postgres://site@database/leads",
        "POSTGRES_PASSWORD": "p#ss/w:rd",
        "EMAIL_HOST_PASSWORD": "mail password",
        "WEBHOOK_SECRET": "a webhook secret",
    }
    environment = {}
    for name, value in values.items():
        (tmp_path / name).write_text(value + "\n")
        environment |= {f"{name}_FILE": str(tmp_path / name), name: "not the value: the file wins"}
    assert startup_errors(**environment) == []
    database = settings.DATABASES["default"]
    assert values["SECRET_KEY"] == settings.SECRET_KEY
    assert (database["USER"], database["HOST"], database["NAME"]) == ("site", "database", "leads")
    assert database["PASSWORD"] == values["POSTGRES_PASSWORD"]
    assert values["EMAIL_HOST_PASSWORD"] == settings.EMAIL_HOST_PASSWORD
    assert values["WEBHOOK_SECRET"] == settings.WEBHOOK_SECRET


def test_a_password_in_database_url_overrides_postgres_password(startup_errors):
    environment = {"DATABASE_URL": "postgres://site:first@database/leads", "POSTGRES_PASSWORD": "second"}
    assert startup_errors(SECRET_KEY=GOOD_KEY, **environment) == []
    assert settings.DATABASES["default"]["PASSWORD"] == "first"


@pytest.mark.parametrize("name", [f"{name}_FILE" for name in SECRETS])
@pytest.mark.parametrize(
    ("content", "reason"),
    [(None, "No such file or directory"), (b"\xff\xfe", "the file is not text"), (b" \n", "is empty")],
)
def test_the_error_names_the_unreadable_secret_file(startup_errors, tmp_path, name, content, reason):
    file = tmp_path / "secret"
    if content is not None:
        file.write_bytes(content)
    database = {"DATABASE_URL": "postgres://site@database/leads"} if name == "POSTGRES_PASSWORD_FILE" else {}
    (message, *_) = startup_errors(**{"SECRET_KEY": GOOD_KEY, **database, name: str(file)})
    assert message.startswith(f"{name} is {file}, which ") and reason in message


@pytest.mark.parametrize(
    ("value", "is_on"), [("1", True), ("True", True), ("on", True), ("0", False), ("No", False), ("off", False)]
)
def test_a_flag_may_be_written_in_several_ways(startup_errors, value, is_on):
    assert startup_errors(SECRET_KEY=GOOD_KEY, ACCESS_LOG=value, LLMS_FULL_BYTES="0") == []
    assert settings.ACCESS_LOG is is_on
