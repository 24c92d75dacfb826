"""The program's verbs on models of `transformers`: continue, export, eval, sample; all beside a computation in Python."""

import json
import math
import os
import subprocess
from pathlib import Path

import pytest

os.environ["HF_HUB_OFFLINE"] = "1"
transformers = pytest.importorskip("transformers")
torch = pytest.importorskip("torch")
torch.set_num_threads(1)
from safetensors.torch import load_file  # noqa: E402  (after the skip)
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers  # noqa: E402

PROGRAM = os.environ["SKILLIT_BIN"]
FIXTURES = Path(__file__).parents[1] / "fixtures"
SHARED = Path(os.environ.get("SKILLIT_SHARED", Path(__file__).parents[2] / "../shared")) / "data/eval"
END = "<|endoftext|>"


def skillit(*arguments):
    done = subprocess.run([PROGRAM, *map(str, arguments)], capture_output=True, text=True, stdin=subprocess.DEVNULL,
                          env=os.environ | {"OMP_NUM_THREADS": "1"})
    assert done.returncode == 0, done.stderr
    return done.stdout


def make_tokenizer():
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    texts = [path.read_text() for path in sorted(FIXTURES.glob("**/*.jsonl"))]
    tokenizer.train_from_iterator(texts, trainers.BpeTrainer(vocab_size=420, special_tokens=[END], show_progress=False,
                                                             initial_alphabet=pre_tokenizers.ByteLevel.alphabet()))
    return tokenizer


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    """The folder of a small GPT-2 with a tokenizer of its own, both in memory too."""
    folder = tmp_path_factory.mktemp("published") / "gpt2"
    tokenizer = make_tokenizer()
    config = transformers.GPT2Config(vocab_size=tokenizer.get_vocab_size() + 4, n_embd=32, n_layer=2, n_head=4, n_positions=96,
                                     bos_token_id=None, eos_token_id=None)
    torch.manual_seed(7)
    model = transformers.AutoModelForCausalLM.from_config(config).eval()
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.add_(0.2 * torch.randn_like(parameter))
    model.save_pretrained(folder)
    tokenizer.save(str(folder / "tokenizer.json"))
    transformers.PreTrainedTokenizerFast(tokenizer_object=tokenizer).save_pretrained(folder)
    return folder, tokenizer, model


def loglikelihood(published, context, continuation):
    """One request as lm-evaluation-harness answers it: (sum of log-probabilities, is_greedy)."""
    _, tokenizer, model = published
    spaces = len(context) - len(context.rstrip())
    if spaces:
        context, continuation = context[:-spaces], context[-spaces:] + continuation
    if context == "":
        before, whole = [tokenizer.token_to_id(END)], [tokenizer.token_to_id(END)] + tokenizer.encode(continuation).ids
    else:
        before, whole = tokenizer.encode(context).ids, tokenizer.encode(context + continuation).ids
    answer = whole[len(before):]
    ids = whole[-(model.config.n_positions + 1):]
    with torch.no_grad():
        log_p = model(torch.tensor([ids[:-1]])).logits[0].double().log_softmax(-1)[-len(answer):]
    total = sum(log_p[i, token].item() for i, token in enumerate(answer))
    return total, all(log_p[i].argmax().item() == token for i, token in enumerate(answer))


def mean_and_error(values):
    mean = sum(values) / len(values)
    return mean, math.sqrt(sum((value - mean) ** 2 for value in values) / (len(values) - 1)) / math.sqrt(len(values))


def choices_by_hand(published, file, cue):
    right, right_norm = [], []
    for item in map(json.loads, file.open()):
        sums = [loglikelihood(published, item["query"] + cue, " " + choice)[0] for choice in item["choices"]]
        norms = [total / len(choice) for total, choice in zip(sums, item["choices"])]
        right.append(sums.index(max(sums)) == item["gold"])
        right_norm.append(norms.index(max(norms)) == item["gold"])
    return mean_and_error(right), mean_and_error(right_norm)


def share(entry):
    return pytest.approx((entry["mean"], entry["error"]), rel=1e-9)


def cut(file, count, folder):
    out = folder / file.name
    out.write_text("".join(line + "\n" for line in file.read_text().splitlines()[:count]))
    return out


@pytest.mark.parametrize("source", ["fixtures", "shared"])
def test_choices_are_scored_as_by_hand(source, published, tmp_path):
    origin = FIXTURES / "tasks" if source == "fixtures" else SHARED
    if not origin.exists():
        pytest.skip(f"{origin} is not there (set SKILLIT_SHARED)")
    files = {name: cut(origin / f"{name}.jsonl", 60, tmp_path) for name in ("arc_easy", "copa")}
    tasks = json.loads(skillit("eval", published[0], "--json", *(a for file in files.values() for a in ("--task", file))))["tasks"]
    for name, cue in (("arc_easy", "\nAnswer:"), ("copa", "")):
        accuracy, accuracy_norm = choices_by_hand(published, files[name], cue)
        assert accuracy == share(tasks[name]["accuracy"]), name
        assert accuracy_norm == share(tasks[name]["accuracy_norm"]), name


@pytest.mark.parametrize("source", ["fixtures", "shared"])
def test_last_words_are_scored_as_by_hand(source, published, tmp_path):
    origin = (FIXTURES / "tasks" if source == "fixtures" else SHARED) / "lambada_openai.jsonl"
    if not origin.exists():
        pytest.skip(f"{origin} is not there (set SKILLIT_SHARED)")
    file = cut(origin, 40, tmp_path)
    _, tokenizer, model = published
    items = [json.loads(line) for line in file.open()]
    for item in items[::2]:  # A random model says no real word: let half of them be what it says, where that is a word.
        with torch.no_grad():
            ids = tokenizer.encode(item["context"]).ids[-model.config.n_positions:]
            says = tokenizer.decode([model(torch.tensor([ids])).logits[0, -1].argmax().item()])
        if says.startswith(" ") and len(says) > 1:
            item["continuation"] = says[1:]
    file.write_text("".join(json.dumps(item) + "\n" for item in items))
    by_hand = [loglikelihood(published, item["context"], " " + item["continuation"]) for item in items]
    entry = json.loads(skillit("eval", published[0], "--json", "--task", file))["tasks"]["lambada_openai"]
    assert mean_and_error([greedy for _, greedy in by_hand]) == share(entry["accuracy"])
    perplexity = math.exp(-sum(total for total, _ in by_hand) / len(by_hand))
    assert entry["perplexity"] == pytest.approx(perplexity, rel=1e-4)


def test_two_tasks_of_one_name_are_refused(published, tmp_path):
    (tmp_path / "other").mkdir()
    files = [cut(FIXTURES / "tasks/copa.jsonl", 2, folder) for folder in (tmp_path, tmp_path / "other")]
    refused = subprocess.run([PROGRAM, "eval", str(published[0]), *(a for file in files for a in ("--task", str(file)))],
                             capture_output=True, text=True)
    assert refused.returncode == 2 and "a task named 'copa' stands before it" in refused.stderr


def test_a_sample_without_chance_is_what_generate_says(published):
    folder, tokenizer, model = published
    prompt = "The old clock had stopped again."
    ids = torch.tensor([tokenizer.encode(prompt).ids])
    said = model.generate(ids, max_new_tokens=12, do_sample=False, suppress_tokens=list(range(tokenizer.get_vocab_size(), 424)),
                          pad_token_id=0)
    ours = skillit("sample", folder, "--prompt", prompt, "--tokens", "12", "--temperature", "0")
    assert ours == tokenizer.decode(said[0].tolist(), skip_special_tokens=False) + "\n"


def test_generated_text_is_made_in_its_tokens(published, tmp_path):
    folder, tokenizer, model = published
    measured = json.loads(skillit("eval", folder, "lego", "data.skills=2", "data.validation=20", "--json"))
    skillit("run", "lego", f"model={folder}", "base=[]", "graph=none", "methods=stratified", "seeds=0", "data.skills=2",
            "data.validation=20", "steps=2", "rounds=1", "batch=2", "--runs", tmp_path)
    first = json.loads((tmp_path / "lego/stratified/seed0/evaluations.jsonl").open().readline())
    assert [entry["loss"] for entry in measured["skills"].values()] == pytest.approx(first["losses"], rel=1e-6)
    assert measured["mean"]["loss"] > 4  # A chance among 424 tokens, not among LEGO's 50 words.


def test_it_is_continued_with_its_own_tokenizer_and_exported_with_it(published, tmp_path):
    folder, tokenizer, model = published
    settings = [f"data={FIXTURES / 'text'}", "data.window=48", "data.validation_fraction=0.3", "steps=4", "rounds=2", "eval_every=2",
                "methods=stratified", "seeds=0", "batch=4"]
    skillit("run", "text", f"model={folder}", *settings, "--runs", tmp_path)
    run = tmp_path / "text/stratified/seed0"
    evaluations = [json.loads(line) for line in (run / "evaluations.jsonl").open()]
    skillit("export", run, tmp_path / "out")
    back = transformers.AutoModelForCausalLM.from_pretrained(tmp_path / "out")
    assert type(back) is type(model)
    words = transformers.AutoTokenizer.from_pretrained(tmp_path / "out")
    assert words("One match lit the lamp.")["input_ids"] == tokenizer.encode("One match lit the lamp.").ids
    assert not torch.equal(back.transformer.h[0].mlp.c_fc.weight, model.transformer.h[0].mlp.c_fc.weight)
    again = json.loads(skillit("eval", tmp_path / "out", "text", *settings, "--json"))
    assert [entry["loss"] for entry in again["skills"].values()] == pytest.approx(evaluations[-1]["losses"], rel=1e-6)
    long = subprocess.run([PROGRAM, "run", "text", f"model={folder}", *settings, "data.window=97", "--runs", tmp_path / "no"],
                          capture_output=True, text=True)
    assert long.returncode == 2 and "context is 96 tokens, data.window is 97" in long.stderr
    first = json.loads(skillit("eval", folder, "text", *settings, "--json"))
    assert [entry["loss"] for entry in first["skills"].values()] != [entry["loss"] for entry in again["skills"].values()]
