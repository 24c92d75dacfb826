"""make bench-train: training steps of GPT-Neo at its 125M shape on LEGO-like batches, the same random weights and batches for all:

  reference   as the Skill-It code does it in Python: transformers, fp32, every sample padded to 128 tokens, logits everywhere,
              AdamW tensor by tensor
  practice    the best common practice in Python: transformers, SDPA where the model has it, no padding, logits where they are
              scored, fused AdamW, bf16 autocast where the processor has bf16 ("practice fp32": without it even there)
  compiled    the same under torch.compile ("compiled fp32" likewise)
  graphs      the same in the mode that records CUDA graphs; on a GPU only
  skillit     bench/published/train_model.cpp, fp32, and bf16 where the processor has it; on a GPU tf32 too

With a GPU all sides run there ("practice" in bf16), and memory is the GPU's.

Each in a process of its own, one after another, round by round. Seconds a step are medians over the steps after those that warm up.
The losses stand side by side: it is the same mathematics.
"""

import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

LENGTH, PADDED, LR = 40, 128, 5e-5
BETAS, EPSILON = (0.9, 0.999), 1e-8


def model_config(layers, width, vocabulary):
    import transformers
    return transformers.GPTNeoConfig(vocab_size=vocabulary, hidden_size=width, num_layers=layers, num_heads=12,
                                     max_position_embeddings=2048, attention_types=[[["global", "local"], layers // 2]],
                                     bos_token_id=None, eos_token_id=None)


def adamw_tensor_by_tensor(parameters, state, step):
    """The update of transformers' former AdamW, without weight decay."""
    import torch
    with torch.no_grad():
        for parameter in parameters:
            mean, square = state.setdefault(parameter, (torch.zeros_like(parameter), torch.zeros_like(parameter)))
            mean.mul_(BETAS[0]).add_(parameter.grad, alpha=1 - BETAS[0])
            square.mul_(BETAS[1]).addcmul_(parameter.grad, parameter.grad, value=1 - BETAS[1])
            size = LR * (1 - BETAS[1] ** step) ** 0.5 / (1 - BETAS[0] ** step)
            parameter.addcdiv_(mean, square.sqrt().add_(EPSILON), value=-size)


def run_python(kind, folder, samples, batch, steps, bf16):
    """One of the Python sides, in this process. Prints what train_model prints."""
    import resource

    import torch
    import transformers
    device = device_name()
    kinds = ["eager"] if kind == "reference" else ["sdpa", "eager"]
    for attention in kinds:
        try:
            model = transformers.AutoModelForCausalLM.from_pretrained(folder, attn_implementation=attention)
            break
        except ValueError:  # This model has no SDPA in this version.
            continue
    model.to(device).train()
    for module in model.modules():
        if isinstance(module, torch.nn.Dropout):
            module.p = 0.0
    parameters = list(model.parameters())
    if kind != "reference":
        fused = torch.optim.AdamW(parameters, lr=LR, betas=BETAS, eps=EPSILON, weight_decay=0, fused=True)
    ids = torch.tensor([[int(word) for word in line.split()] for line in open(samples)]).to(device)
    pad = torch.nn.functional.pad(ids, (0, PADDED - LENGTH))
    mask = (torch.arange(PADDED, device=device) < LENGTH).long().expand(batch, -1)
    state, seconds, losses = {}, [], []

    def loss_of(rows):
        if kind == "reference":
            labels = torch.full_like(pad[rows], -100)
            labels[:, LENGTH - 1] = ids[rows, -1]
            return model(pad[rows], attention_mask=mask, labels=labels).loss
        with torch.autocast(device, dtype=torch.bfloat16, enabled=bf16):
            logits = model(ids[rows, :-1], logits_to_keep=1, use_cache=False).logits
        return torch.nn.functional.cross_entropy(logits[:, -1].float(), ids[rows, -1])

    modes = {"compiled": None, "graphs": "reduce-overhead"}
    compute = torch.compile(loss_of, mode=modes[kind]) if kind in modes else loss_of
    for step in range(steps):
        rows = torch.arange(step * batch, (step + 1) * batch, device=device) % len(ids)
        start = time.perf_counter()
        for parameter in parameters:
            parameter.grad = None
        loss = compute(rows)
        loss.backward()
        if kind == "reference":
            adamw_tensor_by_tensor(parameters, state, step + 1)
        else:
            fused.step()
        losses.append(loss.item())
        seconds.append(time.perf_counter() - start)
    print(json.dumps({"seconds": seconds, "losses": losses,
                      "peak_gb": torch.cuda.max_memory_reserved() / 1e9 if device == "cuda"
                      else resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6}))


def device_name():
    import torch
    return "cuda" if torch.cuda.is_available() else "cpu"


def measured_peak(bf16=False, device="cpu"):
    """FLOP/s of a product of two square matrices with all threads, the best of five: 2048 wide, on a GPU 8192."""
    import torch
    size = 8192 if device == "cuda" else 2048
    a, b = (torch.randn(size, size, dtype=torch.bfloat16 if bf16 else torch.float32, device=device) for _ in range(2))
    times = []
    for _ in range(6):
        start = time.perf_counter()
        a @ b
        if device == "cuda":
            torch.cuda.synchronize()
        times.append(time.perf_counter() - start)
    return 2 * size**3 / min(times[1:])


def useful_flops(layers, width, vocabulary, batch):
    """Of a step that computes what is needed: blocks at real tokens, the head at scored ones."""
    per_token = layers * (12 * width * width + width * (LENGTH - 1))
    return 3 * 2 * batch * ((LENGTH - 1) * per_token + vocabulary * width)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--layers", type=int, default=12)
    parser.add_argument("--width", type=int, default=768)
    parser.add_argument("--vocabulary", type=int, default=50257)
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--steps", type=int, default=8, help="of which --warm-up do not count")
    parser.add_argument("--warm-up", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--sides", default="reference,practice,compiled,graphs,skillit")
    options = parser.parse_args()
    import torch
    import transformers
    program = pathlib.Path(os.environ.get("SKILLIT_BENCH_FOLDER", "build/bench/bench")) / "train_model"
    threads = len(os.sched_getaffinity(0))
    device = device_name()
    bf16 = device == "cuda" or any(word in open("/proc/cpuinfo").read() for word in ("amx_bf16", "avx512_bf16"))
    sides = [side for side in options.sides.split(",") if side != "graphs" or device == "cuda"]
    if bf16 and device == "cpu":
        sides += [f"{side} fp32" for side in ("practice", "compiled") if side in sides]
    if "skillit" in sides:
        sides += (["skillit tf32"] if device == "cuda" else []) + (["skillit bf16"] if bf16 else [])
    results = {side: {"seconds": [], "losses": None, "peak_gb": 0} for side in sides}
    with tempfile.TemporaryDirectory() as folder:
        transformers.utils.logging.disable_progress_bar()
        torch.manual_seed(1)
        config = model_config(options.layers, options.width, options.vocabulary)
        transformers.AutoModelForCausalLM.from_config(config).save_pretrained(f"{folder}/model")
        samples = torch.randint(0, 50, (options.batch * options.steps, LENGTH))
        samples[:, -1] = samples[:, 0] % 2  # Something to learn.
        pathlib.Path(f"{folder}/samples").write_text("".join(" ".join(map(str, row)) + "\n" for row in samples.tolist()))
        for _ in range(options.rounds):
            for side in sides:
                common = [f"{folder}/model", f"{folder}/samples", str(options.batch), str(options.steps)]
                if side.startswith("skillit"):
                    precision = side.removeprefix("skillit").strip() or "fp32"
                    command = [program, *common, str(threads), str(LR), precision, device]
                else:
                    command = [sys.executable, __file__, side.removesuffix(" fp32"), *common, str(int(bf16 and "fp32" not in side))]
                done = subprocess.run(command, capture_output=True, text=True)
                if done.returncode != 0:
                    sys.exit(f"{side}: {done.stderr[-2000:]}")
                result = json.loads(done.stdout.splitlines()[-1])
                results[side]["seconds"] += result["seconds"][options.warm_up:]
                print(f"{side}: {statistics.median(result['seconds'][options.warm_up:]):.4f} s/step", file=sys.stderr, flush=True)
                results[side]["losses"] = result["losses"]
                results[side]["peak_gb"] = max(results[side]["peak_gb"], result["peak_gb"])
    peaks = {"fp32": measured_peak(device=device)} | ({"bf16": measured_peak(True, device)} if bf16 else {})
    if device == "cuda":
        torch.backends.cuda.matmul.allow_tf32 = True
        peaks["tf32"] = measured_peak(device=device)
    flops = useful_flops(options.layers, options.width, options.vocabulary, options.batch)
    print(f"GPT-Neo, {options.layers} layers of width {options.width}, batch {options.batch} x {LENGTH - 1} tokens, {threads} threads; "
          "square products run at "
          + ", ".join(f"{peak / 1e9:.0f} GFLOP/s in {precision}" for precision, peak in peaks.items()))
    first = statistics.median(results[sides[0]]["seconds"])
    print(f"{'':14}{'s/step':>9}{'tokens/s':>10}{'of peak':>9}{'peak GB':>9}{f'x {sides[0]}':>13}")
    for side in sides:
        median = statistics.median(results[side]["seconds"])
        # The Python sides but the reference compute in bf16 where there is bf16.
        in_fp32 = side in ("reference", "skillit") or "fp32" in side or not bf16
        peak = peaks["tf32" if "tf32" in side else "fp32" if in_fp32 else "bf16"]
        print(f"{side:14}{median:>9.4f}{options.batch * (LENGTH - 1) / median:>10.0f}{flops / median / peak:>9.0%}"
              f"{results[side]['peak_gb']:>9.2f}{first / median:>13.2f}")
    print(f"\n{'loss at step':14}" + "".join(f"{side:>14}" for side in sides))
    for step in range(options.steps):
        print(f"{step:<14}" + "".join(f"{results[side]['losses'][step]:>14.5f}" for side in sides))


if __name__ == "__main__":
    if len(sys.argv) == 7 and sys.argv[1] in ("reference", "practice", "compiled", "graphs"):
        run_python(sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4]), int(sys.argv[5]), sys.argv[6] == "1")
    else:
        main()
