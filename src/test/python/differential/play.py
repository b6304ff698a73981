"""Plays the steps of a case against LangGraph."""

import json

from langgraph.checkpoint.memory import InMemorySaver
from langgraph.errors import InvalidUpdateError
from langgraph.types import Command, StateUpdate

from .build import Ledger, compiled, definition, targets, updates
from .inline import NotComparable, install
from .record import Recorder, kind
from .script import Scope

MODES = ["values", "updates", "custom", "tasks", "checkpoints"]
# With the inline executor `async` is `sync`, which the reference cannot do over a subgraph without checkpointer.
DURABILITY = {"sync": "async", "exit": "exit"}
NOTHING = Scope(None)

install()


class Player:
    """One case: its graph, its checkpointer, one thread."""

    def __init__(self, case):
        self.case = case
        self.ledger = Ledger()
        self.saver = InMemorySaver() if case["checkpointer"] else None
        self.graph = compiled(definition(case["graph"], self.ledger), case["graph"], self.saver)
        self.recorder = Recorder()
        self.head = None  # the snapshot after the last step

    def config(self, step):
        configurable = {"thread_id": "thread", "checkpoint_ns": ""} if self.saver else {}
        if "at" in step and (history := self.history()):
            configurable["checkpoint_id"] = history[-1 - step["at"] % len(history)].config["configurable"][
                "checkpoint_id"
            ]
        return {"configurable": configurable, "recursion_limit": self.case["limit"], "max_concurrency": 1}

    def history(self):
        try:
            return list(self.graph.get_state_history({"configurable": {"thread_id": "thread"}}))
        except InvalidUpdateError as failure:
            raise NotComparable("commands that conflict make the history unreadable") from failure

    def play(self, step):
        """Plays one step and tells what happened."""
        told = {"events": []}
        self.ledger.ran = []
        try:
            self.perform(step, told["events"])
        except Exception as failure:
            told["error"] = kind(failure)
            self.check(told, step)
        told["ran"] = self.ledger.ran
        if self.saver:
            told["state"] = self.state()
        return told

    def check(self, told, step):
        """Leaves out failures of the reference that the engine is not to have (docs/engine-differences.md)."""
        error = told["error"]
        if error == "CONFLICT":
            self.check_conflict(told["events"], step)
        if error == "RECURSION_LIMIT" and step.get("durability") == "exit":
            raise NotComparable("a subgraph that meets the limit is not stored at exit")
        if error == "MANY_INTERRUPTS" and self.head and sum(t.result is None for t in self.head.tasks) < 2:
            raise NotComparable("a finished subgraph counts as waiting")
        if error == "AMBIGUOUS_UPDATE":
            seen = self.saver.get_tuple(self.config(step)).checkpoint["versions_seen"]
            last = sorted((v, n) for n, versions in seen.items() if n in self.graph.nodes for v in versions.values())
            if not last or len(last) > 1 and last[-1][1] == last[-2][1]:
                raise NotComparable("ambiguous between two triggers of one node, or none")

    def check_conflict(self, events, step):
        nested = json.dumps([n["graph"] for n in self.case["graph"]["nodes"] if "graph" in n])
        if step.get("durability") == "exit":
            raise NotComparable("a conflict leaves a half-applied checkpoint at exit")
        if step["do"] != "invoke":
            raise NotComparable("an edit that conflicts leaves its writes")
        if "interrupt" in nested or any(e[0] == "updates" and "__interrupt__" in e[2] for e in events):
            raise NotComparable("interrupt and conflict in one superstep")
        if '"reads"' in json.dumps(self.case["graph"]):
            raise NotComparable("a branch of a node with reads does not meet all conflicts")
        tasks = self.history()[0].tasks if self.saver and self.history() else ()
        if len(tasks) == 1 or any(t.interrupts for t in tasks):
            raise NotComparable("a conflict of a task with itself, or with an interrupt")

    def state(self):
        self.head = None
        try:
            self.head = self.graph.get_state({"configurable": {"thread_id": "thread"}}, subgraphs=True)
        except Exception as failure:
            raw = self.history()[0]
            return {"raises": kind(failure), "raw": self.recorder.snapshot(raw, results=False)}
        return self.recorder.snapshot(self.head, True)

    def perform(self, step, events):
        config = self.config(step)
        if step["do"] == "invoke":
            for namespace, mode, data in self.graph.stream(
                self.input(step["input"]),
                config,
                stream_mode=MODES if self.saver else MODES[:-1],
                subgraphs=True,
                durability=DURABILITY[step["durability"]] if self.saver else None,
                interrupt_before=step.get("interrupt_before"),
                interrupt_after=step.get("interrupt_after"),
            ):
                events.append(self.recorder.event(namespace, mode, data, step.get("durability") != "exit"))
        elif step["do"] == "update":
            values = None if step["values"] is None else updates(step["values"], NOTHING)
            self.graph.update_state(config, values, as_node=step.get("as_node"))
        else:
            self.graph.bulk_update_state(
                config,
                [[StateUpdate(updates(u["values"], NOTHING), u["as_node"]) for u in s] for s in step["supersteps"]],
            )

    def input(self, spec):
        if spec is None:
            return None
        if "update" in spec:
            return updates(spec["update"], NOTHING)
        command = spec["command"]
        resume = command.get("resume")
        if "answers" in command:
            pending = [i for t in self.head.tasks if t.result is None for i in t.interrupts] if self.head else []
            resume = {pending[i].id: value for i, value in command["answers"] if i < len(pending)} or None
        return Command(
            resume=resume,
            update=updates(command["update"], NOTHING) if "update" in command else None,
            goto=targets(command.get("goto", ()), NOTHING),
        )

    def end(self):
        """The last part of the record."""
        return {"history": [self.recorder.snapshot(s, results=False) for s in self.history()] if self.saver else []}


def record(case):
    """All of a case's record."""
    player = Player(case)
    return [*(player.play(step) for step in case["steps"]), player.end()]
