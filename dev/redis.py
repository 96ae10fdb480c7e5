"""A Redis of our own: Debian's program, our port and folder.

What waits in its queues is kept on disk: nobody asks again for a harvest job whose message is lost.
The server that Debian starts on 6379 is neither used nor stopped.
"""

import socket
from pathlib import Path

from dev import shell
from dev.paths import RUN
from dev.ports import port
from dev.supervisor import Program

DATABASE = 0
TEST_DATABASE = 1
END_TO_END_DATABASE = 2


def program() -> Program:
    """The server, for supervisord."""
    folder = RUN / "redis"
    folder.mkdir(parents=True, exist_ok=True)
    options = ["--bind", "127.0.0.1", "--save", "", "--appendonly", "yes", "--daemonize", "no"]
    return Program(
        "redis", ["redis-server", "--port", str(port("redis")), *options, "--dir", str(folder)]
    )


def url(database: int) -> str:
    """The address of one of its numbered databases."""
    return f"redis://127.0.0.1:{port('redis')}/{database}"


def is_ready() -> bool:
    """Whether the server answers PING."""
    try:
        with socket.create_connection(("127.0.0.1", port("redis")), timeout=2) as link:
            link.sendall(b"PING\r\n")
            return link.recv(16).startswith(b"+PONG")
    except OSError:
        return False


FORGET = """
import sys, redis
server = redis.from_url(sys.argv[1])
for key in server.scan_iter(match=f"*{sys.argv[2]}*"):
    server.delete(key)
"""


def forget_site(python: Path, redis_url: str, site_id: str) -> None:
    """Removes the queues of one portal, with the client in CKAN's virtualenv."""
    shell.answer([python, "-c", FORGET, redis_url, site_id])
