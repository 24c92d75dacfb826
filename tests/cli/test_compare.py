"""skillit compare: studies and single runs, tables for other programs, and how what does not fit is answered."""

import csv
import json
import os
import shutil
import struct
import subprocess

import pytest

PROGRAM = os.environ["SKILLIT_BIN"]
STEPS = 40


def write_run(folder, method, seed, final, steps=STEPS, skills=("a", "b"), finished=True, study="lego"):
    """A run of two rounds, evaluated at its beginning, middle and end; the losses of all skills are equal."""
    folder.mkdir(parents=True)
    manifest = {"format_version": 1, "study": study, "method": method, "seed": seed, "steps": steps, "rounds": 2,
                "train_skills": skills, "eval_skills": skills, "recipe": f"steps: {steps}\n",
                "fingerprints": {"data": f"data{seed}"}, "versions": {}, "machine": {}}
    (folder / "manifest.json").write_text(json.dumps(manifest))

    def lines(name, records):
        (folder / name).write_text("".join(json.dumps(record) + "\n" for record in records))

    share = [1 / len(skills)] * len(skills)
    losses = [(0, 0.75), (steps // 2, (0.75 + final) / 2), (steps, final)]
    lines("evaluations.jsonl", [{"step": step, "losses": [loss] * len(skills), "accuracies": [None] * len(skills)}
                                for step, loss in losses[:3 if finished else 2]])
    lines("rounds.jsonl", [{"round": r, "first_step": r * steps // 2, "mixture": share, "asked": share,
                            "delivered": [1] * len(skills), "tokens": 10} for r in range(2 if finished else 1)])
    lines("steps.jsonl", [{"step": s + 1, "loss": 0.5, "learning_rate": 0.25, "grad_norm": 2, "scored_tokens": 1, "tokens": 4}
                          for s in range(steps if finished else steps // 2)])
    return folder


@pytest.fixture
def study(tmp_path):
    for seed, (random, skillit) in enumerate([(0.5, 0.25), (0.52, 0.26), (0.54, 0.3), (0.5, 0.24)]):
        write_run(tmp_path / f"lego/random/seed{seed}", "random", seed, random)
        write_run(tmp_path / f"lego/skillit/seed{seed}", "skillit", seed, skillit)
    return tmp_path / "lego"


def compare(*words, **options):
    return subprocess.run([PROGRAM, "compare", *map(str, words)], capture_output=True, text=True, **options)


def refused(result, *words):
    assert result.returncode == 2, result.stderr
    assert result.stderr.count("\n") == 1, result.stderr
    for word in words:
        assert word in result.stderr
    return result.stderr


def test_a_study_gives_a_verdict_a_table_and_a_page(study):
    result = compare(study)
    assert result.returncode == 0, result.stderr
    assert "skillit ends with a lower loss than random." in result.stdout
    assert "skillit reaches the final loss of random after 20 of 40 steps" in result.stdout
    if "report.html" in result.stderr:
        page = (study / "report.html").read_text()
        assert "skillit ends with a lower loss than random." in page


def test_as_json_the_numbers_stand_alone_on_standard_output(study):
    numbers = json.loads(compare(study, "--json", "--no-html").stdout)
    assert numbers["verdict"] == "skillit ends with a lower loss than random."
    pair = numbers["pairs"][0]
    # -.25, -.26, -.24, -.26: mean -.2525, sd .009574, t(.975, 3) = 3.182446.
    assert pair["final_loss"]["mean"] == pytest.approx(-0.2525)
    assert pair["final_loss"]["interval_95"] == pytest.approx([-0.267735, -0.237265], abs=1e-6)
    assert pair["first_reaches_second"]["by_seed"] == [20, 20, 20, 20]
    assert not (study / "report.html").exists()


def test_one_method_may_be_the_reference(study):
    for seed in range(4):
        write_run(study / f"other/seed{seed}", "other", seed, 0.4)
    numbers = json.loads(compare(study, "--json", "--no-html", "--against", "random").stdout)
    assert [(pair["first"], pair["second"]) for pair in numbers["pairs"]] == [("other", "random"), ("skillit", "random")]
    refused(compare(study, "--against", "randon"), "randon", "did you mean 'random'")


def test_single_runs_are_compared_too(study):
    result = compare(study / "random/seed1", study / "skillit/seed1", study / "random/seed1", "--no-html")
    assert "With one seed for each method nothing can be concluded" in result.stdout
    assert "twice" not in result.stdout


def test_methods_of_several_studies_are_told_apart(study, tmp_path):
    for seed in range(4):
        write_run(tmp_path / f"again/random/seed{seed}", "random", seed, 0.5, study="again")
    result = compare(study, tmp_path / "again", "--json", "--no-html")
    methods = [method["method"] for method in json.loads(result.stdout)["methods"]]
    assert methods == ["lego/random", "lego/skillit", "again/random"]


def test_the_threshold_is_the_studys_unless_given(study):
    (study / "summary.json").write_text(json.dumps({"threshold": 0.3, "methods": [{"method": "skillit"}, {"method": "random"}]}))
    numbers = json.loads(compare(study, "--json", "--no-html").stdout)
    assert numbers["threshold"] == 0.3
    assert [method["method"] for method in numbers["methods"]] == ["skillit", "random"]
    assert json.loads(compare(study, "--json", "--no-html", "--threshold", "0.2").stdout)["threshold"] == 0.2


def test_what_cannot_stand_beside_the_others_is_left_out_by_name(study):
    write_run(study / "random/seed4", "random", 4, 0.5, finished=False)
    write_run(study / "random/seed5", "random", 5, 0.5, steps=80)
    write_run(study / "random/seed6", "random", 6, 0.5, skills=("a", "c"))
    shutil.rmtree(study / "random/seed3")
    folder = write_run(study / "random/seed3", "random", 3, 0.5)
    for name in ("evaluations.jsonl", "rounds.jsonl", "steps.jsonl"):
        (folder / name).unlink()
    left_out = json.loads(compare(study, "--json", "--no-html").stdout)["left_out"]
    assert left_out == ["random seed 3: unfinished, 0 of 40 steps", "random seed 4: unfinished, 20 of 40 steps",
                        "random seed 5: trained for 80 steps, the others for 40", "random seed 6: has other training skills"]


def test_a_damaged_line_is_named(study):
    file = study / "random/seed2/evaluations.jsonl"
    file.write_text(file.read_text().replace('"step": 20', '"step": "x"'))
    refused(compare(study), f"{file}:2:", "damaged")


def test_where_there_is_nothing_it_says_what_to_name(tmp_path):
    refused(compare(tmp_path / "none"), "none", "no such study folder")
    refused(compare(tmp_path), "there is no run here", "runs/<study>")
    write_run(tmp_path / "s/random/seed0", "random", 0, 0.5, finished=False)
    refused(compare(tmp_path / "s"), "no finished run", "random seed 0: unfinished, 20 of 40 steps")


def test_results_and_curves_as_csv(study, tmp_path):
    assert compare(study, "--no-html", "--csv", tmp_path / "r.csv", "--curves-csv", tmp_path / "c.csv").returncode == 0
    results = list(csv.DictReader((tmp_path / "r.csv").open()))
    final = {(row["method"], int(row["seed"])): float(row["value"]) for row in results
             if row["measure"] == "final_loss" and row["skill"] == "b"}
    assert len(final) == 8 and final["skillit", 2] == 0.3
    curves = list(csv.DictReader((tmp_path / "c.csv").open()))
    assert len([row for row in curves if row["measure"] == "train_loss"]) == 8 * STEPS
    assert {row["skill"] for row in curves if row["measure"] == "share"} == {"a", "b"}


# An independent reader of event files: the checksum from its polynomial, the messages from their wire format.
def crc32c(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0x82F63B78 if crc & 1 else 0)
    return crc ^ 0xFFFFFFFF


def masked(data):
    crc = crc32c(data)
    return (((crc >> 15) | (crc << 17)) + 0xA282EAD8) & 0xFFFFFFFF


def fields(data):
    def varint():
        nonlocal at
        value = shift = 0
        while True:
            byte = data[at]
            at += 1
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return value

    at, found = 0, {}
    while at < len(data):
        key = varint()
        kind = key & 7
        size = {1: 8, 5: 4}.get(kind) or (varint() if kind == 2 else None)
        if kind == 0:
            value = varint()
        else:
            value = data[at:at + size]
            at += size
        found[key >> 3] = value
    return found


def read_events(path):
    data, at, scalars = path.read_bytes(), 0, []
    while at < len(data):
        (size,), body = struct.unpack_from("<Q", data, at), data[at + 12:]
        assert struct.unpack_from("<I", data, at + 8)[0] == masked(data[at:at + 8])
        assert struct.unpack_from("<I", body, size)[0] == masked(body[:size])
        event = fields(body[:size])
        if 5 in event:
            value = fields(fields(event[5])[1])
            scalars.append((value[1].decode(), event[2], struct.unpack("<f", value[2])[0]))
        else:
            assert event[3] == b"brain.Event:2" and at == 0
        at += 12 + size + 4
    return scalars


def test_event_files_hold_every_scalar(study, tmp_path):
    assert compare(study, "--no-html", "--tensorboard", tmp_path / "tb").returncode == 0
    files = sorted((tmp_path / "tb").rglob("events.out.tfevents.*"))
    assert len(files) == 8
    scalars = read_events(tmp_path / "tb/skillit/seed2/events.out.tfevents.0.skillit")
    assert [x for x in scalars if x[0] == "eval/loss/a"] == [
        ("eval/loss/a", 0, 0.75), ("eval/loss/a", 20, pytest.approx(0.525)), ("eval/loss/a", 40, pytest.approx(0.3))]
    assert ("train/learning_rate", 7, 0.25) in scalars
    assert ("mixture/b", 20, 0.5) in scalars
    assert not any(tag.startswith("eval/accuracy") for tag, _, _ in scalars), "not measured"
    assert len(scalars) == 3 * STEPS + 3 * 3 + 2 * 2
