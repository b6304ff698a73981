"""Builds a LangGraph graph from a case."""

import operator
from typing import Annotated, Any, TypedDict

from langgraph.channels import AnyValue, EphemeralValue, Topic, UntrackedValue
from langgraph.config import get_stream_writer
from langgraph.graph import StateGraph
from langgraph.types import Command, Overwrite, RetryPolicy, Send, interrupt

from .inline import NotComparable
from .script import Replace, Scope, evaluate, holds

MOST_EXECUTIONS = 150

KINDS = {
    "last": Any,
    "any": Annotated[Any, AnyValue],
    "ephemeral": Annotated[Any, EphemeralValue],
    "untracked": Annotated[Any, UntrackedValue],
    "topic": Annotated[list, Topic(Any)],
    "topics": Annotated[list, Topic(Any, accumulate=True)],
    "sum": Annotated[int, operator.add],
    "append": Annotated[list, operator.add],
}
PERSISTENCE = {"inherit": None, "thread": True, "none": False}


class NodeFailure(Exception):
    """What a scripted node throws."""


class Ledger:
    """Counts executions by path and remembers their order."""

    def __init__(self):
        self.counts = {}
        self.ran = []

    def begin(self, path):
        count = self.counts.get(path, 0) + 1
        self.counts[path] = count
        self.ran.append(path)
        if sum(self.counts.values()) > MOST_EXECUTIONS:
            raise NotComparable("too many executions")
        return count


def native(value):
    """A scripted value as the reference wants it."""
    return Overwrite(value.value) if isinstance(value, Replace) else value


def updates(spec, scope):
    return {key: native(evaluate(expr, scope)) for key, expr in spec.items()}


def targets(spec, scope):
    return [t if isinstance(t, str) else Send(t["send"], evaluate(t["input"], scope)) for t in spec]


def result(spec, scope):
    if spec is None:
        return None
    if "update" in spec:
        return updates(spec["update"], scope)
    if "list" in spec:
        return [result(s, scope) for s in spec["list"]]
    command = spec["command"]
    return Command(
        graph=Command.PARENT if command.get("parent") else None,
        update=updates(command["update"], scope) if "update" in command else None,
        goto=targets(command.get("goto", ()), scope),
    )


def scripted(node, path, ledger):
    script, results, name = node["script"], node["results"], node["name"]

    def run(state):
        scope = Scope(state, name, ledger.begin(path))
        for statement in script:
            ((kind, operand),) = statement.items()
            if kind == "fail":
                if scope.execution in operand:
                    raise NodeFailure("scripted")
            elif kind == "emit":
                get_stream_writer()(evaluate(operand, scope))
            else:
                scope.answers.append(interrupt(evaluate(operand, scope)))
        return result(results[min(scope.execution, len(results)) - 1], scope)

    return run


def branch(spec, index):
    def path(state):
        scope = Scope(state, spec["from"])
        for choice in spec["choose"]:
            if holds(choice["when"], scope):
                return targets(choice["to"], scope)
        return []

    path.__name__ = f"branch{index}"
    return path


def schema(name, graph, only=None):
    return TypedDict(name, {k["name"]: KINDS[k["kind"]] for k in graph["keys"] if only is None or k["name"] in only})


def definition(graph, ledger, path=""):
    """The uncompiled graph."""
    builder = StateGraph(
        schema("State", graph),
        input_schema=schema("Input", graph, graph["input"]) if "input" in graph else None,
        output_schema=schema("Output", graph, graph["output"]) if "output" in graph else None,
    )
    for node in graph["nodes"]:
        name = node["name"]
        options = {"defer": node.get("defer", False)}
        if "graph" in node:
            inner = definition(node["graph"], ledger, f"{path}{name}/")
            builder.add_node(
                name, compiled(inner, node["graph"], PERSISTENCE[node["persistence"]]), **options
            )
            continue
        if "reads" in node:
            options["input_schema"] = schema("Reads", graph, node["reads"])
        if "attempts" in node:
            options["retry_policy"] = RetryPolicy(
                max_attempts=node["attempts"], initial_interval=0, jitter=False, retry_on=NodeFailure
            )
        builder.add_node(name, scripted(node, path + name, ledger), **options)
    for start, end in graph["edges"]:
        builder.add_edge(start, end)
    for starts, end in graph["joins"]:
        builder.add_edge(starts, end)
    for index, spec in enumerate(graph["branches"]):
        builder.add_conditional_edges(spec["from"], branch(spec, index))
    return builder


def compiled(builder, graph, checkpointer):
    return builder.compile(
        checkpointer=checkpointer,
        interrupt_before=graph.get("interrupt_before"),
        interrupt_after=graph.get("interrupt_after"),
    )
