"""setup.sh on machines where it cannot go on: one line says what is missing. The machines are a PATH of stand-ins."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TOOLS = ["bash", "cat", "dirname", "grep", "sed", "tail", "tee", "mkdir"]


@pytest.fixture
def machine(tmp_path):
    """A copy of the scripts, and a bin folder that is all there is on PATH."""
    (tmp_path / "bin").mkdir()
    shutil.copytree(ROOT / "scripts", tmp_path / "scripts")
    for tool in TOOLS:
        (tmp_path / "bin" / tool).symlink_to(shutil.which(tool))
    command(tmp_path, "id", "echo 1000")
    return tmp_path


def command(machine, name, body):
    path = machine / "bin" / name
    path.write_text(f"#!{shutil.which('bash')}\n{body}\n")
    path.chmod(0o755)


def setup(machine, *purposes):
    result = subprocess.run(
        [machine / "scripts" / "setup.sh", *purposes],
        capture_output=True, text=True, env={**os.environ, "PATH": str(machine / "bin")},
    )
    return result


def has_packages(machine, *missing):
    tests = " ".join(f"[[ $4 == {name} ]] && exit 1;" for name in missing)
    command(machine, "dpkg-query", f"{tests} printf installed")
    command(machine, "apt-get", f"echo \"$@\" >> {machine}/apt-calls; exit $(cat {machine}/apt-status)")
    (machine / "apt-status").write_text("100")


def only_line(result):
    assert result.returncode == 1
    lines = result.stderr.splitlines()
    assert lines[-1].startswith("skillit: ")
    return lines[-1]


def test_when_nothing_is_missing_it_says_and_calls_nothing(machine):
    has_packages(machine)
    result = setup(machine, "core")
    assert (result.returncode, result.stdout, result.stderr) == (0, "", "")
    assert not (machine / "apt-calls").exists()


def test_without_apt_it_names_what_to_install(machine):
    line = only_line(setup(machine, "core"))
    assert "found no apt-get" in line
    assert "libyaml-cpp-dev" in line


def test_without_rights_it_names_the_missing_packages_only(machine):
    has_packages(machine, "ccache", "libfmt-dev")
    line = only_line(setup(machine, "core"))
    assert line.endswith("apt-get install ccache libfmt-dev")
    assert not (machine / "apt-calls").exists()


def test_a_failed_installation_shows_the_log_and_names_the_packages(machine):
    has_packages(machine, "ccache")
    command(machine, "id", "echo 0")
    command(machine, "env", 'shift; exec "$@"')
    command(machine, "apt-get", 'echo "E: no package called ccache"; exit 100')
    result = setup(machine, "core")
    assert "could not install: ccache" in only_line(result)
    assert "E: no package called ccache" in result.stderr
    assert "no package called" in (machine / "build/logs/apt-install.log").read_text()


def test_as_root_it_installs_what_is_missing_and_nothing_else(machine):
    has_packages(machine, "ninja-build")
    (machine / "apt-status").write_text("0")
    command(machine, "id", "echo 0")
    command(machine, "env", 'shift; exec "$@"')
    assert setup(machine, "core").returncode == 0
    calls = (machine / "apt-calls").read_text().splitlines()
    assert [call.split("Timeout=300 ")[1] for call in calls] == [
        "update", "install -y --no-install-recommends ninja-build"]


def test_a_python_that_is_too_old_is_named(machine):
    has_packages(machine)
    command(machine, "python3", 'if [[ $1 == --version ]]; then echo "Python 3.8.1"; else exit 1; fi')
    script = machine / "scripts" / "setup.sh"
    script.write_text(script.read_text().replace(" /usr/bin/python3;", ";"))  # This machine's own is fine.
    line = only_line(setup(machine, "test"))
    assert "Python 3.8.1" in line
    assert "3.10 to 3.13" in line


def test_charts_need_npm_and_say_so(machine):
    has_packages(machine)
    line = only_line(setup(machine, "charts"))
    assert "npm is missing" in line and "echarts@" in line


def test_charts_that_cannot_be_fetched_stop_no_build(machine):
    has_packages(machine)
    command(machine, "npm", f'echo "$@" >> {machine}/npm-calls; exit 1')
    result = setup(machine, "core")
    assert result.returncode == 0
    assert "graph show --html" in result.stderr.splitlines()[-1]
    assert "--ignore-scripts" in (machine / "npm-calls").read_text()
    assert "could not fetch" in only_line(setup(machine, "charts"))


def test_charts_that_are_there_are_not_fetched_again(machine):
    has_packages(machine)
    folder = machine / ".setup" / "node_modules" / "echarts"
    version = re.search(r"echarts=echarts@(\S+)", (machine / "scripts" / "setup.sh").read_text())[1]
    folder.mkdir(parents=True)
    (folder / "package.json").write_text(f'{{\n  "version": "{version}",\n}}\n')
    command(machine, "npm", f'echo "$@" >> {machine}/npm-calls')
    assert setup(machine, "core", "charts").returncode == 0
    assert not (machine / "npm-calls").exists()


def test_an_unknown_purpose_is_refused(machine):
    assert "unknown purpose 'tset'" in only_line(setup(machine, "tset"))
