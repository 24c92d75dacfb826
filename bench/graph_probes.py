"""Graph learning, runs side by side against one by one: wall-clock seconds of the same probes, whose graphs must be the
same bytes. 20 steps a probe, so starting and evaluating weigh more here than in real use."""

import os
import pathlib
import subprocess
import tempfile
import time

PROGRAM = pathlib.Path(os.environ.get("SKILLIT_BENCH_FOLDER", "build/bench/bench")).parent / "apps/skillit/skillit"
COMMON = ["graph-lego", "base=[]", "learn.seeds=0", "learn.steps=20", "data.validation=20"]
CASES = [
    ("k = 5, brute force, 15 probes", ["data.skills=5", "learn.learner=brute-force"]),
    ("k = 23, approximate, 23 probes", ["data.skills=23", "learn.learner=approximate", "model.context=256", "batch=16"]),
]


def seconds_and_graph(settings, parallel):
    with tempfile.TemporaryDirectory() as runs:
        start = time.perf_counter()
        subprocess.run([PROGRAM, "graph", "learn", *COMMON, *settings, f"parallel={parallel}", "--runs", runs], check=True,
                       capture_output=True)
        return time.perf_counter() - start, (pathlib.Path(runs) / "graph-lego/graph.json").read_bytes()


def main():
    cores = len(os.sched_getaffinity(0))
    print(f"{'':32} {'one by one':>12} {f'{cores} at a time':>12} {'ratio':>7}")
    for name, settings in CASES:
        (alone, first), (beside, second) = (seconds_and_graph(settings, parallel) for parallel in (1, cores))
        assert first == second, "the graph depends on how many probes ran at once"
        print(f"{name:32} {alone:>10.1f} s {beside:>10.1f} s {alone / beside:>6.2f}x")


if __name__ == "__main__":
    main()
