"""A worker on a database of its own, and all cells of the matrix that it can run, at once."""

from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Callable, Iterator, Optional

import abilities
import errors
import forms
import own_values
from dbosc_ffi import Client, DboscError
from payloads import of_format
from places import PLAIN, PUBLISHED, RAISED, WRITTEN, Place, Reader
from programs import Sdk

# Bounds a run that is broken.
ALL_MS = 120_000
# Who made the payload that is read back.
WE_WRITE, IT_WRITES, IT_RAISES = "we write", "it writes", "it raises"


@dataclass(frozen=True)
class Cell:
    """One payload at one place; `format` is that of the workflow which puts it there."""

    direction: str
    format: str
    place: str
    payload: str


@dataclass(frozen=True)
class Run:
    """A workflow that carries a cell's payload, and where to look for it."""

    workflow_id: str
    read: Reader


@dataclass
class Outcome:
    """What came of a cell: what was read back, or in words why nothing was."""

    value: Any = None
    # The stored text, and its label.
    stored: Optional[str] = None
    label: Optional[str] = None
    # Why we did not write it.
    refusal: Optional[str] = None
    failure: Optional[str] = None


@dataclass
class Arena:
    sdk: Sdk
    backend: str
    client: Client
    version: str
    outcomes: dict[Cell, Outcome] = field(default_factory=dict)

    def run(self) -> None:
        runs = {**self._write(), **self._let_write(), **self._let_raise()}
        ids = sorted({run.workflow_id for run in runs.values()})
        self._wait(ids)
        tagged, raw = self._rows(ids, "tagged"), self._rows(ids, "raw")
        for cell, run in runs.items():
            row = tagged[run.workflow_id], raw[run.workflow_id]
            self.outcomes[cell] = self._outcome(cell, run, *row)

    # --- Writing -------------------------------------------------------------------------------

    def _write(self) -> dict[Cell, Run]:
        runs = {}
        for format_name in abilities.formats(self.sdk):
            for place in WRITTEN:
                if abilities.impossible(self.sdk.name, format_name, place.name):
                    continue
                for payload in of_format(format_name):
                    cell = Cell(WE_WRITE, format_name, place.name, payload.name)
                    value = forms.to_send(payload.text)
                    with self._refusals(cell):
                        runs[cell] = Run(self._start(cell, place, value), place.read)
            for plain in PLAIN:
                cell = Cell(WE_WRITE, format_name, plain.name, plain.workflow)
                workflow_id = f"{format_name}/{plain.name}"
                with self._refusals(cell):
                    self._enqueue(workflow_id, format_name, plain.workflow, *plain.arguments)
                    runs[cell] = Run(workflow_id, plain.read)
        return runs

    @contextmanager
    def _refusals(self, *cells: Cell) -> Iterator[None]:
        try:
            yield
        except DboscError as error:
            self.outcomes.update({cell: Outcome(refusal=str(error)) for cell in cells})

    def _start(self, cell: Cell, place: Place, payload: Any) -> str:
        workflow_id = f"{cell.format}/{place.name}/{cell.payload}"
        if place.by_schedule:
            return self._trigger(workflow_id, place, payload)
        self._enqueue(workflow_id, cell.format, place.workflow, place.argument(payload))
        if place.by_message:
            to = {"destination_id": workflow_id, "serialization": cell.format}
            self._call("send", "tagged", message=payload, **to)
        return workflow_id

    def _enqueue(self, workflow_id: str, format_name: str, workflow: str, *arguments: Any) -> None:
        self._call(
            "enqueue",
            "tagged",
            workflow_name=workflow,
            workflow_id=workflow_id,
            queue_name="q",
            app_version=self.version,
            args=list(arguments),
            serialization=format_name,
            **({"class_name": self.sdk.class_name} if self.sdk.class_name else {}),
        )

    def _trigger(self, name: str, place: Place, context: Any) -> str:
        """A schedule that never fires by itself, and a run of it."""
        self._call(
            "create_schedule",
            "tagged",
            schedule_name=name,
            workflow_name=place.workflow,
            schedule="0 0 0 1 1 *",
            queue_name="q",
            context=context,
            language=self.sdk.name,
            **({"workflow_class_name": self.sdk.class_name} if self.sdk.class_name else {}),
        )
        told = {"schedule_name": name, "language": self.sdk.name}
        return self._call("trigger_schedule", "tagged", **told)["workflow_id"]

    def _let_write(self) -> dict[Cell, Run]:
        runs = {}
        for format_name in abilities.formats(self.sdk):
            for name in own_values.names(self.sdk.name, format_name):
                workflow_id = f"{format_name}/publish/{name}"
                places = [
                    place
                    for place in PUBLISHED
                    if not abilities.impossible(self.sdk.name, format_name, place)
                ]
                # What it returns stands at its result anyhow.
                what = {"name": name, "places": [p for p in places if p != "result"]}
                cells = {place: Cell(IT_WRITES, format_name, place, name) for place in places}
                with self._refusals(*cells.values()):
                    self._enqueue(workflow_id, format_name, "publish", what)
                    for place, cell in cells.items():
                        runs[cell] = Run(workflow_id, PUBLISHED[place])
        return runs

    def _let_raise(self) -> dict[Cell, Run]:
        runs = {}
        for format_name in abilities.formats(self.sdk):
            for workflow, readers in RAISED.items():
                workflow_id = f"{format_name}/{workflow}"
                cells = {
                    Cell(IT_RAISES, format_name, place, workflow): Run(workflow_id, read)
                    for place, read in readers
                }
                with self._refusals(*cells):
                    self._enqueue(workflow_id, format_name, workflow, errors.MESSAGE)
                    runs.update(cells)
        return runs

    # --- Reading -------------------------------------------------------------------------------

    def _call(self, operation: str, mode: str, **request: Any) -> Any:
        return forms.read(self.client.call_text(operation, {**request, "payloads": mode}))

    def _wait(self, ids: list[str]) -> None:
        try:
            self.client.call("wait_all", {"workflow_ids": ids, "timeout_ms": ALL_MS})
        except DboscError as error:
            # Cells of workflows that are not over tell which those are.
            if error.kind != "timeout":
                raise

    def _rows(self, ids: list[str], mode: str) -> dict[str, Any]:
        rows = self._call("list_workflows", mode, workflow_ids=ids)["workflows"]
        return {row["workflow_id"]: row for row in rows}

    def _outcome(self, cell: Cell, run: Run, tagged: Any, raw: Any) -> Outcome:
        wanted = "ERROR" if "error" in cell.place else "SUCCESS"
        if tagged["status"] != wanted:
            return Outcome(failure=f"{tagged['status']}, {tagged['error']}")
        try:
            value = run.read(self._in_mode("tagged"), run.workflow_id, tagged)
            stored = run.read(self._in_mode("raw"), run.workflow_id, raw)
        except (AssertionError, KeyError, TypeError) as error:
            return Outcome(failure=repr(error))
        return Outcome(value=value, stored=stored["$raw"], label=stored["serialization"])

    def _in_mode(self, mode: str) -> Callable[..., Any]:
        return lambda operation, **request: self._call(operation, mode, **request)
