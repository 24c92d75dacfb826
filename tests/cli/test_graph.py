"""`skillit graph show` and `graph diff` as their user sees them. SKILLIT_BIN names the program."""

import json
import os
import pty
import re
import subprocess
from pathlib import Path

import pytest

GOLDEN = Path(__file__).resolve().parents[1] / "golden" / "update_rule"
GRAPH = {"train_skills": ["a", "b", "c"], "eval_skills": ["a", "b", "c"],
         "weights": [[1, 0.5, 0], [0, 1, 0], [-0.25, 0, 1]]}


def graph(*arguments, **environment):
    return subprocess.run([os.environ["SKILLIT_BIN"], "graph", *map(str, arguments)], capture_output=True, text=True,
                          timeout=60, env={**os.environ, **environment})


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "graph.json"
    path.write_text(json.dumps(GRAPH))
    return path


def written(path, weights):
    path.write_text(json.dumps({**GRAPH, "weights": weights}))
    return path


def test_show_draws_the_matrix_and_lists_the_strongest_edges(file):
    result = graph("show", file)
    assert (result.returncode, result.stderr) == (0, "")
    lines = result.stdout.splitlines()
    row = next(line for line in lines if line.startswith("1 a"))
    assert row.split() == ["1", "a", "+1.000", "+0.500", "0"]
    listed = [line.split() for line in lines if "→" in line]
    assert listed[0] == ["a", "→", "b", "+0.500"] and listed[1] == ["c", "→", "a", "-0.250"]
    assert "What this means" in lines


def test_show_without_a_terminal_has_no_color(file):
    assert "\x1b" not in graph("show", file).stdout


def on_terminal(file, **environment):
    """What `graph show` writes to a terminal of its own."""
    controller, terminal = pty.openpty()
    process = subprocess.Popen([os.environ["SKILLIT_BIN"], "graph", "show", str(file)], stdout=terminal,
                               env={**{k: v for k, v in os.environ.items() if k != "NO_COLOR"}, **environment})
    os.close(terminal)
    text = b""
    while True:
        try:
            piece = os.read(controller, 65536)
        except OSError:  # The other end is closed.
            break
        if not piece:
            break
        text += piece
    os.close(controller)
    assert process.wait(timeout=60) == 0
    return text.decode()


def test_a_terminal_gets_the_color_that_it_can_show(file):
    assert "48;2;" in on_terminal(file, TERM="xterm", COLORTERM="truecolor")
    assert "48;5;" in on_terminal(file, TERM="xterm-256color", COLORTERM="")
    assert "\x1b" not in on_terminal(file, TERM="xterm", NO_COLOR="1")
    assert "\x1b" not in on_terminal(file, TERM="dumb", COLORTERM="")


def test_show_keeps_to_the_width_however_many_skills(tmp_path):
    names = [f"skill {i}" for i in range(300)]
    weights = [[1 if i == j else 0.5 if j == i + 1 else 0 for j in range(300)] for i in range(300)]
    path = tmp_path / "large.json"
    path.write_text(json.dumps({"train_skills": names, "eval_skills": names, "weights": weights}))
    drawing = graph("show", path, COLUMNS="90").stdout
    assert max(map(len, drawing.splitlines())) <= 90
    assert "mean of" in drawing


def test_show_json_holds_counts_edges_and_diagnosis(file):
    result = json.loads(graph("show", file, "--json", "--threshold", "0.3").stdout)
    assert result["edges"] == {"possible": 6, "helps": 1, "harms": 0, "noise": 0}
    assert [(edge["train"], edge["eval"], edge["weight"]) for edge in result["strongest"]] == [("a", "b", 0.5)]
    assert result["diagnosis"]


def test_show_writes_pictures_and_says_so(file, tmp_path):
    result = graph("show", file, "--svg", tmp_path / "deep" / "graph.svg", "--json")
    assert result.returncode == 0
    assert "graph.svg" in result.stderr
    json.loads(result.stdout)
    assert (tmp_path / "deep" / "graph.svg").read_text().startswith("<svg")


def test_show_exports_tables_and_matrices(file, tmp_path):
    numpy = pytest.importorskip("numpy")
    result = graph("show", file, "--csv", tmp_path / "g.csv", "--dot", tmp_path / "g.dot", "--npy", tmp_path / "g.npy",
                   "--rows", "eval")
    assert result.returncode == 0, result.stderr
    assert "a,b,0.5," in (tmp_path / "g.csv").read_text()
    assert (tmp_path / "g.dot").read_text().startswith("digraph")
    assert numpy.array_equal(numpy.load(tmp_path / "g.npy"), numpy.array(GRAPH["weights"]).T)


def test_show_tells_the_evidence_of_a_learned_graph(tmp_path):
    path = tmp_path / "learned.json"
    path.write_text(json.dumps({
        "format": "skillit graph", "version": 1, "train_skills": ["a", "b"], "eval_skills": ["a", "b"],
        "weights": [[1, 0.5], [0, 1]],
        "edges": {"n": [[5, 5], [5, 5]], "mean": [[1, 0.5], [0.1, 1]],
                  "standard_error": [[0.1, 0.1], [0.1, 0.1]], "in_noise": [[False, False], [True, False]]}}))
    result = graph("show", path)
    assert result.returncode == 0, result.stderr
    assert "+0.5 ± 0.28, n = 5" in result.stdout
    assert "· is within the noise" in result.stdout


def test_html_is_one_file_or_says_what_is_missing(file, tmp_path):
    page = tmp_path / "graph.html"
    result = graph("show", file, "--html", page)
    if result.returncode == 2:
        assert result.stderr.count("\n") == 1 and "scripts/setup.sh charts" in result.stderr
        assert not page.exists()
        return
    text = page.read_text()
    assert "Skills graph graph.json" in text and "Apache License" in text
    assert not re.search(r"<(?:script|link|img)[^>]+(?:src|href)=", text[:4000] + text[-30000:])


def test_a_bare_matrix_has_numbers_for_names():
    result = graph("show", GOLDEN / "ni_test_graph.npy")
    assert result.returncode == 0, result.stderr
    assert "59 training skills (rows) x 12 evaluation skills" in result.stdout


def test_diff_tells_what_came_and_went(file, tmp_path):
    other = written(tmp_path / "other.json", [[1, 0, 0], [0, 1, 0.75], [0.25, 0, 1]])
    result = graph("diff", file, other)
    assert result.returncode == 0, result.stderr
    text = result.stdout
    assert re.search(r"Edges gained: 1\n\s+0 became \+0\.750\s+b → c", text)
    assert re.search(r"Edges lost: 1\n\s+\+0\.500 became\s+0\s+a → b", text)
    assert re.search(r"other sign: 1\n\s+-0\.250 became \+0\.250\s+c → a", text)


def test_diff_of_a_graph_with_itself_is_empty(file):
    result = json.loads(graph("diff", file, file, "--json").stdout)
    assert result["correlation"] == pytest.approx(1, rel=1e-12)
    assert (result["gained"], result["lost"], result["sign_changes"]) == ([], [], [])


@pytest.mark.parametrize("rows", ["train", "eval"])
def test_import_names_a_matrix_whose_rows_are_told(tmp_path, rows):
    numpy = pytest.importorskip("numpy")
    weights = numpy.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
    numpy.save(tmp_path / "m.npy", weights if rows == "train" else numpy.asfortranarray(weights.T))
    (tmp_path / "train.txt").write_text("a\nb")
    (tmp_path / "eval.txt").write_text("x\r\ny\r\n\r\nz\r\n")
    result = graph("import", tmp_path / "m.npy", "--rows", rows, "--train-skills", tmp_path / "train.txt",
                   "--eval-skills", tmp_path / "eval.txt", "--out", tmp_path / "g.json")
    assert (result.returncode, result.stderr) == (0, "")
    found = json.loads((tmp_path / "g.json").read_text())
    assert (found["train_skills"], found["eval_skills"]) == (["a", "b"], ["x", "y", "z"])
    assert found["weights"] == weights.tolist()
    # And back, either way round.
    assert graph("show", tmp_path / "g.json", "--npy", tmp_path / "back.npy", "--rows", rows).returncode == 0
    assert numpy.array_equal(numpy.load(tmp_path / "back.npy"), numpy.load(tmp_path / "m.npy"))
    # The other way round the names do not fit.
    other = {"train": "eval", "eval": "train"}[rows]
    wrong = graph("import", tmp_path / "m.npy", "--rows", other, "--train-skills", tmp_path / "train.txt",
                  "--eval-skills", tmp_path / "eval.txt", "--out", tmp_path / "wrong.json")
    assert wrong.returncode == 2 and wrong.stderr.count("\n") == 1 and "m.npy" in wrong.stderr
    assert not (tmp_path / "wrong.json").exists()


def test_diff_of_what_is_common(file, tmp_path):
    other = tmp_path / "other.json"
    other.write_text(json.dumps({"train_skills": ["c", "a", "z"], "eval_skills": ["a", "c"],
                                 "weights": [[-0.25, 9], [9, 0.125], [1, 1]]}))
    assert "z" in graph("diff", file, other).stderr
    result = graph("diff", file, other, "--common", "--no-diagonal", "--json")
    assert result.returncode == 0 and "2 of 3 training" in result.stderr
    found = json.loads(result.stdout)
    assert found["pairs"] == 2
    assert found["gained"] == [{"train": "a", "eval": "c", "before": 0.0, "after": 0.125}]
    assert json.loads(graph("diff", file, other, "--common", "--json").stdout)["pairs"] == 4


@pytest.mark.parametrize("arguments, words", [
    (["show", "none.json"], ["none.json"]),
    (["show"], ["file is required"]),
    (["shwo", "graph.json"], ["shwo", "did you mean 'show'"]),
    (["show", "graph.json", "--threshold", "-1"], ["--threshold"]),
    (["show", "graph.json", "--npy", "g.npy", "--rows", "both"], ["--rows"]),
    (["show", "graph.json", "--rows", "eval"], ["--npy"]),
    (["show", "graph.json", "--svg", "/proc/graph.svg"], ["/proc/graph.svg"]),
    (["diff", "graph.json"], ["second is required"]),
    (["diff", "graph.json", "other.json"], ["only", "has x"]),
    (["diff", "graph.json", "other.json", "--common"], ["no training skill in both", "'x'"]),
    (["import", "m.npy", "--train-skills", "n.txt", "--out", "g.json"], ["--rows"]),
    (["import", "none.npy", "--rows", "train", "--train-skills", "graph.json", "--out", "g.json"], ["none.npy"]),
])
def test_wrong_use_is_one_line_and_status_2(file, arguments, words, monkeypatch):
    monkeypatch.chdir(file.parent)
    (file.parent / "other.json").write_text(json.dumps(
        {"train_skills": ["x"], "eval_skills": ["x"], "weights": [[1]]}))
    result = graph(*arguments)
    assert (result.returncode, result.stdout, result.stderr.count("\n")) == (2, "", 1)
    assert result.stderr.startswith("skillit: ")
    for word in words:
        assert word in result.stderr


@pytest.mark.parametrize("verb", ["show", "diff", "import"])
def test_help_has_an_example(verb):
    result = graph(verb, "--help")
    assert result.returncode == 0
    assert f"skillit graph {verb} " in result.stdout
