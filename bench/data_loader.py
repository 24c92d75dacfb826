"""Tokens per second from mapped files to batches, in a mixture of seven skills: plain memcpy, skillit's reader in C++ and
from Python, and PyTorch's DataLoader over Hugging Face interleave_datasets doing the same mixing (windows of the same
tokens in an Arrow file on disk, with probabilities, in batches of the same shape). Also the time until the first batch.
Each in its own process; best of the rounds."""

import importlib.util
import json
import os
import pathlib
import subprocess
import sys
import tempfile

WINDOW, ROWS, SKILLS, WINDOWS = 1024, 64, 7, 4096  # 29 million tokens on disk.
TOKENS = {"native": 1 << 27, "python": 1 << 26, "huggingface": 1 << 22}
FOLDER = pathlib.Path(os.environ["SKILLIT_BENCH_FOLDER"])
BUILD = FOLDER.parent

OURS = """
import sys, time
sys.path.insert(0, "python")
import skillit
pack, window, rows, tokens, threads = sys.argv[1], *map(int, sys.argv[2:])
best, first = 0.0, 1e9
for _ in range(3):
    begun = time.perf_counter()
    stream = skillit.PackStream(pack, window=window, batch=rows, threads=threads, seed=1)
    weights = range(1, len(stream.skills) + 1)
    read = 0
    for batch in stream.block(list(weights), tokens // (window * rows)):
        if read == 0:
            start = time.perf_counter()
            first = min(first, start - begun)
        read += batch.tokens.size
    best = max(best, (read - window * rows) / (time.perf_counter() - start))
print(best, first)
"""

THEIRS = """
import sys, time
import datasets, torch
folder, skills, window, rows, tokens, workers = sys.argv[1], *map(int, sys.argv[2:])
total = skills * (skills + 1) // 2
best, first = 0.0, 1e9
for _ in range(2):
    begun = time.perf_counter()
    parts = [datasets.load_from_disk(f"{folder}/{i}").to_iterable_dataset(num_shards=max(1, workers)).shuffle(seed=1, buffer_size=1)
             for i in range(skills)]
    mixed = datasets.interleave_datasets(parts, probabilities=[(i + 1) / total for i in range(skills)], seed=1,
                                         stopping_strategy="all_exhausted").with_format("torch")
    read = 0
    for batch in torch.utils.data.DataLoader(mixed, batch_size=rows, num_workers=workers):
        if read == 0:
            start = time.perf_counter()
            first = min(first, start - begun)
        read += batch["tokens"].numel()
        if read >= tokens:
            break
    best = max(best, (read - window * rows) / (time.perf_counter() - start))
print(best, first)
"""


def run(command):
    result = subprocess.run([str(part) for part in command], capture_output=True, text=True)
    if result.returncode != 0:
        sys.exit(result.stderr)
    return result.stdout


def make_data(folder):
    """A pack by `data import` of raw tokens, and the same windows for Hugging Face."""
    import numpy as np

    generator = np.random.default_rng(1)
    arguments = []
    for i in range(SKILLS):
        tokens = generator.integers(0, 50000, WINDOWS * WINDOW, dtype=np.uint16)
        tokens[699::700] = 50256
        tokens.tofile(folder / f"{i}.bin")
        arguments.append(f"skill-{i}={folder / f'{i}.bin'}")
        if importlib.util.find_spec("datasets"):
            import datasets
            datasets.disable_progress_bars()
            rows = {"tokens": list(tokens.reshape(WINDOWS, WINDOW).astype(np.int32))}
            kind = datasets.Features({"tokens": datasets.Sequence(datasets.Value("int32"), length=WINDOW)})
            datasets.Dataset.from_dict(rows, features=kind).save_to_disk(str(folder / "arrow" / str(i)))
    tokenizer = pathlib.Path(os.environ.get("SKILLIT_SHARED", "../shared")) / "data/tokenizers/gpt2/tokenizer.json"
    run([BUILD / "apps/skillit/skillit", "data", "import", folder / "pack", *arguments, "--format", "raw-u16",
         "--tokenizer", tokenizer, "--validation", "0"])


def main():
    shared = pathlib.Path(os.environ.get("SKILLIT_SHARED", "../shared"))
    if not shared.exists():
        print(f"skipped: {shared} is not there; set SKILLIT_SHARED")
        return
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        make_data(folder)
        os.environ["SKILLIT_LIBRARY"] = str(BUILD / "libskillit_c.so")
        rows = []
        for line in run([FOLDER / "read_batches", folder / "pack", WINDOW, ROWS, TOKENS["native"]]).splitlines():
            kind, speed = line.split()
            names = {"memcpy": "memcpy of rows, one thread", "inline": "skillit, C++, no reader thread"}
            rows.append((names.get(kind, f"skillit, C++, {kind[-1]} reader thread(s)"), float(speed), None))
        for threads in (1, 2):
            speed, first = run([sys.executable, "-c", OURS, folder / "pack", WINDOW, ROWS, TOKENS["python"], threads]).split()
            rows.append((f"skillit, Python, {threads} reader thread(s)", float(speed), float(first)))
        if importlib.util.find_spec("datasets") and importlib.util.find_spec("torch"):
            for workers in (0, 2):
                speed, first = run([sys.executable, "-c", THEIRS, folder / "arrow", SKILLS, WINDOW, ROWS,
                                    TOKENS["huggingface"], workers]).split()
                rows.append((f"DataLoader + interleave_datasets, {workers} workers", float(speed), float(first)))
        else:
            print("PyTorch or Hugging Face datasets is not installed: only skillit is measured")
        print(f"{'windows of ' + str(WINDOW) + ', batches of ' + str(ROWS):>42}  {'M tokens/s':>10}  {'of memcpy':>9}  {'first batch ms':>14}")
        for label, speed, first in rows:
            print(f"{label:>42}  {speed / 1e6:>10.1f}  {speed / rows[0][1]:>9.3f}  {'' if first is None else f'{1000 * first:.1f}':>14}")


if __name__ == "__main__":
    main()
