"""skillit graph learn, graph check and plan: probes in small, interrupted, shared, and how mistakes are answered."""

import json
import os
import shutil
import signal
import subprocess
import time

import pytest

PROGRAM = os.environ["SKILLIT_BIN"]

SMALL = """
name: small
data: {source: lego, skills: 3, validation: 20}
graph: learn
learn: {learner: brute-force, steps: 30, seeds: [0, 1], process: "keep_noise=true"}
model: {layers: 2, width: 16, heads: 2, context: 32}
optimizer: {lr: 1e-3, warmup: 5}
steps: 40
rounds: 2
batch: 8
eval_every: 10
methods: [stratified, "skillit:eta=0.5,window=3"]
seeds: [0]
"""


@pytest.fixture
def recipe(tmp_path):
    path = tmp_path / "small.yaml"
    path.write_text(SMALL)
    return path


def skillit(*arguments):
    return subprocess.run([PROGRAM, *map(str, arguments)], capture_output=True, text=True, stdin=subprocess.DEVNULL)


def learn(recipe, runs, *settings):
    return skillit("graph", "learn", recipe, "--runs", runs, *settings)


def probes(runs):
    """Folders of finished probes."""
    return {path.parent for path in runs.glob("probes/*/*/model.safetensors")}


def graph(runs, name="small"):
    return json.loads((runs / name / "graph.json").read_text())


def refused(result, *words):
    assert result.returncode == 2, result.stderr
    for word in words:
        assert word in result.stderr
    assert "internal error" not in result.stderr


def test_brute_force_trains_on_every_skill_and_pair_and_gives_a_graph_with_evidence(recipe, tmp_path):
    result = learn(recipe, tmp_path)
    assert result.returncode == 0, result.stderr
    assert "12 probes of 30 steps, 0 found finished" in result.stderr
    assert len(probes(tmp_path)) == 12
    found = graph(tmp_path)
    assert found["train_skills"] == found["eval_skills"] == ["lego-1", "lego-2", "lego-3"]
    assert found["edges"]["n"] == [[2] * 3] * 3
    assert found["provenance"]["learner"] == "brute-force" and "validation samples of lego-2" in found["provenance"]
    assert "lego-2" in result.stdout and "What this means" in result.stdout


def test_a_study_charges_the_probes_to_the_methods_that_use_the_graph(recipe, tmp_path):
    result = skillit("run", recipe, "--runs", tmp_path, "learn.seeds=0", "steps=12", "rounds=2", "seeds=0",
                     'methods=[stratified, "skillit:eta=0.5"]')
    assert result.returncode == 0, result.stderr
    flops = 0
    for folder in probes(tmp_path):
        costs = json.loads((folder / "manifest.json").read_text())["costs"]
        for line in (folder / "steps.jsonl").open():
            step = json.loads(line)
            flops += costs["flops_per_token"] * step["tokens"] + costs["flops_per_scored_token"] * step["scored_tokens"]
        flops += costs["flops_per_evaluation"] * len((folder / "evaluations.jsonl").read_text().splitlines())
    assert float(graph(tmp_path)["provenance"]["flops"]) == pytest.approx(flops, rel=1e-12)
    costs = {method["method"]: method["cost"] for method in json.loads((tmp_path / "small/summary.json").read_text())["methods"]}
    assert costs["stratified"]["graph_flops"] == 0
    assert costs["skillit:eta=0.5"]["graph_flops"] == pytest.approx(flops, rel=1e-12)


def test_the_weights_are_what_the_recorded_losses_say(recipe, tmp_path):
    assert learn(recipe, tmp_path, "learn.seeds=0").returncode == 0
    drop = {}
    for folder in probes(tmp_path):
        manifest = json.loads((folder / "manifest.json").read_text())
        rows = [json.loads(line) for line in (folder / "evaluations.jsonl").open()]
        drop[tuple(manifest["train_skills"])] = [a - b for a, b in zip(rows[0]["losses"], rows[-1]["losses"])]
    mean = graph(tmp_path)["edges"]["mean"]
    # Algorithm 2: what the pair gains over j alone; the diagonal is the drop of j alone.
    assert mean[0][1] == pytest.approx(drop[("lego-1", "lego-2")][1] - drop[("lego-2",)][1], abs=1e-12)
    assert mean[2][0] == pytest.approx(drop[("lego-1", "lego-3")][0] - drop[("lego-1",)][0], abs=1e-12)
    assert mean[1][1] == pytest.approx(drop[("lego-2",)][1], abs=1e-12)


def test_finished_probes_are_kept_and_shared_between_learners(recipe, tmp_path):
    assert learn(recipe, tmp_path).returncode == 0
    first = (tmp_path / "small/graph.json").read_bytes()
    again = learn(recipe, tmp_path)
    assert "12 found finished, 0 to run" in again.stderr
    assert (tmp_path / "small/graph.json").read_bytes() == first
    # The approximate learner needs the skills alone, which are there.
    assert "6 probes of 30 steps, 6 found finished" in learn(recipe, tmp_path, "learn.learner=approximate").stderr
    # One seed more: only its runs.
    assert "18 probes of 30 steps, 12 found finished" in learn(recipe, tmp_path, "learn.seeds=0,1,2").stderr


def test_killed_at_any_moment_it_gives_the_same_graph_byte_for_byte(recipe, tmp_path):
    settings = ["learn.steps=150"]
    assert learn(recipe, tmp_path / "whole", *settings).returncode == 0
    runs = tmp_path / "killed"
    kills = 0
    for finished in [0, 2, 5, 9]:
        process = subprocess.Popen([PROGRAM, "graph", "learn", recipe, "--runs", runs, *settings],
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while process.poll() is None and (len(probes(runs)) < finished or not list(runs.glob("probes/*/*/steps.jsonl"))):
            time.sleep(0.001)
        if process.poll() is None:
            kills += 1
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert kills >= 2
    assert learn(recipe, runs, *settings).returncode == 0
    assert (runs / "small/graph.json").read_bytes() == (tmp_path / "whole/small/graph.json").read_bytes()


def test_shards_share_the_work_and_give_the_same_graph(recipe, tmp_path):
    assert learn(recipe, tmp_path / "whole").returncode == 0
    runs = tmp_path / "shards"
    for shard in ["1/3", "2/3", "3/3"]:
        result = learn(recipe, runs, "--shard", shard)
        assert result.returncode == 0 and "without --shard" in result.stdout
        assert "4 probes of 30 steps, 0 found finished" in result.stderr
    assert "12 found finished" in learn(recipe, runs).stderr
    assert (runs / "small/graph.json").read_bytes() == (tmp_path / "whole/small/graph.json").read_bytes()


def text_folder(tmp_path, *skills):
    folder = tmp_path / "text"
    folder.mkdir(exist_ok=True)
    for skill in skills:
        with (folder / f"{skill}.jsonl").open("w") as file:
            for i in range(60):
                file.write(json.dumps({"text": f"About {skill}, number {i}: {skill} is here. " * 4}) + "\n")
    return folder


TEXT = ["model.width=16", "model.layers=1", "batch=4", "eval_every=5", "learn.steps=10", "learn.seeds=0", "data.window=64"]


def test_adding_a_skill_runs_only_what_is_new(tmp_path):
    settings = [f"data={text_folder(tmp_path, 'fruit', 'tools')}", *TEXT]
    assert "2 probes of 10 steps, 0 found finished" in learn("text", tmp_path, *settings).stderr
    text_folder(tmp_path, "birds")
    result = learn("text", tmp_path, *settings)
    assert "3 probes of 10 steps, 2 found finished, 1 to run" in result.stderr, result.stderr
    found = graph(tmp_path, "text")
    assert found["train_skills"] == ["birds", "fruit", "tools"]
    # The new column of the old rows was measured on their stored models: as if all had been run together.
    assert learn("text", tmp_path / "fresh", *settings).returncode == 0
    assert found["weights"] == graph(tmp_path / "fresh", "text")["weights"]


def test_a_study_learns_its_graph_first(recipe, tmp_path):
    result = skillit("run", recipe, "--runs", tmp_path)
    assert result.returncode == 0, result.stderr
    assert len(probes(tmp_path)) == 12 and (tmp_path / "small/graph.json").exists()
    manifest = json.loads(next(tmp_path.glob("small/skillit*/seed0/manifest.json")).read_text())
    assert manifest["fingerprints"]["graph"] != "none"
    # Another graph in the same folder is refused, by what differs.
    refused(skillit("run", recipe, "--runs", tmp_path, "learn.process=diagonal=zero"), "graph")


def test_a_graph_of_other_content_is_told_by_name(recipe, tmp_path):
    assert learn(recipe, tmp_path).returncode == 0
    result = skillit("run", recipe, "--runs", tmp_path / "other", f"graph={tmp_path}/small/graph.json",
                     "data.validation_seed=7")
    assert result.returncode == 0 and "'lego-1', 'lego-2', 'lego-3' were learned on other content" in result.stderr
    same = skillit("run", recipe, "--runs", tmp_path / "same", f"graph={tmp_path}/small/graph.json")
    assert same.returncode == 0 and "other content" not in same.stderr
    # A run that measures one skill only says nothing about what the others are.
    part = skillit("run", recipe, "--runs", tmp_path / "part", f"graph={tmp_path}/small/graph.json", "evaluate_on=lego-2")
    assert part.returncode == 0 and "other content" not in part.stderr, part.stderr
    changed = skillit("run", recipe, "--runs", tmp_path / "changed", f"graph={tmp_path}/small/graph.json",
                      "data.validation_seed=7", "train_on=lego-1", "evaluate_on=lego-2", "methods=[random]")
    assert changed.returncode == 0 and "'lego-2' was learned on other content" in changed.stderr


def test_training_documents_that_changed_are_told_by_name(tmp_path):
    settings = [f"data={text_folder(tmp_path, 'fruit', 'tools')}", *TEXT]
    assert learn("text", tmp_path, *settings).returncode == 0
    with (tmp_path / "text/tools.jsonl").open("a") as file:
        file.writelines(json.dumps({"text": f"One more about tools: {i}."}) + "\n" for i in range(10))
    run = [*settings, f"graph={tmp_path}/text/graph.json", "steps=10", "rounds=2", "seeds=0", "methods=[skillit]"]
    result = skillit("run", "text", "--runs", tmp_path / "again", *run)
    assert result.returncode == 0 and "'tools' was learned on other content" in result.stderr, result.stderr
    assert "fruit' w" not in result.stderr


def test_out_of_domain_the_graph_is_rectangular(recipe, tmp_path):
    result = learn(recipe, tmp_path, "learn.learner=approximate", "train_on=lego-1,lego-2", "evaluate_on=lego-3")
    assert result.returncode == 0, result.stderr
    found = graph(tmp_path)
    assert (found["train_skills"], found["eval_skills"]) == (["lego-1", "lego-2"], ["lego-3"])


def test_gradients_can_be_kept_in_few_numbers(recipe, tmp_path):
    settings = ["learn.gradient_samples=8", "learn.seeds=0"]
    assert learn(recipe, tmp_path, "learn.learner=gradient", *settings).returncode == 0
    exact = graph(tmp_path)["edges"]["mean"]
    assert learn(recipe, tmp_path, "learn.learner=gradient:projection=4096", *settings).returncode == 0
    projected = graph(tmp_path)["edges"]["mean"]
    differences = [abs(a - b) for left, right in zip(exact, projected) for a, b in zip(left, right)]
    # A cosine is known to about 1 / sqrt(4096) = 0.016: five of them.
    assert 0 < max(differences) < 0.08
    refused(learn(recipe, tmp_path, "learn.learner=gradient:projection=-4"), "projection is -4")


def test_gradients_give_a_graph_without_training(recipe, tmp_path):
    result = learn(recipe, tmp_path, "learn.learner=gradient", "learn.gradient_samples=8")
    assert result.returncode == 0, result.stderr
    assert not probes(tmp_path)
    assert all(-1 <= value <= 1 for row in graph(tmp_path)["edges"]["mean"] for value in row)


def test_gradients_in_pieces_are_the_same(recipe, tmp_path):
    settings = ["learn.learner=gradient", "learn.gradient_samples=8", "learn.seeds=0"]
    means = []
    for pieces in ([], ["micro_batch=3"], ["recompute=true"]):
        assert learn(recipe, tmp_path, *settings, *pieces).returncode == 0
        means.append([value for row in graph(tmp_path)["edges"]["mean"] for value in row])
    assert means[1] == pytest.approx(means[0], abs=1e-5) and means[1] != means[0]
    assert means[2] == means[0]


@pytest.mark.parametrize("arguments", [["graph", "learn", "learn.learner=gradient", "learn.gradient_samples=400"], ["plan"]])
def test_stopped_by_a_signal_it_says_so(tmp_path, arguments):
    recipe = tmp_path / "small.yaml"
    recipe.write_text(SMALL + "base: [{data: {source: recall, length: 3}, layers: 2, steps: 100000, batch: 8}]\n")
    verb = arguments[:2] if arguments[0] == "graph" else arguments[:1]
    process = subprocess.Popen([PROGRAM, *verb, str(recipe), "--runs", str(tmp_path), *arguments[len(verb):]],
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert "base" in process.stderr.readline()
    process.send_signal(signal.SIGTERM)
    assert "skillit: stopped" in process.communicate()[1]
    assert process.returncode == 130


def test_online_fits_the_studys_own_runs_and_says_when_it_cannot(recipe, tmp_path):
    refused(learn(recipe, tmp_path, "learn.learner=online"), "no finished run")
    study = ["graph=paper", "rounds=8", 'methods=["static:shares=1/2/3", stratified, "static:shares=3/1/1"]']
    assert skillit("run", recipe, "--runs", tmp_path, *study).returncode == 0
    result = learn(recipe, tmp_path, *study, "learn.learner=online:ridge=0.1")
    assert result.returncode == 0, result.stderr
    assert "fitted 3 runs" in result.stderr and "3 independent mixtures" in result.stderr
    # Another order of the skills is the same graph by name, not by place.
    first = graph(tmp_path)
    assert set(first["provenance"]) >= {"evidence for lego-1", "evidence for lego-3"}
    turned = "lego-3,lego-1,lego-2"
    result = learn(recipe, tmp_path, *study, "learn.learner=online:ridge=0.1", f"train_on={turned}", f"evaluate_on={turned}")
    assert result.returncode == 0, result.stderr
    second = graph(tmp_path)
    assert second["train_skills"] == second["eval_skills"] == turned.split(",")
    for i, name in enumerate(first["train_skills"]):
        for j, other in enumerate(first["eval_skills"]):
            at = second["weights"][second["train_skills"].index(name)][second["eval_skills"].index(other)]
            assert at == pytest.approx(first["weights"][i][j], abs=1e-12)
    # Runs on other data are not evidence about this.
    refused(learn(recipe, tmp_path, *study, "learn.learner=online:ridge=0.1", "data.validation_seed=7"), "lego-1", "other samples")


def test_online_says_which_rows_are_the_prior(recipe, tmp_path):
    study = ["graph=paper", "rounds=4", "methods=[stratified]"]
    assert skillit("run", recipe, "--runs", tmp_path, *study).returncode == 0
    refused(learn(recipe, tmp_path, *study, "learn.learner=online"), "1 independent mixtures, but 3", "prior graph")
    result = learn(recipe, tmp_path, *study, "learn.learner=online:ridge=1")
    assert result.returncode == 0, result.stderr
    assert "too few to tell all rows apart" in result.stderr and "the prior graph: lego-1 (" in result.stderr
    without = learn(recipe, tmp_path, "graph=none", *study[1:], "learn.learner=online:ridge=1")
    assert "no prior graph was given" in without.stderr


def test_check_answers_both_definitions(recipe, tmp_path):
    result = skillit("graph", "check", recipe, "--runs", tmp_path, "threshold=0.7")
    assert result.returncode == 0, result.stderr
    assert "Definition 2.1" in result.stdout and "lego-1 -> lego-2" in result.stdout
    assert result.stdout.count("->") == 6
    # It shares its probes with brute force.
    assert "12 found finished" in learn(recipe, tmp_path).stderr


def test_plan_counts_what_is_missing(recipe, tmp_path):
    before = skillit("plan", recipe, "--runs", tmp_path, "--probes")
    assert before.returncode == 0, before.stderr
    assert before.stdout.count("seed ") == 12 and "graph: brute-force" in before.stdout
    assert learn(recipe, tmp_path, "--shard", "1/4").returncode == 0
    after = skillit("plan", recipe, "--runs", tmp_path, "--probes").stdout
    assert sum(line.startswith("* ") for line in after.splitlines()) == 3
    missing = next(line for line in after.splitlines() if "not done" in line)
    assert missing.split()[3] == "9"


def test_plan_of_a_given_graph_speaks_of_no_probes(recipe, tmp_path):
    plan = skillit("plan", recipe, "--runs", tmp_path, "graph=paper")
    assert plan.returncode == 0, plan.stderr
    assert "study, all methods" in plan.stdout
    assert "graph:" not in plan.stdout and "not done" not in plan.stdout
    refused(skillit("plan", recipe, "--runs", tmp_path, "graph=paper", "--probes"), "'paper'", "graph=learn")


@pytest.mark.parametrize("settings, words", [
    (["learn.learner=brute-fore"], ["brute-fore", "brute-force"]),
    (["learn.learner=brute-force:at=3"], ["at_step"]),
    (["learn.learner=approximate:at_step=7"], ["7"]),
    (["learn.process=clip=maybe"], ["clip"]),
    (["learn.seeds=-1"], ["seeds"]),
    (["evaluate_on=lego-7"], ["lego-7", "lego-1"]),
    (["train_on=lego-1", "evaluate_on=lego-2"], ["lego-2"]),
    (["--shard", "4/3"], ["4/3", "i/n"]),
])
def test_wrong_settings_are_refused_in_a_line(recipe, tmp_path, settings, words):
    result = learn(recipe, tmp_path, *settings)
    refused(result, *words)
    assert not (tmp_path / "small/graph.json").exists()


def test_one_seed_says_what_it_cannot(recipe, tmp_path):
    result = learn(recipe, tmp_path, "learn.seeds=0")
    assert result.returncode == 0
    assert "fewer than two seeds" in result.stdout and "not known: one seed" in result.stdout


def test_a_single_skill_leaves_nothing_to_choose(recipe, tmp_path):
    result = learn(recipe, tmp_path, "train_on=lego-1", "evaluate_on=lego-1")
    assert result.returncode == 0 and "with one skill there is nothing to choose" in result.stdout


def test_a_probe_that_diverges_is_named(recipe, tmp_path):
    result = learn(recipe, tmp_path, "optimizer.lr=1e9", "parallel=1", "learn.seeds=7")
    refused(result, "lego-1, seed 7: training: the loss is nan", "lower optimizer.lr")
    assert not (tmp_path / "small/graph.json").exists()


def test_a_probe_in_anothers_place_is_refused(recipe, tmp_path):
    assert learn(recipe, tmp_path).returncode == 0
    first, second = sorted(probes(tmp_path))[:2]
    shutil.rmtree(first)
    shutil.copytree(second, first)
    refused(learn(recipe, tmp_path), str(first), "moved or copied", "remove this folder")


def test_a_damaged_probe_is_refused_by_its_file(recipe, tmp_path):
    assert learn(recipe, tmp_path).returncode == 0
    victim = sorted(probes(tmp_path))[0] / "evaluations.jsonl"
    text = victim.read_text()
    victim.write_text("{" + text[text.index("\n"):])
    refused(learn(recipe, tmp_path), "evaluations.jsonl:1")
    # A part of a probe is neither taken for one nor for none.
    for damage in [lambda: victim.write_text("".join(text.splitlines(keepends=True)[:-1])), victim.unlink,
                   (victim.parent / "manifest.json").unlink]:
        damage()
        refused(learn(recipe, tmp_path), str(victim.parent), "not whole", "remove this folder")
    shutil.rmtree(victim.parent)
    assert "1 to run" in learn(recipe, tmp_path).stderr


def test_a_probe_that_lost_its_last_evaluation_is_made_anew(recipe, tmp_path):
    assert learn(recipe, tmp_path).returncode == 0
    first = (tmp_path / "small/graph.json").read_bytes()
    victim = sorted(probes(tmp_path))[0]
    (victim / "model.safetensors").unlink()
    assert "1 to run" in learn(recipe, tmp_path).stderr
    assert (tmp_path / "small/graph.json").read_bytes() == first
