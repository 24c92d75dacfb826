"""skillit run: whole studies in small, interrupted and not, and how mistakes are answered."""

import json
import os
import pathlib
import resource
import signal
import subprocess
import time

import pytest

PROGRAM = os.environ["SKILLIT_BIN"]

SMALL = """
name: small
data: {source: lego, skills: 2, validation: 20}
graph: paper
model: {layers: 2, width: 16, heads: 2, context: 32}
optimizer: {lr: 1e-3, warmup: 5}
steps: 120
rounds: 4
batch: 8
eval_every: 10
methods: [stratified, "skillit:eta=0.5,window=3"]
seeds: [0, 1]
"""

# What must be the same however a run came to its end; timing.jsonl alone may differ.
DETERMINISTIC = ["model.safetensors", "steps.jsonl", "evaluations.jsonl", "rounds.jsonl", "manifest.json"]


@pytest.fixture
def recipe(tmp_path):
    path = tmp_path / "small.yaml"
    path.write_text(SMALL)
    return path


def command(recipe, runs, *settings):
    return [PROGRAM, "run", str(recipe), "--runs", str(runs), *settings]


def run(recipe, runs, *settings, **options):
    return subprocess.run(command(recipe, runs, *settings), capture_output=True, text=True,
                          stdin=subprocess.DEVNULL, **options)


def results(runs):
    """Bytes of every deterministic file of every run."""
    return {str(folder.relative_to(runs) / name): (folder / name).read_bytes()
            for folder in sorted(runs.glob("small/*/seed*")) for name in DETERMINISTIC}


def refused(result, *words):
    assert result.returncode == 2, result.stderr
    for word in words:
        assert word in result.stderr
    assert "internal error" not in result.stderr
    return result.stderr


def lines(path):
    return path.read_text().count("\n") if path.exists() else 0


def test_a_study_ends_with_a_table_a_summary_and_a_picture(recipe, tmp_path):
    result = run(recipe, tmp_path / "runs")
    assert result.returncode == 0, result.stderr
    assert "stratified" in result.stdout and "skillit:eta=0.5" in result.stdout
    summary = json.loads((tmp_path / "runs/small/summary.json").read_text())
    assert [method["method"] for method in summary["methods"]] == ["stratified", "skillit:eta=0.5,window=3"]
    assert "<svg" in (tmp_path / "runs/small/report.svg").read_text()
    rounds = [json.loads(line) for line in (tmp_path / "runs/small/stratified/seed1/rounds.jsonl").open()]
    assert [entry["round"] for entry in rounds] == [0, 1, 2, 3]
    assert sum(rounds[-1]["delivered"]) == 120 * 8
    assert rounds[-1]["mixture"] == [0.5, 0.5]
    evaluations = [json.loads(line) for line in (tmp_path / "runs/small/stratified/seed1/evaluations.jsonl").open()]
    assert [entry["step"] for entry in evaluations] == list(range(0, 121, 10))


def test_a_repeat_differs_by_chance_alone(recipe, tmp_path):
    methods = 'methods=[stratified, stratified#2, "skillit:eta=0.5"]'
    assert run(recipe, tmp_path / "runs", methods, "steps=24", "seeds=0,1").returncode == 0
    folders = [tmp_path / "runs/small" / name / "seed1" for name in ("stratified", "stratified#2", "skillit-eta=0.5")]
    manifests = [json.loads((folder / "manifest.json").read_text()) for folder in folders]
    assert manifests[0]["fingerprints"]["data"] == manifests[1]["fingerprints"]["data"]
    assert (folders[0] / "steps.jsonl").read_bytes() != (folders[1] / "steps.jsonl").read_bytes()
    summary = json.loads((tmp_path / "runs/small/summary.json").read_text())
    assert summary["noise_floor"]["degrees"] == 2 and summary["noise_floor"]["sd"] > 0
    assert [pair["is_repeat"] for pair in summary["pairs"]] == [True, False]
    # Only who uses the graph is charged for it, and what a given one took nobody knows.
    assert [manifest["costs"]["graph_flops"] for manifest in manifests] == [0, 0, None]
    refused(run(recipe, tmp_path / "none", "methods=[stratified#x]"), "stratified#x", "whole number")


def test_the_graph_and_a_page_stand_beside_the_runs(recipe, tmp_path):
    assert run(recipe, tmp_path / "runs", "steps=8", "seeds=0").returncode == 0
    graph = json.loads((tmp_path / "runs/small/given_graph.json").read_text())
    assert graph["weights"] == [[1, 0], [0.5, 1]]
    page = tmp_path / "runs/small/report.html"
    if page.exists():  # A program without ECharts writes none.
        assert '"weights":[1.0,0.0,0.5,1.0]' in page.read_text()


def test_the_initial_mixture_of_skillit_is_the_papers(recipe, tmp_path):
    assert run(recipe, tmp_path / "runs", "steps=8").returncode == 0
    path = next((tmp_path / "runs/small").glob("skillit*/seed0/rounds.jsonl"))
    first = json.loads(path.open().readline())["mixture"]
    # exp(0.5 * 1) against exp(0.5 * 1.5): rows (1, 0) and (0.5, 1).
    assert first[1] / first[0] == pytest.approx(2.718281828459045 ** 0.25, rel=1e-12)


def test_as_json(recipe, tmp_path):
    result = run(recipe, tmp_path / "runs", "--json", "steps=8", "seeds=0")
    assert json.loads(result.stdout)["study"] == "small"


def test_how_many_runs_are_at_a_time_does_not_change_a_bit(recipe, tmp_path):
    assert run(recipe, tmp_path / "one", "parallel=1").returncode == 0
    assert run(recipe, tmp_path / "four", "parallel=4").returncode == 0
    assert results(tmp_path / "one") == results(tmp_path / "four")


def test_how_many_runs_are_at_a_time_is_said_with_its_reason(recipe, tmp_path):
    chosen = run(recipe, tmp_path, "steps=4").stderr
    line = next(line for line in chosen.splitlines() if "at a time" in line)
    assert "by cores; about 0." in line and "GB each" in line and "GB free" in line
    asked = run(recipe, tmp_path, "steps=4", "seeds=0,1,2", "parallel=3").stderr
    assert "3 runs at a time with 1 thread each (as parallel says;" in asked


def test_a_run_that_may_not_fit_in_memory_is_warned_of_before_it_starts(recipe, tmp_path):
    huge = ["batch=300000", "model.layers=12", "model.width=256"]
    process = subprocess.Popen(command(recipe, tmp_path, *huge), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    first = process.stderr.readline()
    process.kill()
    process.communicate()
    for word in ("warning", "may not fit", "GB free", "micro_batch=N", "recompute=true"):
        assert word in first
    assert not list(tmp_path.rglob("steps.jsonl"))


def test_recomputed_blocks_give_the_same_bits_and_may_be_switched_at_a_resume(recipe, tmp_path):
    assert run(recipe, tmp_path / "kept", "model.layers=3").returncode == 0
    assert run(recipe, tmp_path / "again", "model.layers=3", "recompute=true").returncode == 0
    assert results(tmp_path / "kept") == results(tmp_path / "again")
    assert run(recipe, tmp_path / "kept", "model.layers=3", "recompute=true", "seeds=0,1,2").returncode == 0


@pytest.mark.parametrize("settings", [["checkpoint_every=0"], ["checkpoint_every=7"], ["checkpoint_every=7", "micro_batch=3"],
                                      ["checkpoint_every=7", "model.layers=3", "recompute=true"], ["checkpoint_every=7", "precision=bf16"]])
def test_killed_at_any_moment_it_ends_where_an_uninterrupted_study_ends(recipe, tmp_path, settings):
    kill_and_go_on(recipe, tmp_path, settings)


def test_killed_at_any_moment_on_a_gpu_it_ends_there_too(recipe, tmp_path):
    settings = ["device=cuda", "precision=bf16", "checkpoint_every=7", "steps=1200"]
    if "no usable GPU" in run(recipe, tmp_path, "device=cuda", "steps=4").stderr:
        pytest.skip("no GPU here, or none that this build can use")
    kill_and_go_on(recipe, tmp_path, settings)


def kill_and_go_on(recipe, tmp_path, settings):
    assert run(recipe, tmp_path / "whole", *settings).returncode == 0
    runs = tmp_path / "killed"
    watched = runs / "small/stratified/seed0/steps.jsonl"
    kills = 0
    for steps in [1, 20, 31, 45, 62, 93, 119]:
        process = subprocess.Popen(command(recipe, runs, *settings), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while process.poll() is None and lines(watched) < steps:
            time.sleep(0.0005)
        if process.poll() is None:
            kills += 1
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert kills >= 3
    assert run(recipe, runs, *settings).returncode == 0
    assert results(runs) == results(tmp_path / "whole")


def test_another_precision_is_another_run(recipe, tmp_path):
    settings = ["steps=8", "seeds=0", "methods=stratified"]
    assert run(recipe, tmp_path, *settings).returncode == 0
    refused(run(recipe, tmp_path, *settings, "precision=bf16"), "computation")


def test_runs_of_a_study_on_text_share_data_and_are_those_made_alone(tmp_path):
    texts = tmp_path / "texts"
    texts.mkdir()
    for name, word in ("a", "two"), ("b", "three"):
        (texts / f"{name}.jsonl").write_text("".join(json.dumps({"text": f"{i} {word} " * 40}) + "\n" for i in range(200)))
    text = tmp_path / "text.yaml"
    text.write_text("name: small\ndata: {source: text, window: 32}\nmodel: {layers: 1, width: 16, heads: 2, context: 32}\n"
                    "steps: 12\nrounds: 2\nbatch: 4\neval_every: 6\nmethods: [stratified, no-graph]\nseeds: [0, 1]\n")
    assert run(text, tmp_path / "together", f"data={texts}").returncode == 0
    for method in ("stratified", "no-graph"):
        for seed in (0, 1):
            assert run(text, tmp_path / "alone", f"data={texts}", f"methods={method}", f"seeds={seed}").returncode == 0
    assert results(tmp_path / "together") == results(tmp_path / "alone")
    assert len(results(tmp_path / "alone")) == 4 * len(DETERMINISTIC)


def test_checkpoints_inside_a_round_are_gone_on_from(recipe, tmp_path):
    settings = ["checkpoint_every=7", "rounds=1", "steps=4000", "seeds=0", "methods=stratified"]
    steps = tmp_path / "runs/small/stratified/seed0/steps.jsonl"
    for count in (30, 60):
        process = subprocess.Popen(command(recipe, tmp_path / "runs", *settings), stdout=subprocess.DEVNULL,
                                   stderr=subprocess.PIPE, text=True)
        while lines(steps) < count:
            time.sleep(0.001)
        process.send_signal(signal.SIGKILL)
        message = process.communicate()[1]
    at = int(message.split("goes on at step ")[1].split()[0])
    assert at >= 28 and at % 7 == 0


def test_a_batch_in_pieces_trains_the_same_model(recipe, tmp_path):
    settings = ["steps=40", "seeds=0", "methods=stratified"]
    for pieces in (0, 1, 3):
        assert run(recipe, tmp_path / str(pieces), *settings, f"micro_batch={pieces}").returncode == 0
    records = [[json.loads(line) for line in (tmp_path / pieces / "small/stratified/seed0/steps.jsonl").open()]
               for pieces in ("0", "1", "3")]
    for whole, *others in zip(*records):
        for other in others:
            assert other["loss"] == pytest.approx(whole["loss"], rel=1e-4)
            assert other["scored_tokens"] == whole["scored_tokens"] and other["tokens"] == whole["tokens"]
    refused(run(recipe, tmp_path / "0", *settings, "micro_batch=4"), "micro_batch")


def test_stopped_by_a_signal_it_says_how_to_go_on_and_does(recipe, tmp_path):
    runs = tmp_path / "runs"
    process = subprocess.Popen(command(recipe, runs, "steps=4000"), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    while lines(runs / "small/stratified/seed0/steps.jsonl") < 5:
        time.sleep(0.01)
    process.send_signal(signal.SIGTERM)
    assert "goes on from the last checkpoints" in process.communicate()[1]
    assert process.returncode == 130


def test_a_finished_study_is_kept_and_a_seed_can_be_added(recipe, tmp_path):
    runs = tmp_path / "runs"
    assert run(recipe, runs).returncode == 0
    before = results(runs)
    assert run(recipe, runs, "seeds=0,1,2").returncode == 0
    after = results(runs)
    assert {name: after[name] for name in before} == before
    assert len(after) == len(before) // 2 * 3


def test_another_recipe_in_the_same_folder_is_refused_with_the_difference(recipe, tmp_path):
    runs = tmp_path / "runs"
    assert run(recipe, runs).returncode == 0
    before = results(runs)
    refused(run(recipe, runs, "optimizer.lr=5e-4"), "optimizer.lr", "0.001", "0.0005")
    assert results(runs) == before


def test_a_damaged_checkpoint_is_refused_by_name(recipe, tmp_path):
    runs = tmp_path / "runs"
    process = subprocess.Popen(command(recipe, runs, "steps=4000"), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    checkpoint = runs / "small/stratified/seed0/checkpoint.safetensors"
    while not checkpoint.exists():
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.wait()
    whole = checkpoint.read_bytes()
    checkpoint.write_bytes(whole[: len(whole) // 2])
    refused(run(recipe, runs, "steps=4000"), "checkpoint.safetensors", "cut short")
    damaged = bytearray(whole)
    damaged[len(whole) // 2] ^= 1
    checkpoint.write_bytes(damaged)
    refused(run(recipe, runs, "steps=4000"), "checkpoint.safetensors", "damaged")


def test_a_full_disk_stops_the_run_with_its_last_checkpoint_whole(recipe, tmp_path):
    runs = tmp_path / "runs"
    # No file may grow past 60 kB: the record is cut off in the middle of training.
    limits = lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, 60_000))
    small = ["steps=2000", "rounds=200", "model.layers=1", "model.width=8"]
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    result = run(recipe, runs, *small, preexec_fn=limits, restore_signals=False)
    refused(result, "cannot write", "steps.jsonl")
    assert not list(runs.rglob("*.tmp*"))
    assert run(recipe, runs, *small).returncode == 0
    assert run(recipe, tmp_path / "whole", *small).returncode == 0
    assert results(runs) == results(tmp_path / "whole")


def test_a_folder_of_text_files(tmp_path):
    folder = tmp_path / "text"
    folder.mkdir()
    for skill, word in [("fruit", "apple"), ("tools", "hammer")]:
        with (folder / f"{skill}.jsonl").open("w") as file:
            for i in range(60):
                file.write(json.dumps({"text": f"The {word} number {i} is here. " * 4}) + "\n")
    result = run("text", tmp_path / "runs", f"data={folder}", "steps=10", "rounds=2", "seeds=0", "model.width=16",
                 "model.layers=1", "--json")
    assert result.returncode == 0, result.stderr
    assert json.loads(result.stdout)["eval_skills"] == ["fruit", "tools"]


def test_all_problems_of_a_recipe_are_told_at_once_with_their_lines(tmp_path):
    path = tmp_path / "bad.yaml"
    path.write_text("stpes: 5\nbatch: 0\nmodel:\n  width: 63\n  heads: 4\nseeds: []\n")
    message = refused(run(path, tmp_path / "runs"), "bad.yaml:1", "did you mean 'steps'", "bad.yaml:2", "bad.yaml:5", "seeds")
    assert len(message.splitlines()) == 5
    assert not (tmp_path / "runs").exists()


@pytest.mark.parametrize("settings, words", [
    (["methods=skilit"], ["skilit", "did you mean 'skillit'"]),
    (["methods=\"skillit:eat=0.5\""], ["eat", "eta"]),
    (["graph=none"], ["graph", "no-graph"]),
    (["graph=missing.json"], ["missing.json"]),
    (["data.source=recall", "methods=stratified"], ["published graph"]),
    (["data.source=text", "data.window=32"], ["data=FOLDER"]),
    (["data.source=text", "data.window=32", "data.path=/nonexistent", "graph=none"], ["/nonexistent"]),
    (["seeds=-1"], ["seeds"]),
    (["micro_batch=9"], ["micro_batch", "is 9", "only 8 samples"]),
    (["micro_batch=-1"], ["micro_batch", "-1"]),
    (["steps=2"], ["rounds"]),
    (["device=cuda"], ["GPU"]),
    (["nonsense"], ["nonsense"]),
])
def test_wrong_settings_are_refused_before_anything_is_trained(recipe, tmp_path, settings, words):
    message = refused(run(recipe, tmp_path / "runs", *settings), *words)
    assert len(message.splitlines()) <= 2
    assert not list((tmp_path / "runs").rglob("steps.jsonl"))


def test_an_unknown_recipe_names_the_nearest(tmp_path):
    refused(run("lgeo", tmp_path / "runs"), "did you mean 'lego'")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_an_unwritable_folder(recipe, tmp_path):
    (tmp_path / "runs").mkdir(mode=0o500)
    refused(run(recipe, tmp_path / "runs"), "runs")


def test_a_base_model_is_trained_once_and_found_again(recipe, tmp_path):
    base = ["base=[{data: {source: recall, length: 2, validation: 10}, layers: 2, steps: 3, batch: 4}]", "steps=8"]
    first = run(recipe, tmp_path / "runs", *base)
    assert "base 1/1: recall: loss" in first.stderr
    manifest = json.loads((tmp_path / "runs/small/stratified/seed0/manifest.json").read_text())
    assert manifest["fingerprints"]["base"] != "none"
    assert len(list((tmp_path / "runs/base").glob("*.safetensors"))) == 1
    again = run(recipe, tmp_path / "runs", *base, "seeds=0,1,2")
    assert again.returncode == 0 and "loss" not in again.stderr.split("small:")[0]


def test_show_and_keys_explain_without_training(recipe, tmp_path):
    shown = run(recipe, tmp_path / "runs", "--show", "batch=9")
    assert "batch: 9" in shown.stdout
    keys = subprocess.run([PROGRAM, "run", "--keys"], capture_output=True, text=True)
    assert "optimizer.lr" in keys.stdout
    assert not (tmp_path / "runs").exists()
