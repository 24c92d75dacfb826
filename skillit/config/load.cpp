#include "skillit/config/load.h"

#include "skillit/config/fill.h"
#include "skillit/config/override.h"
#include "skillit/config/session.h"
#include "skillit/config/yaml_tree.h"

namespace skillit::config::detail {
namespace {

void override_and_validate(Section& options, std::span<const std::string> overrides,
                           Session& session) {
  for (const std::string& text : overrides) {
    session.enter_override(text);
    fill_override(options, text, session);
  }
  validate(options, "", session);
  session.finish();
}

}  // namespace

void load_yaml(Section options, std::span<const TextSource> sources,
               std::span<const std::string> overrides) {
  for (const TextSource& source : sources) {
    Session session(source.name);
    const TextNode root = read_yaml(source.text, session);
    if (root.kind == TextNode::Kind::kRefused)
      session.finish();  // Throws: nothing was set that could be checked.
    fill_section(options, root, "", options, session);
    if (&source == &sources.back())
      override_and_validate(options, overrides, session);
    else
      session.finish();
  }
}

void apply_overrides(Section options, std::span<const std::string> overrides) {
  Session session("");
  override_and_validate(options, overrides, session);
}

}  // namespace skillit::config::detail
