#pragma once

#include <span>
#include <string_view>
#include <tuple>
#include <vector>

#include "skillit/config/spec.h"
#include "skillit/graph/learned_graph.h"

namespace skillit {

/// What becomes of A_ii, where training and evaluation skill have the same name.
enum class DiagonalRule { kKeep, kZero, kOne };
[[nodiscard]] std::vector<std::string_view> spec_names(DiagonalRule);
/// One number that all weights are divided by: none; the largest |weight|; the sum of |weights|.
enum class GraphScale { kNone, kMax, kSum };
[[nodiscard]] std::vector<std::string_view> spec_names(GraphScale);

/// How estimates become weights; applied in the order of the fields. Nothing is ever symmetrised:
/// the direction of an edge is what an order of skills is made of. Who uses which: docs/graphs.md.
struct GraphProcessing {
  bool keep_noise = false;  ///< Keep edges whose 95 % interval holds 0.
  double threshold = 0;     ///< Edges with |weight| below become 0; in the learner's unit, >= 0.
  bool clip = false;        ///< Negative weights become 0.
  GraphScale scale = GraphScale::kNone;
  double weight = 0;  ///< Positive edges get this weight; 0 = they keep their own.
  DiagonalRule diagonal = DiagonalRule::kKeep;

  static constexpr auto fields() {
    using P = GraphProcessing;
    return std::tuple{
        SpecField{"keep_noise", &P::keep_noise, "keep edges whose 95 % interval holds 0"},
        SpecField{"threshold", &P::threshold, "edges nearer to 0 than this become 0"},
        SpecField{"clip", &P::clip, "negative edges become 0"},
        SpecField{"scale", &P::scale, "divide by none, max or sum of |weights|"},
        SpecField{"weight", &P::weight, "positive edges get this weight; 0 = their own"},
        SpecField{"diagonal", &P::diagonal, "keep, zero or one"},
    };
  }
};

/// "clip=true,diagonal=one"; "" is the default. @throws Error kBadArgument.
[[nodiscard]] GraphProcessing parse_graph_processing(std::string_view options);

/// The graph of these estimates (row-major). An edge that was not measured (n = 0) gets weight 0
/// before the rules. @throws Error kBadArgument on an option out of range.
[[nodiscard]] LearnedGraph process_edges(SkillSet train_skills, SkillSet eval_skills,
                                         std::vector<EdgeEstimate> edges,
                                         const GraphProcessing& processing);

}  // namespace skillit
