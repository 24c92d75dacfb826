#include "skillit/nn/recompute.h"

#include <torch/torch.h>

#include <utility>

namespace skillit {
namespace {

using Compute = std::function<torch::Tensor(const torch::Tensor&)>;

/// Lets a context of autograd own a function.
struct ComputeHolder : torch::CustomClassHolder {
  explicit ComputeHolder(Compute function) : compute(std::move(function)) {}
  Compute compute;
};

class Recomputed : public torch::autograd::Function<Recomputed> {
 public:
  static torch::Tensor forward(torch::autograd::AutogradContext* context, const torch::Tensor& x,
                               const c10::intrusive_ptr<ComputeHolder>& holder) {
    context->save_for_backward({x});
    context->saved_data["compute"] = c10::IValue::make_capsule(holder);
    return holder->compute(x);  // Here nothing inside is kept: autograd is off.
  }

  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                 torch::autograd::variable_list outer) {
    const auto holder = context->saved_data["compute"].toCapsule();
    const auto x = context->get_saved_variables()[0].detach().requires_grad_();
    torch::Tensor y;
    {
      const torch::AutoGradMode on(true);
      y = static_cast<const ComputeHolder&>(*holder).compute(x);
    }
    torch::autograd::backward({y}, {outer[0]});  // The weights' gradients go where they belong.
    return {x.grad(), torch::Tensor()};
  }
};

}  // namespace

torch::Tensor recomputed(const torch::Tensor& x, Compute compute) {
  return Recomputed::apply(x, c10::make_intrusive<ComputeHolder>(std::move(compute)));
}

}  // namespace skillit
