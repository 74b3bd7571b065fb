#include "simulate/authenticator.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace yagura::simulate {
namespace {

using ::testing::HasSubstr;

RtspRequest Get(const std::string& authorization) {
  return {"GET", "/dir/index.html", {{"Authorization", authorization}}};
}

/// The example of RFC 7616, 3.9.1.
class Rfc7616Test : public ::testing::Test {
 protected:
  static Authenticator Asking(AuthScheme scheme) {
    return {{"Mufasa", "Circle of Life"},
            scheme,
            "http-auth@example.org",
            "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v"};
  }
  static RtspRequest Answer(const std::string& response,
                            const std::string& uri = "/dir/index.html") {
    return Get("Digest username=\"Mufasa\", realm=\"http-auth@example.org\", uri=\"" + uri +
               "\", algorithm=SHA-256, nonce=\"7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v\", "
               "nc=00000001, cnonce=\"f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ\", qop=auth, "
               "response=\"" +
               response + "\"");
  }
  static constexpr auto kResponse =
      "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1";
};

TEST_F(Rfc7616Test, AcceptsThePublishedAnswerAndNoOther) {
  const Authenticator asking = Asking(AuthScheme::kDigestSha256);
  EXPECT_TRUE(asking.Accepts(Answer(kResponse)));
  EXPECT_FALSE(asking.Accepts(Answer(kResponse, "/elsewhere")));
  EXPECT_FALSE(asking.Accepts(Answer(std::string(64, '0'))));
  EXPECT_FALSE(asking.Accepts(Get("Basic TXVmYXNhOkNpcmNsZSBvZiBMaWZl")));
  EXPECT_FALSE(asking.Accepts({"GET", "/dir/index.html", {}}));
}

TEST_F(Rfc7616Test, RefusesAnswersToAnotherNonce) {
  const Authenticator asking({"Mufasa", "Circle of Life"}, AuthScheme::kDigestSha256);
  EXPECT_FALSE(asking.Accepts(Answer(kResponse)));
}

TEST_F(Rfc7616Test, AsksWithoutQopInTheOldForm) {
  EXPECT_EQ(Asking(AuthScheme::kDigestMd5).Challenge(),
            "Digest realm=\"http-auth@example.org\", "
            "nonce=\"7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v\"");
  EXPECT_THAT(Asking(AuthScheme::kDigestSha256).Challenge(),
              HasSubstr("qop=\"auth\", algorithm=SHA-256"));
}

TEST_F(Rfc7616Test, ARenewedNonceRefusesAnswersToTheOldOne) {
  Authenticator asking = Asking(AuthScheme::kDigestSha256);
  asking.Renew(true);
  EXPECT_FALSE(asking.Accepts(Answer(kResponse)));
  EXPECT_THAT(asking.Challenge(), HasSubstr(", stale=true"));
  asking.Renew(false);
  EXPECT_THAT(asking.Challenge(), ::testing::Not(HasSubstr("stale")));
}

TEST(BasicAuthentication, ComparesUserAndPassword) {
  const Authenticator asking({"Aladdin", "open sesame"}, AuthScheme::kBasic);
  EXPECT_TRUE(asking.Accepts(Get("Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==")));  // RFC 7617, 2
  EXPECT_FALSE(asking.Accepts(Get("Basic QWxhZGRpbjpvcGVuIHNlc2FtZR==")));
  EXPECT_FALSE(asking.Accepts(Get("Basic")));
}

}  // namespace
}  // namespace yagura::simulate
