#include "storage/sha256.h"

#include <gtest/gtest.h>

#include <random>
#include <string_view>

#include "storage/hex.h"
#include "tests/support/seed.h"

namespace yagura::storage {
namespace {

ByteView View(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

TEST(Sha256Test, FitsTheVectorsOfTheStandard) {
  EXPECT_EQ(ToHex(Sha256Of(View(""))),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(ToHex(Sha256Of(View("abc"))),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(ToHex(Sha256Of(View("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"))),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
}

/// A message that grows by random pieces: some side by side in memory, some not, some empty.
class Message {
 public:
  HashJob Grow(std::mt19937& random) {
    pieces_.clear();
    HashJob job{.hash = &hash_, .parts = {}};
    const std::size_t count = random() % 6;
    for (std::size_t i = 0; i < count; ++i) {
      pieces_.emplace_back(random() % 3 == 0 ? random() % 80 : random() % 5000);
      for (std::uint8_t& byte : pieces_.back()) byte = static_cast<std::uint8_t>(random());
      all_.insert(all_.end(), pieces_.back().begin(), pieces_.back().end());
    }
    for (const auto& piece : pieces_) {
      const ByteView whole(piece);
      const std::size_t cut = whole.empty() ? 0 : random() % whole.size();
      job.parts.push_back(whole.first(cut));
      job.parts.push_back(whole.subspan(cut));
    }
    return job;
  }
  bool IsRight() { return hash_.Finish() == Sha256Of(all_); }

 private:
  Sha256 hash_;
  std::vector<std::vector<std::uint8_t>> pieces_;
  std::vector<std::uint8_t> all_;
};

TEST(Sha256Test, MessagesSideBySideAreHashedAsIfAlone) {
  std::mt19937 random(static_cast<std::mt19937::result_type>(testing::PrintedSeed()));
  for (std::size_t count = 0; count < 60; ++count) {
    std::vector<Message> messages(count);
    for (int round = 0; round < 5; ++round) {
      std::vector<HashJob> jobs;
      for (Message& message : messages) jobs.push_back(message.Grow(random));
      HashSideBySide(jobs);
    }
    for (Message& message : messages) EXPECT_TRUE(message.IsRight()) << "one of " << count;
  }
}

}  // namespace
}  // namespace yagura::storage
