#include "api/error_to_http.h"

#include <gtest/gtest.h>

namespace yagura::api {
namespace {

std::string TextOf(const Response& response) { return std::get<std::string>(response.body); }

TEST(ErrorToHttpTest, NotFoundSaysNothingElse) {
  const Response unknown = ToResponse(Error(ErrorCode::kNotFound, "no camera"));
  const Response foreign =
      ToResponse(Error(ErrorCode::kNotFound, "someone else's").WithPublicMessage("someone else's"));
  EXPECT_EQ(unknown.status, 404);
  EXPECT_EQ(TextOf(unknown), TextOf(foreign));
  EXPECT_EQ(
      TextOf(unknown),
      "{\"type\":\"about:blank\",\"title\":\"Not Found\",\"status\":404,\"code\":\"not_found\"}\n");
}

TEST(ErrorToHttpTest, OnlyPublicMessagesLeave) {
  const Response response =
      ToResponse(Error(ErrorCode::kInternal, "secret path /var").WithPublicMessage("sorry"));
  EXPECT_EQ(response.status, 500);
  EXPECT_EQ(TextOf(response).find("secret"), std::string::npos);
  EXPECT_NE(TextOf(response).find("\"detail\":\"sorry\""), std::string::npos);
  EXPECT_EQ(response.headers.Find("Content-Type"), "application/problem+json");
}

TEST(ErrorToHttpTest, WhoShouldComeBackIsToldWhen) {
  for (const ErrorCode code :
       {ErrorCode::kUnavailable, ErrorCode::kDeadlineExceeded, ErrorCode::kAborted}) {
    const Response response = ToResponse(Error(code, "away"));
    EXPECT_EQ(response.status, 503);
    EXPECT_TRUE(response.headers.Find("Retry-After"));
  }
  EXPECT_TRUE(
      ToResponse(Error(ErrorCode::kResourceExhausted, "too many")).headers.Find("Retry-After"));
  EXPECT_EQ(ToResponse(Error(ErrorCode::kUnauthenticated, "who?")).headers.Find("WWW-Authenticate"),
            "Bearer");
}

TEST(ErrorToHttpTest, CarriesFurtherMembers) {
  Problem problem{409, "range_spans_codec_change", "",
                  Json::Object({{"ranges", Json::Array({1, 2})}})};
  EXPECT_NE(TextOf(ToResponse(problem)).find("\"ranges\":[1,2]"), std::string::npos);
}

}  // namespace
}  // namespace yagura::api
