#include "access_control/audit_seal.h"

#include <gmock/gmock.h>

namespace yagura::access_control {
namespace {

using ::testing::ElementsAre;
using ::testing::StartsWith;

class AuditSealTest : public ::testing::Test {
 protected:
  static SealSigner NewSigner() { return SealSigner::FromSeed(SealSigner::NewSeed()).value(); }
  static AuditHead HeadOf(const std::string& writer, std::int64_t counter) {
    AuditHead head{writer, counter, {}};
    head.chain.fill(static_cast<std::uint8_t>(counter));
    return head;
  }
  SealSigner signer_ = NewSigner();
  AuditSeal seal_{ParseRfc3339("2027-06-15T03:00:00Z").value(),
                  {},
                  {HeadOf("yagura_api", 17), HeadOf("yagura_media", 4)}};
};

TEST_F(AuditSealTest, ALineSaysWhatWasSignedToWhoeverHasThePublicKey) {
  const std::string line = signer_.LineOf(seal_);
  EXPECT_THAT(line, StartsWith("yagura-audit-seal-1 2027-06-15T03:00:00.000000Z " +
                               std::string(64, '0') + " yagura_api:17:1111"));
  const auto key = ParseSealPublicKey(ToText(signer_.public_key()));
  ASSERT_TRUE(key.has_value());
  const auto read = ReadSealLine(line, *key);
  ASSERT_TRUE(read.has_value()) << ToString(read.error());
  EXPECT_EQ(read->at, seal_.at);
  EXPECT_THAT(read->heads, ElementsAre(seal_.heads[0], seal_.heads[1]));
}

TEST_F(AuditSealTest, EveryAlteredByteIsNoticedAndSoIsAnotherKey) {
  const std::string line = signer_.LineOf(seal_);
  for (std::size_t i = 0; i < line.size(); ++i) {
    std::string altered = line;
    altered[i] = altered[i] == '0' ? '1' : '0';
    EXPECT_FALSE(ReadSealLine(altered, signer_.public_key()).has_value()) << altered;
    EXPECT_FALSE(ReadSealLine(line.substr(0, i), signer_.public_key()).has_value());
  }
  EXPECT_FALSE(ReadSealLine(line, NewSigner().public_key()).has_value());
}

TEST_F(AuditSealTest, ASeedIsOneKey) {
  const auto seed = SealSigner::NewSeed();
  EXPECT_EQ(SealSigner::FromSeed(seed)->public_key(), SealSigner::FromSeed(seed)->public_key());
  EXPECT_FALSE(SealSigner::FromSeed(std::span(seed).first(31)).has_value());
  EXPECT_EQ(ParseSealPublicKey("ed25519 00"), std::nullopt);
}

}  // namespace
}  // namespace yagura::access_control
