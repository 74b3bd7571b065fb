#include "api/media/transcoders.h"

#include <algorithm>

#include "storage/codec_boxes.h"

namespace yagura::api {
namespace {

tl::unexpected<Error> AllTaken() {
  return Failure(ErrorCode::kResourceExhausted, "as many streams are transcoded as may be at once");
}

}  // namespace

pictures::TranscodeSource SourceOf(const StreamFormat& format) {
  return {format.codec, storage::DecoderConfiguration(format), format.width_px, format.height_px};
}

/// Nobody asks with it now, nor has done so lately. `token`: of whom another stream is asked for.
bool Transcoders::IsUnused(const Held& held, const std::string* token) const {
  const bool of_same = token != nullptr && held.token == *token;
  const auto unused_max = of_same ? kUnusedOfOneMax : kUnusedMax;
  return held.player.use_count() == 1 && clock_.Monotonic() - held.used_at > unused_max;
}

/// The mutex is held.
bool Transcoders::MakeRoom(const std::string* token) {
  if (live_ + players_.size() < options_.at_once_max) return true;
  const auto unused = std::find_if(players_.begin(), players_.end(),
                                   [&](const Held& held) { return IsUnused(held, token); });
  if (unused == players_.end()) return false;
  players_.erase(unused);
  return true;
}

Result<Transcoders::Place> Transcoders::Take() {
  const std::scoped_lock lock(mutex_);
  if (!MakeRoom(nullptr)) return AllTaken();
  ++live_;
  return Place(*this);
}

void Transcoders::GiveBack() {
  const std::scoped_lock lock(mutex_);
  --live_;
}

Result<std::shared_ptr<Transcoders::Player>> Transcoders::PlayerFor(const std::string& token,
                                                                    CameraStream of) {
  const std::scoped_lock lock(mutex_);
  auto held = std::find_if(players_.begin(), players_.end(),
                           [&](const Held& one) { return one.token == token && one.of == of; });
  if (held == players_.end()) {
    if (!MakeRoom(&token)) return AllTaken();
    held =
        players_.insert(players_.end(), {token, of, std::make_shared<Player>(options_.worker), {}});
  }
  held->used_at = clock_.Monotonic();
  return held->player;
}

}  // namespace yagura::api
