#include <gmock/gmock.h>

#include <algorithm>
#include <chrono>
#include <numeric>

#include "storage/s3_store.h"
#include "storage/stored_object.h"
#include "tests/support/fake_store_posix.h"
#include "tests/support/memory_files.h"

/// The client of object stores over a loopback socket, and what is believed of a store that lies.
namespace yagura::storage {
namespace {

using std::chrono::milliseconds;
using ::testing::AllOf;
using ::testing::Each;
using testing::FakeStore;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::StoreFault;
using testing::StoreRequest;

constexpr char kSecret[] = "a/secret+key";

std::vector<std::uint8_t> SomeBytes(std::size_t size) {
  std::vector<std::uint8_t> bytes(size);
  std::iota(bytes.begin(), bytes.end(), std::uint8_t{7});
  return bytes;
}

S3Options OptionsOf(const FakeStore& store) {
  return {.endpoint = store.endpoint(),
          .bucket = "footage",
          .keys = {.access_key = "an-access-key", .secret_key = kSecret},
          .connect_timeout = milliseconds(500),
          .stall_timeout = std::chrono::seconds(1),
          .back_off_first = milliseconds(1),
          .back_off_max = milliseconds(4)};
}

NewObject ObjectOf(const std::string& name, const std::vector<std::uint8_t>& bytes) {
  return {.name = name,
          .size_bytes = bytes.size(),
          .sha256 = Sha256Of(bytes),
          .read = [&bytes](std::uint64_t offset, std::span<std::uint8_t> buffer) {
            const auto count = std::min<std::size_t>(buffer.size(), bytes.size() - offset);
            std::copy_n(bytes.begin() + static_cast<std::ptrdiff_t>(offset), count, buffer.begin());
            return Result<std::size_t>(count);
          }};
}

/// Plays the faults in turn, then none.
FakeStore::Plan InTurn(std::vector<StoreFault> faults) {
  return [faults = std::move(faults), next = std::size_t{0}](const StoreRequest&) mutable {
    return next < faults.size() ? faults[next++] : StoreFault::kNone;
  };
}
FakeStore::Plan Always(StoreFault fault) {
  return [fault](const StoreRequest&) { return fault; };
}

TEST(ObjectStoreE2eTest, StoresFetchesAndDeletes) {
  FakeStore fake;
  const auto store = OpenS3(OptionsOf(fake));
  const auto bytes = SomeBytes(3'000'000);  // more than a socket takes at once
  ASSERT_TRUE(store->Put(ObjectOf("clips/a b.mp4", bytes)).has_value());
  EXPECT_EQ(store->SizeOf("clips/a b.mp4").value(), bytes.size());
  std::vector<std::uint8_t> part(1'000'000);
  ASSERT_TRUE(store->Get("clips/a b.mp4", 1'500'000, part).has_value());
  EXPECT_TRUE(std::equal(part.begin(), part.end(), bytes.begin() + 1'500'000));
  ASSERT_TRUE(store->Delete("clips/a b.mp4").has_value());
  EXPECT_TRUE(store->Delete("clips/a b.mp4").has_value());
  EXPECT_EQ(store->SizeOf("clips/a b.mp4").error().code(), ErrorCode::kNotFound);
}

TEST(ObjectStoreE2eTest, OneConnectionServesManyCalls) {
  FakeStore fake;
  const auto store = OpenS3(OptionsOf(fake));
  const auto bytes = SomeBytes(1000);
  for (int i = 0; i < 10; ++i) {
    ASSERT_TRUE(store->Put(ObjectOf("a", bytes)).has_value());
    ASSERT_TRUE(store->SizeOf("a").has_value());
  }
  EXPECT_EQ(fake.connections(), 1u);
}

TEST(ObjectStoreE2eTest, SecretsStayOffTheWireAndOutOfMessages) {
  FakeStore fake(InTurn({StoreFault::kNone, StoreFault::kInternalError, StoreFault::kInternalError,
                         StoreFault::kInternalError, StoreFault::kInternalError}));
  const auto store = OpenS3(OptionsOf(fake));
  ASSERT_TRUE(store->Put(ObjectOf("a", SomeBytes(10))).has_value());
  EXPECT_THAT(store->SizeOf("a").error().message(),
              AllOf(Not(HasSubstr(kSecret)), Not(HasSubstr("an-access-key"))));
  std::vector<std::string> heads;
  for (const StoreRequest& request : fake.requests()) heads.push_back(request.head);
  EXPECT_THAT(heads, Each(Not(HasSubstr(kSecret))));
}

TEST(ObjectStoreE2eTest, WhatPassesIsTriedAgain) {
  const auto bytes = SomeBytes(100'000);
  for (const StoreFault fault :
       {StoreFault::kReset, StoreFault::kInternalError, StoreFault::kSlowDown,
        StoreFault::kLostAnswer, StoreFault::kDuplicate, StoreFault::kWrongEtag}) {
    FakeStore fake(InTurn({fault, StoreFault::kNone, fault}));
    const auto store = OpenS3(OptionsOf(fake));
    EXPECT_TRUE(store->Put(ObjectOf("a", bytes)).has_value()) << static_cast<int>(fault);
    std::vector<std::uint8_t> fetched(bytes.size());
    EXPECT_TRUE(store->Get("a", 0, fetched).has_value()) << static_cast<int>(fault);
    EXPECT_EQ(fetched, bytes);
  }
}

TEST(ObjectStoreE2eTest, BytesThatWereNotAskedForAreNotTaken) {
  for (const StoreFault fault : {StoreFault::kTruncated, StoreFault::kWrongRange}) {
    FakeStore fake(InTurn({StoreFault::kNone, fault}));
    const auto store = OpenS3(OptionsOf(fake));
    const auto bytes = SomeBytes(1000);
    ASSERT_TRUE(store->Put(ObjectOf("a", bytes)).has_value());
    std::vector<std::uint8_t> fetched(500);
    EXPECT_TRUE(store->Get("a", 500, fetched).has_value()) << static_cast<int>(fault);
    EXPECT_TRUE(std::equal(fetched.begin(), fetched.end(), bytes.begin() + 500));
    EXPECT_EQ(fake.requests().size(), 3u);
  }
}

TEST(ObjectStoreE2eTest, TriesAndWaitsAreBounded) {
  FakeStore fake(Always(StoreFault::kSlowDown));
  const auto store = OpenS3(OptionsOf(fake));
  const auto before = std::chrono::steady_clock::now();
  EXPECT_EQ(store->SizeOf("a").error().code(), ErrorCode::kUnavailable);
  EXPECT_EQ(fake.requests().size(), 4u);
  EXPECT_LT(std::chrono::steady_clock::now() - before, std::chrono::seconds(2));
}

TEST(ObjectStoreE2eTest, AStoreThatSaysNothingIsLate) {
  FakeStore fake(Always(StoreFault::kSilent));
  S3Options options = OptionsOf(fake);
  options.tries_max = 1;
  EXPECT_EQ(OpenS3(options)->SizeOf("a").error().code(), ErrorCode::kDeadlineExceeded);
}

TEST(ObjectStoreE2eTest, AStoreThatSaysNothingOnceIsAskedAgain) {
  FakeStore fake(InTurn({StoreFault::kSilent}));
  fake.SetObject("a", "0123456789");
  EXPECT_EQ(OpenS3(OptionsOf(fake))->SizeOf("a").value(), 10u);
}

TEST(ObjectStoreE2eTest, NobodyThereIsUnavailable) {
  S3Options options;
  {
    const FakeStore gone;
    options = OptionsOf(gone);
  }
  EXPECT_EQ(OpenS3(options)->SizeOf("a").error().code(), ErrorCode::kUnavailable);
}

TEST(ObjectStoreE2eTest, StopsWhenToldTo) {
  FakeStore fake(Always(StoreFault::kSilent));
  S3Options options = OptionsOf(fake);
  options.stall_timeout = std::chrono::seconds(60);
  options.is_stopping = [] { return true; };
  EXPECT_EQ(OpenS3(options)->SizeOf("a").error().code(), ErrorCode::kAborted);
}

TEST(ObjectStoreE2eTest, AShorterObjectIsSaidToBe) {
  FakeStore fake;
  fake.SetObject("a", "0123456789");
  const auto store = OpenS3(OptionsOf(fake));
  std::vector<std::uint8_t> buffer(8);
  EXPECT_EQ(store->Get("a", 5, buffer).error().code(), ErrorCode::kOutOfRange);
  EXPECT_EQ(store->Get("a", 50, buffer).error().code(), ErrorCode::kOutOfRange);
  EXPECT_EQ(fake.requests().size(), 2u);
}

TEST(ObjectStoreE2eTest, ListsPageByPage) {
  FakeStore fake;
  for (int i = 0; i < 1200; ++i) fake.SetObject("clips/" + std::to_string(10'000 + i), "x");
  fake.SetObject("store", "y");
  const auto store = OpenS3(OptionsOf(fake));
  const auto first = store->List("clips/", "");
  ASSERT_TRUE(first.has_value());
  EXPECT_EQ(first->objects.size(), 1000u);
  EXPECT_TRUE(first->more);
  const auto second = store->List("clips/", first->objects.back().name);
  ASSERT_TRUE(second.has_value());
  EXPECT_EQ(second->objects.size(), 200u);
  EXPECT_EQ(second->objects.back(), (ListedObject{"clips/11199", 1}));
  EXPECT_FALSE(second->more);
}

/// A clip file in memory, and a store that does something to it.
class CopyToStoreTest : public ::testing::Test {
 protected:
  Result<void> Copy(FakeStore& fake) {
    const auto store = OpenS3(OptionsOf(fake));
    return CopyToStore(**files_.OpenToRead("/v/a"), bytes_.size(), Sha256Of(bytes_), *store, "a");
  }
  CopyToStoreTest() {
    EXPECT_TRUE(files_.MakeFolder("/v").has_value());
    auto file = files_.Create("/v/a").value();
    const ByteView view(bytes_);
    EXPECT_TRUE(file->Write(0, std::span(&view, 1)).has_value());
  }

  const std::vector<std::uint8_t> bytes_ = SomeBytes(200'000);
  testing::MemoryFiles files_;
};

TEST_F(CopyToStoreTest, ACopyIsWhatWasReadBack) {
  FakeStore fake;
  EXPECT_TRUE(Copy(fake).has_value());
  EXPECT_EQ(fake.objects().at("a"), std::string(bytes_.begin(), bytes_.end()));
}

TEST_F(CopyToStoreTest, AStoreThatLiesHasNoCopy) {
  for (const StoreFault fault :
       {StoreFault::kForgotten, StoreFault::kTruncated, StoreFault::kFlippedByte}) {
    FakeStore fake([&](const StoreRequest& request) {
      return request.method == "PUT" ? fault : StoreFault::kNone;
    });
    EXPECT_FALSE(Copy(fake).has_value()) << static_cast<int>(fault);
  }
}

TEST_F(CopyToStoreTest, AByteThatTurnsOnTheWayBackIsNoCopy) {
  FakeStore fake([](const StoreRequest& request) {
    return request.method == "GET" ? StoreFault::kFlippedByte : StoreFault::kNone;
  });
  EXPECT_EQ(Copy(fake).error().code(), ErrorCode::kUnavailable);
}

TEST_F(CopyToStoreTest, AStoreThatLiesOnceIsAskedAgain) {
  FakeStore fake([left = 1](const StoreRequest& request) mutable {
    return request.method == "PUT" && left-- > 0 ? StoreFault::kFlippedByte : StoreFault::kNone;
  });
  EXPECT_TRUE(Copy(fake).has_value());
  EXPECT_EQ(fake.objects().at("a"), std::string(bytes_.begin(), bytes_.end()));
}

TEST_F(CopyToStoreTest, WhatIsThereIsNotSentAgain) {
  FakeStore fake;
  fake.SetObject("a", std::string(bytes_.begin(), bytes_.end()));
  EXPECT_TRUE(Copy(fake).has_value());
  for (const StoreRequest& request : fake.requests()) EXPECT_NE(request.method, "PUT");
}

TEST_F(CopyToStoreTest, AnotherObjectOfThatNameIsReplaced) {
  FakeStore fake;
  fake.SetObject("a", std::string(bytes_.size(), 'x'));
  EXPECT_TRUE(Copy(fake).has_value());
  EXPECT_EQ(fake.objects().at("a"), std::string(bytes_.begin(), bytes_.end()));
}

TEST_F(CopyToStoreTest, ADamagedFileIsSaidToBe) {
  auto file = files_.OpenToWrite("/v/a").value();
  const std::vector<std::uint8_t> other{1, 2, 3};
  const ByteView view(other);
  ASSERT_TRUE(file->Write(1000, std::span(&view, 1)).has_value());
  FakeStore fake;
  const auto copied = Copy(fake);
  EXPECT_EQ(copied.error().code(), ErrorCode::kDataLoss);
  EXPECT_THAT(copied.error().message(), HasSubstr("the file is not what was written"));
}

TEST(StoredObjectTest, ReadsAsAFileDoes) {
  FakeStore fake;
  const auto bytes = SomeBytes(200'000);
  fake.SetObject("a", std::string(bytes.begin(), bytes.end()));
  const auto store = OpenS3(OptionsOf(fake));
  const auto file = OpenObject(*store, "a", bytes.size());
  EXPECT_EQ(file->Size().value(), bytes.size());
  for (const std::uint64_t offset : {0u, 65'530u, 131'072u, 199'990u, 200'000u, 300'000u}) {
    std::vector<std::uint8_t> buffer(100);
    const auto read = file->Read(offset, buffer);
    const std::size_t expected =
        offset >= bytes.size() ? 0 : std::min<std::size_t>(100, bytes.size() - offset);
    ASSERT_EQ(read.value(), expected) << offset;
    EXPECT_TRUE(std::equal(buffer.begin(), buffer.begin() + static_cast<std::ptrdiff_t>(expected),
                           bytes.begin() + static_cast<std::ptrdiff_t>(
                                               std::min<std::uint64_t>(offset, bytes.size()))));
  }
}

TEST(StoredObjectTest, SmallReadsCostFewRequests) {
  FakeStore fake;
  fake.SetObject("a", std::string(200'000, 'x'));
  const auto store = OpenS3(OptionsOf(fake));
  const auto file = OpenObject(*store, "a", 200'000);
  std::vector<std::uint8_t> buffer(16);
  for (std::uint64_t i = 0; i < 100; ++i) {
    ASSERT_TRUE(file->Read(i * 16, buffer).has_value());
    ASSERT_TRUE(file->Read(199'000 - i * 16, buffer).has_value());
  }
  EXPECT_LE(fake.requests().size(), 3u);
}

}  // namespace
}  // namespace yagura::storage
