"""examples/slurm/graph_learn.sbatch on a Slurm cluster: the graph of one machine, whatever happens to a task."""

import os
import subprocess
from pathlib import Path

import pytest

from cluster import Cluster, obstacle, wait_until

if why := obstacle():
    pytest.skip(why, allow_module_level=True)

PROGRAM = os.environ["SKILLIT_BIN"]
SCRIPT = Path(__file__).parents[2] / "examples/slurm/graph_learn.sbatch"
NUM_PROBES = 6
RECIPE = """
name: small
data: {source: lego, skills: 2, validation: 5}
graph: learn
learn: {learner: brute-force, steps: 5, seeds: [0, 1], process: "keep_noise=true"}
model: {layers: 1, width: 8, heads: 1, context: 32}
optimizer: {lr: 1e-3, warmup: 2}
batch: 2
eval_every: 50
"""

STALLING = """#!/bin/sh
case "$*,$SLURM_RESTART_COUNT" in
  *"--shard {task}/2,")
    {program} graph learn small.yaml --runs runs --shard {task}/4
    touch stalled
    exec sleep 3600 ;;
esac
exec {program} "$@"
"""


# Begins only when another task has begun too: a partition has one processor, so the two are in different ones.
MEETING = """#!/bin/sh
touch "began.$SLURM_ARRAY_TASK_ID"
until [ "$(ls began.* | wc -l)" -ge 2 ]; do sleep 0.1; done
exec {program} "$@"
"""


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    with Cluster(tmp_path_factory.mktemp("slurm")) as running:
        yield running


@pytest.fixture
def site(cluster, tmp_path):
    return Site(cluster, tmp_path)


class Site:
    """A folder with a recipe, where arrays are submitted and leave their logs; what ran is gone at the end of each test."""

    def __init__(self, cluster, folder):
        self.cluster, self.folder, self.runs = cluster, folder, folder / "runs"
        (folder / "small.yaml").write_text(RECIPE)

    def submit(self, array, **variables):
        """Returns the array's id."""
        environment = {**self.cluster.environment, "SKILLIT": PROGRAM, "RECIPE": "small.yaml", "RUNS": "runs", **variables}
        result = subprocess.run(["sbatch", "--parsable", f"--array={array}", "--partition=one,two", SCRIPT],
                                cwd=self.folder, env=environment, capture_output=True, text=True)
        assert result.returncode == 0, result.stderr
        return result.stdout.strip()

    def graph(self):
        return (self.runs / "small/graph.json").read_bytes()

    def graph_without_slurm(self, *settings):
        subprocess.run([PROGRAM, "graph", "learn", "small.yaml", *settings, "--runs", "alone"], cwd=self.folder, check=True,
                       capture_output=True)
        return (self.folder / "alone/small/graph.json").read_bytes()

    def log(self, name):
        return (self.folder / f"skillit-graph-{name}.log").read_text()

    def tasks(self, array):
        """Words of each task's line, by number."""
        lines = [line.split() for line in self.cluster.jobs()]
        return {int(words[0].split("_")[1]): words for words in lines if words[0].startswith(f"{array}_")}

    def fits(self, array):
        """States of the jobs that fit the array's graph."""
        lines = [line.split() for line in self.cluster.jobs()]
        return [words[3] for words in lines if words[1] == f"skillit-graph-fit-{array}"]

    def program(self, name, text, **values):
        """A script in the program's place."""
        path = self.folder / name
        path.write_text(text.format(program=PROGRAM, **values))
        path.chmod(0o755)
        return str(path)

    def submit_stalling(self, task):
        """Two tasks, the given one of which makes two of its three probes and then hangs, until it is started again.
        Returns the array's id when it hangs."""
        array = self.submit("1-2", SKILLIT=self.program("stalling", STALLING, task=task))
        wait_until((self.folder / "stalled").exists, "the task that hangs")
        return array


def test_an_array_over_two_partitions_gives_the_graph_of_one_machine(site):
    array = site.submit("1-3", SETTINGS="learn.steps=10 parallel=1", SKILLIT=site.program("meeting", MEETING))
    site.cluster.wait_for_all()
    assert {words[2] for words in site.tasks(array).values()} == {"one", "two"}
    assert [words[3] for words in site.tasks(array).values()] == ["COMPLETED"] * 3
    assert site.fits(array) == ["COMPLETED"]
    # The last job found every probe made.
    assert f"{NUM_PROBES} found finished, 0 to run" in site.log(f"fit-{array}")
    assert site.graph() == site.graph_without_slurm("learn.steps=10")


def test_an_array_may_begin_at_any_number(site):
    array = site.submit("5-6")
    site.cluster.wait_for_all()
    assert "shard 1/2 is done" in site.log(f"{array}-5") and "shard 2/2 is done" in site.log(f"{array}-6")
    assert site.graph() == site.graph_without_slurm()


def test_a_killed_task_submitted_again_goes_on_to_the_same_graph(site):
    array = site.submit_stalling(2)
    site.cluster.tried("scancel", f"{array}_2")
    site.cluster.wait_for_all()
    assert site.tasks(array)[1][3] == "COMPLETED" and site.tasks(array)[2][3] == "CANCELLED"
    # Nothing waits forever for the task that is gone, and half a set of probes makes no graph.
    assert site.fits(array) == ["CANCELLED"]
    assert not (site.runs / "small/graph.json").exists()
    again = site.submit("1-2")
    site.cluster.wait_for_all()
    assert "3 found finished, 0 to run" in site.log(f"{again}-1")
    assert "2 found finished, 1 to run" in site.log(f"{again}-2")
    assert site.fits(again) == ["COMPLETED"]
    assert site.graph() == site.graph_without_slurm()


def test_a_requeued_first_task_asks_for_no_second_fit(site):
    array = site.submit_stalling(1)
    site.cluster.tried("scontrol", "requeue", f"{array}_1")
    site.cluster.wait_for_all()
    assert site.tasks(array)[1][3] == "COMPLETED"
    assert site.fits(array) == ["COMPLETED"]
    assert site.graph() == site.graph_without_slurm()


def test_an_array_with_gaps_is_refused(site):
    array = site.submit("1,3")
    site.cluster.wait_for_all()
    assert [words[3] for words in site.tasks(array).values()] == ["FAILED"] * 2
    assert "--array=1-8" in site.log(f"{array}-1") and "from 1 to 3 has gaps" in site.log(f"{array}-3")
    assert not site.runs.exists()
