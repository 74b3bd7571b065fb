#pragma once

#include <atomic>
#include <chrono>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "core/camera_stream.h"
#include "core/result.h"
#include "core/time.h"
#include "pictures/transcode.h"

namespace yagura::api {

/// What a worker must know of a stream first.
[[nodiscard]] pictures::TranscodeSource SourceOf(const StreamFormat& format);

/// How many streams are transcoded at once: each takes a part of a processor as long as somebody
/// looks, and one too many would make all of them stutter. What is shown live has a place for all
/// who watch it; of the past each player has one for each stream, until it has asked for nothing
/// for a while. Thread-safe; outlives what it gave.
class Transcoders {
 public:
  struct Options {
    pictures::Transcode::Options worker;
    std::size_t at_once_max = 2;
  };
  /// A player that plays asks each few seconds. Its place goes to another when it has not for the
  /// first of these, to another stream of the same session after the second.
  static constexpr std::chrono::seconds kUnusedMax{30};
  static constexpr std::chrono::seconds kUnusedOfOneMax{8};

  /// `clock` outlives it.
  Transcoders(Options options, const Clock& clock) : options_(std::move(options)), clock_(clock) {}
  Transcoders(const Transcoders&) = delete;
  Transcoders& operator=(const Transcoders&) = delete;

  [[nodiscard]] const pictures::Transcode::Options& worker() const { return options_.worker; }

  /// Given back when it ends.
  class Place {
   public:
    explicit Place(Transcoders& of) : of_(&of) {}
    Place(Place&& other) noexcept : of_(other.of_) { other.of_ = nullptr; }
    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;
    Place& operator=(Place&&) = delete;
    ~Place() {
      if (of_ != nullptr) of_->GiveBack();
    }

   private:
    Transcoders* of_;
  };
  /// kResourceExhausted: all are taken.
  [[nodiscard]] Result<Place> Take();

  /// A player's own worker, for one request of it at a time.
  class Player {
   public:
    /// One that is made, and one behind it: who goes elsewhere doesn't wait for what he left.
    static constexpr int kRequestsMax = 2;

    /// `worker` outlives it.
    explicit Player(const pictures::Transcode::Options& worker) : options_(worker) {}

    /// Calls `work`, which begins, adds and ends, with a worker. After kUnavailable the next call
    /// has a new one. kResourceExhausted: kRequestsMax others are here, which would take as many
    /// threads of the server.
    template <typename Work>
    [[nodiscard]] auto Use(Work work) -> decltype(work(std::declval<pictures::Transcode&>())) {
      const Guest guest(guests_);
      if (guest.number > kRequestsMax)
        return Failure(Error(ErrorCode::kResourceExhausted, "a player asks for much at once")
                           .WithPublicMessage("one segment after the other is transcoded"));
      const std::scoped_lock lock(mutex_);
      if (worker_ == nullptr) {
        ASSIGN_OR_RETURN(worker_, pictures::Transcode::Start(options_));
      }
      auto done = work(*worker_);
      if (!done.has_value() && done.error().code() == ErrorCode::kUnavailable) worker_ = nullptr;
      return done;
    }

   private:
    struct Guest {
      explicit Guest(std::atomic<int>& of) : all(of), number(++of) {}
      Guest(const Guest&) = delete;
      Guest& operator=(const Guest&) = delete;
      ~Guest() { --all; }
      std::atomic<int>& all;
      const int number;
    };
    const pictures::Transcode::Options& options_;
    std::atomic<int> guests_ = 0;
    std::mutex mutex_;                             // guards the next one
    std::unique_ptr<pictures::Transcode> worker_;  // null: none yet
  };
  /// That of the session with this token for this stream. kResourceExhausted as Take.
  [[nodiscard]] Result<std::shared_ptr<Player>> PlayerFor(const std::string& token,
                                                          CameraStream of);

 private:
  struct Held {
    std::string token;
    CameraStream of;
    std::shared_ptr<Player> player;
    MonoTime used_at;
  };
  void GiveBack();
  [[nodiscard]] bool IsUnused(const Held& held, const std::string* token) const;
  [[nodiscard]] bool MakeRoom(const std::string* token);

  const Options options_;
  const Clock& clock_;
  std::mutex mutex_;  // guards the rest
  std::size_t live_ = 0;
  std::list<Held> players_;
};

}  // namespace yagura::api
