"""Bytes per second of encoding text: skillit beside the Python package `tokenizers` (encode_batch_fast, which keeps no
offsets), one thread and as many as there are processors, each in its own process, alternating, best of nine; the ids
must be the same. Texts: the RedPajama sample and alpaca below SKILLIT_SHARED (default ../shared)."""

import json
import os
import pathlib
import subprocess
import sys

ROUNDS, REPEATS = 3, 3
SHARED = pathlib.Path(os.environ.get("SKILLIT_SHARED", "../shared")) / "data"
TOKENIZERS = {"gpt2": "gpt2/tokenizer.json", "gpt-neox-20b": "gpt-neox-20b/20B_tokenizer.json"}

PACKAGE = """
import os, sys, time
os.environ["RAYON_NUM_THREADS"] = sys.argv[2]
os.environ["TOKENIZERS_PARALLELISM"] = "false" if sys.argv[2] == "1" else "true"
import tokenizers
data, texts, at = sys.stdin.buffer.read(), [], 0
while at < len(data):
    size = int.from_bytes(data[at:at + 8], "little")
    texts.append(data[at + 8:at + 8 + size].decode())
    at += 8 + size
tokenizer, best = tokenizers.Tokenizer.from_file(sys.argv[1]), float("inf")
for _ in range(int(sys.argv[3])):
    start = time.perf_counter()
    encodings = tokenizer.encode_batch_fast(texts, add_special_tokens=False)
    best = min(best, time.perf_counter() - start)
print(best)
for encoding in encodings:
    print(*encoding.ids)
"""


def texts_of(name):
    path = SHARED / name
    if path.suffix == ".json":
        return [record["instruction"] + "\n" + record["output"] for record in json.loads(path.read_text())]
    return [json.loads(line)["text"] for line in path.read_text().splitlines()]


def measure(command, tokenizer, threads, given):
    """Seconds of the fastest of REPEATS, and the ids as text."""
    arguments = [*command, SHARED / "tokenizers" / tokenizer, str(threads), str(REPEATS)]
    out = subprocess.run(arguments, input=given, capture_output=True, check=True).stdout
    seconds, ids = out.split(b"\n", 1)
    return float(seconds), ids


def main():
    if not SHARED.exists():
        print(f"skipped: {SHARED} is not there; set SKILLIT_SHARED")
        return
    sides = {"tokenizers": [sys.executable, "-c", PACKAGE],
             "skillit": [pathlib.Path(os.environ["SKILLIT_BENCH_FOLDER"]) / "tokenize"]}
    names = [f"redpajama_sample/{part}.jsonl" for part in ["arxiv", "book", "c4", "github", "stackexchange", "wikipedia"]]
    print(f"{'texts':>15}  {'tokenizer':>12}  {'threads':>7}  {'tokenizers MB/s':>15}  {'skillit MB/s':>12}  {'ratio':>5}")
    for name in [*names, "alpaca/alpaca_data_8k.json"]:
        encoded = [text.encode() for text in texts_of(name)]
        given = b"".join(len(text).to_bytes(8, "little") + text for text in encoded)
        size = sum(map(len, encoded)) / 1e6
        for label, tokenizer in TOKENIZERS.items():
            for threads in sorted({1, os.cpu_count()}):
                best = dict.fromkeys(sides, float("inf"))
                for _ in range(ROUNDS):
                    ids = set()
                    for side, command in sides.items():
                        seconds, found = measure(command, tokenizer, threads, given)
                        best[side] = min(best[side], seconds)
                        ids.add(found)
                    assert len(ids) == 1, f"{name}, {label}: the ids differ"
                print(f"{pathlib.Path(name).stem:>15}  {label:>12}  {threads:>7}  {size / best['tokenizers']:>15.1f}  "
                      f"{size / best['skillit']:>12.1f}  {best['tokenizers'] / best['skillit']:>5.1f}", flush=True)


if __name__ == "__main__":
    main()
