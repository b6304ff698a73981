#!/usr/bin/env python3
"""Makes scripted.gguf: a tiny llama-architecture model whose weights are SET, not trained, so that it follows a script.

    pip install gguf numpy ; python3 make_tiny_gguf.py scripts.json scripted.gguf      (the output is always the same)

scripts.json   {"scripts": {trigger: answer}, "when": {condition: {trigger or "*": answer}}}
  trigger      a phrase (or role marker <|user|>, <|tool|>); the LAST one in the prompt decides the answer
  condition    a phrase; when it stands anywhere in the prompt, its answers replace those of "scripts"
               ("*": for every trigger that it does not name); of two conditions the one named first decides
  answer       text | a tool call {"name", "arguments"} | a list of those | {"loop": [parts]}, endless

How it works. One layer, two heads, no feed-forward part; the answer is the same at any temperature.
  * Every trigger, condition and role marker is one token; all other text is bytes.
  * Head 1 finds the last trigger (a static key bias marks triggers, one slow RoPE pair makes the score fall with
    distance) and adds its one-hot code to the residual. Scores of triggers less than about 6 tokens apart are close:
    the chat template pads the gap between messages.
  * Head 2 finds a condition wherever it is and adds its code; without one it adds nothing.
  * The unembedding is a bigram table: code of a trigger (+ code of a condition) -> first chunk, code of chunk k ->
    chunk k+1. An answer is cut into chunks, no two equal in the whole vocabulary, so "last token" is enough state.
  * The constant dimension lets grammar-constrained output (format) come to its end.
Nothing here comes from any other model: the vocabulary is 256 bytes and the tokens below.
"""
import json
import math
import random
import sys

import gguf
import numpy as np

HEAD, PAD_TO, CONTEXT, NORMAL, CONTROL, USER = 32, 32, 4096, 1, 3, 4
CONST, FLAG, EXPLICIT, CONDITION, PAD, FIRST = 0, 1, 2, 3, 4, 5  # residual dimensions; one-hot codes from FIRST on
# Pull of a code on the next chunk. The current token's own code counts whole, what a head adds counts half (ADDED), so:
# unconditional 3; asked for under the condition 2 + 2 = 4; "*" under the condition 3.5; not asked for at most 2.
ADDED, NEXT, ASKED, HOLDS, STAR = 0.5, 6, 4, 4, 7


def byte_map():
    """GPT-2's reversible byte -> printable character table."""
    keep = [*range(33, 127), *range(161, 173), *range(174, 256)]
    rest = [b for b in range(256) if b not in keep]
    return {b: chr(b) for b in keep} | {b: chr(256 + i) for i, b in enumerate(rest)}


def spoken(answer):
    """The text of an answer; for a loop its parts."""
    if isinstance(answer, str):
        return answer
    if "loop" in answer:
        return tuple(answer["loop"])
    calls = answer if isinstance(answer, list) else [answer]
    return "\n".join(f"<tool_call>\n{json.dumps(call)}\n</tool_call>" for call in calls)


def chunks(text, used, rng):
    """Cuts text (bytes) into pieces of about 2 to 7 bytes, no piece seen before."""
    raw, at, out = text.encode(), 0, []
    while at < len(raw):
        size = rng.randint(2, 7)
        while raw[at:at + size] in used and at + size < len(raw):
            size += 1
        piece = raw[at:at + size]
        while piece in used:  # the tail is not unique: join it to the piece before
            used.discard(last := out.pop())
            piece = last + piece
        used.add(piece)
        out.append(piece)
        at += size
    return out


class Vocabulary:
    """Tokens, and which chunk follows which (edges), and where each answer begins (first)."""

    def __init__(self, scripts, conditions):
        self.tokens, self.types, self.edges, self.first = [], [], [], {}
        self.rng, self.table = random.Random(7), byte_map()
        self.used = {bytes([b]) for b in range(256)} | {b" t"} | {p.encode() for p in [*scripts, *conditions]}
        for b in range(256):
            self.add(self.table[b], NORMAL)
        self.begin, self.end, *_ = (self.add(f"<|{t}|>", CONTROL) for t in ("begin", "end", "assistant", "system"))
        self.triggers = {t: self.add(t, CONTROL if t.startswith("<|") else USER) for t in scripts}
        self.conditions = {c: self.add(c, USER) for c in conditions}
        self.add(self.text(b" t"), NORMAL)  # the one merge

    def text(self, raw):
        return "".join(self.table[b] for b in raw)

    def add(self, token, kind):
        self.tokens.append(token)
        self.types.append(kind)
        return len(self.tokens) - 1

    def start_of(self, answer):
        """The first chunk of an answer; equal answers share their chunks."""
        says = spoken(answer)
        if says not in self.first:
            loop = isinstance(says, tuple)
            parts = [p.encode() for p in says] if loop else chunks(says, self.used, self.rng)
            assert not loop or not self.used & set(parts), f"a loop's parts must be new: {says}"
            self.used |= set(parts)
            ids = [self.add(self.text(p), NORMAL) for p in parts]
            self.edges += zip(ids, [*ids[1:], ids[0] if loop else self.end])
            self.first[says] = ids[0]
        return self.first[says]

    def fill(self):
        while len(self.tokens) % PAD_TO:
            self.add(f"<|unused{len(self.tokens)}|>", CONTROL)
        assert len(set(self.tokens)) == len(self.tokens), "a token twice would abort the whole server"


def weights(vocabulary, scripts, conditions):
    """Tensors by name."""
    voc = vocabulary
    says = {(voc.triggers[t], voc.start_of(a)) for t, a in scripts.items()}
    asked = {(voc.conditions[c], voc.triggers[t], voc.start_of(a)) for c, table in conditions.items()
             for t, a in table.items() if t != "*"}
    star = {(voc.conditions[c], voc.start_of(table["*"])) for c, table in conditions.items() if "*" in table}
    voc.fill()
    dim = {t: FIRST + i for i, t in enumerate(sorted({a for a, _ in voc.edges} | {*voc.triggers.values()}
                                                     | {*voc.conditions.values()}))}
    n, width = len(voc.tokens), -(-(FIRST + len(dim)) // PAD_TO) * PAD_TO
    assert len(voc.triggers) <= HEAD, f"room for {HEAD} triggers"
    gain = math.sqrt(width) / 2  # every row has norm 2, so RMSNorm multiplies by sqrt(width)/2

    emb = np.zeros((n, width), np.float32)
    emb[:, CONST] = 1
    emb[list(dim), list(dim.values())] = 1
    for phrase, t in voc.triggers.items():
        emb[t, FLAG], emb[t, EXPLICIT] = 1, 0 if phrase.startswith("<|") else 1
    for rank, t in enumerate(voc.conditions.values()):
        emb[t, CONDITION] = 1 - rank / 5  # of two conditions that hold the one named first decides
    assert len(voc.conditions) <= 4, "a fifth condition would be too faint for head 2"
    emb[:, PAD] = np.sqrt(np.maximum(0, 4 - (emb ** 2).sum(1)))

    slope, floor, extra, found = 1500.0, 1200.0, 2.0, 60.0  # score(d) = floor + slope*cos(theta*d + pi/4) [+ extra]
    q, k, v = (np.zeros((2 * HEAD, width), np.float32) for _ in range(3))
    o = np.zeros((width, 2 * HEAD), np.float32)
    root = lambda x: math.sqrt(x * math.sqrt(HEAD)) / gain  # q and k share the product; scores are / sqrt(HEAD)
    q[14, CONST] = root(slope)
    k[14, FLAG], k[15, FLAG] = (root(slope) * f(-math.pi / 4) for f in (math.cos, math.sin))
    q[30, CONST] = k[30, FLAG] = root(floor)
    q[28, CONST] = k[28, EXPLICIT] = root(extra)
    q[HEAD + 30, CONST] = k[HEAD + 30, CONDITION] = root(found)
    for head, phrases in enumerate((voc.triggers, voc.conditions)):
        for j, t in enumerate(phrases.values()):
            v[head * HEAD + j, dim[t]] = 1 / gain
            o[dim[t], head * HEAD + j] = ADDED

    out = np.zeros((n, width), np.float32)
    for a, b in {*voc.edges, *says}:
        out[b, dim[a]] = NEXT
        if b == voc.end:  # a grammar forbids the end here? then close the string
            out[ord('"'), dim[a]] = 4
    for condition, trigger, b in asked:
        out[b, dim[trigger]], out[b, dim[condition]] = ASKED, HOLDS
    for condition, b in star:
        out[b, dim[condition]] = STAR
    for rank, b in enumerate(b'0123456789:",]}'):  # for grammars: close what is open, else a digit
        out[b, CONST] = 0.05 * (rank + 1)
    out[voc.end, CONST] = 1.0
    out[list(b" \t\n\r"), CONST] = -0.5

    f16, ones, zeros = np.float16, np.ones(width, np.float32), lambda *s: np.zeros(s, np.float16)
    return {"token_embd": emb.astype(f16), "output": out.astype(f16), "output_norm": ones, "blk.0.attn_norm": ones,
            "blk.0.ffn_norm": ones, "blk.0.attn_q": q, "blk.0.attn_k": k, "blk.0.attn_v": v, "blk.0.attn_output": o,
            "blk.0.ffn_gate": zeros(32, width), "blk.0.ffn_up": zeros(32, width), "blk.0.ffn_down": zeros(width, 32)}


def build(source, path):
    with open(source, encoding="utf-8") as f:
        data = json.load(f)
    voc = Vocabulary(data["scripts"], data["when"])
    tensors = weights(voc, data["scripts"], data["when"])
    n, width = tensors["token_embd"].shape
    w = gguf.GGUFWriter(path, "llama")
    # base^(-7/16) = 10^-3.5: RoPE pair 7 turns 1.3 rad in 4096 tokens
    for key, value in {"name": "heddle-scripted", "context_length": CONTEXT, "embedding_length": width,
                       "block_count": 1, "feed_forward_length": 32, "head_count": 2, "head_count_kv": 2,
                       "key_length": HEAD, "value_length": HEAD, "rope_dimension_count": HEAD, "rope_freq_base": 1e8,
                       "layer_norm_rms_eps": 1e-6, "vocab_size": n, "file_type": 1, "tokenizer_model": "gpt2",
                       "tokenizer_pre": "llama-bpe", "token_list": voc.tokens, "token_types": voc.types,
                       "token_merges": ["Ġ t"], "bos_token_id": voc.begin, "eos_token_id": voc.end,
                       "add_bos_token": True, "add_eos_token": False}.items():
        getattr(w, "add_" + key)(value)
    for name, tensor in tensors.items():
        w.add_tensor(name + ".weight", tensor)
    w.write_header_to_file(), w.write_kv_data_to_file(), w.write_tensors_to_file(), w.close()
    print(f"{path}: vocabulary {n}, width {width}, {len(voc.triggers)} triggers, {len(voc.conditions)} conditions")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit("usage: make_tiny_gguf.py scripts.json scripted.gguf")
    build(sys.argv[1], sys.argv[2])
