#include "tests/faults/trial_time_posix.h"

#include <algorithm>
#include <cerrno>
#include <chrono>

#include "core/check.h"

namespace yagura::testing {
namespace {

constexpr milliseconds kFlowStep{50};
constexpr milliseconds kFlowPause{5};
constexpr std::chrono::hours kMonoBegin{1};  // not zero, which is "never" to some

std::int64_t ElapsedAt(const timespec& monotonic) {
  const auto since_zero =
      std::chrono::seconds(monotonic.tv_sec) + std::chrono::nanoseconds(monotonic.tv_nsec);
  return std::chrono::ceil<microseconds>(since_zero - kMonoBegin).count();
}

}  // namespace

/// A thread that waits from time to time.
struct TrialTime::Waiter {
  pthread_cond_t* condition = nullptr;  // while it waits
  pthread_mutex_t* mutex = nullptr;
  std::int64_t deadline_us = 0;
  std::int64_t late_max_us = 0;
  /// When it last began or ended a wait.
  std::int64_t looked_us = 0;
};

/// Of one thread, until it ends.
class TrialTime::Registration {
 public:
  ~Registration() {
    TrialTime* const time = current_;
    if (time == nullptr || !is_known_) return;
    const std::scoped_lock lock(time->mutex_);
    std::erase(time->waiters_, &waiter_);
    time->looked_.notify_all();
  }
  Waiter& In(TrialTime& time) {
    if (is_known_) return waiter_;
    is_known_ = true;
    const std::scoped_lock lock(time.mutex_);
    waiter_.looked_us = time.elapsed_us_;
    time.waiters_.push_back(&waiter_);
    return waiter_;
  }

 private:
  Waiter waiter_;
  bool is_known_ = false;
};

TrialTime::TrialTime(WallTime begin) : begin_(begin) { CHECK(current_.exchange(this) == nullptr); }
TrialTime::~TrialTime() { current_ = nullptr; }

WallTime TrialTime::Now() const { return begin_ + microseconds(elapsed_us_); }
MonoTime TrialTime::Monotonic() const { return MonoTime(kMonoBegin + microseconds(elapsed_us_)); }

void TrialTime::AwaitThreads(std::size_t count) {
  std::unique_lock lock(mutex_);
  looked_.wait(lock, [&] { return waiters_.size() >= count; });
}

void TrialTime::Advance(microseconds by) {
  {
    std::unique_lock lock(mutex_);
    looked_.wait(lock, [this] { return !IsAnybodyLate(); });
    elapsed_us_ += by.count();
  }
  WakeAll();
}

bool TrialTime::IsAnybodyLate() const {
  return std::ranges::any_of(waiters_, [now = elapsed_us_.load()](const Waiter* waiter) {
    return now - waiter->looked_us > waiter->late_max_us;
  });
}

/// Whoever waits holds its mutex until it does: so none of them misses this.
void TrialTime::WakeAll() {
  std::vector<Waiter> waiting;
  {
    const std::scoped_lock lock(mutex_);
    for (const Waiter* waiter : waiters_) {
      if (waiter->condition != nullptr) waiting.push_back(*waiter);
    }
  }
  for (const Waiter& waiter : waiting) {
    ::pthread_mutex_lock(waiter.mutex);
    ::pthread_cond_broadcast(waiter.condition);
    ::pthread_mutex_unlock(waiter.mutex);
  }
}

int TrialTime::Wait(pthread_cond_t* condition, pthread_mutex_t* mutex, const timespec& until) {
  thread_local Registration registration;
  Waiter& self = registration.In(*this);
  {
    const std::scoped_lock lock(mutex_);
    const std::int64_t deadline_us = ElapsedAt(until);
    if (deadline_us != self.deadline_us) {
      self.deadline_us = deadline_us;
      self.late_max_us =
          std::clamp<std::int64_t>((deadline_us - elapsed_us_) / 4, 0, kLateMax.count());
    }
    self.looked_us = elapsed_us_;
    looked_.notify_all();
    if (elapsed_us_ >= self.deadline_us) return ETIMEDOUT;
    self.condition = condition;
    self.mutex = mutex;
  }
  ::pthread_cond_wait(condition, mutex);
  const std::scoped_lock lock(mutex_);
  self.condition = nullptr;
  self.looked_us = elapsed_us_;
  looked_.notify_all();
  return elapsed_us_ >= self.deadline_us ? ETIMEDOUT : 0;
}

TrialTime::Flow::Flow(TrialTime& time)
    : thread_([&time](const std::stop_token& stop) {
        while (!stop.stop_requested()) {
          time.Advance(kFlowStep);
          std::this_thread::sleep_for(kFlowPause);
        }
      }) {}

extern "C" {
int WaitAsTheLibrary(pthread_cond_t* condition, pthread_mutex_t* mutex, clockid_t clock,
                     const timespec* until) asm("__real_pthread_cond_clockwait");
int WaitByTheTrial(pthread_cond_t* condition, pthread_mutex_t* mutex, clockid_t clock,
                   const timespec* until) asm("__wrap_pthread_cond_clockwait");

int WaitByTheTrial(pthread_cond_t* condition, pthread_mutex_t* mutex, clockid_t clock,
                   const timespec* until) {
  if (TrialTime* const time = TrialTime::current()) return time->Wait(condition, mutex, *until);
  return WaitAsTheLibrary(condition, mutex, clock, until);
}
}

std::chrono::steady_clock::time_point MachineNow() asm("__real_" YAGURA_STEADY_NOW);
std::chrono::steady_clock::time_point NowOfTheTrial() asm("__wrap_" YAGURA_STEADY_NOW);

std::chrono::steady_clock::time_point NowOfTheTrial() {
  const TrialTime* const time = TrialTime::current();
  return time != nullptr ? time->Monotonic() : MachineNow();
}

}  // namespace yagura::testing
