"""skillit export, and studies that continue a model of transformers' form."""

import json
import os
import pathlib
import signal
import subprocess
import time

import pytest

PROGRAM = os.environ["SKILLIT_BIN"]

SMALL = """
name: small
data: {source: lego, skills: 2, validation: 20}
model: {layers: 2, width: 16, heads: 2, context: 32}
optimizer: {lr: 1e-3, warmup: 5}
steps: 60
rounds: 3
batch: 8
eval_every: 10
methods: [stratified]
seeds: [0]
"""
DETERMINISTIC = ["model.safetensors", "steps.jsonl", "evaluations.jsonl", "rounds.jsonl", "manifest.json"]


def skillit(*arguments):
    return subprocess.run([PROGRAM, *map(str, arguments)], capture_output=True, text=True, stdin=subprocess.DEVNULL)


def succeeds(*arguments):
    result = skillit(*arguments)
    assert result.returncode == 0, result.stderr
    return result


def refused(*arguments):
    result = skillit(*arguments)
    assert result.returncode == 2, (result.stdout, result.stderr)
    *before, message = result.stderr.splitlines()
    assert message.startswith("skillit: ") and not any(line.startswith("skillit: ") for line in before), result.stderr
    assert "internal error" not in message
    return message


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """A folder with small.yaml, its run in runs/, and that run's model exported to model/."""
    folder = tmp_path_factory.mktemp("trained")
    (folder / "small.yaml").write_text(SMALL)
    succeeds("run", folder / "small.yaml", "--runs", folder / "runs")
    succeeds("export", folder / "runs/small/stratified/seed0", folder / "model")
    return folder


def evaluations(run):
    return [json.loads(line) for line in (run / "evaluations.jsonl").open()]


def test_an_exported_model_is_a_folder_with_a_config_and_again_the_same_when_exported_from_there(trained, tmp_path):
    config = json.loads((trained / "model/config.json").read_text())
    assert config["model_type"] == "gpt_neox" and config["num_hidden_layers"] == 2
    said = succeeds("export", trained / "model", str(tmp_path / "again") + "/").stdout
    assert "2 layers of width 16" in said and "no tokenizer.json" in said
    for name in ("config.json", "model.safetensors"):
        assert (trained / "model" / name).read_bytes() == (tmp_path / "again" / name).read_bytes()
    succeeds("export", trained / "model", tmp_path / "half", "--type", "bf16")
    assert json.loads((tmp_path / "half/config.json").read_text())["torch_dtype"] == "bfloat16"
    whole, half = ((folder / "model.safetensors").stat().st_size for folder in (trained / "model", tmp_path / "half"))
    assert half < 0.7 * whole
    assert sorted(path.name for path in tmp_path.iterdir()) == ["again", "half"]


def test_a_study_continues_where_the_exported_model_stands(trained, tmp_path):
    result = succeeds("run", trained / "small.yaml", "--runs", tmp_path, f"model={trained / 'model'}")
    assert "words with ids of their own" in result.stderr  # As the model has no tokenizer.json.
    before = evaluations(trained / "runs/small/stratified/seed0")
    after = evaluations(tmp_path / "small/stratified/seed0")
    assert after[0]["losses"] == before[-1]["losses"] and after[-1]["losses"] != before[-1]["losses"]
    manifest = json.loads((tmp_path / "small/stratified/seed0/manifest.json").read_text())
    assert manifest["fingerprints"]["base"] != "none"


def test_killed_it_ends_where_an_uninterrupted_one_ends(trained, tmp_path):
    settings = [f"model={trained / 'model'}", "checkpoint_every=7"]
    succeeds("run", trained / "small.yaml", "--runs", tmp_path / "whole", *settings)
    steps = tmp_path / "killed/small/stratified/seed0/steps.jsonl"
    kills = 0
    for count in (3, 25, 48):
        process = subprocess.Popen([PROGRAM, "run", trained / "small.yaml", "--runs", tmp_path / "killed", *settings],
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while process.poll() is None and (not steps.exists() or steps.read_text().count("\n") < count):
            time.sleep(0.0005)
        kills += process.poll() is None
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert kills >= 2
    succeeds("run", trained / "small.yaml", "--runs", tmp_path / "killed", *settings)
    for name in DETERMINISTIC:
        whole, killed = (tmp_path / which / "small/stratified/seed0" / name for which in ("whole", "killed"))
        assert whole.read_bytes() == killed.read_bytes(), name


def test_another_model_in_the_same_folder_is_noticed_at_resume(trained, tmp_path):
    succeeds("export", trained / "model", tmp_path / "model")
    run = ["run", trained / "small.yaml", "--runs", tmp_path, f"model={tmp_path / 'model'}"]
    succeeds(*run, "steps=20")
    file = tmp_path / "model/model.safetensors"
    data = bytearray(file.read_bytes())
    data[-1] ^= 1
    file.write_bytes(data)
    assert "base" in refused(*run, "steps=20")


def test_mistakes_are_named(trained, tmp_path):
    model = trained / "model"
    assert "is there already" in refused("export", model, model)
    assert "no model is there" in refused("export", tmp_path, tmp_path / "out")
    assert "no model is there" in refused("export", tmp_path / "nowhere", tmp_path / "out")
    (tmp_path / "model.safetensors").write_bytes(b"nonsense")
    assert "model.safetensors" in refused("export", tmp_path, tmp_path / "out")
    assert "has no config.json" in refused("run", trained / "small.yaml", f"model={tmp_path}", "--runs", tmp_path)
    assert "there is no folder" in refused("run", "text", f"data={tmp_path}", f"model={tmp_path}/nowhere", "--runs", tmp_path)
    assert "base" in refused("run", "lego", f"model={model}", "--runs", tmp_path)
    texts = tmp_path / "texts"
    texts.mkdir()
    (texts / "a.jsonl").write_text("".join(json.dumps({"text": f"{i} two three " * 40}) + "\n" for i in range(200)))
    text = ["run", "text", f"data={texts}", f"model={model}", "--runs", tmp_path]
    assert "no tokenizer.json" in refused(*text)
    assert "the tokenizer of the data 257" in refused(*text, "data.tokenizer=byte")
    assert not (tmp_path / "out").exists() and not pathlib.Path("out.unfinished").exists()
