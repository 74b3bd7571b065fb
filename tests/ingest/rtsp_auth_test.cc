#include "ingest/rtsp_auth.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ingest/limits.h"

namespace yagura::ingest {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::Optional;

// RFC 7616 section 3.9.1.
constexpr char kCnonce[] = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ";
std::string Rfc7616(const std::string& algorithm) {
  return "Digest realm=\"http-auth@example.org\", qop=\"auth, auth-int\", algorithm=" + algorithm +
         ", nonce=\"7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v\", "
         "opaque=\"FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS\"";
}

std::string AnswerTo(const std::string& challenge, Credentials credentials) {
  Authenticator authenticator(std::move(credentials), kCnonce);
  EXPECT_TRUE(authenticator.Accept(ParseChallenge(challenge).value()));
  return authenticator.Authorization("GET", "/dir/index.html").value();
}

TEST(RtspAuthTest, AnswersTheExamplesOfTheStandards) {
  EXPECT_THAT(AnswerTo(Rfc7616("MD5"), {"Mufasa", "Circle of Life"}),
              HasSubstr("response=\"8ca523f5e9506fed4657c9700eebdbec\""));
  EXPECT_THAT(
      AnswerTo(Rfc7616("SHA-256"), {"Mufasa", "Circle of Life"}),
      HasSubstr("response=\"753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1\""));
  EXPECT_THAT(
      AnswerTo("Digest realm=\"testrealm@host.com\", nonce=\"dcd98b7102dd2f0e8b11d0f600bfb0c093\"",
               {"Mufasa", "CircleOfLife"}),
      HasSubstr("response=\"1949323746fe6a43ef61f9606e7febea\""))
      << "RFC 2069, erratum 749";
  EXPECT_EQ(AnswerTo("Basic realm=\"x\"", {"Aladdin", "open sesame"}),
            "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
}

TEST(RtspAuthTest, TheAnswerNeverHoldsThePasswordInClear) {
  EXPECT_THAT(AnswerTo(Rfc7616("MD5"), {"Mufasa", "Circle of Life"}), Not(HasSubstr("Circle")));
}

TEST(RtspAuthTest, CountsTheUsesOfANonce) {
  Authenticator authenticator({"u", "p"}, kCnonce);
  EXPECT_EQ(authenticator.Authorization("PLAY", "x"), std::nullopt) << "nothing before a challenge";
  ASSERT_TRUE(authenticator.Accept(ParseChallenge(Rfc7616("MD5")).value()));
  EXPECT_THAT(authenticator.Authorization("PLAY", "x"), Optional(HasSubstr("nc=00000001")));
  EXPECT_THAT(authenticator.Authorization("PLAY", "x"), Optional(HasSubstr("nc=00000002")));
}

TEST(RtspAuthTest, TakesTheStrongestChallenge) {
  RtspMessage reply;
  reply.headers = {{"WWW-Authenticate", "Basic realm=\"a\""},
                   {"WWW-Authenticate", Rfc7616("SHA-256")},
                   {"WWW-Authenticate", Rfc7616("MD5")},
                   {"WWW-Authenticate", "Negotiate"}};
  EXPECT_EQ(StrongestChallenge(reply)->scheme, Challenge::Scheme::kDigestSha256);
}

TEST(RtspAuthTest, ReadsSeveralChallengesInOneHeader) {
  struct Case {
    const char* text;
    Challenge::Scheme scheme;
    const char* realm;
  };
  for (const Case& c :
       {Case{"Basic realm=\"b, Digest realm=x\", Digest realm=\"d\", nonce=\"n\"",
             Challenge::Scheme::kDigestMd5, "d"},
        Case{"Digest realm=\"d\" , nonce = n,  algorithm=SHA-256,Basic realm=\"b\"",
             Challenge::Scheme::kDigestSha256, "d"},
        Case{"Negotiate, Basic realm=\"b \\\", Digest nonce=n\"", Challenge::Scheme::kBasic,
             "b \", Digest nonce=n"},
        Case{"Digest realm=\"d\", qop=auth,auth-int, nonce=n, Negotiate",
             Challenge::Scheme::kDigestMd5, "d"},
        Case{"Basic realm=\"b\", Digest realm=\"unending", Challenge::Scheme::kBasic, "b"}}) {
    RtspMessage reply;
    reply.headers = {{"WWW-Authenticate", c.text}};
    const auto challenge = StrongestChallenge(reply);
    ASSERT_TRUE(challenge.has_value()) << c.text;
    EXPECT_EQ(challenge->scheme, c.scheme) << c.text;
    EXPECT_EQ(challenge->realm, c.realm);
  }
}

TEST(RtspAuthTest, NamesTheAlgorithmWhereTheCameraDid) {
  const Credentials known{"u", "p"};
  EXPECT_THAT(AnswerTo("Digest realm=\"r\", nonce=\"n\", algorithm=\"MD5\"", known),
              HasSubstr(", algorithm=MD5"));
  EXPECT_THAT(AnswerTo("Digest realm=\"r\", nonce=\"n\"", known), Not(HasSubstr("algorithm")));
  // Without qop: Prama PT-NC143D3-WNM with firmware V5.8.5 (AlexxIT/go2rtc pull request 2344).
  EXPECT_THAT(
      AnswerTo("Digest realm=\"r\", nonce=\"n\", algorithm=\"SHA-256\", stale=\"FALSE\"", known),
      AllOf(HasSubstr(", algorithm=SHA-256"), Not(HasSubstr("nc="))));
}

TEST(RtspAuthTest, ForgottenCredentialsAreShownNoMore) {
  Authenticator authenticator({"u", "p"}, kCnonce);
  const Challenge challenge = ParseChallenge(Rfc7616("MD5")).value();
  ASSERT_TRUE(authenticator.Accept(challenge));
  authenticator.Forget();
  EXPECT_EQ(authenticator.Authorization("PLAY", "x"), std::nullopt);
  EXPECT_FALSE(authenticator.Accept(challenge));
}

TEST(RtspAuthTest, PassesOverWhatItCannotDo) {
  for (const std::string& text :
       {std::string(), std::string("Negotiate"), std::string("Digest"),
        std::string("Digest realm=\"a\""), Rfc7616("SHA-512-256"), Rfc7616("MD5-sess"),
        std::string("Digest realm=\"a\", nonce=\"unending"),
        std::string("Digest nonce=\"a\", qop=\"auth-int\""),
        "Digest nonce=\"" + std::string(kMaxChallengeBytes, 'x') + '"'}) {
    EXPECT_EQ(ParseChallenge(text), std::nullopt) << text.substr(0, 60);
  }
  EXPECT_EQ(ParseChallenge("digest  realm=\"q\\\"uote\" , nonce = abc,stale=TRUE")->realm,
            "q\"uote");
}

TEST(RtspAuthTest, WrongCredentialsAreToldFromAnExpiredNonce) {
  const auto challenge = [](const std::string& nonce, bool stale) {
    return ParseChallenge("Digest realm=\"r\", nonce=\"" + nonce + "\"" +
                          (stale ? ", stale=true" : ""))
        .value();
  };
  Authenticator authenticator({"u", "p"}, kCnonce);
  EXPECT_TRUE(authenticator.Accept(challenge("1", false))) << "first";
  EXPECT_FALSE(authenticator.Accept(challenge("2", false))) << "refused";
  EXPECT_TRUE(authenticator.Accept(challenge("3", true))) << "only stale";
  authenticator.Proved();
  EXPECT_TRUE(authenticator.Accept(challenge("4", false)))
      << "was right before: the nonce has expired";
  EXPECT_FALSE(authenticator.Accept(challenge("5", false))) << "now the password has changed";
  EXPECT_FALSE(Authenticator({"", ""}, kCnonce).Accept(challenge("1", false))) << "none on record";
}

}  // namespace
}  // namespace yagura::ingest
