#pragma once

// The loops, compiled for the kind of processor that the source which includes this is for.
#include "skillit/nn/adamw_kernel_private.h"
#include "skillit/nn/attention_kernel_private.h"
#include "skillit/nn/elementwise_kernels_private.h"
#include "skillit/nn/kernel_tables_private.h"
#include "skillit/nn/norm_kernel_private.h"
#include "skillit/nn/product_kernel_private.h"

namespace skillit {
namespace {

template <typename Number>
constexpr CpuKernels<Number> kLoops{attend<Number>, attend_back<Number>, gelu<Number>,
                                    square_sum<Number>, adamw<Number>};
template <typename Number>
constexpr NormKernels<Number> kNorms{normalize<Number>, normalize_back<Number>};
constexpr KernelTables kCompiledKernels{
    kLoops<float>, kLoops<Bf16>, {pack, multiply, add_weight_gradient},
    kNorms<float>, kNorms<Bf16>, slope_of_softmax,
    Scratch::size};

}  // namespace
}  // namespace skillit
