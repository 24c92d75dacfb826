"""check_layers.py passes on this tree and catches each kind of offence in a tree made for it."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DESIGN = """# design
## 3. Layout
Layers: `base < config < skill < data`, `skill < select` = target `skillit::core`;
`core < nn < run` = target `skillit::train`.

Another paragraph: `run < base` is no layer.
"""


def check(root):
    script = ROOT / "scripts" / "check_layers.py"
    return subprocess.run([sys.executable, script, root], capture_output=True, text=True)


@pytest.fixture
def tree(tmp_path):
    def write(name, text):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return tmp_path

    write("docs/design.md", DESIGN)
    write("skillit/base/error.h", "#pragma once\n#include <string>\n")
    write("skillit/data/store.h", '#pragma once\n#include "skillit/base/error.h"\n')
    write("skillit/data/store.cpp", '#include "skillit/data/store.h"\n#include <fmt/core.h>\n')
    write("skillit/base/json_private.h", "#pragma once\n#include <nlohmann/json.hpp>\n")
    write("skillit/base/json.cpp", '#include "skillit/base/json_private.h"\n')
    write("skillit/run/loop.cpp", '#include <torch/torch.h>\n#include "skillit/nn/gpt.h"\n')
    write("apps/main.cpp", '#include "anything.h"\n')
    return write


def test_this_tree_is_clean():
    result = check(ROOT)
    assert result.stdout == ""
    assert result.returncode == 0


def test_a_clean_tree_passes(tree, tmp_path):
    result = check(tmp_path)
    assert (result.returncode, result.stdout) == (0, "")


@pytest.mark.parametrize(
    "name, text, expected",
    [
        ("skillit/base/a.cpp", '\n#include "skillit/data/store.h"\n',
         "skillit/base/a.cpp:2: base/ includes skillit/data/store.h, but data is not below base"),
        ("skillit/select/a.cpp", '#include "skillit/data/store.h"\n',
         "skillit/select/a.cpp:1: select/ includes skillit/data/store.h, but data is not below select"),
        ("skillit/data/a.cpp", '#include "skillit/run/loop.h"\n', "run is not below data"),
        ("skillit/data/a.cpp", "#include <ATen/ATen.h>\n", "only nn, run, train may use torch"),
        ("skillit/data/store.cpp", '#include <fmt/core.h>\n#include "skillit/data/store.h"\n',
         'skillit/data/store.cpp:1: includes fmt/core.h first; its own header "skillit/data/store.h" comes first'),
        ("skillit/data/store.cpp", "int x;\n", "skillit/data/store.cpp:1: includes nothing first"),
        ("skillit/base/a.h", "#include <string>\n", "skillit/base/a.h:1: has no #pragma once"),
        ("tests/a.h", "int x;\n", "tests/a.h:1: has no #pragma once"),
        ("skillit/base/a.h", "#pragma once\n#include <nlohmann/json.hpp>\n",
         "skillit/base/a.h:2: a public header includes nlohmann/json.hpp"),
        ("skillit/base/a.h", '#pragma once\n#include "skillit/base/json_private.h"\n',
         "skillit/base/a.h:2: a public header includes skillit/base/json_private.h, which is not installed"),
        ("skillit/base/a.cpp", '#  include "error.h"\n',
         'skillit/base/a.cpp:1: includes "error.h"; write "skillit/<room>/<file>.h"'),
        ("skillit/attic/a.cpp", "int x;\n", "skillit/attic/a.cpp:1: is in no room of docs/design.md"),
        ("skillit/base/deep/a.cpp", "int x;\n", "skillit/base/deep/a.cpp:1: is in no room"),
    ],
)
def test_an_offence_is_named_with_file_and_line(tree, name, text, expected):
    result = check(tree(name, text))
    assert result.returncode == 1
    assert expected in result.stdout
    assert result.stdout.count("\n") == 1


def test_a_page_without_layers_is_an_error_and_not_a_pass(tree):
    result = check(tree("docs/design.md", "# design\n"))
    assert result.returncode == 1
    assert "no paragraph begins with 'Layers:'" in result.stderr
