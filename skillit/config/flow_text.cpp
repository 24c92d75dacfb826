#include "skillit/config/flow_text.h"

#include "skillit/config/scalar.h"

namespace skillit::config::detail {
namespace {

struct FlowWriter {
  const std::string& path;

  template <class T>
  std::string operator()(T* scalar) const {
    return write_scalar(*scalar, path);
  }
  template <class T>
  std::string operator()(std::vector<T>* list) const {
    std::string text;
    for (const T& element : *list) text += (text.empty() ? "" : ", ") + write_scalar(element, path);
    return "[" + text + "]";
  }
  template <class T>
  std::string operator()(MapOf<T>* map) const {
    std::string text;
    for (auto& [key, value] : *map) {
      text += (text.empty() ? "" : ", ") + write_scalar(key, path) + ": " + (*this)(&value);
    }
    return "{" + text + "}";
  }
  std::string operator()(const SectionRef&) const { return ""; }
  std::string operator()(const SectionList&) const { return ""; }
};

}  // namespace

std::string flow_text(const Value& value, const std::string& path) {
  return std::visit(FlowWriter{path}, value);
}

}  // namespace skillit::config::detail
