#pragma once

// The loops, compiled for the kind of processor that the source which includes this is for.
#include "skillit/nn/attention_kernel_private.h"
#include "skillit/nn/elementwise_kernels_private.h"
#include "skillit/nn/kernel_tables_private.h"

namespace skillit {
namespace {

constexpr KernelTables kCompiledKernels{{attend<float>, attend_back<float>, gelu<float>},
                                        {attend<Bf16>, attend_back<Bf16>, gelu<Bf16>},
                                        slope_of_softmax,
                                        Scratch::size};

}  // namespace
}  // namespace skillit
