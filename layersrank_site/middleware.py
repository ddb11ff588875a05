"""What holds for every answer, whatever made it."""

from collections.abc import Awaitable, Callable
from typing import Any

from asgiref.sync import iscoroutinefunction
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.decorators import sync_and_async_middleware
from servestatic.middleware import ServeStaticMiddleware

from pages.style import content_security_policy


class StaticFiles(ServeStaticMiddleware):
    """Fingerprinted files may be kept for a year, which RFC 9111 takes for ever."""

    FOREVER = 365 * 24 * 60 * 60


HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Permissions-Policy": "browsing-topics=(), camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def constant_headers() -> dict[str, str]:
    """The headers that every answer carries; the same for all."""
    headers = {"Content-Security-Policy": content_security_policy(), **HEADERS}
    if settings.HSTS_SECONDS:
        headers["Strict-Transport-Security"] = f"max-age={settings.HSTS_SECONDS}"
    return headers


@sync_and_async_middleware
def outermost(
    get_response: Callable[[HttpRequest], Any],
) -> Callable[[HttpRequest], HttpResponse | Awaitable[HttpResponse]]:
    """Sets the constant headers, and answers /livez before hosts are checked or anything else is asked for."""

    def with_headers(response: HttpResponse) -> HttpResponse:
        for name, value in constant_headers().items():
            response[name] = value
        return response

    def is_liveness(request: HttpRequest) -> bool:
        return request.path_info == "/livez"

    def alive() -> HttpResponse:
        return HttpResponse("ok\n", content_type="text/plain; charset=utf-8", headers={"Cache-Control": "no-store"})

    if iscoroutinefunction(get_response):

        async def middleware_async(request: HttpRequest) -> HttpResponse:
            return with_headers(alive() if is_liveness(request) else await get_response(request))

        return middleware_async

    def middleware(request: HttpRequest) -> HttpResponse:
        return with_headers(alive() if is_liveness(request) else get_response(request))

    return middleware
