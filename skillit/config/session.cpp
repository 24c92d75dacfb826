#include "skillit/config/session.h"

#include <fmt/core.h>

#include <algorithm>
#include <limits>

#include "skillit/base/error.h"
#include "skillit/config/section.h"

namespace skillit::config::detail {
namespace {

constexpr std::size_t kMaxProblems = 50;
constexpr std::size_t kMaxShown = 60;

}  // namespace

std::string shown(std::string_view text) {
  std::string line(text);
  if (line.size() > kMaxShown) {
    std::size_t end = kMaxShown;
    while (end > 0 && (static_cast<unsigned char>(line[end]) & 0xC0) == 0x80)
      --end;  // Not inside a UTF-8 sequence.
    line.replace(end, std::string::npos, "...");
  }
  for (char& c : line) {
    if (static_cast<unsigned char>(c) < ' ' || c == '\x7F') c = '?';
  }
  return "'" + line + "'";
}

Session::Session(std::string_view file)
    : base_{.source = std::string(file.empty() ? "options" : file), .in_file = !file.empty()},
      current_(base_) {}

void Session::enter_override(std::string_view text) {
  current_ = {.source = "override " + shown(text)};
}

Session::Place Session::here(int line) const {
  Place place = current_;
  if (place.in_file) place.line = line;
  return place;
}

void Session::add(int line, std::string_view path, std::string_view message) {
  add(here(line), path, message);
}

void Session::set_at(const std::string& path, int line) {
  set_at_[path] = here(line);
}

void Session::add_at(const std::string& path, std::string_view message) {
  for (const Problem& problem : problems_) {
    if (problem.path == path) return;
  }
  for (std::string around = path; !around.empty();) {
    if (const auto place = set_at_.find(around); place != set_at_.end()) {
      return add(place->second, path, message);
    }
    around = split_last(around).parent;
  }
  add(base_, path, message);
}

void Session::add(Place place, std::string_view path, std::string_view message) {
  Problem problem{std::move(place), std::string(path), std::string(message)};
  if (!problems_.empty() && problems_.back() == problem) return;
  problems_.push_back(std::move(problem));
  if (problems_.size() >= kMaxProblems) finish();
}

std::string Session::sources() const {
  const auto is_file = [](const Problem& problem) { return problem.place.in_file; };
  const auto file = std::find_if(problems_.begin(), problems_.end(), is_file);
  if (file == problems_.end()) return "the overrides";
  const bool all = std::all_of(problems_.begin(), problems_.end(), is_file);
  return file->place.source + (all ? "" : " and the overrides");
}

void Session::finish() {
  if (problems_.empty()) return;
  const auto rank = [](const Problem& problem) {
    return problem.place.line > 0 ? problem.place.line : std::numeric_limits<int>::max();
  };
  std::stable_sort(problems_.begin(), problems_.end(),
                   [&](const Problem& a, const Problem& b) { return rank(a) < rank(b); });
  const bool stopped = problems_.size() >= kMaxProblems;
  std::string text;
  if (problems_.size() > 1) {
    text = fmt::format("{}{} problems in {}:\n", stopped ? "more than " : "",
                       problems_.size() - (stopped ? 1 : 0), sources());
  }
  for (const Problem& problem : problems_) {
    text += problem.place.source;
    if (problem.place.line > 0) text += fmt::format(":{}", problem.place.line);
    if (!problem.path.empty()) text += ": " + problem.path;
    text += ": " + problem.message + "\n";
  }
  text.pop_back();
  fail(ErrorCode::kBadFormat, text);
}

}  // namespace skillit::config::detail
