"""ASGI middleware that removes the parameters of Content-Type, such as `charset`.

The site's forms are URL-encoded, in UTF-8. Django would look up any other `charset`, and Python caches the names of
unknown encodings without a limit. A multipart form loses its boundary, so Django answers it with the status 400.
"""

from asgiref.typing import ASGI3Application, ASGIReceiveCallable, ASGISendCallable, Scope

HEADER = b"content-type"


def drop_content_type_parameters(application: ASGI3Application) -> ASGI3Application:
    async def without_parameters(scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
        if scope["type"] == "http":
            headers = scope["headers"]
            bare = [(name, value.partition(b";")[0] if name == HEADER else value) for name, value in headers]
            scope = {**scope, "headers": bare}
        await application(scope, receive, send)

    return without_parameters
