#include <gmock/gmock.h>

#include <atomic>
#include <chrono>
#include <fstream>
#include <numeric>
#include <thread>

#include "storage/s3_store.h"
#include "storage/stored_object.h"
#include "tests/support/ceph_store_posix.h"
#include "tests/support/memory_files.h"

/// The client against a store that others wrote, which checks signatures: Ceph's gateway.
namespace yagura::storage {
namespace {

using testing::CephStore;
using ::testing::HasSubstr;
using ::testing::Not;

class ObjectStoreRgwE2eTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { ceph_ = new CephStore; }
  static void TearDownTestSuite() {
    delete ceph_;
    ceph_ = nullptr;
  }
  static S3Options Options() {
    return {.endpoint = ceph_->endpoint(),
            .bucket = "footage",
            .keys = {.access_key = ceph_->access_key(), .secret_key = ceph_->secret_key()}};
  }
  static NewObject Object(const std::string& name, const std::vector<std::uint8_t>& bytes) {
    return {.name = name,
            .size_bytes = bytes.size(),
            .sha256 = Sha256Of(bytes),
            .read = [&bytes](std::uint64_t offset, std::span<std::uint8_t> buffer) {
              const auto count = std::min<std::size_t>(buffer.size(), bytes.size() - offset);
              std::copy_n(bytes.begin() + static_cast<std::ptrdiff_t>(offset), count,
                          buffer.begin());
              return Result<std::size_t>(count);
            }};
  }

  static CephStore* ceph_;
  const std::vector<std::uint8_t> bytes_ = [] {
    std::vector<std::uint8_t> bytes(3'000'000);
    std::iota(bytes.begin(), bytes.end(), std::uint8_t{3});
    return bytes;
  }();
  const std::unique_ptr<ObjectStore> store_ = OpenS3(Options());
};
CephStore* ObjectStoreRgwE2eTest::ceph_ = nullptr;

TEST_F(ObjectStoreRgwE2eTest, StoresFetchesListsAndDeletes) {
  const std::string name = "clips/2026-11-23/a b+c~\xe6\xab\x93.mp4";
  ASSERT_TRUE(store_->Put(Object(name, bytes_)).has_value());
  EXPECT_EQ(store_->SizeOf(name).value(), bytes_.size());
  EXPECT_TRUE(ReadBack(*store_, name, bytes_.size(), Sha256Of(bytes_)).has_value());
  std::vector<std::uint8_t> part(1000);
  ASSERT_TRUE(store_->Get(name, 1'234'567, part).has_value());
  EXPECT_TRUE(std::equal(part.begin(), part.end(), bytes_.begin() + 1'234'567));
  EXPECT_EQ(store_->Get(name, bytes_.size() - 10, part).error().code(), ErrorCode::kOutOfRange);
  const auto page = store_->List("clips/2026-11-23/", "");
  ASSERT_TRUE(page.has_value()) << page.error().message();
  EXPECT_THAT(page->objects, ::testing::ElementsAre(ListedObject{name, bytes_.size()}));
  ASSERT_TRUE(store_->Delete(name).has_value());
  EXPECT_EQ(store_->SizeOf(name).error().code(), ErrorCode::kNotFound);
  EXPECT_TRUE(store_->Delete(name).has_value());
}

TEST_F(ObjectStoreRgwE2eTest, RefusesBytesThatAreNotThoseOfTheChecksum) {
  NewObject object = Object("other", bytes_);
  object.sha256[0] ^= 1;
  EXPECT_EQ(store_->Put(object).error().code(), ErrorCode::kDataLoss);
  EXPECT_EQ(store_->SizeOf("other").error().code(), ErrorCode::kNotFound);
}

TEST_F(ObjectStoreRgwE2eTest, RefusesAnotherSecret) {
  S3Options options = Options();
  options.keys.secret_key += "x";
  const auto refused = OpenS3(options)->Put(Object("a", bytes_));
  EXPECT_EQ(refused.error().code(), ErrorCode::kPermissionDenied);
  EXPECT_THAT(refused.error().message(), HasSubstr("SignatureDoesNotMatch"));
  EXPECT_THAT(refused.error().message(), Not(HasSubstr(options.keys.secret_key)));
}

TEST_F(ObjectStoreRgwE2eTest, AnotherBucketIsNotFound) {
  S3Options options = Options();
  options.bucket = "elsewhere";
  EXPECT_EQ(OpenS3(options)->Put(Object("a", bytes_)).error().code(), ErrorCode::kNotFound);
}

TEST_F(ObjectStoreRgwE2eTest, AKilledOsdIsAPauseAtMost) {
  std::atomic<bool> ending = false;
  std::atomic<int> copied = 0;
  std::vector<std::string> failures;
  std::chrono::steady_clock::duration longest{};
  std::thread load([&] {
    const std::vector<std::uint8_t> bytes(bytes_.begin(), bytes_.begin() + 300'000);
    for (int i = 0; !ending; ++i) {
      const std::string name = "load/" + std::to_string(i);
      const auto before = std::chrono::steady_clock::now();
      auto done = store_->Put(Object(name, bytes));
      if (done.has_value()) done = ReadBack(*store_, name, bytes.size(), Sha256Of(bytes));
      if (!done.has_value()) failures.push_back(done.error().message());
      longest = std::max(longest, std::chrono::steady_clock::now() - before);
      ++copied;
    }
  });
  const auto await = [&](int more) {
    for (const int until = copied + more; copied < until;) {
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
  };
  await(5);
  ceph_->KillOsd(1);
  await(20);
  ending = true;
  load.join();
  EXPECT_THAT(failures, ::testing::IsEmpty());
  EXPECT_LT(longest, std::chrono::seconds(30));
  RecordProperty("longest_ms", static_cast<int>(longest / std::chrono::milliseconds(1)));
  std::printf("[ figure   ] longest store and read back: %lld ms\n",
              static_cast<long long>(longest / std::chrono::milliseconds(1)));
}

}  // namespace
}  // namespace yagura::storage
