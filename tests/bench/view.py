"""The site without the front: Django renders each page for each request."""

from django.core.asgi import get_asgi_application

application = get_asgi_application()
