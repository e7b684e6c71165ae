"""asyncio over the C library, without a thread in Python: calls are awaited, and the event loop watches one descriptor.

asyncio_client.py LIBRARY URL: libdbosc.so and a system database, as in sqlite:////path/to/system.sqlite; makes it if
missing.
"""
import asyncio
import ctypes
import json
import os
import sys

HANDLE = ctypes.c_void_p
OUT = ctypes.POINTER(HANDLE)
SIGNATURES = {
    "dbosc_client_open": [ctypes.c_char_p, HANDLE, OUT, OUT],
    "dbosc_client_call": [HANDLE, ctypes.c_char_p, ctypes.c_char_p, HANDLE, OUT, OUT],
    "dbosc_client_submit": [HANDLE, ctypes.c_char_p, ctypes.c_char_p, HANDLE, HANDLE, ctypes.c_int64, OUT],
    "dbosc_completions_new": [ctypes.c_int64, OUT, OUT],
    "dbosc_completions_fd": [HANDLE],
    "dbosc_completions_read": [HANDLE, ctypes.c_int64, ctypes.c_int64, OUT, OUT],
    "dbosc_completions_free": [HANDLE],
    "dbosc_client_free": [HANDLE],
    "dbosc_string_free": [HANDLE],
    "dbosc_error_free": [HANDLE],
    "dbosc_error_json": [HANDLE],
}
TIMEOUT, CONFLICT, WORKFLOW_CANCELLED = 4, 3, 12


class Failure(Exception):
    def __init__(self, error):
        super().__init__(error["message"])
        self.code, self.error = error["code"], error


class Client:
    """One client and one queue. Every call is a coroutine; all completions that are there come in one text."""

    def __init__(self, library, config):
        self._library = ctypes.CDLL(library)
        for name, arguments in SIGNATURES.items():
            getattr(self._library, name).argtypes = arguments
        self._library.dbosc_error_json.restype = ctypes.c_char_p
        self._client, self._completions = HANDLE(), HANDLE()
        self._check("client_open", json.dumps(config).encode(), None, ctypes.byref(self._client))
        self._check("completions_new", 0, ctypes.byref(self._completions))
        self._open, self._tag = {}, 0
        self._descriptor = self._library.dbosc_completions_fd(self._completions)
        self._loop = asyncio.get_running_loop()
        self._loop.add_reader(self._descriptor, self._take)

    def _check(self, name, *arguments):
        error = HANDLE()
        if getattr(self._library, "dbosc_" + name)(*arguments, ctypes.byref(error)):
            text = self._library.dbosc_error_json(error)
            self._library.dbosc_error_free(error)
            raise Failure(json.loads(text))

    def _take(self):
        text = HANDLE()
        try:
            self._check("completions_read", self._completions, 0, 1000, ctypes.byref(text))
        except Failure as failure:
            if failure.code == TIMEOUT:
                return
            raise
        completions = json.loads(ctypes.string_at(text))["completions"]
        self._library.dbosc_string_free(text)
        for completion in completions:
            future = self._open.pop(completion["tag"])
            if future.cancelled():
                continue
            if completion["status"]:
                future.set_exception(Failure(completion["error"]))
            else:
                future.set_result(completion["reply"])

    async def call(self, operation, **request):
        self._tag += 1
        future = self._open[self._tag] = self._loop.create_future()
        try:
            self._check("client_submit", self._client, operation.encode(), json.dumps(request).encode(), None,
                        self._completions, self._tag)
        except Failure:
            del self._open[self._tag]
            raise
        return await future

    def close(self):
        self._loop.remove_reader(self._descriptor)
        self._library.dbosc_client_free(self._client)
        self._library.dbosc_completions_free(self._completions)


async def start_and_cancel(client, workflow_id):
    await client.call("enqueue", workflow_name="example", queue_name="nobody", workflow_id=workflow_id)
    result = asyncio.create_task(client.call("get_result", workflow_id=workflow_id))
    await client.call("cancel_workflows", workflow_ids=[workflow_id])
    try:
        await result
    except Failure as failure:
        return failure.code == WORKFLOW_CANCELLED
    return False


async def main(library, url):
    client = Client(library, {"system_database_url": url, "lazy": True})
    try:
        await client.call("create_system_database")
    except Failure as failure:
        if failure.code != CONFLICT:
            raise
    ended = await asyncio.gather(*(start_and_cancel(client, f"asyncio-{os.getpid()}-{i}") for i in range(100)))
    client.close()
    print(f"{sum(ended)} workflows have ended")


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
