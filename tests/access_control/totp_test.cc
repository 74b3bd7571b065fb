#include <gmock/gmock.h>

#include "access_control/password_sodium.h"
#include "access_control/totp_oath.h"
#include "tests/access_control/totp_vectors.h"

namespace yagura::access_control {
namespace {

TEST(TotpTest, GivesTheCodesOfTheStandard) {
  for (const TotpVector& vector : kTotpVectors) {
    EXPECT_EQ(TotpCode(RfcSecret(), WallTime(std::chrono::seconds(vector.second))), vector.code);
  }
}

TEST(TotpTest, ACodeLastsThirtySeconds) {
  const TotpSecret secret = NewTotpSecret();
  const WallTime step(std::chrono::seconds(1'800'000'000));  // a multiple of 30 s
  EXPECT_EQ(TotpCode(secret, step), TotpCode(secret, step + std::chrono::milliseconds(29'999)));
  EXPECT_NE(TotpCode(secret, step - microseconds(1)) + TotpCode(secret, step),
            TotpCode(secret, step) + TotpCode(secret, step + std::chrono::seconds(30)));
}

TEST(TotpTest, SecretsAreWrittenInLettersAndDigits) {
  EXPECT_EQ(Base32Of(RfcSecret()), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
  EXPECT_EQ(TotpSecretOf("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"), RfcSecret());
  EXPECT_EQ(TotpSecretOf("gezd gnbv gy3t qojq gezd gnbv gy3t qojq"), RfcSecret());
  for (const char* const wrong : {"", "GEZDGNBV", "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJ1", "0"}) {
    EXPECT_EQ(TotpSecretOf(wrong), std::nullopt) << wrong;
  }
  EXPECT_NE(NewTotpSecret(), NewTotpSecret());
}

TEST(TotpTest, AnAuthenticatorReadsAUri) {
  EXPECT_EQ(OtpauthUri("suzuki.h", RfcSecret()),
            "otpauth://totp/Yagura:suzuki.h?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Yagura");
}

}  // namespace
}  // namespace yagura::access_control
