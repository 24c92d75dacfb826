#include "skillit/report/svg_chart.h"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "skillit/base/error.h"
#include "skillit/report/study_runs.h"
#include "skillit/report/svg_panels.h"
#include "skillit/report/text_layout.h"

namespace skillit {
namespace {

constexpr double kWidth = 960;
constexpr double kLeft = 66;  // Of the first panel in a row; room for y labels.
constexpr double kRight = 940;
constexpr double kNameRoom = 110;  // Beside a mixture, for the skills' names.
constexpr double kMainHeight = 270;
constexpr double kSmallHeight = 120;
constexpr double kGap = 48;  // Between small panels.
constexpr std::size_t kMixturesPerRow = 2;

/// Up to four, without a nearly empty last row.
std::size_t panels_per_row(std::size_t count) {
  return count <= 4 ? count : count <= 6 || count == 9 ? 3 : 4;
}

/// Draws from the top down; y_ is where the next thing begins.
class StudyPicture {
 public:
  StudyPicture(const StudyRuns& study, double threshold) : study_(study), threshold_(threshold) {
    for (std::size_t skill = 0; skill < manifest().eval_skills.size(); ++skill) {
      skill_panels_.push_back(
          curves_of([skill](const RunRecord& run) { return skill_loss_curve(run, skill); }));
    }
    for (const MethodRuns& method : study.methods) {
      if (auto path = mean_mixture_path(method); mixture_moves(path)) {
        mixtures_.push_back({method.method, std::move(path)});
      }
    }
  }

  std::string draw() {
    draw_heading();
    draw_legend();
    draw_main_row();
    draw_skills();
    for (std::size_t first = 1; first < mixtures_.size(); first += kMixturesPerRow) {
      draw_mixture_row(first);
    }
    return canvas_.document(kWidth, y_,
                            fmt::format("{}: loss and mixture over training", manifest().study));
  }

 private:
  struct NamedMixture {
    std::string method;
    std::vector<std::vector<double>> path;
  };

  [[nodiscard]] const Manifest& manifest() const {
    return study_.methods.front().runs.front()->manifest;
  }

  template <class CurveOf>
  [[nodiscard]] PanelCurves curves_of(const CurveOf& curve_of) const {
    PanelCurves panel;
    for (const MethodRuns& method : study_.methods) {
      auto& curves = panel.emplace_back();
      for (const RunRecord* run : method.runs) curves.push_back(curve_of(*run));
    }
    return panel;
  }

  [[nodiscard]] Scale step_scale() const {
    return Scale::linear(0, static_cast<double>(manifest().steps));
  }

  void draw_heading() {
    constexpr std::size_t kMostCells = 135;
    const TextStyle quiet{.size = 12, .color = "#555"};
    canvas_.text({24, 34}, manifest().study, {.size = 20, .bold = true});
    canvas_.text(
        {24, 56},
        "Thin lines: one seed each; thick lines: their mean. Loss in nats per scored token, on "
        "held-out data.",
        quiet);
    y_ = 72;
    if (study_.left_out.empty()) return;
    const std::string names = fmt::format("Not counted: {}", fmt::join(study_.left_out, "; "));
    canvas_.text({24, y_ + 2}, fit(names, kMostCells), quiet);
    y_ += 18;
  }

  void draw_legend() {
    double x = 24;
    y_ += 14;
    for (std::size_t method = 0; method < study_.methods.size(); ++method) {
      const std::size_t seeds = study_.methods[method].runs.size();
      const std::string text = fmt::format("{} ({} seed{})", study_.methods[method].method, seeds,
                                           seeds == 1 ? "" : "s");
      const double width = 32 + 7.4 * static_cast<double>(display_width(text));
      if (x > 24 && x + width > kRight) {
        x = 24;
        y_ += 20;
      }
      canvas_.line({x, y_ - 4}, {x + 26, y_ - 4}, method_stroke(method));
      canvas_.text({x + 32, y_}, text, {.size = 13});
      x += width + 22;
    }
    y_ += 14;
  }

  void draw_main_row() {
    const PanelCurves means = curves_of(mean_loss_curve);
    y_ += 30;
    const double width = mixtures_.empty() ? kRight - kLeft : 500;
    const Axes axes{.top_left = {kLeft, y_},
                    .width = width,
                    .height = kMainHeight,
                    .x = step_scale(),
                    .y = loss_scale({means})};
    draw_axes(
        canvas_, axes,
        {.title = "Mean validation loss over all skills", .x = "training steps", .y = "loss"});
    draw_threshold(canvas_, axes, threshold_);
    draw_curves(canvas_, axes, means);
    if (!mixtures_.empty()) {
      const double left = kLeft + width + 66;
      draw_mixture_panel(mixtures_.front(), left, kRight - kNameRoom - left, kMainHeight);
    }
    y_ += kMainHeight + 48;
  }

  void draw_skills() {
    if (skill_panels_.size() < 2) return;  // One skill is its own mean.
    const Scale scale = loss_scale(skill_panels_);
    const std::size_t per_row = panels_per_row(skill_panels_.size());
    const double slot = (kRight - kLeft + kGap) / static_cast<double>(per_row);
    for (std::size_t skill = 0; skill < skill_panels_.size(); ++skill) {
      const std::size_t column = skill % per_row;
      const bool last_row = skill + per_row >= skill_panels_.size();
      if (column == 0) y_ += skill == 0 ? 30 : kSmallHeight + 52;
      const Axes axes{.top_left = {kLeft + slot * static_cast<double>(column), y_},
                      .width = slot - kGap,
                      .height = kSmallHeight,
                      .x = step_scale(),
                      .y = scale};
      draw_axes(canvas_, axes,
                {.title = "Loss of " + fit_middle(manifest().eval_skills[skill], 18),
                 .x = last_row ? "training steps" : "",
                 .y = column == 0 ? "loss" : ""});
      draw_curves(canvas_, axes, skill_panels_[skill]);
    }
    y_ += kSmallHeight + 52;
  }

  void draw_mixture_panel(const NamedMixture& mixture, double left, double width, double height) {
    const Axes axes{.top_left = {left, y_},
                    .width = width,
                    .height = height,
                    .x = Scale::linear(0, static_cast<double>(mixture.path.size()))};
    draw_axes(canvas_, axes,
              {.title = "Mixture of " + fit_middle(mixture.method, 24),
               .x = "rounds",
               .y = "share of samples",
               .percent = true});
    draw_mixture(canvas_, axes, mixture.path, manifest().train_skills);
  }

  void draw_mixture_row(std::size_t first) {
    y_ += 30;
    const double slot = (kRight - kLeft + 66) / kMixturesPerRow;
    for (std::size_t i = first; i < std::min(first + kMixturesPerRow, mixtures_.size()); ++i) {
      draw_mixture_panel(mixtures_[i], kLeft + slot * static_cast<double>(i - first),
                         slot - 66 - kNameRoom, kMainHeight * 0.6);
    }
    y_ += kMainHeight * 0.6 + 52;
  }

  const StudyRuns& study_;
  double threshold_;
  std::vector<PanelCurves> skill_panels_;
  std::vector<NamedMixture> mixtures_;
  SvgCanvas canvas_;
  double y_ = 0;
};

}  // namespace

std::string to_svg(std::span<const RunRecord> runs, double threshold) {
  const StudyRuns study = comparable_runs(runs);
  if (study.methods.empty()) {
    fail(ErrorCode::kBadArgument,
         fmt::format("study: no finished run to draw{}{}", study.left_out.empty() ? "" : ": ",
                     fmt::join(study.left_out, "; ")));
  }
  return StudyPicture(study, threshold).draw();
}

}  // namespace skillit
