"""The data.gouv.fr test server (`dev/udata`): the real udata, in memory, one per use.

It forgets everything when it stops, the identifiers of its organisations included: read them, and
its keys, from the seed file that it writes when it is ready.
"""

import json
from pathlib import Path
from typing import Any

from dev import venvs
from dev.local import answers
from dev.paths import ROOT
from dev.ports import port
from dev.supervisor import Program

LAUNCHER = ROOT / "dev" / "udata" / "launcher.py"


class Udata:
    """One server: its port (by name, see dev.ports) and the folder of its files.

    Like data.gouv.fr it refuses resources at private addresses, unless `allow_local`: a whole
    portal of ours is at 127.0.0.1.
    """

    def __init__(self, port_name: str, folder: Path, *, allow_local: bool = False) -> None:
        self.port_name = port_name
        self.allow_local = allow_local
        self.folder = folder
        self.seed_file = folder / "udata-seed.json"

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{port(self.port_name)}"

    def program(self) -> Program:
        """The server, for supervisord; what it said of an earlier life is forgotten."""
        self.folder.mkdir(parents=True, exist_ok=True)
        environment = {
            "UDATA_PORT": str(port(self.port_name)),
            "UDATA_SEED": str(self.seed_file),
            "UDATA_FS_ROOT": str(self.folder / "udata-files"),
            **({"UDATA_ALLOW_LOCAL": "1"} if self.allow_local else {}),
        }
        return Program("udata", [str(venvs.UDATA.python), str(LAUNCHER)], environment)

    def is_ready(self) -> bool:
        """Whether it answers and has told its keys."""
        return answers(f"{self.url}/__lab__/health") and self.seed_file.is_file()

    def seed(self) -> dict[str, Any]:
        """Keys, organisations and addresses, as the server wrote them."""
        content: dict[str, Any] = json.loads(self.seed_file.read_text(encoding="utf-8"))
        return content
