"""What stands in front of udata, for tests only: lab routes, faults, hosted files, public pages.

    GET  /__lab__/health        {"ok": true, "pid": …, "busy": API requests under way}
    GET  /__lab__/schemas.json  the catalogue of schemas
    GET  /__lab__/requests      {"POST": 3, …}: API requests received since the last reset
    GET  /__lab__/journal       ["POST /api/1/datasets/", …]: the same, one by one
    POST /__lab__/reset         empty the database, drop the hosted files and seed again (keys are
                                stable)
    POST /__lab__/config        {"READ_ONLY_MODE": true, …}: change a setting of udata
    POST /__lab__/metrics       {"dataset": id, "views": 12, "resources_downloads": 3,
                                 "resources": {rid: views}}: what udata's own job would copy
    POST /__lab__/fault         {"method": "POST", "path": "/api/1/datasets/", "times": 1,
                                 "skip": 0, "status": 502, "after": true, "headers": {…}}

"skip" lets that many requests of the same kind through first: without method nor path it counts
every API request, so that any single one of a run can be hit.
A fault answers `status` instead of udata; with "after" udata first carries the request out and its
answer is lost; "drop" cuts the connection; "delay" (seconds) waits before udata sees the request,
which it still carries out after the client gave up.
"""

import json
import os
import shutil
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import catalogue
import pages
import seed
import udata.app
from flask import Flask
from settings import FS_ROOT
from udata.core.dataset.models import Dataset

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Body = Iterable[bytes]


class Lab:
    """The WSGI application: udata with the lab around it."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.pages = pages.Pages(app)
        self.catalogue = catalogue.build()
        self.lock = threading.Lock()
        self.faults: list[dict[str, Any]] = []
        self.journal: list[str] = []
        self.busy = 0
        self.routes: dict[tuple[str, str], Callable[[dict[str, Any]], Any]] = {
            ("GET", "health"): lambda _: {"ok": True, "pid": os.getpid(), "busy": self.busy},
            ("GET", "requests"): lambda _: dict(Counter(line.split()[0] for line in self.journal)),
            ("GET", "journal"): lambda _: self.journal,
            ("POST", "reset"): self._reset,
            ("POST", "config"): self._configure,
            ("POST", "metrics"): self._set_metrics,
            ("POST", "fault"): self._add_fault,
        }

    def __call__(self, environ: Environ, start_response: StartResponse) -> Body:
        path = environ.get("PATH_INFO", "")
        if path == "/__lab__/schemas.json":
            return _answer(start_response, "200 OK", self.catalogue)
        if path.startswith("/__lab__/"):
            return self._route(environ, start_response, path.removeprefix("/__lab__/"))
        if path.startswith("/resources/"):
            return _hosted_file(start_response, path.removeprefix("/resources/"))
        if not path.startswith("/api/"):
            page = self.pages.render(path)
            if page is not None:
                return _answer(start_response, "200 OK", page, "text/html; charset=utf-8")
            return self.app(environ, start_response)
        return self._api(environ, start_response, f"{environ['REQUEST_METHOD']} {path}")

    def _api(self, environ: Environ, start_response: StartResponse, line: str) -> Body:
        with self.lock:
            self.journal.append(line)
            self.busy += 1
        try:
            fault = self._take_fault(environ)
            if fault:
                return self._fail(fault, environ, start_response)
            return self.app(environ, start_response)
        finally:
            with self.lock:
                self.busy -= 1

    # Lab routes

    def _route(self, environ: Environ, start_response: StartResponse, name: str) -> Body:
        route = self.routes.get((environ["REQUEST_METHOD"], name))
        if route is None:
            return _answer(start_response, "404 NOT FOUND", b'{"message": "no such lab route"}')
        return _answer(start_response, "200 OK", json.dumps(route(_body(environ))).encode())

    def plant(self) -> dict[str, Any]:
        """Seed the database."""
        with self.app.test_request_context():
            return seed.plant()

    def _reset(self, _: dict[str, Any]) -> dict[str, Any]:
        with self.lock:
            self.faults.clear()
            self.journal.clear()
            self.app.config["READ_ONLY_MODE"] = False
            description = self.plant()
            shutil.rmtree(FS_ROOT / "resources", ignore_errors=True)
            self._forget()
        return description

    def _configure(self, settings: dict[str, Any]) -> dict[str, Any]:
        self.app.config.update(settings)
        self._forget()
        return {}

    def _forget(self) -> None:
        with self.app.app_context():
            udata.app.cache.clear()

    def _set_metrics(self, data: dict[str, Any]) -> dict[str, Any]:
        with self.app.app_context():
            dataset = Dataset.objects.get(id=data["dataset"])
            figures = ("views", "resources_downloads")
            dataset.metrics.update({key: data[key] for key in figures if key in data})
            views = data.get("resources", {})
            for resource in dataset.resources:
                if str(resource.id) in views:
                    resource.metrics["views"] = views[str(resource.id)]
            dataset.save(signal_kwargs={"ignores": ["post_save"]})
            return {"metrics": dataset.metrics}

    # Faults

    def _add_fault(self, fault: dict[str, Any]) -> dict[str, Any]:
        with self.lock:
            self.faults.append({"times": 1, "skip": 0, **fault})
        return {}

    def _take_fault(self, environ: Environ) -> dict[str, Any] | None:
        with self.lock:
            for fault in [fault for fault in self.faults if _concerns(fault, environ)]:
                if fault["skip"] > 0:
                    fault["skip"] -= 1
                    continue
                fault["times"] -= 1
                if fault["times"] <= 0:
                    self.faults.remove(fault)
                return fault
            return None

    def _fail(self, fault: dict[str, Any], environ: Environ, start_response: StartResponse) -> Body:
        time.sleep(fault.get("delay", 0))
        if "delay" in fault and "status" not in fault and not fault.get("drop"):
            return self.app(environ, start_response)
        if fault.get("after"):
            list(self.app(environ, lambda *_, **__: None))
        if fault.get("drop"):
            environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
            raise ConnectionResetError("lab fault: connection dropped")
        return _answer(
            start_response,
            f"{fault.get('status', 502)} LAB FAULT",
            fault.get("body", '{"message": "lab fault"}').encode(),
            headers={key: str(value) for key, value in fault.get("headers", {}).items()},
        )


def _concerns(fault: dict[str, Any], environ: Environ) -> bool:
    same_method = fault.get("method", environ["REQUEST_METHOD"]) == environ["REQUEST_METHOD"]
    return same_method and fault.get("path", "") in environ["PATH_INFO"]


def _body(environ: Environ) -> dict[str, Any]:
    length = int(environ.get("CONTENT_LENGTH") or 0)
    return json.loads(environ["wsgi.input"].read(length) or b"{}")


def _answer(
    start_response: StartResponse,
    status: str,
    body: bytes,
    media_type: str = "application/json",
    headers: dict[str, str] | None = None,
) -> Body:
    merged = {"Content-Type": media_type, "Content-Length": str(len(body)), **(headers or {})}
    start_response(status, list(merged.items()))
    return [body]


def _hosted_file(start_response: StartResponse, name: str) -> Body:
    root = (FS_ROOT / "resources").resolve()
    path = Path(root, name).resolve()
    if not path.is_relative_to(root) or not path.is_file():
        return _answer(start_response, "404 NOT FOUND", b"not found", "text/plain")
    return _answer(start_response, "200 OK", path.read_bytes(), "application/octet-stream")
