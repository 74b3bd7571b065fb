#include "storage/object_wire.h"

#include <gmock/gmock.h>

namespace yagura::storage {
namespace {

using std::chrono::milliseconds;
using ::testing::ElementsAre;

TEST(ObjectWireTest, EncodesAsSignaturesWantIt) {
  EXPECT_EQ(EncodePath("clips/2026-11-23/a~b c+d"), "clips/2026-11-23/a~b%20c%2Bd");
  EXPECT_EQ(EncodePath("\xe6\xab\x93"), "%E6%AB%93");
  EXPECT_EQ(EncodeQuery({{"prefix", "clips/"}, {"list-type", "2"}}), "list-type=2&prefix=clips%2F");
  EXPECT_EQ(EncodeQuery({{"uploads", ""}}), "uploads=");
}

TEST(ObjectWireTest, SaysWhatARefusalMeans) {
  const auto code = [](int status, const std::string& body) {
    return ErrorOf({status, body}, "get of a").code();
  };
  EXPECT_EQ(code(404, ""), ErrorCode::kNotFound);
  EXPECT_EQ(code(403, "<Error><Code>RequestTimeTooSkewed</Code>"), ErrorCode::kPermissionDenied);
  EXPECT_EQ(code(416, ""), ErrorCode::kOutOfRange);
  EXPECT_EQ(code(429, ""), ErrorCode::kUnavailable);
  EXPECT_EQ(code(503, "<Error><Code>SlowDown</Code></Error>"), ErrorCode::kUnavailable);
  EXPECT_EQ(code(400, "<Error><Code>XAmzContentSHA256Mismatch</Code></Error>"),
            ErrorCode::kDataLoss);
  EXPECT_EQ(code(400, "<Error><Code>InvalidBucketName</Code></Error>"),
            ErrorCode::kFailedPrecondition);
  EXPECT_EQ(ErrorOf({503, "<Error><Code>Slow\nDown</Code></Error>"}, "get of a").message(),
            "get of a: the object store answered 503 Slow?Down");
}

TEST(ObjectWireTest, TriesAgainWhereItMayHelp) {
  const auto again = [](int status, const std::string& body) {
    return IsWorthAnotherTry({status, body});
  };
  EXPECT_TRUE(again(500, ""));
  EXPECT_TRUE(again(503, ""));
  EXPECT_TRUE(again(429, ""));
  EXPECT_TRUE(again(400, "<Code>RequestTimeout</Code>"));
  EXPECT_TRUE(again(400, "<Code>BadDigest</Code>"));
  EXPECT_FALSE(again(400, "<Code>InvalidRequest</Code>"));
  EXPECT_FALSE(again(403, ""));
  EXPECT_FALSE(again(404, ""));
}

TEST(ObjectWireTest, ReadsRanges) {
  EXPECT_EQ(ParseContentRange("bytes 0-99/1234"), (ContentRange{0, 100, 1234}));
  for (const char* text : {"", "bytes 0-99", "bytes 0-99/*", "bytes 9-3/10", "bytes 0-10/10",
                           "bytes /-", "bytes a-b/c", "items 0-1/2", "bytes 0/9-1"}) {
    EXPECT_EQ(ParseContentRange(text), std::nullopt) << text;
  }
}

TEST(ObjectWireTest, ReadsLists) {
  const auto page = ParseList(
      "<?xml version=\"1.0\"?><ListBucketResult><IsTruncated>true</IsTruncated>"
      "<Contents><Key>clips%2Fa+b</Key><Size>12</Size></Contents>"
      "<Contents><Key>clips/c%</Key><Size>0</Size></Contents></ListBucketResult>");
  ASSERT_TRUE(page.has_value());
  EXPECT_THAT(page->objects,
              ElementsAre(ListedObject{"clips/a b", 12}, ListedObject{"clips/c%", 0}));
  EXPECT_TRUE(page->more);
}

TEST(ObjectWireTest, TakesNoTornList) {
  const std::string whole =
      "<ListBucketResult><IsTruncated>false</IsTruncated><Contents><Key>a</Key><Size>1</Size>"
      "</Contents></ListBucketResult>";
  ASSERT_TRUE(ParseList(whole).has_value());
  for (std::size_t size = 0; size < whole.size(); ++size) {
    EXPECT_FALSE(ParseList(whole.substr(0, size)).has_value()) << size;
  }
  EXPECT_FALSE(ParseList("<ListBucketResult><IsTruncated>true</IsTruncated></ListBucketResult>")
                   .has_value());
}

TEST(ObjectWireTest, TakesNoListThatWasNotAskedFor) {
  const auto code = [](const std::vector<ListedObject>& objects) {
    const auto checked = CheckPage({.objects = objects, .more = true}, "clips/", "clips/b");
    return checked.has_value() ? ErrorCode::kUnimplemented : checked.error().code();
  };
  EXPECT_EQ(code({{"clips/c", 1}, {"clips/d/e", 1}}), ErrorCode::kUnimplemented);
  EXPECT_EQ(code({}), ErrorCode::kUnimplemented);
  EXPECT_EQ(code({{"store", 1}}), ErrorCode::kDataLoss) << "shorter than the prefix";
  EXPECT_EQ(code({{"other/c", 1}}), ErrorCode::kDataLoss);
  EXPECT_EQ(code({{"clips/b", 1}}), ErrorCode::kDataLoss) << "from the beginning again";
  EXPECT_EQ(code({{"clips/c", 1}, {"clips/c", 1}}), ErrorCode::kDataLoss);
}

TEST(ObjectWireTest, BacksOffWithinBounds) {
  const milliseconds first(200);
  const milliseconds most(5000);
  EXPECT_EQ(BackOff(1, first, most, 0), milliseconds(200));
  EXPECT_EQ(BackOff(3, first, most, 0), milliseconds(800));
  EXPECT_EQ(BackOff(3, first, most, 0.5), milliseconds(600));
  EXPECT_EQ(BackOff(1000, first, most, 0), most);
}

}  // namespace
}  // namespace yagura::storage
