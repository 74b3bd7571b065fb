#include "ingest/reader_thread_posix.h"

#include <pthread.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <future>
#include <utility>

#include "core/check.h"

namespace yagura::ingest {
namespace {

using std::chrono::milliseconds;

constexpr std::size_t kReadBytes = 256 * 1024;
/// Sweeps come at uneven intervals, so that they don't fall into step with the frames of a camera:
/// then its least-delayed frame of a minute is hardly delayed (wall_clock.h).
constexpr milliseconds kLeastSweep{150};
constexpr std::uint32_t kSweepSpreadMs = 40;

}  // namespace

Mailbox::Mailbox() : event_(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) { CHECK(event_ >= 0); }

Mailbox::~Mailbox() { close(event_); }

bool Mailbox::Post(Letter letter) {
  const std::scoped_lock lock(mutex_);
  if (closed_) return false;
  letters_.push_back(std::move(letter));
  const std::uint64_t one = 1;
  CHECK(write(event_, &one, sizeof one) == sizeof one);
  return true;
}

std::vector<Mailbox::Letter> Mailbox::Take(bool close) {
  const std::scoped_lock lock(mutex_);
  closed_ = closed_ || close;
  std::uint64_t count = 0;
  (void)!read(event_, &count, sizeof count);  // resets it; empty is fine
  return std::exchange(letters_, {});
}

ReaderThread::ReaderThread(const Clock& clock, std::shared_ptr<Resolver> resolver, JoinPaces& paces,
                           ParsingNote* note, std::function<void()> on_start, Pulling pulling)
    : clock_(clock),
      resolver_(std::move(resolver)),
      epoll_(epoll_create1(EPOLL_CLOEXEC)),
      receive_buffer_(CameraReader::kMaxCarryBytes + kReadBytes),
      pulling_(std::move(pulling)),
      surroundings_{
          clock_,          epoll_,
          receive_buffer_, note != nullptr ? *note : own_note_,
          paces,           [this](CameraStream of, const RtspUrl& url) { LookUp(of, url); },
          pulling_.worker, pulling_.on_signal,
          leaving_workers_},
      on_start_(std::move(on_start)) {
  CHECK(epoll_ >= 0);
  epoll_event event{};
  event.events = EPOLLIN;
  CHECK(epoll_ctl(epoll_, EPOLL_CTL_ADD, mailbox_->event(), &event) == 0);
  thread_ = std::thread([this] { Run(); });
}

void ReaderThread::Call(const std::function<void(ReaderThread&)>& work) {
  CHECK(std::this_thread::get_id() != thread_.get_id());
  std::promise<void> done;
  if (mailbox_->Post([&] {
        work(*this);
        done.set_value();
      })) {
    done.get_future().wait();
  }
}

void ReaderThread::Stop() {
  if (!thread_.joinable()) return;
  Call([](ReaderThread& self) { self.stopping_ = true; });
  thread_.join();
  close(epoll_);
}

void ReaderThread::Run() {
  (void)pthread_setname_np(pthread_self(), "ingest");  // for people who look; nothing depends on it
  if (on_start_) on_start_();
  // As many as cameras on a thread, so that after a stall of ours all are read before any is
  // judged.
  std::array<epoll_event, 1'024> events;
  while (!stopping_) {
    const int count =
        epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), MillisecondsToSweep());
    CHECK(count >= 0 || errno == EINTR);
    for (int i = 0; i < count; ++i) {
      const epoll_event& event = events[static_cast<std::size_t>(i)];
      if (event.data.ptr != nullptr)
        static_cast<CameraConnection*>(event.data.ptr)->OnEvents(event.events);
    }
    ReadLetters();
    if (clock_.Monotonic() >= next_sweep_) Sweep();
  }
  cameras_.clear();
  for (const Mailbox::Letter& letter : mailbox_->Take(true)) letter();
  cameras_.clear();
}

/// Connections die here and nowhere else, so no event of a batch can point to a dead one.
void ReaderThread::ReadLetters() {
  for (const Mailbox::Letter& letter : mailbox_->Take()) letter();
}

void ReaderThread::Sweep() {
  for (auto& [of, camera] : cameras_) camera->OnSweep();
  leaving_workers_.Sweep(clock_.Monotonic());
  const auto uneven = milliseconds(++sweeps_ * 2'654'435'761u >> 16 & 0xffff) % kSweepSpreadMs;
  next_sweep_ = clock_.Monotonic() + kLeastSweep + uneven;
}

int ReaderThread::MillisecondsToSweep() const {
  if (cameras_.empty() && leaving_workers_.empty()) return -1;
  const auto left = std::chrono::ceil<milliseconds>(next_sweep_ - clock_.Monotonic()).count();
  return left > 0 ? static_cast<int>(left) : 0;
}

void ReaderThread::Set(CameraSource source, RtspUrl url, std::shared_ptr<AccessUnitSink> sink) {
  const auto found = cameras_.find(source.key());
  if (found == cameras_.end()) {
    const CameraStream of = source.key();
    auto budget = BudgetOf(of.camera);
    cameras_.emplace(
        of, std::make_unique<CameraConnection>(std::move(source), std::move(url), std::move(sink),
                                               std::move(budget), surroundings_));
    return;
  }
  CameraConnection& camera = *found->second;
  if (camera.IsAlready(source, sink)) return;
  camera.Change(std::move(source), std::move(url), std::move(sink));
}

/// That of the camera's other stream, where it is known here.
std::shared_ptr<SessionBudget> ReaderThread::BudgetOf(CameraId camera) const {
  const auto either = cameras_.lower_bound({camera, Stream::kMain});
  if (either != cameras_.end() && either->first.camera == camera)
    return either->second->session_budget();
  return std::make_shared<SessionBudget>();
}

void ReaderThread::LookUp(CameraStream of, const RtspUrl& url) {
  auto answer = [this, of, url, mailbox = mailbox_](const Result<SocketAddresses>& addresses) {
    mailbox->Post([this, of, url, addresses] {
      const auto found = cameras_.find(of);
      if (found != cameras_.end()) found->second->OnResolved(url, addresses);
    });
  };
  resolver_->Lookup(url.host, url.port, std::move(answer));
}

}  // namespace yagura::ingest
