"""`python -m dev.demonstration --ini CKAN.INI --url URL`, in CKAN's virtualenv, for `make run`.

Reads the sysadmin's token and the address of data.gouv.fr beside and in the ini file.
"""

import argparse
import configparser
import json
import sys
from pathlib import Path

from dev import say
from dev.demonstration import account, tryout
from dev.demonstration.api import Api
from dev.demonstration.load import PROFILE, load


def main(words: list[str]) -> int:
    """0 loaded, or there already; 1 failed."""
    parser = argparse.ArgumentParser(prog="python -m dev.demonstration")
    parser.add_argument("--ini", type=Path, required=True)
    parser.add_argument("--url", required=True)
    given = parser.parse_args(words)
    folder = given.ini.resolve().parent
    try:
        api = Api(given.url, _token(folder))
        made = load(api, account.read_or_draw(folder), _datagouv(given.ini))
    except say.Failure as error:
        say.failure(error)
        return 1
    say.line(f"{made} jeux chargés." if made else "Tout était déjà chargé.")
    say.line(f"Fichiers à essayer : {tryout.write(folder)}")
    return 0


def _token(folder: Path) -> str:
    content = json.loads((folder / "administration.json").read_text(encoding="utf-8"))
    return str(content["token"])


def _datagouv(ini: Path) -> str:
    parser = configparser.ConfigParser(interpolation=None, strict=False)
    parser.read(ini, encoding="utf-8")
    return parser["app:main"][f"ckanext.scdl.profile.{PROFILE}.url"]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
