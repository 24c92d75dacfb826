#pragma once

#include <gtest/gtest.h>

#include <initializer_list>
#include <string>
#include <string_view>

#include "skillit/base/error.h"

namespace skillit::testing {

/// Expects `action` to throw an Error of this code whose message is one line and holds all `words`.
template <class Action>
void expect_error(ErrorCode code, std::initializer_list<std::string_view> words, Action&& action) {
  try {
    action();
  } catch (const Error& error) {
    const std::string message = error.what();
    EXPECT_EQ(error.code(), code) << message;
    EXPECT_EQ(message.find('\n'), std::string::npos) << message;
    for (const std::string_view word : words) {
      EXPECT_NE(message.find(word), std::string::npos) << "no '" << word << "' in: " << message;
    }
    return;
  }
  ADD_FAILURE() << "no Error was thrown";
}

}  // namespace skillit::testing
