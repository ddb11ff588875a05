"""The delivery worker beside gunicorn: `manage.py deliver --watch`, once the database is up to date."""

import os
import sys
import time

from pages import log

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "layersrank_site.settings")

LATER = 5  # seconds until a database that does not answer is asked again


def main() -> None:
    import django

    django.setup()

    from django.core.management import call_command

    from .database import is_up_to_date

    log.configure()
    is_told = False
    while not is_up_to_date(is_told=is_told):
        is_told = True
        time.sleep(LATER)
    call_command("deliver", watch=True)


if __name__ == "__main__":
    sys.exit(main())
