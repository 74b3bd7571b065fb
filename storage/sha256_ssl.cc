// The states of many messages have to be at hand for the lanes: only OpenSSL's low-level interface
// shows them. It is deprecated in OpenSSL 3, for newcomers, and stays as long as 3 does.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/sha.h>

#include <algorithm>
#include <array>

#include "core/check.h"
#include "storage/sha256.h"
#include "storage/sha256_lanes_x86.h"

namespace yagura::storage {

struct Sha256::State {
  SHA256_CTX context{};
};

Sha256::Sha256() : state_(std::make_unique<State>()) { CHECK(SHA256_Init(&state_->context) == 1); }
Sha256::~Sha256() = default;
Sha256::Sha256(Sha256&&) noexcept = default;
Sha256& Sha256::operator=(Sha256&&) noexcept = default;

void Sha256::Update(ByteView bytes) {
  CHECK(SHA256_Update(&state_->context, bytes.data(), bytes.size()) == 1);
}

Sha256Digest Sha256::Finish() {
  Sha256Digest digest{};
  CHECK(SHA256_Final(digest.data(), &state_->context) == 1);
  return digest;
}

Sha256Digest Sha256Of(ByteView bytes) {
  Sha256 hash;
  hash.Update(bytes);
  return hash.Finish();
}

namespace {

using sha256_lanes::kBlockBytes;
using sha256_lanes::kLanes;

/// With fewer messages than this, one after the other is faster.
constexpr std::size_t kMessagesMin = 9;

/// One message under way, and what is still to come of it.
class Lane {
 public:
  explicit Lane(HashJob& job) : hash_(job.hash), parts_(job.parts) {}

  /// Goes on alone until whole blocks lie ahead, at a block's start; false at the message's end.
  bool ReachBlocks() {
    while (context().num != 0 || bytes_.size() < kBlockBytes) {
      if (bytes_.empty() && !NextPart()) return false;
      Alone(std::min(bytes_.size(), kBlockBytes - context().num));
    }
    return true;
  }
  void Finish() {
    do Alone(bytes_.size());
    while (NextPart());
  }

  [[nodiscard]] std::size_t blocks() const { return bytes_.size() / kBlockBytes; }
  [[nodiscard]] const std::uint8_t* data() const { return bytes_.data(); }
  [[nodiscard]] sha256_lanes::State* words() { return &context().h; }
  /// `blocks` have gone into the state.
  void Skip(std::size_t blocks) {
    const std::size_t bytes = blocks * kBlockBytes;
    const std::uint64_t bits =
        (std::uint64_t{context().Nh} << 32 | context().Nl) + 8 * std::uint64_t{bytes};
    context().Nh = static_cast<SHA_LONG>(bits >> 32);
    context().Nl = static_cast<SHA_LONG>(bits);
    bytes_ = bytes_.subspan(bytes);
  }

 private:
  [[nodiscard]] SHA256_CTX& context() const { return hash_->state().context; }
  void Alone(std::size_t bytes) {
    hash_->Update(bytes_.first(bytes));
    bytes_ = bytes_.subspan(bytes);
  }
  /// Parts that lie side by side in memory are one.
  bool NextPart() {
    if (parts_.empty()) return false;
    bytes_ = parts_.front();
    parts_ = parts_.subspan(1);
    while (!parts_.empty() && parts_.front().data() == bytes_.data() + bytes_.size()) {
      bytes_ = {bytes_.data(), bytes_.size() + parts_.front().size()};
      parts_ = parts_.subspan(1);
    }
    return true;
  }

  Sha256* hash_;
  std::span<const ByteView> parts_;
  ByteView bytes_;
};

/// As many blocks of all as the shortest has. Lanes without a message do the first one's work
/// again, for nobody.
void CompressTogether(std::vector<Lane>& lanes) {
  sha256_lanes::State nobodys{};
  std::array<sha256_lanes::State*, kLanes> states{};
  std::array<const std::uint8_t*, kLanes> data{};
  std::size_t blocks = lanes.front().blocks();
  for (std::size_t i = 0; i < kLanes; ++i) {
    states.at(i) = i < lanes.size() ? lanes[i].words() : &nobodys;
    data.at(i) = i < lanes.size() ? lanes[i].data() : lanes.front().data();
    if (i < lanes.size()) blocks = std::min(blocks, lanes[i].blocks());
  }
  sha256_lanes::Compress(states, data, blocks);
  for (Lane& lane : lanes) lane.Skip(blocks);
}

}  // namespace

void HashSideBySide(std::span<HashJob> jobs) {
  std::vector<Lane> lanes;
  for (;;) {
    std::erase_if(lanes, [](Lane& lane) { return !lane.ReachBlocks(); });
    for (; !jobs.empty() && lanes.size() < kLanes; jobs = jobs.subspan(1)) {
      lanes.emplace_back(jobs.front());
      if (!lanes.back().ReachBlocks()) lanes.pop_back();
    }
    if (lanes.size() < kMessagesMin || !sha256_lanes::Supported()) break;
    CompressTogether(lanes);
  }
  for (Lane& lane : lanes) lane.Finish();
  for (HashJob& job : jobs) Lane(job).Finish();
}

}  // namespace yagura::storage
