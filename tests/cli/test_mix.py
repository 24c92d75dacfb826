"""`skillit mix` as its user sees it. SKILLIT_BIN names the program."""

import json
import math
import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

GOLDEN = Path(__file__).resolve().parents[1] / "golden" / "update_rule"
GRAPH = {"train_skills": ["a", "b", "c"], "eval_skills": ["a", "b", "c"],
         "weights": [[1, 0, 0], [0.5, 1, 0], [0, 0, 2]]}
LOSSES = {"skills": ["c", "a", "b"], "evaluations": [[0, math.log(2), math.log(3)]]}
BY_HAND = {"a": 2 / (3 + 3 * 2**0.5), "b": 3 * 2**0.5 / (3 + 3 * 2**0.5), "c": 1 / (3 + 3 * 2**0.5)}


def program():
    return os.environ["SKILLIT_BIN"]


def mix(*arguments):
    return subprocess.run([program(), "mix", *map(str, arguments)], capture_output=True, text=True, timeout=60)


@pytest.fixture
def files(tmp_path):
    (tmp_path / "graph.json").write_text(json.dumps(GRAPH))
    (tmp_path / "losses.json").write_text(json.dumps(LOSSES))
    return tmp_path


def mixture_of(result):
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout)["mixture"]


def test_a_case_worked_out_by_hand(files):
    result = mix("--graph", files / "graph.json", "--losses", files / "losses.json", "--method",
                 "skillit:eta=1,window=1", "--json")
    assert mixture_of(result) == pytest.approx(BY_HAND, rel=1e-15)


def test_agrees_with_every_reference_number(tmp_path):
    for case in json.loads((GOLDEN / "update_vectors.json").read_text())["cases"]:
        if "graph" not in case:
            continue
        names = [f"s{i}" for i in range(len(case["graph"]))]
        evaluations = case["evaluations"]
        method = f"skillit:eta={case['eta']},window={case.get('window', 3)}"
        if "normalize_by" in case:
            evaluations = evaluations[evaluations.index(case["normalize_by"]):]
            method += ",normalize_loss=true"
        (tmp_path / "g.json").write_text(json.dumps(
            {"train_skills": names, "eval_skills": names, "weights": case["graph"]}))
        (tmp_path / "l.json").write_text(json.dumps({"skills": names, "evaluations": evaluations}))
        arguments = ["--graph", tmp_path / "g.json", "--losses", tmp_path / "l.json", "--method", method, "--json"]
        if "prior" in case:
            (tmp_path / "p.json").write_text(json.dumps(dict(zip(names, case["prior"]))))
            arguments += ["--prior", tmp_path / "p.json"]
        if "target_mask" in case:
            targets = [name for name, counts in zip(names, case["target_mask"]) if counts]
            arguments += ["--targets", ",".join(targets)]
        expected = dict(zip(names, case["expected"]))
        assert mixture_of(mix(*arguments)) == pytest.approx(expected, rel=1e-12, abs=0), case["name"]


def test_without_losses_it_gives_the_first_mixture(files):
    weights = {"a": math.exp(0.2), "b": math.exp(0.3), "c": math.exp(0.4)}
    expected = {name: weight / sum(weights.values()) for name, weight in weights.items()}
    assert mixture_of(mix("--graph", files / "graph.json", "--json")) == pytest.approx(expected, rel=1e-14)


def test_a_table_with_names_shares_and_bars(files):
    result = mix("--graph", files / "graph.json", "--method", "static:shares=1/2/1")
    lines = result.stdout.splitlines()
    assert [line.split()[:2] for line in lines[1:]] == [["a", "0.2500"], ["b", "0.5000"], ["c", "0.2500"]]
    assert [line.count("#") for line in lines[1:]] == [20, 40, 20]


def test_a_bare_matrix_takes_its_names_from_the_losses(files):
    case = next(c for c in json.loads((GOLDEN / "update_vectors.json").read_text())["cases"] if "graph_file" in c)
    columns = [f"e{j}" for j in range(12)]
    rows = [f"t{i}" for i in range(59)]
    (files / "l.json").write_text(json.dumps({"skills": columns, "evaluations": case["evaluations"]}))
    result = mix("--graph", GOLDEN / case["graph_file"], "--losses", files / "l.json", "--train-skills",
                 ",".join(rows), "--json")
    assert mixture_of(result) == pytest.approx(dict(zip(rows, case["expected"])), rel=1e-12)
    result = mix("--graph", GOLDEN / case["graph_file"], "--losses", files / "l.json")
    assert (result.returncode, "59 x 12" in result.stderr, "--train-skills" in result.stderr) == (2, True, True)


def test_methods_without_a_graph_take_the_names_from_the_losses(files):
    (files / "prior.json").write_text('{"a": 1, "b": 1, "c": 2}')
    result = mix("--losses", files / "losses.json", "--method", "random", "--prior", files / "prior.json", "--json")
    assert mixture_of(result) == {"c": 0.5, "a": 0.25, "b": 0.25}


def test_out_holds_what_json_prints(files):
    result = mix("--graph", files / "graph.json", "--json", "--out", files / "deep" / "mix.json")
    assert (files / "deep" / "mix.json").read_text() == result.stdout


def test_help_has_an_example_and_every_method(files):
    result = mix("--help")
    assert result.returncode == 0
    for word in ["skillit mix --graph", "stratified", "random", "static", "no-graph", "window_unit", "evaluations"]:
        assert word in result.stdout


WRONG = {
    "no such graph": (["--graph", "none.json"], "none.json"),
    "nothing at all": ([], "--graph"),
    "skillit without a graph": (["--losses", "losses.json"], "no-graph"),
    "unknown method": (["--graph", "graph.json", "--method", "skilit"], "skillit"),
    "unknown option": (["--graph", "graph.json", "--method", "skillit:etta=1"], "did you mean 'eta'"),
    "bad value": (["--graph", "graph.json", "--method", "skillit:eta=fast"], "fast"),
    "unknown target": (["--graph", "graph.json", "--targets", "a,d"], "'d'"),
    "names for a named graph": (["--graph", "graph.json", "--train-skills", "x,y,z"], "--train-skills"),
    "follow without out": (["--graph", "graph.json", "--follow", "l.jsonl"], "--out"),
    "follow and losses": (["--graph", "graph.json", "--follow", "l.jsonl", "--out", "m", "--losses", "losses.json"],
                          "--losses"),
    "follow and out the same": (["--graph", "graph.json", "--follow", "l.jsonl", "--out", "./l.jsonl"], "two files"),
    "unknown flag": (["--graph", "graph.json", "--jason"], "--jason"),
    "out is not writable": (["--graph", "graph.json", "--out", "/proc/mix.json"], "/proc/mix.json"),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong_use_is_one_line_and_status_2(files, name, monkeypatch):
    monkeypatch.chdir(files)
    arguments, word = WRONG[name]
    refuse(mix(*arguments), word)


def refuse(result, word):
    assert result.returncode == 2, result
    assert result.stdout == ""
    assert result.stderr.startswith("skillit: ") and result.stderr.count("\n") == 1
    assert word in result.stderr


WRONG_LOSSES = {
    "not JSON": ("{oops", "line 1"),
    "NaN": ('{"skills": ["a", "b", "c"], "evaluations": [[1, NaN, 2]]}', "NaN"),
    "a string": ('{"skills": ["a", "b", "c"], "evaluations": [[1, "2", 3]]}', "evaluations[0][1] ('b')"),
    "too short": ('{"skills": ["a", "b", "c"], "evaluations": [[1, 2]]}', "3 were expected"),
    "twice": ('{"skills": ["a"], "skills": ["b"], "evaluations": []}', "twice"),
    "another skill": ('{"skills": ["a", "b", "cc"], "evaluations": []}', "'cc'"),
    "not measured": ('{"skills": ["a", "b"], "evaluations": [[1, 2]]}', "'c'"),
    "unknown key": ('{"skills": ["a"], "evaluation": []}', "evaluation"),
}


@pytest.mark.parametrize("name", WRONG_LOSSES)
def test_wrong_losses_are_one_line_and_status_2(files, name):
    text, word = WRONG_LOSSES[name]
    (files / "bad.json").write_text(text)
    result = mix("--graph", files / "graph.json", "--losses", files / "bad.json")
    refuse(result, word)
    assert "bad.json" in result.stderr


class Follower:
    """A running `skillit mix --follow`, and the trainer that writes for it."""

    def __init__(self, folder, method="skillit:eta=1,window=1"):
        self.log, self.out = folder / "log.jsonl", folder / "mix.json"
        self.process = subprocess.Popen(
            [program(), "mix", "--graph", folder / "graph.json", "--method", method, "--follow", self.log,
             "--out", self.out], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def write(self, text):
        with open(self.log, "a") as log:
            log.write(text)

    def wait_for(self, condition):
        deadline = time.monotonic() + 30
        while not condition():
            assert time.monotonic() < deadline, "it never happened"
            time.sleep(0.01)

    def mixture(self):
        return json.loads(self.out.read_text())["mixture"] if self.out.exists() else None

    def wait_for_mixture(self, expected):
        self.wait_for(lambda: self.mixture() == pytest.approx(expected, rel=1e-14))

    def end(self, how=signal.SIGTERM):
        self.process.send_signal(how)
        return self.finished()

    def finished(self):
        out, error = self.process.communicate(timeout=30)
        return self.process.returncode, out, error


@pytest.fixture
def follower(files):
    running = Follower(files)
    yield running
    running.process.kill()
    running.process.communicate()


EVEN = {"a": 1 / 3, "b": 1 / 3, "c": 1 / 3}
LINE = json.dumps({"losses": dict(zip(LOSSES["skills"], LOSSES["evaluations"][0]))}) + "\n"
SOLVED = '{"losses": {"a": 0, "b": 0, "c": 0}}\n'


def test_follow_replaces_the_mixture_after_each_line(follower):
    first = {name: math.exp(total) for name, total in zip("abc", [1, 1.5, 2])}
    follower.wait_for_mixture({name: value / sum(first.values()) for name, value in first.items()})
    follower.write(LINE)
    follower.wait_for_mixture(BY_HAND)
    follower.write(SOLVED[:20])
    time.sleep(0.3)
    assert follower.mixture() == pytest.approx(BY_HAND, rel=1e-14)
    follower.write(SOLVED[20:])
    follower.wait_for_mixture(EVEN)
    follower.write(json.dumps(LOSSES) + "\n")
    follower.wait_for_mixture(BY_HAND)
    status, out, error = follower.end()
    assert (status, error) == (0, "")
    assert out.splitlines()[-1].startswith("3 evaluations -> ")
    assert not list(follower.out.parent.glob("*.tmp*"))


def test_follow_ends_cleanly_on_ctrl_c(follower):
    follower.wait_for(lambda: follower.out.exists())
    status, _, error = follower.end(signal.SIGINT)
    assert (status, error) == (0, "")


def test_follow_takes_up_where_a_killed_one_left(files, follower):
    follower.write(LINE)
    follower.wait_for_mixture(BY_HAND)
    follower.process.kill()
    follower.process.wait()
    assert follower.mixture() == pytest.approx(BY_HAND, rel=1e-14)
    again = Follower(files)
    again.write(SOLVED)
    again.wait_for_mixture(EVEN)
    assert again.end()[0] == 0


@pytest.mark.parametrize("bad, word", [
    ('{"losses": {"a": 1, "b": NaN, "c": 1}}', "NaN"), ('{"losses": {"a": 1, "b": 1}}', "'c'"),
    ('{"losses": {"a": 1, "b": 1, "d": 1}}', "'d'"), ("what", "not valid JSON")])
def test_follow_stops_at_a_bad_line_and_keeps_the_last_good_mixture(follower, bad, word):
    follower.write(LINE + bad + "\n" + SOLVED)
    status, _, error = follower.finished()
    assert (status, error.count("\n")) == (2, 1)
    assert "log.jsonl:2: " in error and word in error
    assert follower.mixture() == pytest.approx(BY_HAND, rel=1e-14)


def test_follow_refuses_a_log_that_was_cut_or_rotated(follower):
    follower.write(LINE)
    follower.wait_for_mixture(BY_HAND)
    os.truncate(follower.log, 0)
    status, _, error = follower.finished()
    assert (status, error.count("\n"), "was cut short" in error) == (2, 1, True)


def test_follow_and_one_shot_agree_on_the_same_log(files):
    log = "".join(json.dumps({"losses": {"a": 0.5 / n, "b": 0.7 / n, "c": 0.9}, "round": n // 2}) + "\n"
                  for n in range(1, 7))
    method = "skillit:window=2,window_unit=rounds,edge_decay=0.5"
    running = Follower(files, method)
    running.write(log)
    once = mixture_of(mix("--graph", files / "graph.json", "--losses", running.log, "--method", method,
                          "--json"))
    running.wait_for(lambda: running.mixture() == once)
    assert running.end()[0] == 0


def test_constraints_are_options_of_every_method(files):
    result = mix("--graph", files / "graph.json", "--method", "static:shares=1/2/17,floor=0.1,cap=0.5", "--json")
    assert mixture_of(result) == pytest.approx({"a": 1 / 6, "b": 1 / 3, "c": 0.5}, rel=1e-12)
    result = mix("--graph", files / "graph.json", "--method", "stratified:floor=0.5")
    assert result.returncode == 2 and "floor is 0.5; it must be from 0 to 1/3" in result.stderr


def test_no_more_of_a_skill_than_it_has_left(files):
    (files / "left.json").write_text(json.dumps({"a": 10**6, "c": 30, "b": 10**6}))
    arguments = ["--graph", files / "graph.json", "--method", "static:shares=1/2/7", "--left", files / "left.json"]
    expected = {"a": 0.7 / 3, "b": 1.4 / 3, "c": 0.3}
    assert mixture_of(mix(*arguments, "--round-size", 100, "--json")) == pytest.approx(expected, rel=1e-12)
    assert mix(*arguments).returncode != 0  # The round's size is not known.
    (files / "left.json").write_text(json.dumps({"a": 1, "b": -1, "c": 3}))
    result = mix(*arguments, "--round-size", 100)
    assert result.returncode == 2 and "skill 'b' has -1 left" in result.stderr
