"""Makes a random case from a seed. Steps are chosen by looking at the state the reference is in, so most of them mean
something: interrupted runs are answered, failed ones repeated, finished ones forked."""

import json
import random

from .play import Player

KEYS = {
    "a": "last", "b": "last", "v": "any", "e": "ephemeral", "x": "untracked",
    "t": "topic", "u": "topics", "n": "sum", "l": "append",
}
INNER_KEYS = {"p": "last", "q": "sum", "r": "append"}
NODES = ["a", "b", "n1", "n10", "n2", "w", "z"]
LIMIT = 12


class Generator:
    def __init__(self, seed):
        self.seed = seed
        self.random = random.Random(seed)

    # Chance

    def chance(self, percent):
        return self.random.random() * 100 < percent

    def pick(self, options):
        return self.random.choice(options)

    def weighted(self, *pairs):
        return self.random.choices([p[0] for p in pairs], [p[1] for p in pairs])[0]

    def sample(self, options, least, most):
        return self.random.sample(options, min(len(options), self.random.randint(least, most)))

    # Graphs

    def case(self):
        """A case without steps."""
        self.stops = self.chance(55)  # nodes may ask or fail
        return {
            "seed": self.seed,
            "limit": self.weighted((LIMIT, 88), (self.random.randint(1, 5), 12)),
            "checkpointer": self.chance(93),
            "graph": self.graph(),
            "steps": [],
        }

    def graph(self, depth=0, outer=None, around=()):
        if outer is None:
            kinds = {k: KEYS[k] for k in sorted(self.sample(sorted(KEYS), 2, 6))}
            kinds.setdefault("n", "sum")
            kinds.setdefault("l", "append")
        else:
            # A subgraph whose result is untracked counts as unfinished in the reference.
            tracked = sorted(k for k in outer if outer[k] != "untracked")
            kinds = {k: outer[k] for k in sorted(self.sample(tracked, 1, 4))}
            kinds |= {k: INNER_KEYS[k] for k in self.sample(sorted(INNER_KEYS), 0, 2)}
        kinds = dict(sorted(kinds.items()))
        names = self.sample(NODES, *((2, 6) if depth == 0 else (1, 3)))
        if self.chance(30):
            names.sort()
        graph = {"keys": [{"name": k, "kind": v} for k, v in kinds.items()]}
        for part in ("input", "output"):
            if self.chance(8):
                graph[part] = sorted(self.sample(sorted(kinds), 1, 4))
        self.depth = depth
        sends = self.chance(30)
        order = {name: i for i, name in enumerate(names)}
        inner = {}
        if depth < 2 and self.chance(22 if depth == 0 else 12):
            inner[self.pick(names)] = self.weighted(("inherit", 65), ("thread", 25), ("none", 10))
        context = {"kinds": kinds, "names": names, "order": order, "depth": depth, "sends": sends, "around": around,
                   "sendable": [n for n in names if inner.get(n) != "thread"]}
        # Declared by name: where the reference plans from a stored checkpoint it takes them as they were declared.
        graph["nodes"] = [self.node(name, context, inner.get(name)) for name in sorted(names)]
        self.wire(graph, context)
        for part in ("interrupt_before", "interrupt_after"):
            if self.chance(7):
                graph[part] = sorted(self.sample(names, 1, 2))
        return graph

    def node(self, name, context, persistence):
        node = {"name": name}
        if persistence is not None:
            node["graph"] = self.graph(
                # Below a graph without persistence the reference keeps state all the same: nothing is there.
                2 if persistence == "none" else context["depth"] + 1, context["kinds"], context["names"]
            )
            node["persistence"] = persistence
        else:
            self.scripted(node, context)
        if context["depth"] == 0 and self.chance(8) or self.chance(2):
            node["defer"] = True
        return node

    def scripted(self, node, context):
        context = dict(context, here=node["name"], answers=0)
        if self.chance(8):
            node["reads"] = sorted(self.sample(sorted(context["kinds"]), 1, 3))
        script = []
        if self.chance(12):
            script.append({"emit": self.expression(context)})
        if self.stops and self.chance(22):
            for _ in range(self.weighted((1, 80), (2, 20))):
                script.append({"interrupt": self.expression(context)})
                context["answers"] += 1
        if self.stops and self.chance(16):
            script.insert(self.random.randint(0, len(script)), {"fail": self.pick([[1], [1], [1, 2], [2], [1, 3]])})
            # A second attempt of a node that asks goes on counting its questions in the reference.
            if not context["answers"] and self.chance(30):
                node["attempts"] = 2
        node["script"] = script
        node["results"] = [self.result(context) for _ in range(self.weighted((1, 75), (2, 20), (3, 5)))]

    def result(self, context, nested=False):
        if nested:
            shape = self.weighted(("update", 50), ("command", 50))
        else:
            shape = self.weighted(("update", 74), ("null", 4), ("command", 16), ("list", 6))
        if shape == "null":
            return None
        if shape == "update":
            return {"update": self.writes(context)}
        if shape == "list":
            results = [self.result(context, True) for _ in range(self.random.randint(1, 3))]
            if not any("command" in r for r in results):
                results.append({"command": {"goto": self.goto(context)}})
            return {"list": results}
        command = {}
        if self.chance(65):
            command["update"] = self.writes(context)
        if self.chance(75):
            command["goto"] = self.goto(context)
        if self.chance(28 if context["depth"] else 0 if context["answers"] else 2):
            command["parent"] = True
            if "goto" in command:
                command["goto"] = self.pick([["__end__"], [self.pick(context["around"] or NODES)], []])
        return {"command": command}

    def goto(self, context):
        """Mostly onwards, so that loops are rare."""
        later = [n for n in context["names"] if context["order"][n] > context["order"].get(context["here"], -1)]
        names = later if later and not self.chance(5) else ["__end__"] if not self.chance(10) else context["names"]
        return self.targets(context, names)

    def targets(self, context, names):
        targets = []
        for name in self.sample(names, 1, 2):
            if context["sends"] and name in context["sendable"] and self.chance(60):
                targets += [self.send(name, context) for _ in range(self.weighted((1, 50), (2, 40), (3, 10)))]
            else:
                targets.append(name)
        return targets

    def send(self, name, context):
        # An edit as a node that sends untracked values stores them in the reference.
        tracked = sorted(k for k, kind in context["kinds"].items() if kind != "untracked")
        keys = self.sample(tracked, 0, 2)
        return {"send": name, "input": {"map": {k: self.value(context["kinds"][k], context) for k in sorted(keys)}}}

    # Wires

    def wire(self, graph, context):
        names = context["names"]
        graph["edges"], graph["joins"], graph["branches"] = [], [], []
        reads = {n["name"]: n.get("reads") for n in graph["nodes"]}
        reached = set()
        if self.chance(8):
            graph["branches"].append(self.branch("__start__", context, names, graph.get("input")))
            reached.update(t for c in graph["branches"][0]["choose"] for t in c["to"] if isinstance(t, str))
        if not reached or self.chance(30):
            for name in [names[0], *([self.pick(names)] if self.chance(25) else [])]:
                if ["__start__", name] not in graph["edges"]:
                    graph["edges"].append(["__start__", name])
                    reached.add(name)
        for i, name in enumerate(names):
            if name not in reached and not self.chance(15):
                earlier = names[:i] or [names[0]]
                if len(earlier) > 1 and self.chance(25):
                    graph["joins"].append([sorted(self.sample(earlier, 2, 3)), name])
                elif earlier != [name]:
                    graph["edges"].append([self.pick(earlier), name])
            later = names[i + 1 :]
            if self.chance(22):
                options = later if not self.chance(6) else names
                graph["branches"].append(self.branch(name, context, [*options, "__end__"], reads[name]))
            elif later and self.chance(25) and [name, end := self.pick(later)] not in graph["edges"]:
                graph["edges"].append([name, end])
            elif self.chance(20):
                graph["edges"].append([name, "__end__"])
            elif self.chance(2):
                graph["edges"].append([name, self.pick(names)])
        scripted = [n for n in graph["nodes"] if "script" in n and "n" in n.get("reads", "n")]
        if scripted and "n" in context["kinds"] and self.chance(14):  # a loop that counts
            node = self.pick(scripted)
            node["results"][-1] = {"update": {"n": 1}}
            loop = {"when": {"measure": "n", "below": self.random.randint(2, 6)}, "to": [self.pick(names)]}
            graph["branches"].append({"from": node["name"], "choose": [loop]})

    def branch(self, start, context, names, reads=None):
        context = dict(context, here=start, answers=0)
        if start == "__start__":  # in the reference it also sees input that is dropped
            context["reads"] = True
        if reads:  # in the reference a branch sees what its node sees
            context |= {"kinds": {k: context["kinds"][k] for k in reads}, "reads": True}
        choose = [
            {"when": self.condition(context), "to": self.targets(context, names)}
            for _ in range(self.weighted((1, 60), (2, 40)))
        ]
        if self.chance(60):
            choose.append({"when": None, "to": self.targets(context, names)})
        return {"from": start, "choose": choose}

    def condition(self, context):
        return {"measure": self.pick(sorted(context["kinds"])), "below": self.random.randint(1, 6)}

    # Values

    def writes(self, context):
        kinds = context["kinds"]
        keys = self.sample(sorted(kinds), 1, 2)
        # Keys without a reducer conflict when siblings write them: less often than chance would have it.
        keys = [k for k in keys if kinds[k] in ("sum", "append", "topic", "topics", "any") or self.chance(60)]
        if [kinds[k] for k in keys] == ["untracked"]:
            keys = []  # a task that wrote nothing else counts as unfinished in the reference
        return {k: self.value(kinds[k], context, True) for k in sorted(keys)}

    def value(self, kind, context, replacing=False):
        match kind:
            case "sum":
                value = self.weighted(
                    (self.random.randint(-1, 3), 60), ({"execution": None}, 25), (self.measure(context), 15)
                )
            case "append":
                value = [self.expression(context) for _ in range(self.weighted((0, 6), (1, 76), (2, 18)))]
            case "topic" | "topics":
                value = self.weighted(
                    ([self.scalar()], 40), ([{"name": None}], 40), ([self.scalar(), {"name": None}], 18), ([], 2)
                )
            case _:
                value = self.expression(context)
        return {"replace": value} if replacing and kind in ("sum", "append") and self.chance(6) else value

    def measure(self, context):
        return {"measure": self.pick(sorted(context["kinds"])), "plus": self.random.randint(0, 2)}

    def scalar(self):
        return self.weighted((self.random.randint(0, 9), 60), (self.pick(["", "x", "yes", "ö"]), 40))

    def expression(self, context):
        if context.get("answers") and self.chance(45):
            return {"answer": self.random.randrange(context["answers"])}
        return self.weighted(
            (self.scalar(), 30),
            ({"name": None}, 22),
            ({"execution": None}, 18),
            (self.measure(context), 14),
            ({"get": self.pick([k for k, v in sorted(context["kinds"].items()) if v not in ("append", "topics")] or ["?"])}, 8),
            ({"keys": None}, 0 if "reads" in context else 4),
            (None, 2),
            ([self.scalar()], 1),
            ({"const": {"k": self.scalar()}}, 1),
        )

    # Steps

    def scenario(self, case):
        """Adds steps while it plays the case; returns their record."""
        player = Player(case)
        record = []
        for _ in range(self.weighted((1, 6), (2, 24), (3, 30), (4, 25), (5, 15))):
            case["steps"].append(step := self.step(case, player, record))
            record.append(player.play(step))
        return [*record, player.end()]

    def step(self, case, player, record):
        graph = case["graph"]
        self.head, self.steps = player.head, case["steps"]
        context = {"kinds": {k["name"]: k["kind"] for k in graph["keys"]}, "names": [n["name"] for n in graph["nodes"]]}
        context |= {"order": {}, "here": "", "sends": self.chance(30),
                    "sendable": [n["name"] for n in graph["nodes"] if n.get("persistence") != "thread"]}
        fresh = {"do": "invoke", "input": {"update": self.plain_writes(context)}}
        if not case["checkpointer"]:
            return fresh
        if not record:
            first = self.weighted(("input", 92), ("update", 4), ("null", 2), ("bulk", 2))
            return self.settle(graph, {"input": fresh, "update": self.update(context, player), "bulk": self.bulk(context),
                                "null": {"do": "invoke", "input": None}}[first], context)
        if player.head is None or player.head.metadata is None:
            return self.settle(graph, fresh, context)
        if self.chance(17):
            return self.settle(graph, self.update(context, player), context)
        if self.chance(2):
            return self.bulk(context)
        pending = sum(len(t.interrupts) for t in player.head.tasks if t.result is None)
        null = {"do": "invoke", "input": None}
        resume = {"do": "invoke", "input": {"command": {"resume": self.answer()}}}
        goto = {"do": "invoke", "input": {"command": self.command(context)}}
        fork = {"do": "invoke", "input": self.weighted((None, 85), (fresh["input"], 15)), "at": self.random.randint(0, 9)}
        if pending:
            answers = [[i, self.answer()] for i in range(pending) if self.chance(75)]
            by_id = {"do": "invoke", "input": {"command": {"answers": answers or [[0, self.answer()]]}}}
            if self.chance(8):
                # A task that the same command makes might take the answer in the reference; in the engine it is for who waits.
                resume["input"]["command"]["update"] = self.plain_writes(context)
            if '"none"' in json.dumps(graph):  # there the reference ignores answers by id
                by_id = resume
            others = sum(t.result is None for t in player.head.tasks) > 1 or self.steered(case, record)
            if others:  # one that failed before might ask first: as above
                resume = null if '"none"' in json.dumps(graph) else by_id
            options = [(resume, 45 if pending == 1 else 12), (by_id, 22 if pending == 1 else 50), (null, 8), (fresh, 5),
                       (goto, 6), (fork, 9)]
        elif player.head.next:
            options = [(null, 55), (fresh, 12), (goto, 9), (resume, 4), (fork, 15)]
        else:
            options = [(fresh, 45), (fork, 28), (goto, 9), (null, 4), (resume, 3)]
        last = case["steps"][-1].get("input")
        if last and "answers" in last.get("command", ()) and record[-2:-1] and player.head.next:
            # Answers by id that nobody took are forgotten by the reference, not by the engine.
            options = [o for o in options if o[0] is not null and o[0] is not goto]
        return self.settle(graph, self.weighted(*options), context)

    def steered(self, case, record):
        """Whether a command has made tasks on the checkpoint where the thread stands."""
        heads = [(told.get("state") or {}).get("id") for told in record]
        return any(
            head == heads[-1] and "goto" in (step.get("input") or {}).get("command", ())
            for head, step in zip(heads, case["steps"])
        )

    def settle(self, graph, step, context):
        """Adds what any invocation may have."""
        if step["do"] == "invoke":
            # At exit the reference stores untracked values too, and does not know to where subgraphs go back.
            all_of_it = json.dumps(graph)
            # Writes that are stored already are stored again, under other numbers.
            stored = step["input"] is None or "command" in step["input"]
            stored = stored and self.head and any(t.result is not None or t.error for t in self.head.tasks)
            back = "at" in step and ('"thread"' in all_of_it or "command" in json.dumps(self.steps))
            exits = 0 if "untracked" in all_of_it or stored or back else 18
            step["durability"] = self.weighted(("sync", 100 - exits), ("exit", exits))
            for part in ("interrupt_before", "interrupt_after"):
                if self.chance(3):
                    step[part] = sorted(self.sample(context["names"], 1, 2))
        return step

    def answer(self):
        return self.weighted((self.scalar(), 80), ([self.scalar()], 12), (False, 4), ([], 4))

    def command(self, context):
        command = {}
        if self.chance(60):
            command["update"] = self.plain_writes(context)
        if self.chance(60) or not command.get("update"):
            command["goto"] = self.targets(context, context["names"])
        return command

    def update(self, context, player):
        node = self.weighted((None, 35), (self.pick(context["names"]), 57), ("__end__", 3), ("__copy__", 2),
                             ("__input__", 2), ("__start__", 1))
        if node == "__input__" and player.head and player.head.next:
            node = None  # the reference runs what is pending together with the new input
        known = player.head is not None and player.head.metadata is not None
        if not known and node in ("__end__", "__copy__"):
            node = None
        nothing = node in ("__end__", "__copy__") or self.chance(6) and node != "__input__" and known
        step = {"do": "update", "values": None if nothing else self.plain_writes(context)}
        if node:
            step["as_node"] = node
        if known and node not in ("__input__", "__end__") and self.chance(35):
            step["at"] = self.random.randint(0, 9)
        return step

    def bulk(self, context):
        return {"do": "bulk", "supersteps": [
            [{"values": self.plain_writes(context), "as_node": n} for n in self.sample(context["names"], 1, 2)]
            for _ in range(self.random.randint(1, 2))
        ]}

    def plain_writes(self, context):
        """Values that come from outside."""
        kinds = context["kinds"]
        return {k: self.plain_value(kinds[k]) for k in sorted(self.sample(sorted(kinds), 1, 3))}

    def plain_value(self, kind):
        match kind:
            case "sum":
                return self.weighted((self.random.randint(0, 4), 95), ({"replace": 7}, 5))
            case "append":
                return [self.scalar()]
            case "topic" | "topics":
                return [self.scalar() for _ in range(self.weighted((1, 70), (2, 30)))]
            case _:
                return self.scalar()


def generate(seed):
    """A case and its record."""
    generator = Generator(seed)
    case = generator.case()
    return case, generator.scenario(case)
