"""Text to tokens on disk, per core: `skillit data pack` (two passes: check and split, then tokens; Megatron files with
checksums) beside Hugging Face datasets.map with `tokenizers` and save_to_disk, one thread each, in megabytes of text per
CPU second, with the memory each needed at most. The RedPajama sample below SKILLIT_SHARED (default ../shared), REPEATED
times in one JSONL file a skill."""

import importlib.util
import json
import os
import pathlib
import subprocess
import sys
import tempfile

REPEATED = 8
SHARED = pathlib.Path(os.environ.get("SKILLIT_SHARED", "../shared")) / "data"
TOKENIZER = SHARED / "tokenizers/gpt2/tokenizer.json"
PROGRAM = pathlib.Path(os.environ["SKILLIT_BENCH_FOLDER"]).parent / "apps/skillit/skillit"

THEIRS = """
import sys
import datasets, tokenizers
datasets.disable_progress_bars()
tokenizer = tokenizers.Tokenizer.from_file(sys.argv[1])
end = tokenizer.token_to_id("<|endoftext|>")
def encode(batch):
    return {"tokens": [e.ids + [end] for e in tokenizer.encode_batch_fast(batch["text"], add_special_tokens=False)]}
for path in sys.argv[4:]:
    data = datasets.load_dataset("json", data_files=path, split="train", cache_dir=sys.argv[3], features=datasets.Features({"text": datasets.Value("string")}))
    kind = datasets.Features({"tokens": datasets.Sequence(datasets.Value("uint16"))})
    data.map(encode, batched=True, remove_columns=["text"], features=kind).save_to_disk(f"{sys.argv[2]}/{path.rsplit('/', 1)[1]}")
"""


def measure(command, **environment):
    """CPU seconds and MiB of a child at most; it must have had about one core."""
    process = subprocess.Popen([str(part) for part in command], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                               env={**os.environ, **environment})
    problem = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        sys.exit(problem.decode())
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def main():
    if not SHARED.exists():
        print(f"skipped: {SHARED} is not there; set SKILLIT_SHARED")
        return
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        files, size = [], 0
        for path in sorted((SHARED / "redpajama_sample").glob("*.jsonl")):
            texts = [json.loads(line)["text"] for line in path.read_text().splitlines()]
            files.append(folder / path.name)
            with open(files[-1], "w") as out:
                for repeat in range(REPEATED):
                    for text in texts:  # Not the same text again: nothing may be gained by caching documents.
                        out.write(json.dumps({"text": f"{repeat} {text}"}) + "\n")
                        size += len(text.encode()) + 2
        rows = [("skillit data pack", *measure([PROGRAM, "data", "pack", folder / "pack", *files, "--tokenizer", TOKENIZER,
                                                "--threads", "1"]))]
        if importlib.util.find_spec("datasets"):
            rows.append(("datasets.map + save_to_disk", *measure(
                [sys.executable, "-c", THEIRS, TOKENIZER, folder / "arrow", folder / "cache", *files], RAYON_NUM_THREADS="1",
                TOKENIZERS_PARALLELISM="false", HF_HUB_OFFLINE="1")))
        else:
            print("Hugging Face datasets is not installed: only skillit is measured")
        print(f"{f'{size / 1e6:.0f} MB of text, gpt2':>28}  {'CPU s':>6}  {'MB/s per core':>13}  {'ratio':>5}  {'MiB at most':>11}")
        for label, seconds, memory in rows:
            print(f"{label:>28}  {seconds:>6.1f}  {size / 1e6 / seconds:>13.2f}  {seconds / rows[0][1]:>5.1f}  {memory:>11.0f}")


if __name__ == "__main__":
    main()
