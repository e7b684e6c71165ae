"""libdbosc from Python by ctypes, on asyncio and without a thread of Python's own: copy this file into your program.

    async with Client({"system_database_url": url}) as client:
        started = await client.call("enqueue", workflow_name="greet", queue_name="q", args=["Ada"])
        reply = await client.call("get_result", workflow_id=started["workflow_id"])

Operations and their keys: docs/reference.md. A task that is cancelled while it awaits a call cancels the call.
"""

import asyncio
import ctypes
import ctypes.util
import json
import os
from decimal import Decimal
from typing import Any, Optional

_POINTER = ctypes.c_void_p
_OUT = ctypes.POINTER(_POINTER)
_TEXT = ctypes.c_char_p
_INT64 = ctypes.c_int64
_PROTOTYPES: dict[str, tuple[Any, list[Any]]] = {
    "dbosc_client_open": (ctypes.c_int, [_TEXT, _POINTER, _OUT, _OUT]),
    "dbosc_client_submit": (ctypes.c_int, [_POINTER, _TEXT, _TEXT, _POINTER, _POINTER, _INT64, _OUT]),
    "dbosc_client_shutdown": (ctypes.c_int, [_POINTER, _INT64, _OUT]),
    "dbosc_client_free": (None, [_POINTER]),
    "dbosc_completions_new": (ctypes.c_int, [_INT64, _OUT, _OUT]),
    "dbosc_completions_fd": (ctypes.c_int, [_POINTER]),
    "dbosc_completions_next": (ctypes.c_int, [_POINTER, _INT64, _OUT]),
    "dbosc_completions_free": (None, [_POINTER]),
    "dbosc_completion_tag": (_INT64, [_POINTER]),
    "dbosc_completion_reply": (_TEXT, [_POINTER]),
    "dbosc_completion_error": (_POINTER, [_POINTER]),
    "dbosc_completion_free": (None, [_POINTER]),
    "dbosc_transaction_begin": (ctypes.c_int, [_POINTER, _TEXT, _POINTER, _OUT, _OUT]),
    "dbosc_transaction_call": (ctypes.c_int, [_POINTER, _TEXT, _TEXT, _POINTER, _OUT, _OUT]),
    "dbosc_transaction_execute": (ctypes.c_int, [_POINTER, _TEXT, _TEXT, _POINTER, _OUT, _OUT]),
    "dbosc_transaction_commit": (ctypes.c_int, [_POINTER, _POINTER, _OUT]),
    "dbosc_transaction_rollback": (ctypes.c_int, [_POINTER, _POINTER, _OUT]),
    "dbosc_transaction_free": (None, [_POINTER]),
    "dbosc_cancel_new": (_POINTER, []),
    "dbosc_cancel_trigger": (None, [_POINTER]),
    "dbosc_cancel_free": (None, [_POINTER]),
    "dbosc_string_free": (None, [_POINTER]),
    "dbosc_error_json": (_TEXT, [_POINTER]),
    "dbosc_error_free": (None, [_POINTER]),
}


class DboscError(Exception):
    """A call that failed: `status` and `kind` tell how, `details` is the library's whole account of it."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.details: dict[str, Any] = parse(text)
        self.status: str = self.details["status"]
        self.kind: str = self.details["kind"]
        super().__init__(self.details["message"])


class WorkflowFailed(DboscError):
    """The awaited workflow failed; `workflow_error` is its own error."""

    @property
    def workflow_error(self) -> dict[str, Any]:
        return self.details["workflow_error"]


def parse(text: str) -> Any:
    """JSON with every digit: integers have no end in Python, fractions become Decimal."""
    return json.loads(text, parse_float=Decimal)


def _load() -> ctypes.CDLL:
    """The library that DBOSC_LIBRARY names, or the system's."""
    library = ctypes.CDLL(os.environ.get("DBOSC_LIBRARY") or ctypes.util.find_library("dbosc") or "libdbosc.so.0")
    for name, (result, parameters) in _PROTOTYPES.items():
        function = getattr(library, name)
        function.restype, function.argtypes = result, parameters
    return library


_library = _load()


def _failure(text: str) -> DboscError:
    return (WorkflowFailed if json.loads(text)["status"] == "WORKFLOW_FAILED" else DboscError)(text)


def _check(name: str, *arguments: Any) -> None:
    error = _POINTER()
    if getattr(_library, "dbosc_" + name)(*arguments, ctypes.byref(error)) != 0:
        text = _library.dbosc_error_json(error).decode()
        _library.dbosc_error_free(error)
        raise _failure(text)


def _reply(name: str, *arguments: Any) -> str:
    reply = _POINTER()
    _check(name, *arguments, ctypes.byref(reply))
    text = ctypes.string_at(reply.value).decode()
    _library.dbosc_string_free(reply)
    return text


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


class Client:
    """Connections to one system database, for one event loop."""

    def __init__(self, config: dict[str, Any]) -> None:
        self._client, self._completions = _POINTER(), _POINTER()
        _check("client_open", _json(config).encode(), None, ctypes.byref(self._client))
        _check("completions_new", 0, ctypes.byref(self._completions))
        self._open: dict[int, asyncio.Future[str]] = {}
        self._last_tag = 0
        self._loop = asyncio.get_running_loop()
        self._descriptor = _library.dbosc_completions_fd(self._completions)
        self._loop.add_reader(self._descriptor, self._take)

    async def call(self, operation: str, /, **request: Any) -> dict[str, Any]:
        """Any operation by its name."""
        return parse(await self.call_text(operation, _json(request)))

    async def call_text(self, operation: str, request: str) -> str:
        """The same with both texts as they are."""
        self._last_tag += 1
        tag, cancel = self._last_tag, _library.dbosc_cancel_new()
        future = self._open[tag] = self._loop.create_future()
        try:
            arguments = (self._client, operation.encode(), request.encode(), cancel, self._completions, tag)
            _check("client_submit", *arguments)
            return await asyncio.shield(future)
        except asyncio.CancelledError:
            _library.dbosc_cancel_trigger(cancel)
            future.add_done_callback(asyncio.Future.exception)  # Nobody asks any more.
            raise
        except DboscError:
            self._open.pop(tag, None)
            raise
        finally:
            _library.dbosc_cancel_free(cancel)

    def begin(self) -> "Transaction":
        """A transaction on a connection of the client's; its calls block."""
        return Transaction(self._client)

    def _take(self) -> None:
        completion = _POINTER()
        while _library.dbosc_completions_next(self._completions, 0, ctypes.byref(completion)) == 0:
            future = self._open.pop(_library.dbosc_completion_tag(completion))
            if error := _library.dbosc_completion_error(completion):
                future.set_exception(_failure(_library.dbosc_error_json(error).decode()))
            else:
                future.set_result(_library.dbosc_completion_reply(completion).decode())
            _library.dbosc_completion_free(completion)

    def shutdown(self) -> None:
        """Ends what is in flight, and refuses what comes; again does nothing."""
        error = _POINTER()
        _library.dbosc_client_shutdown(self._client, -1, ctypes.byref(error))
        _library.dbosc_error_free(error)
        self._take()

    def close(self) -> None:
        """After that the client must not be used."""
        if not self._client:
            return
        self.shutdown()
        self._loop.remove_reader(self._descriptor)
        _library.dbosc_client_free(self._client)
        _library.dbosc_completions_free(self._completions)
        self._client = _POINTER()

    async def __aenter__(self) -> "Client":
        return self

    async def __aexit__(self, *_: object) -> None:
        self.close()


class Transaction:
    """Operations and statements that count together; rolled back where it is not committed."""

    def __init__(self, client: ctypes.c_void_p) -> None:
        self._transaction = _POINTER()
        _check("transaction_begin", client, None, None, ctypes.byref(self._transaction))

    def call(self, operation: str, /, **request: Any) -> dict[str, Any]:
        return parse(self.call_text(operation, _json(request)))

    def call_text(self, operation: str, request: str) -> str:
        return _reply("transaction_call", self._transaction, operation.encode(), request.encode(), None)

    def execute(self, sql: str, *params: Any) -> dict[str, Any]:
        return parse(self.execute_text(sql, _json(params)))

    def execute_text(self, sql: str, params: str) -> str:
        return _reply("transaction_execute", self._transaction, sql.encode(), params.encode(), None)

    def commit(self) -> None:
        _check("transaction_commit", self._transaction, None)

    def rollback(self) -> None:
        _check("transaction_rollback", self._transaction, None)

    def close(self) -> None:
        _library.dbosc_transaction_free(self._transaction)
        self._transaction = _POINTER()

    def __enter__(self) -> "Transaction":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
