#pragma once

#include <string>
#include <vector>

#include "skillit/report/study_runs.h"
#include "skillit/report/svg_axes.h"
#include "skillit/report/svg_canvas.h"

namespace skillit {

/// How a method's lines look, by its place among the methods; told apart by every kind of eye.
[[nodiscard]] Stroke method_stroke(std::size_t method);

/// The curves of one panel: [method][seed].
using PanelCurves = std::vector<std::vector<Curve>>;

/// One scale for the losses of all panels; logarithmic where they differ by more than twenty times.
[[nodiscard]] Scale loss_scale(const std::vector<PanelCurves>& panels);

/// A thin line per seed, below a thick one for their mean.
void draw_curves(SvgCanvas& canvas, const Axes& axes, const PanelCurves& panel);
void draw_threshold(SvgCanvas& canvas, const Axes& axes, double threshold);

/// One block per round and skill, the first skill on top, as high as its share; names stand beside
/// the last round where there is room. mixture_path[round][skill].
void draw_mixture(SvgCanvas& canvas, const Axes& axes,
                  const std::vector<std::vector<double>>& mixture_path,
                  const std::vector<std::string>& skills);

}  // namespace skillit
