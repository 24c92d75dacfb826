// Torch's headers, flags and libraries arrive through skillit::train alone.
#include <ATen/ops/ones.h>

int main() {
  return at::ones({2, 3}).numel() == 6 ? 0 : 1;
}
