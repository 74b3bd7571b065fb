#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "pictures/picture_watch.h"

namespace yagura::pictures {

/// What a camera shows for a while, and how large that is coded.
struct Scene {
  bool dark = false;
  bool one_image = false;  // else each frame is another, if only by its noise
  std::size_t key_bytes = 40'000;
  std::size_t key_jitter_bytes = 2'000;
  std::size_t between_bytes = 3'000;
  bool all_keyframes = false;
  bool noiseless = false;  // what doesn't move is the same to the bit
};

/// A camera's stream before a watch, in media time, and a decoder that sees what the scenes are.
class WatchedStream {
 public:
  explicit WatchedStream(std::chrono::milliseconds gop, int frames_per_gop = 10)
      : frames_per_gop_(frames_per_gop), frame_(gop / frames_per_gop) {}

  /// Goes on with the scene; `told` is asked after each frame whether to stop, and the time until
  /// then is given.
  std::chrono::microseconds Play(
      const Scene& scene, std::chrono::microseconds length,
      const std::function<bool()>& told = [] { return false; }) {
    const WallTime begun = wall_;
    if (scene.one_image) ++image_;
    while (wall_ - begun < length && !told()) Send(scene);
    return wall_ - begun;
  }
  /// The connection is lost for a moment.
  void BeginTimeline() {
    watch_.OnInterruption();
    ++timeline_;
    pts_ = {900'000};
    frame_number_ = 0;
  }
  void ChangeFormat() {
    auto other = *format_;
    other.sps.push_back(1);
    format_ = std::make_shared<StreamFormat>(other);
  }

  [[nodiscard]] PictureWatch& watch() { return watch_; }
  [[nodiscard]] PictureFault fault() const { return watch_.fault(); }
  [[nodiscard]] WallTime now() const { return wall_; }
  [[nodiscard]] int questions() const { return questions_; }
  /// Looks that can wait are allowed from now on; or no more.
  void SetLooksAllowed(bool allowed) { looks_allowed_ = allowed; }
  /// From now on nobody answers.
  void SetDeaf(bool deaf) { deaf_ = deaf; }
  /// From now on questions come to nothing; or no more.
  void SetUndecodable(bool undecodable) { undecodable_ = undecodable; }

 private:
  void Send(const Scene& scene) {
    const bool keyframe = scene.all_keyframes || frame_number_ % frames_per_gop_ == 0;
    if (!scene.one_image) ++image_;
    differing_ppm_ = scene.noiseless ? 10'000 : 80'000;
    std::size_t size = scene.between_bytes;
    if (keyframe && scene.key_jitter_bytes == 0) size = scene.key_bytes;
    if (keyframe && scene.key_jitter_bytes > 0)
      size = scene.key_bytes + random_() % scene.key_jitter_bytes;
    AccessUnit unit;
    unit.data = Coded(keyframe, scene.dark, size);
    unit.pts = unit.dts = pts_;
    unit.keyframe = keyframe;
    unit.wall = wall_;
    unit.format = format_;
    unit.timeline = timeline_;
    if (looks_allowed_ && watch_.wants_look()) watch_.AllowLook();
    watch_.OnUnit(unit);
    Answer();
    ++frame_number_;
    pts_.ticks_90k += std::chrono::microseconds(frame_).count() * 9 / 100;
    wall_ += frame_;
  }
  /// A slice whose first bytes are what a decoder would see: the image's number and its darkness;
  /// behind it an SEI of random size, which must not count.
  SharedBytes Coded(bool keyframe, bool dark, std::size_t size) {
    std::vector<std::uint8_t> bytes;
    const auto length = [&](std::size_t value) {
      for (int shift = 24; shift >= 0; shift -= 8)
        bytes.push_back(static_cast<std::uint8_t>(value >> shift));
    };
    length(size);
    bytes.push_back(keyframe ? 0x65 : 0x41);
    bytes.push_back(dark ? 1 : 0);
    for (int shift = 24; shift >= 0; shift -= 8)
      bytes.push_back(static_cast<std::uint8_t>(image_ >> shift));
    bytes.resize(4 + size);
    const std::size_t sei = 1 + random_() % 200;
    length(sei);
    bytes.push_back(0x06);
    bytes.resize(bytes.size() + sei - 1);
    return SharedBytes::CopyOf(bytes);
  }
  void Answer() {
    if (deaf_) return;
    const auto question = watch_.TakeQuestion();
    if (!question) return;
    ++questions_;
    if (undecodable_) return watch_.Unanswered();
    const auto seen = [](const SharedBytes& data) { return data.bytes().subspan(5, 5); };
    const auto later = seen(question->later);
    const auto earlier = question->is_about_both() ? seen(question->earlier) : later;
    const bool one = std::equal(earlier.begin(), earlier.end(), later.begin());
    watch_.OnAnswer(*question,
                    {later[0] == 1 ? 1'000'000U : 100'000U, one ? 0U : differing_ppm_, 0});
  }

  const int frames_per_gop_;
  const std::chrono::milliseconds frame_;
  PictureWatch watch_;
  std::shared_ptr<const StreamFormat> format_ = std::make_shared<StreamFormat>(
      StreamFormat{.sps = {0x67}, .pps = {0x68}, .width_px = 1920, .height_px = 1080});
  std::mt19937 random_{1};
  MediaTime pts_{900'000};
  WallTime wall_{std::chrono::seconds(1'800'000'000)};
  std::uint32_t timeline_ = 1;
  std::uint32_t image_ = 0;
  std::uint32_t differing_ppm_ = 0;
  int frame_number_ = 0;
  int questions_ = 0;
  bool looks_allowed_ = true;
  bool deaf_ = false;
  bool undecodable_ = false;
};

}  // namespace yagura::pictures
