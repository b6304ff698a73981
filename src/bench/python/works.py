"""The works of the benchmark, done by LangGraph for Python. Prints one line `name<TAB>value` for each figure.

Times are medians of several runs in one warm process, in microseconds (per superstep where the name says so).
Argument: 'quick' for a trial run.
"""
import operator
import os
import statistics
import sys
import tempfile
import time
import uuid
from typing import Annotated, TypedDict

from langchain_core.messages import AIMessage, HumanMessage
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.checkpoint.sqlite import SqliteSaver
from langgraph.graph import END, START, StateGraph
from langgraph.graph.message import add_messages
from langgraph.types import Send

QUICK = sys.argv[1:] == ["quick"]
STEPS = 1000
RUNS = 2 if QUICK else 7
BALLAST = [f"{i:080d}" for i in range(1000)]  # 80 KB


def figure(name, value):
    print(f"{name}\t{value}", flush=True)


def timed(run):
    began = time.perf_counter_ns()
    run()
    return (time.perf_counter_ns() - began) / 1000


def median(run, runs=RUNS):
    run()
    return statistics.median(timed(run) for _ in range(runs))


class Loop(TypedDict):
    n: int
    ballast: list


def loop(saver):
    builder = StateGraph(Loop)
    builder.add_node("n", lambda state: {"n": state["n"] + 1})
    builder.add_edge(START, "n")
    builder.add_conditional_edges("n", lambda state: END if state["n"] >= STEPS else "n")
    graph = builder.compile(checkpointer=saver)

    def run(ballast):
        thread = str(uuid.uuid4())
        config = {"configurable": {"thread_id": thread}, "recursion_limit": STEPS + 10}
        options = {} if saver is None else {"durability": "sync"}
        result = graph.invoke({"n": 0, "ballast": ballast}, config, **options)
        assert result["n"] == STEPS
        if saver is not None:
            saver.delete_thread(thread)

    return run


class Fan(TypedDict):
    done: Annotated[list, operator.add]
    total: int


def fan():
    builder = StateGraph(Fan)
    builder.add_node("router", lambda state: {})
    builder.add_node("worker", lambda i: {"done": [i]})
    builder.add_node("join", lambda state: {"total": len(state["done"])})
    builder.add_edge(START, "router")
    builder.add_conditional_edges("router", lambda state: [Send("worker", i) for i in range(100)], ["worker"])
    builder.add_edge("worker", "join")
    builder.add_edge("join", END)
    graph = builder.compile()

    def run():
        assert graph.invoke({"done": [], "total": 0})["total"] == 100

    return run


class Chat(TypedDict):
    messages: Annotated[list, add_messages]


def chat(saver, turns=200):
    """Times of the turns of one conversation."""
    builder = StateGraph(Chat)
    builder.add_node("model", lambda state: {"messages": [AIMessage("a" * 200)]})
    builder.add_edge(START, "model")
    builder.add_edge("model", END)
    graph = builder.compile(checkpointer=saver)
    config = {"configurable": {"thread_id": "chat"}}
    return [
        timed(lambda: graph.invoke({"messages": [HumanMessage("h" * 200)]}, config, durability="sync"))
        for _ in range(turns)
    ]


def held(saver):
    """Bytes of all blobs in the saver's three maps, keys not counted."""

    def size(value):
        if isinstance(value, (bytes, str)):
            return len(value)
        if isinstance(value, dict):
            return sum(size(v) for v in value.values())
        if isinstance(value, (tuple, list)):
            return sum(size(v) for v in value)
        return 0

    return size(saver.storage) + size(saver.blobs) + size(saver.writes)


def main():
    for work, saver in (("a", None), ("b", InMemorySaver())):
        run = loop(saver)
        figure(f"{work}.small", median(lambda: run([])) / STEPS)
        figure(f"{work}.large", median(lambda: run(BALLAST)) / STEPS)
    figure("d", median(fan(), 5 if QUICK else 30))
    conversations = []
    for _ in range(2 if QUICK else 5):
        saver = InMemorySaver()
        conversations.append(chat(saver))
    figure("e.bytes", held(saver))
    # Neighbours too: a single turn is a noisy thing.
    figure("e.turn2", statistics.median(t for c in conversations for t in c[1:6]))
    figure("e.turn200", statistics.median(t for c in conversations for t in c[195:200]))
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "chat.db")
        with SqliteSaver.from_conn_string(path) as sqlite:
            chat(sqlite)
        figure("e.sqlite", sum(os.path.getsize(os.path.join(folder, f)) for f in os.listdir(folder)))


main()
