"""Whether the site serves, for the image's HEALTHCHECK: ends with 0 exactly if /livez answers 200."""

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
