#include "api/session_token.h"

#include <gtest/gtest.h>

namespace yagura::api {
namespace {

const SessionTransport kHttps("https://office.example:8443");

Request RequestWith(std::string method, std::initializer_list<Headers::Field> fields) {
  Request request;
  request.method = std::move(method);
  for (const auto& field : fields) request.headers.Add(field.name, field.value);
  return request;
}

TEST(SessionTokenTest, NoneWhereNoneIsBrought) {
  EXPECT_EQ(kHttps.ReadToken(RequestWith("GET", {})), "");
  EXPECT_EQ(kHttps.ReadToken(RequestWith("GET", {{"Authorization", "Basic abc"}})), "");
  EXPECT_EQ(kHttps.ReadToken(RequestWith("GET", {{"Cookie", "yagura=abc"}})), "");
}

TEST(SessionTokenTest, ABearerTokenGoesBeforeACookie) {
  const Request request =
      RequestWith("DELETE", {{"authorization", "Bearer t1"}, {"cookie", "__Host-yagura=t2"}});
  EXPECT_EQ(kHttps.ReadToken(request), "t1");
}

TEST(SessionTokenTest, ReadsACookieAmongOthers) {
  EXPECT_EQ(kHttps.ReadToken(RequestWith("GET", {{"Cookie", "a=b; __Host-yagura=t2; c=d"}})), "t2");
  EXPECT_EQ(kHttps.ReadToken(RequestWith("GET", {{"Cookie", "a=__Host-yagura=t2"}})), "");
}

TEST(SessionTokenTest, ACookieThereTwiceIsNone) {
  EXPECT_EQ(kHttps.ReadToken(RequestWith("GET", {{"Cookie", "__Host-yagura=a; __Host-yagura=b"}})),
            "");
}

/// Of a request with the cookie of "t2": the token that is read, or the refusal's code.
std::string ReadByCookie(const char* method, std::initializer_list<Headers::Field> more) {
  Request request = RequestWith(method, more);
  request.headers.Add("Cookie", "__Host-yagura=t2");
  const auto token = kHttps.ReadToken(request);
  return token.has_value() ? *token : std::string(ToString(token.error().code()));
}

TEST(SessionTokenTest, AChangeByCookieMustComeFromOurOrigin) {
  const auto code = [](std::initializer_list<Headers::Field> more) {
    return ReadByCookie("DELETE", more);
  };
  EXPECT_EQ(code({{"Origin", "https://office.example:8443"}}), "t2");
  EXPECT_EQ(code({}), "permission_denied");
  EXPECT_EQ(code({{"Origin", "https://office.example"}}), "permission_denied");
  EXPECT_EQ(code({{"Origin", "null"}}), "permission_denied");
  EXPECT_EQ(code({{"Origin", "https://office.example:8443"}, {"Origin", "https://evil.example"}}),
            "permission_denied");
}

/// SameSite=Strict keeps cookies from other sites' pages, but the office's other hosts, and all
/// ports of one host, are the same site.
TEST(SessionTokenTest, AnotherPageLooksAtNothingInAPersonsName) {
  const auto token = [](std::initializer_list<Headers::Field> more) {
    return ReadByCookie("GET", more);
  };
  EXPECT_EQ(token({{"Sec-Fetch-Site", "same-origin"}}), "t2");
  EXPECT_EQ(token({{"Sec-Fetch-Site", "none"}}), "t2") << "typed, or from a bookmark";
  EXPECT_EQ(token({}), "t2") << "no browser, or an old one";
  EXPECT_EQ(token({{"Sec-Fetch-Site", "same-site"}}), "permission_denied");
  EXPECT_EQ(token({{"Sec-Fetch-Site", "cross-site"}}), "permission_denied");
  EXPECT_EQ(token({{"Sec-Fetch-Site", "none"}, {"Sec-Fetch-Site", "same-site"}}),
            "permission_denied");
  EXPECT_EQ(kHttps.ReadToken(RequestWith(
                "GET", {{"Authorization", "Bearer t1"}, {"Sec-Fetch-Site", "cross-site"}})),
            "t1")
      << "a token is given by whoever knows it";
}

TEST(SessionTokenTest, ASignInFromAnotherSitesPageIsRefused) {
  EXPECT_TRUE(kHttps.RefuseForeignOrigin(RequestWith("POST", {})).has_value());
  EXPECT_TRUE(
      kHttps.RefuseForeignOrigin(RequestWith("POST", {{"Origin", "https://office.example:8443"}}))
          .has_value());
  EXPECT_FALSE(kHttps.RefuseForeignOrigin(RequestWith("POST", {{"Origin", "https://evil.example"}}))
                   .has_value());
}

TEST(SessionTokenTest, CookiesOnlyForThisHostAndNotForScripts) {
  EXPECT_EQ(kHttps.SetCookie("t", 60),
            "__Host-yagura=t; Path=/; Max-Age=60; Secure; HttpOnly; SameSite=Strict");
  EXPECT_EQ(SessionTransport("http://localhost:1").SetCookie("t", 60),
            "yagura=t; Path=/; Max-Age=60; HttpOnly; SameSite=Strict");
  EXPECT_EQ(kHttps.ClearCookie(),
            "__Host-yagura=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Strict");
}

}  // namespace
}  // namespace yagura::api
