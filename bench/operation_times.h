#pragma once

#include <ATen/record_function.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <map>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace skillit_bench {

/// While it lives: the time spent in each torch operation itself, without those that it calls, on
/// all threads. Costs about a microsecond an operation.
class OperationTimes {
 public:
  OperationTimes() {
    handle_ = at::addGlobalCallback(
        at::RecordFunctionCallback(
            [](const at::RecordFunction& function) -> std::unique_ptr<at::ObserverContext> {
              open().push_back({function.name(), Clock::now(), 0});
              return nullptr;
            },
            [](const at::RecordFunction&, at::ObserverContext*) { close(); })
            .scopes({at::RecordScope::FUNCTION, at::RecordScope::BACKWARD_FUNCTION}));
  }
  OperationTimes(const OperationTimes&) = delete;
  OperationTimes& operator=(const OperationTimes&) = delete;
  ~OperationTimes() { at::removeCallback(handle_); }

  /// The operations that took most, in ms a step and calls a step.
  static void print(std::FILE* out, std::size_t steps, std::size_t rows) {
    const std::lock_guard lock(mutex());
    std::vector<std::pair<std::string, Sum>> sorted(sums().begin(), sums().end());
    std::sort(sorted.begin(), sorted.end(),
              [](const auto& a, const auto& b) { return a.second.seconds > b.second.seconds; });
    for (std::size_t i = 0; i < std::min(rows, sorted.size()); ++i) {
      fmt::print(out, "{:40} {:9.3f} ms {:7.1f} calls\n", sorted[i].first,
                 1e3 * sorted[i].second.seconds / static_cast<double>(steps),
                 static_cast<double>(sorted[i].second.calls) / static_cast<double>(steps));
    }
  }

 private:
  using Clock = std::chrono::steady_clock;
  struct Open {
    std::string name;
    Clock::time_point start;
    double inner;
  };
  struct Sum {
    double seconds = 0;
    std::size_t calls = 0;
  };
  static std::vector<Open>& open() {
    thread_local std::vector<Open> stack;
    return stack;
  }
  static std::map<std::string, Sum>& sums() {
    static std::map<std::string, Sum> all;
    return all;
  }
  static std::mutex& mutex() {
    static std::mutex one;
    return one;
  }
  static void close() {
    auto& stack = open();
    if (stack.empty()) return;
    const Open done = stack.back();
    stack.pop_back();
    const double seconds = std::chrono::duration<double>(Clock::now() - done.start).count();
    if (!stack.empty()) stack.back().inner += seconds;
    const std::lock_guard lock(mutex());
    Sum& sum = sums()[done.name];
    sum.seconds += seconds - done.inner;
    ++sum.calls;
  }

  at::CallbackHandle handle_ = 0;
};

}  // namespace skillit_bench
