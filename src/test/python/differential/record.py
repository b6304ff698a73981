"""Writes down what can be observed, in the words of the README: plain JSON with numbered names instead of ids."""

from langgraph.errors import (
    EmptyInputError,
    GraphRecursionError,
    InvalidUpdateError,
    ParentCommand,
)
from langgraph.types import Interrupt, Overwrite

from .build import NodeFailure
from .inline import NotComparable

MOST = 60


def kind(failure) -> str:
    """The kind of a failure; what has none is a defect of the reference."""
    text = str(failure)
    match failure:
        case GraphRecursionError():
            return "RECURSION_LIMIT"
        case NodeFailure():
            return "NODE"
        case EmptyInputError():
            return "EMPTY_INPUT"
        case ParentCommand():
            return "PARENT_COMMAND"
        case InvalidUpdateError() if "Ambiguous update" in text:
            return "AMBIGUOUS_UPDATE"
        case InvalidUpdateError() if "receive only one" in text:
            return "CONFLICT"
        case InvalidUpdateError():
            return "INVALID_UPDATE"
        case RuntimeError() if "multiple pending interrupts" in text:
            return "MANY_INTERRUPTS"
    raise NotComparable(f"reference defect: {type(failure).__name__}: {text[:200]}") from failure


def plain(value):
    """A value of the state as sorted JSON. A subgraph in a loop doubles what it shares: there is a limit."""
    if isinstance(value, list) and len(value) > MOST or isinstance(value, int) and abs(value) > 1_000 * MOST:
        raise NotComparable("grows too much")
    if isinstance(value, Overwrite):
        return {"__overwrite__": plain(value.value)}
    if isinstance(value, dict):
        return {k: plain(value[k]) for k in sorted(value)}
    if isinstance(value, (list, tuple)):
        return [plain(v) for v in value]
    if value is None or isinstance(value, (bool, int, str)):
        return value
    raise NotComparable(f"value of type {type(value).__name__}")


class Recorder:
    """Numbers ids in order of first appearance."""

    def __init__(self):
        self.known = {"t": {}, "i": {}, "c": {}}

    def number(self, kind, identifier):
        known = self.known[kind]
        return f"{kind}{known.setdefault(identifier, len(known) + 1)}"

    def checkpoint(self, config):
        identifier = config["configurable"].get("checkpoint_id") if config else None
        return self.number("c", identifier) if identifier else None

    def namespace(self, parts):
        return "|".join(
            f"{part.split(':')[0]}:{self.number('t', part.split(':')[1])}" if ":" in part else part for part in parts
        )

    def interrupts(self, interrupts):
        return [
            [self.number("i", i.id), plain(i.value)]
            if isinstance(i, Interrupt)
            else [self.number("i", i["id"]), plain(i["value"])]
            for i in interrupts
        ]

    def values(self, values):
        """State values; interrupts may be among them."""
        return {k: self.interrupts(values[k]) if k == "__interrupt__" else plain(values[k]) for k in sorted(values)}

    def event(self, namespace, mode, data, stored=True):
        """`stored`: whether checkpoints are stored one by one; otherwise their parents are not defined."""
        ns = self.namespace(namespace)
        match mode:
            case "values":
                return ["values", ns, self.values(data)]
            case "updates":
                return ["updates", ns, self.values(data)]
            case "custom":
                return ["custom", ns, plain(data)]
            case "tasks" if "input" in data:
                return ["task", ns, self.number("t", data["id"]), data["name"], plain(data["input"]),
                        sorted(data["triggers"])]
            case "tasks":
                return ["result", ns, self.number("t", data["id"]), data["name"], data["error"] is not None,
                        {} if data["error"] else plain(data["result"]), self.interrupts(data["interrupts"])]
            case "checkpoints":
                metadata = data["metadata"]
                return ["checkpoint", ns, self.checkpoint(data["config"]),
                        self.checkpoint(data["parent_config"]) if stored else None,
                        metadata["source"], metadata["step"], plain(data["values"]), list(data["next"]),
                        [self.number("t", t["id"]) for t in data["tasks"]]]
        raise ValueError(f"event: unknown mode, got {mode}")

    def task(self, task, subgraphs, results):
        """A task of a snapshot. One that has failed and then finished is finished."""
        told = {"id": self.number("t", task.id), "name": task.name}
        if results and task.error and task.result is None:
            told["failed"] = True
        if task.interrupts:
            told["interrupts"] = self.interrupts(task.interrupts)
        if results and task.result is not None:
            told["result"] = plain(task.result)
        if subgraphs and task.state is not None:
            told["state"] = self.snapshot(task.state, True)
        return told

    def snapshot(self, snapshot, subgraphs=False, results=True):
        if snapshot.metadata is None:
            return None
        return {
            "id": self.checkpoint(snapshot.config),
            "parent": self.checkpoint(snapshot.parent_config),
            "source": snapshot.metadata["source"],
            "step": snapshot.metadata["step"],
            "values": plain(snapshot.values),
            "next": list(snapshot.next),
            "tasks": [self.task(t, subgraphs, results) for t in snapshot.tasks],
        }
