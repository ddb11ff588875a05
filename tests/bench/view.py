"""The site without prebuilt pages: Django renders the page for every request."""

from django.core.asgi import get_asgi_application

application = get_asgi_application()
