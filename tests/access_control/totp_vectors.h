#pragma once

#include <array>
#include <string_view>

#include "access_control/totp_oath.h"

namespace yagura::access_control {

/// RFC 6238 appendix B, SHA-1: the last six of its eight digits, which are the code of six (RFC
/// 4226 section 5.3: the same number modulo a smaller power of ten).
struct TotpVector {
  long long second;  // since 1970
  std::string_view code;
};
inline constexpr std::array<TotpVector, 6> kTotpVectors{{{59, "287082"},
                                                         {1111111109, "081804"},
                                                         {1111111111, "050471"},
                                                         {1234567890, "005924"},
                                                         {2000000000, "279037"},
                                                         {20000000000, "353130"}}};

/// The appendix's secret: the ASCII digits "12345678901234567890".
[[nodiscard]] inline TotpSecret RfcSecret() {
  TotpSecret secret{};
  for (std::size_t i = 0; i < secret.size(); ++i) {
    secret[i] = static_cast<std::uint8_t>('0' + (i + 1) % 10);
  }
  return secret;
}

}  // namespace yagura::access_control
