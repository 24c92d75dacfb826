"""skillit recipe: the built-in recipes, listed and shown."""

import json
import os
import subprocess

PROGRAM = os.environ["SKILLIT_BIN"]


def skillit(*words, cwd=None):
    return subprocess.run([PROGRAM, *words], capture_output=True, text=True, cwd=cwd)


def test_the_list_names_each_with_its_title():
    lines = skillit("recipe", "list").stdout.splitlines()
    names = [line.split()[0] for line in lines]
    assert {"lego", "lego-finetune", "ni-out-of-domain", "ni-out-of-domain-paper"} <= set(names)
    assert len({line.index(line.split(None, 1)[1]) for line in lines}) == 1  # The titles stand below each other.
    entries = json.loads(skillit("recipe", "list", "--json").stdout)
    assert [entry["name"] for entry in entries] == names == sorted(names)
    assert all(entry["title"] for entry in entries)


def test_a_recipe_that_is_shown_is_a_file_that_runs(tmp_path):
    text = skillit("recipe", "show", "lego-finetune").stdout
    assert text.startswith("# LEGO fine-tuning")
    (tmp_path / "mine.yaml").write_text(text)
    mine = skillit("run", "mine.yaml", "--show", cwd=tmp_path)
    assert mine.returncode == 0, mine.stderr
    assert mine.stdout == skillit("run", "lego-finetune", "--show").stdout
    assert "targets: [lego-3]" in mine.stdout and "source: recall" in mine.stdout


def test_an_unknown_recipe_is_refused_with_the_nearest():
    result = skillit("recipe", "show", "lego-finetuen")
    assert result.returncode == 2 and "did you mean 'lego-finetune'" in result.stderr
    result = skillit("recipe")
    assert result.returncode == 2
