"""The image's HEALTHCHECK: exits with 0 if /livez answers 200, else with 1."""

import http.client
import os
import sys


def main() -> int:
    connection = http.client.HTTPConnection(
        os.environ.get("HOST") or "127.0.0.1", int(os.environ.get("PORT") or 8000), timeout=2
    )
    try:
        connection.request("GET", "/livez")
        return 0 if connection.getresponse().status == 200 else 1
    except (OSError, http.client.HTTPException) as error:
        print(error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
