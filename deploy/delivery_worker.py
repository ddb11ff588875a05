"""The delivery worker process: migrates the database, then runs `manage.py deliver --watch`."""

import os
import time

from pages import error_tracker, log

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "layersrank_site.settings")

RETRY_SECONDS = 5  # the pause in seconds between two attempts to migrate the database


def main() -> None:
    import django

    django.setup()

    from django.conf import settings
    from django.core.management import call_command

    from layersrank_site.version import revision

    from .database import migrate

    log.configure()
    error_tracker.start(settings.SENTRY_DSN, revision)
    log_failure = True
    while not migrate(log_failure=log_failure):
        log_failure = False
        time.sleep(RETRY_SECONDS)
    call_command("deliver", watch=True)


if __name__ == "__main__":
    main()
