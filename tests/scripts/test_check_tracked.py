"""check_tracked.py passes on this tree and catches hosts and machine paths in a tree made for it."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HOST = "packages.example-registry." + "org"  # In two pieces, so that this file passes too.
FOLDER = "/" + "home/ada"


def check(root):
    script = ROOT / "scripts" / "check_tracked.py"
    return subprocess.run([sys.executable, script, root], capture_output=True, text=True)


@pytest.fixture
def tracked(tmp_path):
    subprocess.run(["git", "init", "-q", tmp_path], check=True)

    def add(name, text):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        subprocess.run(["git", "-C", tmp_path, "add", "-f", name], check=True)
        return tmp_path

    return add


def test_this_tree_is_clean():
    result = check(ROOT)
    assert result.stdout in ("", "skipped: not a git checkout\n")


@pytest.mark.parametrize("line", [f"pip install -i https://{HOST}/simple", f"see {HOST}", f"ssh://git@{HOST}/x"])
def test_a_host_is_named_with_file_and_line(tracked, line):
    result = check(tracked("a.txt", f"first\n{line}\n"))
    assert result.returncode == 1
    assert result.stdout == f"a.txt:2: names the host {HOST}\n"


@pytest.mark.parametrize("line", [f"{FOLDER}/data", f'open("{FOLDER}/x")', f"cd {FOLDER}"])
def test_a_machine_path_is_named_with_file_and_line(tracked, line):
    result = check(tracked("a.txt", f"{line}\n"))
    assert result.returncode == 1
    assert f"a.txt:1: names a path of one machine, {FOLDER}" in result.stdout


@pytest.mark.parametrize(
    "name, text",
    [
        ("LICENSE", "http://www.apache.org/licenses/\n"),
        ("run.sh", 'cd "$HOME/work/x"; ls build/root/x /usr/include /tmp /proc/cpuinfo\n'),
        ("main.cpp", "self.organ.comparison(x.org_name);\n"),
        ("tests/fixtures/text.jsonl", f'{{"text": "see http://{HOST}"}}\n'),
    ],
)
def test_what_is_no_offence_passes(tracked, name, text):
    result = check(tracked(name, text))
    assert (result.returncode, result.stdout) == (0, "")


def test_untracked_files_do_not_count(tracked, tmp_path):
    tracked("a.txt", "fine\n")
    (tmp_path / "b.txt").write_text(f"{HOST}\n")
    assert check(tmp_path).returncode == 0


def test_outside_git_it_is_skipped(tmp_path):
    result = check(tmp_path)
    assert (result.returncode, result.stdout) == (77, "skipped: not a git checkout\n")
