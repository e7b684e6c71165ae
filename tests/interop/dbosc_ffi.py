"""libdbosc from Python, by ctypes: all that a program needs that has no package of its own."""

import ctypes
import json
import os
from enum import IntEnum
from typing import Any, Optional


class Status(IntEnum):
    """What a call ended with."""

    OK = 0
    INVALID_ARGUMENT = 1
    NOT_FOUND = 2
    CONFLICT = 3
    TIMEOUT = 4
    CANCELLED = 5
    UNAVAILABLE = 6
    DATABASE = 7
    SERIALIZATION = 8
    UNSUPPORTED = 9
    INVALID_STATE = 10
    WORKFLOW_FAILED = 11
    WORKFLOW_CANCELLED = 12
    OUTCOME_UNKNOWN = 13
    OUT_OF_MEMORY = 14
    INTERNAL = 15


class DboscError(Exception):
    """A call that failed; `details` is the library's whole account of it."""

    def __init__(self, status: int, kind: str, message: str, details: dict[str, Any]) -> None:
        super().__init__(f"{message} ({kind}, status {status})")
        self.status = status
        self.kind = kind
        self.message = message
        self.details = details


_pointer = ctypes.c_void_p
_out = ctypes.POINTER(ctypes.c_void_p)
_text = ctypes.c_char_p


def _load() -> ctypes.CDLL:
    library = ctypes.CDLL(os.environ["DBOSC_LIBRARY"])
    prototypes: dict[str, tuple[Any, list[Any]]] = {
        "dbosc_client_open": (ctypes.c_int, [_text, _pointer, _out, _out]),
        "dbosc_client_call": (ctypes.c_int, [_pointer, _text, _text, _pointer, _out, _out]),
        "dbosc_client_free": (None, [_pointer]),
        "dbosc_string_free": (None, [_pointer]),
        "dbosc_error_kind": (_text, [_pointer]),
        "dbosc_error_message": (_text, [_pointer]),
        "dbosc_error_json": (_text, [_pointer]),
        "dbosc_error_free": (None, [_pointer]),
    }
    for name, (result, parameters) in prototypes.items():
        function = getattr(library, name)
        function.restype = result
        function.argtypes = parameters
    return library


_library: Optional[ctypes.CDLL] = None


def library() -> ctypes.CDLL:
    global _library
    if _library is None:
        _library = _load()
    return _library


def _encode(value: Any) -> Optional[bytes]:
    return None if value is None else json.dumps(value).encode()


def _check(status: int, error: ctypes.c_void_p) -> None:
    if status == Status.OK:
        return
    try:
        raise DboscError(
            status,
            library().dbosc_error_kind(error).decode(),
            library().dbosc_error_message(error).decode(),
            json.loads(library().dbosc_error_json(error)),
        )
    finally:
        library().dbosc_error_free(error)


class Client:
    """A client of one system database; a context manager."""

    def __init__(self, config: dict[str, Any]) -> None:
        self._handle = ctypes.c_void_p()
        error = ctypes.c_void_p()
        status = library().dbosc_client_open(
            _encode(config), None, ctypes.byref(self._handle), ctypes.byref(error)
        )
        _check(status, error)

    def call(self, operation: str, request: Optional[dict[str, Any]] = None) -> dict[str, Any]:
        return json.loads(self.call_text(operation, request))

    def call_text(self, operation: str, request: Optional[dict[str, Any]] = None) -> str:
        reply = ctypes.c_void_p()
        error = ctypes.c_void_p()
        status = library().dbosc_client_call(
            self._handle,
            operation.encode(),
            _encode(request),
            None,
            ctypes.byref(reply),
            ctypes.byref(error),
        )
        _check(status, error)
        try:
            return ctypes.string_at(reply.value).decode()
        finally:
            library().dbosc_string_free(reply)

    def close(self) -> None:
        if self._handle:
            library().dbosc_client_free(self._handle)
            self._handle = ctypes.c_void_p()

    def __enter__(self) -> "Client":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
