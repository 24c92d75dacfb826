"""skillit run: settings, constraints and schedules, as a run's record shows them."""

import json
import math
import os
import signal
import subprocess
import time

import pytest

PROGRAM = os.environ["SKILLIT_BIN"]

SMALL = """
name: small
data: {source: lego, skills: 4, validation: 10}
graph: paper
model: {layers: 1, width: 16, heads: 2, context: 32}
optimizer: {lr: 1e-3, warmup: 2}
steps: 24
rounds: 4
batch: 8
eval_every: 12
methods: [stratified]
seeds: [0]
"""


@pytest.fixture
def recipe(tmp_path):
    path = tmp_path / "small.yaml"
    path.write_text(SMALL)
    return path


def run(recipe, tmp_path, *settings):
    return subprocess.run([PROGRAM, "run", str(recipe), "--runs", str(tmp_path / "runs"), *settings],
                          capture_output=True, text=True, stdin=subprocess.DEVNULL)


def rounds_of(recipe, tmp_path, *settings):
    """The rounds of each method's run, by method."""
    result = run(recipe, tmp_path, *settings)
    assert result.returncode == 0, result.stderr
    found = {}
    for folder in (tmp_path / "runs/small").glob("*/seed0"):
        manifest = json.loads((folder / "manifest.json").read_text())
        found[manifest["method"]] = [json.loads(line) for line in (folder / "rounds.jsonl").open()]
    return found


# The paper's graph: skill 2 helps 1, 3 and 4.
def test_fine_tuning_trains_on_prerequisites_and_targets(recipe, tmp_path):
    methods = 'methods=[stratified, "stratified:over=all", target-only, "skillit:eta=1"]'
    rounds = rounds_of(recipe, tmp_path, "setting=finetune", "targets=lego-3", methods)
    assert rounds["stratified"][0]["mixture"] == [0, 0.5, 0.5, 0]
    assert rounds["stratified:over=all"][0]["mixture"] == [0.25] * 4
    assert rounds["target-only"][-1]["delivered"] == [0, 0, 24 * 8, 0]
    first = rounds["skillit:eta=1"][0]["mixture"]
    assert first[1] / first[0] == pytest.approx(2.718281828459045**0.5) and first[0] == first[3]
    manifest = json.loads((tmp_path / "runs/small/stratified/seed0/manifest.json").read_text())
    assert manifest["eval_skills"] == ["lego-3"]
    # Given graphs cost nobody knows what; target-only uses none.
    assert manifest["costs"]["graph_flops"] is None
    manifest = json.loads((tmp_path / "runs/small/target-only/seed0/manifest.json").read_text())
    assert manifest["costs"]["graph_flops"] == 0


def test_out_of_domain_trains_on_all_but_the_targets(recipe, tmp_path):
    rounds = rounds_of(recipe, tmp_path, "setting=out-of-domain", "targets=lego-3,lego-4")
    assert rounds["stratified"][0]["mixture"] == [0, 1]  # Only lego-2 helps lego-3 or lego-4.
    manifest = json.loads((tmp_path / "runs/small/stratified/seed0/manifest.json").read_text())
    assert manifest["train_skills"] == ["lego-1", "lego-2"]
    assert manifest["eval_skills"] == ["lego-3", "lego-4"]


@pytest.mark.parametrize("settings, words", [
    (["setting=finetune"], ["targets", "setting=finetune needs them"]),
    (["setting=out-of-domain", "targets=lego-1", "train_on=lego-1,lego-2"],
     ["'lego-1' is both trained on and evaluated"]),
    (["setting=pretrain", "targets=lego-1"], ["'lego-2' is trained on and does not count", "finetune"]),
    (["setting=finetune", "targets=lego-1", "train_on=lego-2"], ["'lego-1' is evaluated and not trained on"]),
    (["targets=lego-1", "evaluate_on=lego-1"], ["leave out targets or evaluate_on"]),
    (["prior={lego-1: 1}"], ["prior", "lego-1, lego-2, lego-3, lego-4"]),
    (["setting=out-of-domain", "targets=lego-1", "methods=[target-only]"], ["target-only", "lego-1"]),
    (["methods=[\"stratified:floor=0.3\"]"], ["floor is 0.3", "1/4"]),
])
def test_contradictions_are_refused_before_anything_is_trained(recipe, tmp_path, settings, words):
    result = run(recipe, tmp_path, *settings)
    assert result.returncode == 2
    for word in words:
        assert word in result.stderr
    assert not (tmp_path / "runs").exists()


def test_schedules_and_skill_curricula(recipe, tmp_path):
    rounds = rounds_of(recipe, tmp_path, "steps=16", "rounds=8", "eval_every=16", "methods=[skill-curriculum, "
                       "skill-anti-curriculum, 'manual:shares=1/0/0/0|0/0/1/1,lengths=3/1']")
    easy, hard = rounds["skill-curriculum"], rounds["skill-anti-curriculum"]
    order = [entry["mixture"].index(1) for entry in easy[:4]]
    assert sorted(order) == [0, 1, 2, 3]
    assert [entry["mixture"].index(1) for entry in hard[:4]] == order[::-1]
    assert all(entry["mixture"] == [0.25] * 4 for entry in easy[4:])
    manual = rounds["manual:shares=1/0/0/0|0/0/1/1,lengths=3/1"]
    assert [entry["mixture"] for entry in manual] == [[1, 0, 0, 0]] * 6 + [[0, 0, 0.5, 0.5]] * 2


def test_constraints_hold_in_every_round_and_the_prior_counts(recipe, tmp_path):
    method = "skillit:eta=20,floor=0.1,cap=0.6"
    rounds = rounds_of(recipe, tmp_path, f'methods=["{method}", "random"]',
                       "prior={lego-1: 1, lego-2: 1, lego-3: 2, lego-4: 6}")
    for entry in rounds[method]:
        assert min(entry["mixture"]) >= 0.1 - 1e-12 and max(entry["mixture"]) <= 0.6 + 1e-12
    assert rounds["random"][0]["mixture"] == pytest.approx([0.1, 0.1, 0.2, 0.6])


# What each would do without them breaks some: shares of 0, of 0.9, a round of one skill.
def test_every_method_is_held_to_the_constraints_in_every_round(recipe, tmp_path):
    own = ["skillit:eta=20", "no-graph:eta=20", "static:eta=20", "stratified:", "random:shares=1/1/1/17",
           "target-only:", "curriculum:shares=1/1/1/17", "anti-curriculum:shares=17/1/1/1,pacing=log",
           "skill-curriculum:", "skill-anti-curriculum:fraction=0.4", "manual:shares=1/0/0/0|0/0/0/1"]
    prior = [0.1, 0.2, 0.3, 0.4]
    methods = [method + ("" if method.endswith(":") else ",") + limits for method in own
               for limits in ("floor=0.1,cap=0.6,explore=0.1", "max_kl=0.05")]
    rounds = rounds_of(recipe, tmp_path, json.dumps(methods).join(["methods=", ""]), "batch=32",
                       "prior={lego-1: 1, lego-2: 2, lego-3: 3, lego-4: 4}")
    assert set(rounds) == set(methods)
    for method in methods:
        for entry in rounds[method]:
            mixture = entry["mixture"]
            if "max_kl" in method:
                assert sum(q * math.log(q / p) for q, p in zip(mixture, prior) if q > 0) <= 0.05 + 1e-9, method
            else:
                assert min(mixture) >= 0.1 - 1e-12 and max(mixture) <= 0.6 + 1e-12, method
            # What was delivered is what was asked for, and that is the mixture.
            off = [abs(a - d) for a, d in zip(entry["asked"], entry["delivered"])]
            assert max(off) < 2 or method.startswith(("curriculum", "anti-curriculum")), method


# 192 samples of 4 skills with 60 each: the round that would draw a 61st of lego-4 asks for what is left.
def test_no_skill_is_asked_for_more_epochs_than_it_may_have(recipe, tmp_path):
    method = "static:shares=1/1/1/7,floor=0.05"
    rounds = rounds_of(recipe, tmp_path, f'methods=["{method}"]', "stream.spent=drop", "data.train_samples=60")[method]
    assert rounds[0]["mixture"] == pytest.approx([0.1, 0.1, 0.1, 0.7])
    left = 60 - rounds[0]["delivered"][3]
    assert rounds[1]["mixture"][3] == pytest.approx(left / 48)
    assert rounds[2]["mixture"] == pytest.approx([1 / 3, 1 / 3, 1 / 3, 0])
    assert rounds[-1]["delivered"][3] == 60 and sum(rounds[-1]["delivered"]) == 24 * 8


CURRICULA = 'methods=[curriculum, "anti-curriculum:pacing=log,a=0.8,b=0.3"]'


def test_curricula_begin_at_their_end_of_the_losses_and_are_charged(recipe, tmp_path):
    # A base model that is not uniform; without training steps of its own to speak of.
    rounds = rounds_of(recipe, tmp_path, CURRICULA[:-1] + ", random]", "optimizer.lr=1e-9", "steps=40", "batch=16")
    mean_loss = {}
    for method in rounds:
        name = method.replace(":", "-")
        steps = (tmp_path / "runs/small" / name / "seed0/steps.jsonl").read_text().splitlines()
        mean_loss[method] = [json.loads(line)["loss"] for line in steps]
    easy, hard = mean_loss["curriculum"], mean_loss["anti-curriculum:pacing=log,a=0.8,b=0.3"]
    # The model hardly changes, so a round's loss is that of its part of the order.
    quarter = [sum(easy[i:i + 10]) / 10 for i in range(0, 40, 10)]
    assert quarter == sorted(quarter)
    assert quarter[0] < min(sum(hard[:10]), sum(mean_loss["random"][:10])) / 10
    assert abs(quarter[3] - sum(mean_loss["random"][30:]) / 10) < abs(quarter[3] - quarter[0])
    assert sum(rounds["curriculum"][-1]["delivered"]) == 40 * 16
    costs = {method: json.loads((tmp_path / "runs/small" / method.replace(":", "-") / "seed0/manifest.json").read_text())
             ["costs"] for method in rounds}
    assert costs["curriculum"]["sample_losses_flops"] > 0 and "sample_losses_flops" not in costs["random"]


def test_a_curriculum_killed_at_any_moment_ends_where_an_uninterrupted_one_ends(recipe, tmp_path):
    settings = [CURRICULA, "steps=60", "checkpoint_every=4", "parallel=1"]
    files = ["model.safetensors", "steps.jsonl", "evaluations.jsonl", "rounds.jsonl", "manifest.json"]
    folders = ["curriculum/seed0", "anti-curriculum-pacing=log,a=0.8,b=0.3/seed0"]

    def results(runs):
        return {(folder, name): (runs / "small" / folder / name).read_bytes() for folder in folders for name in files}

    command = [PROGRAM, "run", str(recipe), *settings, "--runs"]
    assert subprocess.run([*command, str(tmp_path / "whole")], capture_output=True).returncode == 0
    steps = [tmp_path / "cut/small" / folder / "steps.jsonl" for folder in folders]
    lines = lambda: sum(path.read_text().count("\n") for path in steps if path.exists())
    kills, deadline = 0, time.monotonic() + 120
    for target in (3, 17, 30, 58, 75, 100):
        process = subprocess.Popen([*command, str(tmp_path / "cut")], stdout=subprocess.DEVNULL,
                                   stderr=subprocess.DEVNULL)
        while lines() < target and process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.002)
        if process.poll() is None:
            process.send_signal(signal.SIGKILL)
            kills += 1
        process.wait()
    assert kills >= 3
    assert subprocess.run([*command, str(tmp_path / "cut")], capture_output=True).returncode == 0
    assert results(tmp_path / "cut") == results(tmp_path / "whole")


def test_a_curriculum_cannot_keep_limits_on_epochs(recipe, tmp_path):
    result = run(recipe, tmp_path, CURRICULA, "stream.spent=drop")
    assert result.returncode == 2 and "stream.max_epochs" in result.stderr
    assert not (tmp_path / "runs").exists()
