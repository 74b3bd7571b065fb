#pragma once

#include <memory>
#include <utility>

#include "core/access_unit.h"

namespace yagura::app {

/// Hands all on to two sinks: the live relay first, which hands on shares of the bytes and waits
/// for nothing. The thread of whoever calls it.
class BothSinks final : public AccessUnitSink {
 public:
  BothSinks(std::shared_ptr<AccessUnitSink> live, std::shared_ptr<AccessUnitSink> stored)
      : live_(std::move(live)), stored_(std::move(stored)) {}
  void OnAccessUnit(AccessUnit unit) override {
    live_->OnAccessUnit(unit);
    stored_->OnAccessUnit(std::move(unit));
  }
  void OnInterruption(GapReason reason, WallTime from) override {
    live_->OnInterruption(reason, from);
    stored_->OnInterruption(reason, from);
  }

 private:
  const std::shared_ptr<AccessUnitSink> live_;
  const std::shared_ptr<AccessUnitSink> stored_;
};

}  // namespace yagura::app
