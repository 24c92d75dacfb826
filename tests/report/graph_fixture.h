#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <sstream>
#include <string>
#include <vector>

#include "skillit/graph/learned_graph.h"
#include "skillit/report/text_layout.h"

namespace skillit::testing {

/// Three skills: a helps b by 0.5, c harms a by 0.25, b -> c is within the noise; five seeds each
/// with a standard error of 0.1. Self-edges are 2.
inline LearnedGraph small_graph(const std::vector<std::string>& names = {"a", "b", "c"}) {
  LearnedGraph learned;
  learned.graph = SkillGraph(SkillSet(names), SkillSet(names), {2, 0.5, 0, 0, 2, 0, -0.25, 0, 2});
  for (std::size_t i = 0; i < names.size(); ++i) {
    for (const double weight : learned.graph.row(i)) {
      learned.edges.push_back({.n = 5, .mean = weight, .standard_error = 0.1});
    }
  }
  learned.edges[5] = {.n = 5, .mean = 0.1, .standard_error = 0.1, .in_noise = true};
  return learned;
}

/// Skills "skill 1" ... of which each helps the next one; without evidence.
inline LearnedGraph chain(std::size_t skills) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < skills; ++i) names.push_back("skill " + std::to_string(i + 1));
  std::vector<double> weights(skills * skills, 0.0);
  for (std::size_t i = 0; i + 1 < skills; ++i) weights[i * skills + i + 1] = 1.0;
  LearnedGraph learned;
  learned.graph = SkillGraph(SkillSet(names), SkillSet(names), weights);
  return learned;
}

inline std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

/// The text without escape sequences of colour.
inline std::string without_color(const std::string& text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\033') {
      i = text.find('m', i);
    } else {
      plain += text[i];
    }
  }
  return plain;
}

inline std::size_t widest(const std::string& text) {
  std::size_t width = 0;
  for (const auto& line : lines_of(without_color(text)))
    width = std::max(width, display_width(line));
  return width;
}

inline std::size_t count_of(const std::string& text, const std::string& piece) {
  std::size_t count = 0;
  for (std::size_t at = text.find(piece); at != std::string::npos; at = text.find(piece, at + 1))
    ++count;
  return count;
}

}  // namespace skillit::testing
