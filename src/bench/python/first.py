"""The first result of a fresh process: builds a graph of one node, runs it, prints the result and the peak memory."""
from typing import TypedDict

from langgraph.graph import END, START, StateGraph


class State(TypedDict):
    n: int


builder = StateGraph(State)
builder.add_node("n", lambda state: {"n": state["n"] + 1})
builder.add_edge(START, "n")
builder.add_edge("n", END)
print("result", builder.compile().invoke({"n": 41})["n"])
with open("/proc/self/status") as status:
    print("".join(line for line in status if line.startswith("VmHWM:")), end="")
