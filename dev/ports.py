"""The ports of every service, all on 127.0.0.1: one table, shifted or replaced by environment.

`SCDL_PORT_OFFSET=100` shifts them all; `SCDL_PORT_SOLR=9999` replaces one.  `test.ini` repeats
the defaults for who runs pytest by hand (a test compares them).
"""

import os
import socket

from dev.say import Failure

DEFAULTS = {
    "postgres": 15432,
    "redis": 16379,
    "solr": 18983,
    "ckan": 15000,
    "udata": 17000,
    "udata-test": 17001,
    "ckan-e2e": 15002,
    "udata-e2e": 17002,
    "mail-e2e": 15025,
}
STRIDE = 100
"""What separates two sets of ports: none of the defaults meets another one shifted by it."""


def _variable(name: str) -> str:
    return "SCDL_PORT_" + name.upper().replace("-", "_")


def _number(variable: str, default: int) -> int:
    text = os.environ.get(variable, "")
    if text and not text.isdecimal():
        raise Failure(f"{variable}={text} n'est pas un nombre.", f"donnez un entier à {variable}")
    return int(text) if text else default


def port(name: str) -> int:
    """The port of a service of the table above."""
    return _number(_variable(name), DEFAULTS[name] + _number("SCDL_PORT_OFFSET", 0))


def is_free(number: int) -> bool:
    """Whether a server could listen there now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", number))
        except OSError:
            return False
    return True


def demand_free(name: str) -> None:
    """Raises Failure if somebody else listens on the port of this service."""
    number = port(name)
    if not is_free(number):
        raise Failure(
            f"Le port {number}, prévu pour « {name} », est déjà pris.",
            f"arrêtez ce qui l'occupe (ss -ltnp 'sport = :{number}'), ou choisissez-en un autre : "
            f"{_variable(name)}=… make run (SCDL_PORT_OFFSET=100 les décale tous)",
        )


def free_offset() -> int:
    """The first shift at which every port of the table is free."""
    for shift in range(0, 50 * STRIDE, STRIDE):
        if all(is_free(number + shift) for number in DEFAULTS.values()):
            return shift
    raise Failure("Aucune série de ports libre.", "arrêtez ce qui les occupe (ss -ltnp)")
