"""The HTTP side: one request at a time goes to moto, each is recorded, some answers are withheld."""

import io
import json
import os
import socket
import sys
import threading
from collections.abc import Callable, Iterable
from dataclasses import asdict
from typing import Any

from moto.moto_server.werkzeug_app import (
    DomainDispatcherApplication,
    MotoRequestHandler,
    create_backend_app,
)
from werkzeug.serving import make_server

from . import alarms, analyzers, clock, cloudcontrol
from .calls import Call, identify
from .faults import Fault, Faults
from .permissions import Answer, Permissions, refuse_with
from .secrets import Secrets
from .stacks import change_set

Start = Callable[..., Any]
Headers = list[tuple[str, str]]

OWN = {analyzers.SERVICE: analyzers.answer, cloudcontrol.SERVICE: cloudcontrol.answer}
"""The services that moto does not have at all."""


class Application:
    """moto's application, and the control requests below `/avm/`."""

    def __init__(self) -> None:
        self.moto = DomainDispatcherApplication(create_backend_app)
        # moto's back ends are not made for two requests at once, and one at a time makes tests repeatable.
        self.lock = threading.Lock()
        self.calls: list[Call] = []
        self.faults = Faults()
        self.secrets = Secrets()
        self.permissions: Permissions | None = None
        """None allows everything."""

    def __call__(self, environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        body = _read_body(environ)
        if environ["PATH_INFO"].startswith("/avm/"):
            return self.control(environ, body, start)
        with self.lock:
            clock.run_due()
            call = identify(environ, body)
            fault = self.faults.take(call) if call else None
            refusal = self.permissions.refuse(call) if call and self.permissions else None
            answer: Answer | None = None
            if call and fault and fault.refusal:
                answer = refuse_with(call, **fault.refusal)
            elif fault and fault.before:
                pass
            elif refusal:
                answer = refusal
            elif call and call.service == alarms.SERVICE and alarms.answers(environ):
                answer = alarms.answer(call, body)
            elif call and call.service in OWN:
                answer = OWN[call.service](call, body)
            else:
                answer = _ask(self.moto, environ, body)
            if call:
                self.calls.append(call)
                call.status = int(answer[0].split(" ", 1)[0]) if answer else None
                call.answered = fault is None or fault.refusal is not None
                if call.status == 200:
                    self.faults.has_succeeded(call)
                    self.secrets.notice(call, answer[2] if answer else b"")
        if call and fault and not call.answered:
            return self.withhold(environ, call, fault)
        assert answer
        status, headers, content = answer
        return _send(start, status, headers, content)

    def withhold(self, environ: dict[str, Any], call: Call, fault: Fault) -> Iterable[bytes]:
        """Drops the connection, or first keeps it until whoever waits at the other end is gone."""
        connection: socket.socket = environ["werkzeug.socket"]
        if fault.hold:
            self.faults.held.append(call)
            while connection.recv(4096):  # empty once the other end has closed
                pass
        connection.shutdown(socket.SHUT_RDWR)
        raise ConnectionAbortedError("the answer is lost on purpose")

    def control(self, environ: dict[str, Any], body: bytes, start: Start) -> Iterable[bytes]:
        """The requests of a test to the server itself."""
        request = f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']}"
        with self.lock:
            answer: Any = {}
            if request == "GET /avm/calls":
                answer = [call.as_json() for call in self.calls]
            elif request == "DELETE /avm/calls":
                self.calls.clear()
            elif request == "GET /avm/held":
                answer = [call.as_json() for call in self.faults.held]
            elif request == "POST /avm/allow":
                self.permissions = Permissions.of(json.loads(body))
            elif request == "DELETE /avm/allow":
                self.permissions = None
            elif request == "POST /avm/pending":
                change_set.WORK.hold()
            elif request == "DELETE /avm/pending":
                change_set.WORK.release()
            elif request == "POST /avm/age":
                change_set.age(json.loads(body)["seconds"])
            elif request == "POST /avm/faults":
                self.faults.ahead.extend(Fault(**wish) for wish in json.loads(body))
            elif request == "GET /avm/faults":
                answer = [asdict(fault) for fault in self.faults.ahead]
            elif request == "DELETE /avm/faults":
                self.faults.ahead.clear()
            elif request == "GET /avm/secrets":
                answer = self.secrets.handed_out
            else:
                text = [("Content-Type", "text/plain")]
                return _send(start, "404 Not Found", text, f"no such request: {request}\n".encode())
        headers = [("Content-Type", "application/json")]
        return _send(start, "200 OK", headers, json.dumps(answer).encode())


def serve(port: int) -> None:
    """Serves on 127.0.0.1 until stdin is closed: whoever started the server closes it, also by dying."""
    server = make_server("127.0.0.1", port, Application(), threaded=True, request_handler=MotoRequestHandler)
    threading.Thread(target=_end_with_stdin, daemon=True).start()
    print(f"listening on 127.0.0.1:{server.server_port}", flush=True)
    server.serve_forever()


def _end_with_stdin() -> None:
    sys.stdin.buffer.read()
    os._exit(0)


def _read_body(environ: dict[str, Any]) -> bytes:
    """The whole body, so that a slow sender keeps nobody else waiting."""
    length = environ.get("CONTENT_LENGTH")
    if length:
        return environ["wsgi.input"].read(int(length))
    return environ["wsgi.input"].read() if environ.get("wsgi.input_terminated") else b""


def _send(start: Start, status: str, headers: Headers, content: bytes) -> list[bytes]:
    """Answers with a length, so that nothing is sent in chunks."""
    if not any(name.lower() == "content-length" for name, _ in headers):
        headers = [*headers, ("Content-Length", str(len(content)))]
    start(status, headers)
    return [content]


def _ask(
    application: Callable[..., Iterable[bytes]], environ: dict[str, Any], body: bytes
) -> tuple[str, Headers, bytes]:
    """moto's whole answer: status line, headers, content."""
    head: list[Any] = []
    environ["wsgi.input"] = io.BytesIO(body)

    def start(status: str, headers: Headers, _error: Any = None) -> None:
        head[:] = [status, headers]

    content = application(environ, start)
    try:
        whole = b"".join(content)
    finally:
        if close := getattr(content, "close", None):
            close()
    return head[0], head[1], whole
