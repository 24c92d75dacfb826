# Thin verbs; the work is in scripts/. Each does its own set-up first.
.DEFAULT_GOAL := help
.PHONY: help setup build demo test lint format bench bench-train asan fuzz core clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-11s %s\n", $$1, $$2}' Makefile

setup: ## install what is missing: packages, and .venv with torch
	@scripts/setup.sh build

build: setup ## the program: build/release/apps/skillit/skillit
	@scripts/build.sh release

demo: build ## the main job: random, stratified and Skill-It on LEGO, compared
	@build/release/apps/skillit/skillit run lego

test: ## everything that can be checked automatically
	@scripts/setup.sh build test
	@scripts/setup.sh browser || echo "   the tests that open pages in a browser will be skipped"
	@scripts/build.sh dev
	@ctest --test-dir build/dev --output-on-failure -j2

lint: ## format, clang-tidy on the core, layers, shell syntax
	@scripts/setup.sh core lint
	@scripts/lint.sh

format: ## clang-format every tracked source in place
	@scripts/setup.sh lint
	@scripts/check_format.sh --fix

bench: ## every benchmark, as tables, with the machine's name
	@scripts/setup.sh build bench
	@scripts/build.sh bench
	@scripts/bench.sh

asan: ## core tests under the address and undefined-behaviour sanitizers
	@scripts/setup.sh core test
	@scripts/build.sh asan
	@ctest --test-dir build/asan --output-on-failure -j2 -LE "slow|tokenize_parity"

bench-train: ## training steps of GPT-Neo-125M, and small models side by side, beside the same in Python
	@scripts/setup.sh build bench
	@scripts/build.sh bench
	@.venv/bin/python3 bench/published/train_published.py
	@.venv/bin/python3 bench/published/train_published.py --layers 4 --width 192 --steps 50 --sides reference,skillit
	@.venv/bin/python3 bench/train_step.py

fuzz: ## every reader of foreign bytes under libFuzzer, a minute each
	@scripts/setup.sh core fuzz
	@scripts/build.sh fuzz
	@scripts/fuzz.sh

core: ## the library without training (no torch)
	@scripts/setup.sh core test
	@scripts/build.sh core

clean: ## remove what was built (.venv stays)
	@rm -rf build
