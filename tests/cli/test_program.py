"""What every verb of the program has in common: help, version, and how a mistake is answered."""

import os
import re
import subprocess

import pytest

PROGRAM = os.environ["SKILLIT_BIN"]


def skillit(*arguments):
    return subprocess.run([PROGRAM, *arguments], capture_output=True, text=True, stdin=subprocess.DEVNULL)


def verbs():
    text = skillit("--help").stdout
    return re.findall(r"^  (\w+) ", text[text.index("Subcommands:"):], re.MULTILINE)


def test_version():
    result = skillit("--version")
    assert result.returncode == 0
    assert re.fullmatch(r"skillit \d+\.\d+\.\d+\n", result.stdout)


def test_help_lists_the_verbs_and_says_where_to_read_on():
    result = skillit("--help")
    assert result.returncode == 0
    assert "mix" in verbs()
    assert "skillit <command> --help" in result.stdout


def test_every_verb_has_help_with_an_example():
    for verb in verbs():
        result = skillit(verb, "--help")
        assert result.returncode == 0, verb
        assert re.search(rf"[Ee]xample.*skillit {verb} ", result.stdout, re.DOTALL), verb


@pytest.mark.parametrize("arguments", [[], ["frobnicate"], ["--frobnicate"], ["mix", "--frobnicate"]])
def test_a_mistake_is_one_line_and_status_2(arguments):
    result = skillit(*arguments)
    assert result.returncode == 2
    assert result.stdout == ""
    assert re.fullmatch(r"skillit: [^\n]+\n", result.stderr)
    for argument in arguments[-1:]:
        assert argument in result.stderr


def test_a_slip_in_a_command_gets_the_nearest_one():
    assert "there is no command 'mx' (did you mean 'mix'?)" in skillit("mx").stderr
