#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "api/http.h"
#include "api/media/live_package.h"
#include "api/media/viewings.h"
#include "core/time.h"

namespace yagura::api {

/// An answer that waits until a live stream has come so far; then it is all there at once. It ends
/// without one where the stream or the right to it does.
class AwaitedSource final : public LiveSource {
 public:
  /// Gives the answer once it is there; an empty one where it never will be.
  using Answer = std::function<std::optional<std::string>()>;
  /// `clock` outlives it.
  AwaitedSource(std::shared_ptr<LivePackage> package, std::shared_ptr<OpenViewing> open,
                Answer answer, const Clock& clock)
      : package_(std::move(package)),
        open_(std::move(open)),
        answer_(std::move(answer)),
        clock_(clock) {}
  ~AwaitedSource() override { OnReady({}); }

  [[nodiscard]] Taken Take() override;
  void OnReady(std::function<void()> wake) override;
  [[nodiscard]] bool is_cut() const override;

 private:
  const std::shared_ptr<LivePackage> package_;
  const std::shared_ptr<OpenViewing> open_;
  const Answer answer_;
  const Clock& clock_;
  std::optional<std::uint64_t> waiter_;
  bool answered_ = false;
};

}  // namespace yagura::api
