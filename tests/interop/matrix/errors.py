"""How each SDK stores a failure: what is left of its name, its message, its code and its data."""

from dataclasses import dataclass
from typing import Any

from forms import Number

MESSAGE = "it broke: é 😀"
CODE = 42


def custom(payload: Any) -> dict[str, Any]:
    """What the workflow `fail_custom` is told to raise."""
    return {"name": "Custom", "message": MESSAGE, "code": CODE, "data": payload}


@dataclass(frozen=True)
class Kept:
    """What is left of a custom error, and why the rest is not."""

    name: Any
    code_and_data: bool = True
    reason: str = ""
    # The whole of the application's error is one value.
    payload: bool = False


CUSTOM = {
    ("python", "portable_json"): Kept("CustomError"),
    ("python", "py_pickle"): Kept("CustomError"),
    ("typescript", "portable_json"): Kept("Custom"),
    ("typescript", "js_superjson"): Kept("Custom"),
    ("go", "portable_json"): Kept("Custom"),
    ("go", "DBOS_JSON"): Kept("Custom"),
    ("java", "portable_json"): Kept("Custom"),
    ("java", "java_jackson"): Kept(
        "PortableWorkflowException",
        False,
        "an exception's fields are stored by Java serialization alone, which nobody else reads",
    ),
    ("rust", "rust_serde"): Kept("Application", payload=True),
}


def expected_custom(sdk: str, label: str, payload: Any) -> tuple[dict[str, Any], str]:
    """The error as it comes back, and why it is not what was raised."""
    kept = CUSTOM[sdk, label]
    code = Number(str(CODE)) if kept.code_and_data else None
    data = payload if kept.code_and_data else None
    error = {"name": kept.name, "message": MESSAGE, "code": code, "data": data}
    if kept.payload:
        error = {"name": kept.name, "message": MESSAGE, "payload": {**error, "name": "Custom"}}
    return error, "" if kept.code_and_data else kept.reason


def _raised(name: Any, **more: Any) -> dict[str, Any]:
    return {"name": name, "message": MESSAGE, **more}


_CODE_7 = {"code": Number("7")}

# Errors that the worker raises by itself: {workflow: {(SDK, label): the error}}.
RAISED: dict[str, dict[tuple[str, str], dict[str, Any]]] = {
    # The language's own; in Rust, which has none that can be stored, the SDK's.
    "fail": {
        ("python", "portable_json"): _raised("ValueError"),
        ("python", "py_pickle"): _raised("ValueError"),
        ("typescript", "portable_json"): _raised("RangeError"),
        ("typescript", "js_superjson"): _raised("RangeError"),
        ("go", "portable_json"): _raised("Portable Error"),
        ("go", "DBOS_JSON"): _raised(None),
        ("java", "portable_json"): _raised("IllegalArgumentException"),
        ("java", "java_jackson"): _raised("IllegalArgumentException"),
        ("rust", "rust_serde"): {
            "name": "InvalidArgument",
            "payload": {"operation": "fail", "detail": MESSAGE},
        },
    },
    # The application's, in a step.
    "publish_error": {
        ("python", "portable_json"): _raised("CustomError", **_CODE_7),
        ("python", "py_pickle"): _raised("CustomError", **_CODE_7),
        ("typescript", "portable_json"): _raised("StepFailure", **_CODE_7),
        ("typescript", "js_superjson"): _raised("StepFailure", **_CODE_7),
        ("go", "portable_json"): _raised("Portable Error"),
        ("go", "DBOS_JSON"): _raised("customError"),
        ("java", "portable_json"): _raised("CustomError"),
        ("java", "java_jackson"): _raised("CustomError"),
        ("rust", "rust_serde"): _raised(
            "Application", payload={**_raised("StepFailure"), "code": None, "data": None}
        ),
    },
}


def told(error: dict[str, Any]) -> dict[str, Any]:
    """Of an error, what is compared."""
    parts = ("name", "message", "code", "data", "payload")
    return {part: error.get(part) for part in parts}
