"""Middleware for static files, compression, the forwarded scheme, the headers of every response, and the probes."""

from collections.abc import Awaitable, Callable
from typing import cast

from asgiref.sync import async_to_sync, iscoroutinefunction, sync_to_async
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.utils.cache import patch_vary_headers
from django.utils.decorators import sync_and_async_middleware
from servestatic.middleware import ServeStaticMiddleware

from leads.client_ip import is_trusted_proxy
from pages.http.csp import content_security_policy
from pages.http.negotiation import IDENTITY, preferred_codings
from pages.http.notices import READ_METHODS, refuse_method
from pages.repository import current

from .metrics.metrics_view import metrics
from .readiness import readyz
from .version import version

SyncHandler = Callable[[HttpRequest], HttpResponse]
AsyncHandler = Callable[[HttpRequest], Awaitable[HttpResponse]]


class StaticFiles(ServeStaticMiddleware):  # type: ignore[misc]  # servestatic has no types
    """Serves the static files. Other methods than GET and HEAD get a 405."""

    # How long browsers may keep fingerprinted files, in seconds. These files never change, but RFC 2616 (14.21) allowed
    # at most one year.
    FOREVER = 365 * 24 * 60 * 60

    async def __call__(self, request: HttpRequest) -> HttpResponseBase:
        # Unless the method is GET or HEAD, ServeStatic sends an empty response, which browsers show as a blank page.
        if request.method not in READ_METHODS and request.path_info in self.files:
            visible = await sync_to_async(current.visible_pages_of)(request)
            return await sync_to_async(refuse_method)(request, visible)
        return cast(HttpResponseBase, await super().__call__(request))


@sync_and_async_middleware
def static_files(get_response: SyncHandler | AsyncHandler) -> StaticFiles | SyncHandler:
    """Serve the static files with `StaticFiles`, which is asynchronous.

    The publisher renders pages synchronously, and each synchronous call of `StaticFiles` starts a thread, which takes
    0.3 ms. So the publisher calls `StaticFiles` only if the path may be a static file.
    """
    if iscoroutinefunction(get_response):
        return StaticFiles(get_response)
    get_sync_response = cast("SyncHandler", get_response)
    static = StaticFiles(sync_to_async(get_sync_response))
    serve = cast("SyncHandler", async_to_sync(static))

    def middleware(request: HttpRequest) -> HttpResponse:
        may_be_static = static.autorefresh or request.path_info in static.files
        return (serve if may_be_static else get_sync_response)(request)

    return middleware


class CompressText(GZipMiddleware):
    """Compress the text that Django renders, such as forms, search pages and errors.

    Django's middleware mitigates the BREACH attack: it lengthens each response by up to 100 bytes, chosen at random, so
    the length doesn't reveal how well a guessed secret compresses. Images and downloads stay uncompressed: compression
    would hardly make images smaller, and byte ranges of downloads need a fixed length.
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if response.streaming or not response.get("Content-Type", "").startswith("text/"):
            return response
        # Django's middleware ignores q-values, so it would send gzip to a client that refuses gzip.
        codings = preferred_codings(request.headers.get("Accept-Encoding", ""), ("gzip", IDENTITY))
        # Don't compress the body if the request has If-Match: this header needs a strong ETag (see pages.http.caching).
        if codings[:1] != ["gzip"] or "If-Match" in request.headers:
            patch_vary_headers(response, ["Accept-Encoding"])
            return response
        etag = response.get("ETag", "")
        response = super().process_response(request, response)
        # The random padding changes the bytes, so the ETag is weak. Each coding has its own ETag (RFC 9110, 8.8.3.3).
        if etag and response.get("Content-Encoding") == "gzip":
            response["ETag"] = f'W/{etag[:-1]}-gzip"'
        return response


HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Permissions-Policy": "browsing-topics=(), camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def constant_headers() -> dict[str, str]:
    """Return the default headers of every response. HTML pages set a Content-Security-Policy of their own."""
    headers = {"Content-Security-Policy": content_security_policy(), **HEADERS}
    if settings.HSTS_SECONDS:
        headers["Strict-Transport-Security"] = f"max-age={settings.HSTS_SECONDS}"
    return headers


def livez(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8", headers={"Cache-Control": "no-store"})


# The site answers these paths before the host check and all other middleware, because load balancers don't send the
# site's host name.
PROBES: dict[str, SyncHandler] = {"/livez": livez, "/readyz": readyz, "/version": version, "/metrics": metrics}


@sync_and_async_middleware
def constant_headers_and_probes(get_response: SyncHandler | AsyncHandler) -> SyncHandler | AsyncHandler:
    """Answer the probes. Add each constant header to every response that doesn't already have this header."""

    def add_headers(request: HttpRequest, response: HttpResponse) -> HttpResponse:
        for name, value in constant_headers().items():
            response.setdefault(name, value)
        # An SVG can contain scripts, so browsers must sandbox it. The headers of a 304 response replace the headers in
        # the browser's cache, so a 304 response needs the sandbox, too. It has no content type, so look at the path.
        if request.path_info.lower().endswith(".svg") or response.get("Content-Type", "").startswith("image/svg"):
            response["Content-Security-Policy"] += "; sandbox"
        return response

    if iscoroutinefunction(get_response):
        get_async_response = cast("AsyncHandler", get_response)

        async def middleware_async(request: HttpRequest) -> HttpResponse:
            probe = PROBES.get(request.path_info)
            return add_headers(request, await (sync_to_async(probe)(request) if probe else get_async_response(request)))

        return middleware_async

    get_sync_response = cast("SyncHandler", get_response)

    def middleware(request: HttpRequest) -> HttpResponse:
        return add_headers(request, PROBES.get(request.path_info, get_sync_response)(request))

    return middleware


@sync_and_async_middleware
def forwarded_scheme(get_response: SyncHandler | AsyncHandler) -> SyncHandler | AsyncHandler:
    """Remove X-Forwarded-Proto unless a trusted proxy sent it.

    Django trusts this header (settings.SECURE_PROXY_SSL_HEADER). If the header has several values, keep the last one,
    which the nearest proxy added.
    """
    key = settings.SECURE_PROXY_SSL_HEADER[0]

    def check(request: HttpRequest) -> None:
        scheme = request.META.pop(key, "").rpartition(",")[2].strip()
        if scheme and is_trusted_proxy(request.META.get("REMOTE_ADDR", "")):
            request.META[key] = scheme

    if iscoroutinefunction(get_response):
        get_async_response = cast("AsyncHandler", get_response)

        async def middleware_async(request: HttpRequest) -> HttpResponse:
            check(request)
            return await get_async_response(request)

        return middleware_async

    get_sync_response = cast("SyncHandler", get_response)

    def middleware(request: HttpRequest) -> HttpResponse:
        check(request)
        return get_sync_response(request)

    return middleware
