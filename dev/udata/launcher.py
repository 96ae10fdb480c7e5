"""The real udata (data.gouv.fr's software) on 127.0.0.1, in memory: no MongoDB, Redis nor network.

    <venv of requirements.lock>/bin/python dev/udata/launcher.py

settings.py names the environment variables, lab.py the routes that only tests have.  The seed file
is written when the server is ready.  Everything is forgotten when it stops.
"""

import os
import time

START = time.monotonic()

import application  # noqa: E402  (the time it takes is part of the start)
import settings  # noqa: E402
from lab import Lab  # noqa: E402
from werkzeug.serving import make_server  # noqa: E402


def main() -> None:
    """Listen first, so that the seed file tells of a server that answers, then serve for ever."""
    lab = Lab(application.create())
    server = make_server("127.0.0.1", settings.PORT, lab, threaded=True)
    lab.plant()
    seconds = time.monotonic() - START
    print(f"udata on {settings.BASE} pid={os.getpid()} ready in {seconds:.1f}s", flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
