"""The site without what stands in front of Django: each page rendered when it is asked for."""

from django.core.asgi import get_asgi_application

application = get_asgi_application()
