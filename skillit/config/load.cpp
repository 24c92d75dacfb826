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

void load_yaml(Section options, std::string_view text, std::string_view source_name,
               std::span<const std::string> overrides) {
  Session session(source_name);
  const TextNode root = read_yaml(text, session);
  if (root.kind == TextNode::Kind::kRefused)
    session.finish();  // Throws: nothing was set that could be checked.
  fill_section(options, root, "", options, session);
  override_and_validate(options, overrides, session);
}

void apply_overrides(Section options, std::span<const std::string> overrides) {
  Session session("");
  override_and_validate(options, overrides, session);
}

}  // namespace skillit::config::detail
