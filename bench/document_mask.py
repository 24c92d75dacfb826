"""What the document mask costs: seconds of a training step (4 layers of width 256, 4,096 tokens, best-fit windows of documents
around a quarter of a window long) without and with data.document_mask, by turns in one process, on all processors."""

import os
import pathlib
import subprocess

STEPS = 10


def main():
    program = pathlib.Path(os.environ.get("SKILLIT_BENCH_FOLDER", "build/bench/bench")) / "document_mask"
    threads = len(os.sched_getaffinity(0))
    print(f"{threads} threads, medians of {STEPS} steps\n{'window':>8}{'s/step':>10}{'with mask':>11}{'x':>7}")
    for window in (128, 256, 512, 1024):
        done = subprocess.run([program, str(window), str(threads), str(STEPS)], capture_output=True, text=True, check=True)
        without, masked = map(float, done.stdout.split())
        print(f"{window:>8}{without:>10.3f}{masked:>11.3f}{masked / without:>7.2f}")


if __name__ == "__main__":
    main()
