#include <algorithm>
#include <utility>

#include "core/check.h"
#include "ingest/reader_thread_posix.h"
#include "ingest/rtsp_url.h"
#include "ingest/supervisor.h"

namespace yagura::ingest {
namespace {

constexpr std::size_t kMaxCredentialBytes = 256;

std::uint16_t UsualPort(CameraTransport transport) {
  if (transport == CameraTransport::kTls) return 322;
  return transport == CameraTransport::kHttp ? 80 : 554;
}

/// Control characters would let a credential write RTSP headers; a colon ends the user name in both
/// schemes.
Result<void> CheckCredentials(const CameraSource& source) {
  const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; };
  for (const std::string* text : {&source.user, &source.password}) {
    if (text->size() > kMaxCredentialBytes || std::any_of(text->begin(), text->end(), is_control)) {
      return Failure(ErrorCode::kInvalidArgument,
                     "a camera's user or password is too long or has control characters");
    }
  }
  if (source.user.find(':') != std::string::npos) {
    return Failure(ErrorCode::kInvalidArgument, "a camera's user has a colon");
  }
  return {};
}

}  // namespace

std::string_view ToString(CameraState state) {
  switch (state) {
    case CameraState::kBackingOff:
      return "backing_off";
    case CameraState::kConnecting:
      return "connecting";
    case CameraState::kStarting:
      return "starting";
    case CameraState::kWaitingForKeyframe:
      return "waiting_for_keyframe";
    case CameraState::kStreaming:
      return "streaming";
  }
  return "unknown";
}

Supervisor::Supervisor(const Clock& clock, Options options)
    : resolver_(Resolver::Make()), paces_(std::make_unique<JoinPaces>()) {
  CHECK(options.threads > 0);
  CHECK(options.parsing_notes.empty() || options.parsing_notes.size() >= options.threads);
  const Pulling pulling{std::move(options.pull_worker), std::move(options.on_worker_signal)};
  for (unsigned i = 0; i < options.threads; ++i) {
    ParsingNote* note = options.parsing_notes.empty() ? nullptr : &options.parsing_notes[i];
    threads_.push_back(std::make_unique<ReaderThread>(
        clock, resolver_, *paces_, note,
        [start = options.on_thread_start, i] {
          if (start) start(i);
        },
        pulling));
  }
}

Supervisor::~Supervisor() { Stop(); }

Result<void> Supervisor::Set(CameraSource source, std::shared_ptr<AccessUnitSink> sink) {
  CHECK(sink != nullptr);
  ASSIGN_OR_RETURN(RtspUrl url, ParseRtspUrl(source.url, UsualPort(source.transport)));
  RETURN_IF_ERROR(CheckCredentials(source));
  const std::scoped_lock lock(mutex_);
  if (threads_.empty()) return {};
  ThreadFor(source.key()).Call([&](ReaderThread& thread) {
    thread.Set(std::move(source), std::move(url), std::move(sink));
  });
  return {};
}

/// Its thread, that of the camera's other stream, or the one with the fewest cameras: both streams
/// of a camera share how often it is asked.
ReaderThread& Supervisor::ThreadFor(CameraStream of) {
  const auto known = thread_of_.lower_bound({of.camera, Stream::kMain});
  if (known != thread_of_.end() && known->first.camera == of.camera)
    return *threads_[thread_of_[of] = known->second];
  std::vector<std::size_t> load(threads_.size(), 0);
  for (const auto& [camera, thread] : thread_of_) ++load[thread];
  const auto least =
      static_cast<std::size_t>(std::min_element(load.begin(), load.end()) - load.begin());
  thread_of_[of] = least;
  return *threads_[least];
}

void Supervisor::Remove(CameraStream of) {
  const std::scoped_lock lock(mutex_);
  const auto known = thread_of_.find(of);
  if (known == thread_of_.end() || threads_.empty()) return;
  threads_[known->second]->Call([of](ReaderThread& thread) { thread.cameras().erase(of); });
  thread_of_.erase(known);
}

void Supervisor::SetWatched(CameraStream of, bool watched) {
  const std::scoped_lock lock(mutex_);
  const auto known = thread_of_.find(of);
  if (known == thread_of_.end() || threads_.empty()) return;
  threads_[known->second]->Call([of, watched](ReaderThread& thread) {
    const auto found = thread.cameras().find(of);
    if (found != thread.cameras().end()) found->second->SetWatched(watched);
  });
}

void Supervisor::SetWorkersFailing(bool failing) {
  paces_->workers.Set(failing ? JoinPaces::kFailingWorkers : JoinPaces::kWorkers);
}

std::vector<CameraStatus> MainStreams(std::vector<CameraStatus> streams) {
  std::erase_if(streams, [](const CameraStatus& one) { return one.stream != Stream::kMain; });
  return streams;
}

std::vector<CameraStatus> Supervisor::Status() {
  std::vector<CameraStatus> all;
  const std::scoped_lock lock(mutex_);
  for (const auto& thread : threads_) {
    thread->Call([&all](ReaderThread& self) {
      for (const auto& [of, camera] : self.cameras()) all.push_back(camera->Status());
    });
  }
  return all;
}

void Supervisor::Stop() {
  resolver_->Stop();
  const std::scoped_lock lock(mutex_);
  threads_.clear();
  thread_of_.clear();
}

}  // namespace yagura::ingest
