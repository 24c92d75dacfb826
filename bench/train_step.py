"""Small trainings as the recipes make them, 1, 9 and 25 at a time: skillit beside PyTorch, which is written the usual way (all
positions computed, loss where it is scored, scaled_dot_product_attention, fused AdamW, clipping), eager and under torch.compile,
in one process after another with all threads, or in as many processes as there are cores with one thread each. The same steps
on every side; compilation and five steps to warm up do not count. Alternating, best of the repeats. "Of peak" is what the
products that a step needs take at the rate of a 2048^3 product with all threads; memory is that of all processes of a side.
With a GPU all sides run there, compiled in the mode that records CUDA graphs, for 25 times as many steps, and memory is the GPU's.

  lego   6 layers of width 64, 64 samples of 24 tokens, the last one scored
  text   4 layers of width 64, 8 windows of 256 tokens out of a vocabulary of 2048, all scored
"""

import argparse
import math
import multiprocessing
import os
import pathlib
import resource
import subprocess
import sys
import time

import torch
from torch import nn
from torch.nn import functional as F

sys.path.append(str(pathlib.Path(__file__).parent / "published"))
from train_published import measured_peak  # noqa: E402  (beside this file)

WIDTH, HEADS, WARM_UP, REPEATS = 64, 4, 5, 2
SHAPES = {"lego": {"layers": 6, "vocabulary": 50, "batch": 64, "tokens": 25, "scored": 1},
          "text": {"layers": 4, "vocabulary": 2048, "batch": 8, "tokens": 256, "scored": 255}}
DEVICE = "cuda" if torch.cuda.is_available() else "cpu"
STEPS = {runs: steps * (25 if DEVICE == "cuda" else 1) for runs, steps in ((1, 40), (9, 10), (25, 4))}  # By number of runs.
CORES = len(os.sched_getaffinity(0))
ARRANGEMENTS = {"eager": (False, False), "compiled": (True, False), "eager processes": (False, True),
                "compiled processes": (True, True)}


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.norm_1, self.norm_2 = nn.LayerNorm(WIDTH), nn.LayerNorm(WIDTH)
        self.qkv, self.out = nn.Linear(WIDTH, 3 * WIDTH), nn.Linear(WIDTH, WIDTH)
        self.mlp_in, self.mlp_out = nn.Linear(WIDTH, 4 * WIDTH), nn.Linear(4 * WIDTH, WIDTH)

    def forward(self, x, cosine, sine):
        b, t, _ = x.shape
        q, k, v = (part.view(b, t, HEADS, -1).transpose(1, 2) for part in self.qkv(self.norm_1(x)).chunk(3, -1))
        q, k = rotate(q, cosine, sine), rotate(k, cosine, sine)
        mixed = F.scaled_dot_product_attention(q, k, v, is_causal=True).transpose(1, 2).reshape(b, t, WIDTH)
        x = x + self.out(mixed)
        return x + self.mlp_out(F.gelu(self.mlp_in(self.norm_2(x))))


def rotate(x, cosine, sine):
    a, b = x.chunk(2, -1)
    return torch.cat([a * cosine - b * sine, b * cosine + a * sine], -1)


class Model(nn.Module):
    def __init__(self, shape):
        super().__init__()
        self.scored = shape["scored"]
        self.embedding = nn.Embedding(shape["vocabulary"], WIDTH)
        self.blocks = nn.ModuleList(Block() for _ in range(shape["layers"]))
        self.norm = nn.LayerNorm(WIDTH)
        half = WIDTH // HEADS // 2
        angle = torch.outer(torch.arange(shape["tokens"] - 1), 10000 ** (-torch.arange(half) / half))
        self.register_buffer("cosine", angle.cos())
        self.register_buffer("sine", angle.sin())

    def forward(self, tokens):
        x = self.embedding(tokens[:, :-1])
        for block in self.blocks:
            x = block(x, self.cosine, self.sine)
        logits = self.norm(x[:, -self.scored:]) @ self.embedding.weight.T
        return F.cross_entropy(logits.flatten(0, 1), tokens[:, -self.scored:].flatten())


def pytorch_worker(name, compiled, threads, steps, ready, runs, done):
    torch.set_num_threads(threads)
    model = Model(SHAPES[name]).to(DEVICE)
    start = {key: value.clone() for key, value in model.state_dict().items()}
    loss_of = torch.compile(model, mode="reduce-overhead" if DEVICE == "cuda" else None) if compiled else model
    tokens = torch.randint(SHAPES[name]["vocabulary"], (SHAPES[name]["batch"], SHAPES[name]["tokens"]))

    def run(steps):
        model.load_state_dict(start)
        optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3, betas=(0.9, 0.98), weight_decay=0.01, fused=True)
        for _ in range(steps):
            optimizer.zero_grad()
            loss = loss_of(tokens.to(DEVICE))
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            loss.item()

    run(WARM_UP)
    ready.wait()
    begin = time.time()
    while runs.get():
        run(steps)
    on_host = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    done.put((begin, time.time(), torch.cuda.max_memory_reserved() / 1e9 if DEVICE == "cuda" else on_host))


def pytorch(name, runs, arrangement):
    """Seconds, and GB of memory."""
    compiled, processes = ARRANGEMENTS[arrangement]
    workers = min(runs, CORES) if processes else 1
    context = multiprocessing.get_context("spawn")
    ready, queue, done = context.Barrier(workers), context.Queue(), context.Queue()
    for item in [True] * runs + [False] * workers:
        queue.put(item)
    threads = 1 if processes else CORES
    started = [context.Process(target=pytorch_worker, args=(name, compiled, threads, STEPS[runs], ready, queue, done))
               for _ in range(workers)]
    for process in started:
        process.start()
    times = [done.get() for _ in started]
    for process in started:
        process.join()
    return max(end for _, end, _ in times) - min(begin for begin, _, _ in times), sum(memory for _, _, memory in times)


def skillit(name, runs):
    """Seconds, and GB of memory."""
    program = pathlib.Path(os.environ.get("SKILLIT_BENCH_FOLDER", "build/bench/bench")) / "train_step"
    command = [program, name, str(runs), str(min(runs, CORES, 16)), str(STEPS[runs]), DEVICE]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    words = process.stdout.read().split()
    _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        sys.exit(f"train_step failed with status {status}")
    return float(words[0]), float(words[1]) / 1e9 if DEVICE == "cuda" else usage.ru_maxrss / 1e6


def step_flops(shape):
    """Of a step that computes what is needed: blocks at all inputs, the head where the loss is scored."""
    inputs = shape["tokens"] - 1
    per_token = shape["layers"] * (12 * WIDTH * WIDTH + WIDTH * inputs)
    return 3 * 2 * shape["batch"] * (inputs * per_token + shape["scored"] * shape["vocabulary"] * WIDTH)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("shapes", nargs="*", default=list(SHAPES), help="lego, text")
    parser.add_argument("--runs", type=int, nargs="+", default=list(STEPS), choices=list(STEPS))
    parser.add_argument("--repeats", type=int, default=REPEATS)
    options = parser.parse_args()
    torch.set_num_threads(CORES)
    peak = measured_peak(device=DEVICE)
    machine = torch.cuda.get_device_name() if DEVICE == "cuda" else f"{CORES} cores"
    print(f"{machine}; a square fp32 product runs at {peak / 1e9:.0f} GFLOP/s")
    print(f"{'shape':8}{'runs':>5}  {'steps/s: ' + ' / '.join(ARRANGEMENTS):>58}{'skillit':>9}{'x best':>8}{'tokens/s':>10}{'of peak':>9}"
          f"{'GB':>6}{'best GB':>9}")
    for name in options.shapes:
        for runs in options.runs:
            shape, steps = SHAPES[name], STEPS[runs]
            best = dict.fromkeys([*ARRANGEMENTS, "skillit"], (math.inf, 0))
            for _ in range(options.repeats):
                for side in best:
                    best[side] = min(best[side], skillit(name, runs) if side == "skillit" else pytorch(name, runs, side))
            rates = {side: runs * steps / seconds for side, (seconds, _) in best.items()}
            ours = rates.pop("skillit")
            rival = max(rates, key=rates.get)
            print(f"{name:8}{runs:>5}  " + "".join(f"{rate:>{15 if i else 13}.1f}" for i, rate in enumerate(rates.values()))
                  + f"{ours:>9.1f}{ours / rates[rival]:>8.2f}{ours * shape['batch'] * (shape['tokens'] - 1):>10.0f}"
                  f"{ours * step_flops(shape) / peak:>9.0%}{best['skillit'][1]:>6.2f}{best[rival][1]:>9.2f}", flush=True)


if __name__ == "__main__":
    main()
