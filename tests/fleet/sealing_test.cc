#include "fleet/sealing.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "tests/support/child_process_posix.h"

namespace yagura::fleet {
namespace {

using ::testing::HasSubstr;

class SealingTest : public ::testing::Test {
 protected:
  SealingKey Key(const std::string& name) {
    auto key = SealingKey::LoadOrCreate(folder_.path() / name);
    if (!key.has_value()) ADD_FAILURE() << ToString(key.error());
    return *std::move(key);
  }
  testing::TemporaryFolder folder_;
  const CameraId camera_ = NewId<CameraId>();
  const CameraCredentials credentials_{"admin", "p\"ass\\ word:\xe3\x82\xab"};
};

TEST_F(SealingTest, OnlyTheRecorderOpensWhatIsSealedForIt) {
  const auto key = Key("sealing.key");
  const auto sealed = Seal(key.public_key(), camera_, credentials_).value();
  EXPECT_EQ(key.Open(camera_, sealed).value(), credentials_);
  EXPECT_FALSE(Key("other.key").Open(camera_, sealed).has_value());
}

TEST_F(SealingTest, TheKeyOutlivesTheProcess) {
  const auto sealed = Seal(Key("sealing.key").public_key(), camera_, credentials_).value();
  EXPECT_EQ(Key("sealing.key").Open(camera_, sealed).value(), credentials_);
}

TEST_F(SealingTest, CredentialsCantBeMovedToAnotherCamera) {
  const auto key = Key("sealing.key");
  const auto sealed = Seal(key.public_key(), camera_, credentials_).value();
  const auto opened = key.Open(NewId<CameraId>(), sealed);
  ASSERT_FALSE(opened.has_value());
  EXPECT_EQ(opened.error().message(), "the credentials were sealed for another camera");
}

TEST_F(SealingTest, NoticesEveryChangedByteAndEveryCut) {
  const auto key = Key("sealing.key");
  const auto sealed = Seal(key.public_key(), camera_, credentials_).value();
  for (std::size_t i = 0; i < sealed.size(); ++i) {
    auto damaged = sealed;
    damaged[i] ^= 1;
    EXPECT_FALSE(key.Open(camera_, damaged).has_value()) << i;
    EXPECT_FALSE(key.Open(camera_, std::span(sealed).first(i)).has_value()) << i;
  }
}

TEST_F(SealingTest, TellsNothingOfAPasswordsLength) {
  const auto key = Key("sealing.key");
  EXPECT_EQ(
      Seal(key.public_key(), camera_, {"a", "b"}).value().size(),
      Seal(key.public_key(), camera_, {"administrator", std::string(32, 'x')}).value().size());
}

TEST_F(SealingTest, RefusesWhatNoCameraTakes) {
  const auto key = Key("sealing.key");
  for (const CameraCredentials& wrong : {CameraCredentials{"", "x"},
                                         {"a:b", "x"},
                                         {"a", "line\nbreak"},
                                         {std::string(257, 'a'), "x"}}) {
    EXPECT_EQ(Seal(key.public_key(), camera_, wrong).error().code(), ErrorCode::kInvalidArgument);
  }
}

TEST_F(SealingTest, KeepsTheKeyFromOtherUsers) {
  const auto file = folder_.path() / "sealing.key";
  (void)Key("sealing.key");
  struct stat status {};
  ASSERT_EQ(::stat(file.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0600U);
  ASSERT_EQ(::chmod(file.c_str(), 0640), 0);
  EXPECT_EQ(SealingKey::LoadOrCreate(file).error().code(), ErrorCode::kPermissionDenied);
}

TEST_F(SealingTest, NeverReplacesAKeyThatItCantRead) {
  const auto file = folder_.path() / "sealing.key";
  std::ofstream(file) << "not a key";
  ASSERT_EQ(::chmod(file.c_str(), 0600), 0);
  const auto loaded = SealingKey::LoadOrCreate(file);
  EXPECT_EQ(loaded.error().code(), ErrorCode::kDataLoss);
  EXPECT_EQ(std::filesystem::file_size(file), 9U);
}

}  // namespace
}  // namespace yagura::fleet
