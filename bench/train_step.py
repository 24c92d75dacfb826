"""Training steps per second of the small LEGO model (6 layers, width 64, batch 64, fp32): skillit beside PyTorch eager,
alone and with as many runs at once as there are cores, one thread each. The PyTorch side is the usual way to write
this model: all positions computed, loss on the answer, fused AdamW, clipping. Alternating, best of five."""

import math
import multiprocessing
import os
import pathlib
import subprocess
import time

import torch
from torch import nn
from torch.nn import functional as F

LAYERS, WIDTH, HEADS, VOCABULARY, BATCH, TOKENS, ANSWER = 6, 64, 4, 50, 64, 27, 24
STEPS, WARM_UP, REPEATS = 25, 5, 5


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
    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(VOCABULARY, WIDTH)
        self.blocks = nn.ModuleList(Block() for _ in range(LAYERS))
        self.norm = nn.LayerNorm(WIDTH)
        half = WIDTH // HEADS // 2
        angle = torch.outer(torch.arange(TOKENS), 10000 ** (-torch.arange(half) / half))
        self.register_buffer("cosine", angle.cos())
        self.register_buffer("sine", angle.sin())

    def forward(self, tokens):
        x = self.embedding(tokens)
        for block in self.blocks:
            x = block(x, self.cosine[: tokens.shape[1]], self.sine[: tokens.shape[1]])
        return self.norm(x) @ self.embedding.weight.T


def pytorch_run(ready, seconds):
    torch.set_num_threads(1)
    model = Model()
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3, betas=(0.9, 0.98), weight_decay=0.01, fused=True)
    tokens = torch.randint(VOCABULARY, (BATCH, TOKENS))

    def step():
        logits = model(tokens)
        loss = F.cross_entropy(logits[:, ANSWER - 1], tokens[:, ANSWER])
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()

    for _ in range(WARM_UP):
        step()
    ready.wait()
    start = time.perf_counter()
    for _ in range(STEPS):
        step()
    seconds.put(time.perf_counter() - start)


def pytorch(runs):
    context = multiprocessing.get_context("spawn")
    ready, seconds = context.Barrier(runs), context.Queue()
    processes = [context.Process(target=pytorch_run, args=(ready, seconds)) for _ in range(runs)]
    for process in processes:
        process.start()
    slowest = max(seconds.get() for _ in processes)
    for process in processes:
        process.join()
    return slowest / (runs * STEPS)


def skillit(runs):
    program = pathlib.Path(os.environ["SKILLIT_BENCH_FOLDER"]) / "train_step"
    return float(subprocess.run([program, str(runs), str(STEPS)], check=True, capture_output=True, text=True).stdout)


def main():
    print(f"{'runs at once':>12}  {'PyTorch steps/s':>15}  {'skillit steps/s':>15}  {'ratio':>5}")
    for runs in sorted({1, os.cpu_count()}):
        best = {pytorch: math.inf, skillit: math.inf}
        for _ in range(REPEATS):
            for side in best:
                best[side] = min(best[side], side(runs))
        print(f"{runs:>12}  {1 / best[pytorch]:>15.1f}  {1 / best[skillit]:>15.1f}  {best[pytorch] / best[skillit]:>5.2f}")


if __name__ == "__main__":
    main()
