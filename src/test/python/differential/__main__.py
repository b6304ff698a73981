"""The command line; see README.md."""

import gzip
import json
import logging
import multiprocessing
import sys
import warnings
from collections import Counter
from functools import partial

from .generate import generate
from .inline import NotComparable
from .play import record

MOST_CHARACTERS = 40_000


def line(seed, twice=False):
    """A recorded case as one line of JSON, or why there is none."""
    try:
        case, told = generate(seed)
        if twice and record(case) != told:
            return None, "not deterministic"
    except NotComparable as reason:
        return None, str(reason)
    text = json.dumps({"case": case, "record": told}, ensure_ascii=False, separators=(",", ":"))
    return (text, None) if len(text) <= MOST_CHARACTERS else (None, "too long")


def lines(start, count, twice=False):
    """Recorded cases of that many seeds, in their order, made by all processors; what was left out is told on stderr."""
    left_out = Counter()
    with multiprocessing.Pool(initializer=quiet) as pool:
        for text, reason in pool.imap(partial(line, twice=twice), range(start, start + count), chunksize=8):
            if text is None:
                left_out[reason] += 1
            else:
                yield text
    for reason, times in left_out.most_common(20):
        print(f"left out {times} of {count}: {reason}", file=sys.stderr)


def quiet():
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")


def main(command, *arguments):
    quiet()
    match command, arguments:
        case "generate", [seed]:
            json.dump(generate(int(seed))[0], sys.stdout, ensure_ascii=False)
            print()
        case "record", [start, count]:
            for text in lines(int(start), int(count)):
                print(text, flush=True)
        case "corpus", [file, start, count]:
            with gzip.GzipFile(file, "wb", 9, mtime=0) as out:
                for text in lines(int(start), int(count), twice=True):
                    out.write(text.encode() + b"\n")
        case _:
            sys.exit("usage: python -m differential generate SEED | record FROM COUNT | corpus FILE FROM COUNT")


if __name__ == "__main__":
    main(*sys.argv[1:])
