#pragma once

namespace skillit {

/// What step t of AdamW computes with. With the gradient g and its moments m and v:
///   m = keep1 m + add1 (gradient g),  v = keep2 v + add2 (gradient g)^2,
///   w = decay w - step m / (root sqrt(v) + epsilon).
struct AdamWFactors {
  float gradient;  ///< Below 1 where the gradient is clipped.
  float decay;     ///< 1 - learning rate * weight decay
  float keep1;     ///< beta1
  float add1;      ///< 1 - beta1
  float keep2;     ///< beta2
  float add2;      ///< 1 - beta2
  float step;      ///< learning rate / (1 - beta1^t)
  float root;      ///< 1 / sqrt(1 - beta2^t)
  float epsilon;
};

}  // namespace skillit
