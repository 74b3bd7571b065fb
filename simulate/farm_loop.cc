#include "simulate/farm_loop.h"

#include <algorithm>

#include "core/log.h"

namespace yagura::simulate {
namespace {

constexpr std::uint64_t kListenerKey = 1;
constexpr std::size_t kClientsMax = 4096;
constexpr milliseconds kHousekeepingInterval{100};
/// Frames due within so short a time share a wake-up. Cameras' own jitter is larger.
constexpr milliseconds kGather{2};
constexpr milliseconds kLate{100};
/// Held up for longer (a stopped machine), a camera gives its sessions up rather than pour out what
/// is long past.
constexpr std::chrono::seconds kStalled{5};

std::string_view Name(SessionEnd reason) {
  switch (reason) {
    case SessionEnd::kClientSlow:
      return "client_slow";
    case SessionEnd::kSessionTimeout:
      return "session_timeout";
    case SessionEnd::kFarmStalled:
      return "farm_stalled";
    default:
      return "other";
  }
}

bool IsDrop(SessionEnd reason) {
  return reason == SessionEnd::kClientSlow || reason == SessionEnd::kSessionTimeout ||
         reason == SessionEnd::kFarmStalled;
}

}  // namespace

Result<std::unique_ptr<FarmLoop>> FarmLoop::Create(const FarmOptions& options, const Clock& clock) {
  ASSIGN_OR_RETURN(CameraSet cameras, CameraSet::Load(options.groups));
  std::vector<Fault> faults;
  if (!options.faults.empty()) {
    ASSIGN_OR_RETURN(faults, ReadFaultScript(options.faults, cameras.size()));
    RETURN_IF_ERROR(cameras.LoadScenes(faults));
  }
  ASSIGN_OR_RETURN(EventLoop events, EventLoop::Create());
  ASSIGN_OR_RETURN(UniqueFd listener, ListenAt(options.address, options.port));
  if (!events.Watch(listener.get(), kListenerKey)) {
    return Failure(ErrorCode::kUnavailable, "can't watch the listener");
  }
  std::unique_ptr<FarmLoop> loop(new FarmLoop(options, clock, std::move(cameras), FaultPlan(faults),
                                              std::move(events), std::move(listener)));
  if (!options.sent_log.empty()) {
    ASSIGN_OR_RETURN(loop->log_, SentLogWriter::Open(options.sent_log, clock));
  }
  return loop;
}

FarmLoop::FarmLoop(const FarmOptions& options, const Clock& clock, CameraSet cameras,
                   FaultPlan faults, EventLoop events, UniqueFd listener)
    : options_(options),
      clock_(clock),
      cameras_(std::move(cameras)),
      faults_(std::move(faults)),
      events_(std::move(events)),
      listener_(std::move(listener)),
      next_key_(kListenerKey + 1) {}

FarmLoop::~FarmLoop() {
  {
    const std::scoped_lock lock(mutex_);
    stopping_ = true;
  }
  events_.Wake();
  if (thread_.joinable()) thread_.join();
  for (auto& [key, client] : clients_) client->End(SessionEnd::kShutdown);
}

void FarmLoop::Start() {
  started_ = clock_.Monotonic();
  for (Camera& camera : cameras_.all()) {
    if (log_) log_->Camera({camera.number(), camera.path()});
    Power(camera);
  }
  thread_ = std::thread([this] { Run(); });
}

void FarmLoop::Power(Camera& camera) {
  camera.Start(clock_.Monotonic(), clock_.Now());
  if (log_) log_->Epoch({camera.number(), camera.epoch(), clock_.Now()});
}

void FarmLoop::Run() {
  MonoTime deadline = next_housekeeping_ = clock_.Monotonic();
  while (true) {
    const auto happened = events_.Wait(deadline);
    const std::scoped_lock lock(mutex_);
    if (stopping_) return;
    woke_ = clock_.Monotonic();
    for (const FdEvent& event : happened) Handle(event);
    PlayFaults();
    SendDueFrames();
    KeepHouse();
    deadline = NextDeadline();
  }
}

MonoTime FarmLoop::NextDeadline() const {
  const MonoTime next = std::min(next_housekeeping_, NextFault());
  if (due_.empty()) return next;
  return std::min(next, std::max(due_.top().at, woke_ + kGather));
}

void FarmLoop::Handle(const FdEvent& event) {
  if (event.key == kListenerKey) return AcceptClients();
  const auto found = clients_.find(event.key);
  if (found == clients_.end()) return;  // closed since the event
  Client& client = *found->second;
  Client::Verdict verdict;
  if (event.writable) verdict = client.OnWritable();
  if (!verdict && event.readable) verdict = client.OnReadable();
  Settle(event.key, client, verdict);
}

void FarmLoop::AcceptClients() {
  while (true) {
    UniqueFd fd = AcceptClient(listener_);
    if (!fd.valid()) return;
    if (clients_.size() >= kClientsMax) continue;  // cut off at once
    const std::uint64_t key = next_key_++;
    if (!events_.Watch(fd.get(), key)) continue;
    std::optional<Authenticator> authenticator;
    if (options_.credentials) authenticator.emplace(*options_.credentials, options_.auth_scheme);
    const Client::Surroundings around = {
        .cameras = &cameras_, .log = log_.get(), .clock = &clock_, .counts = &counts_};
    clients_.emplace(key,
                     std::make_unique<Client>(std::move(fd), std::move(authenticator), around));
  }
}

void FarmLoop::SendDueFrames() {
  while (!due_.empty()) {
    const MonoTime now = clock_.Monotonic();
    const Due due = due_.top();
    if (due.at > now) return;
    due_.pop();
    const auto found = clients_.find(due.client);
    if (found == clients_.end()) continue;
    Client& client = *found->second;
    // An entry from before a TEARDOWN may still be here.
    if (client.playing() && client.next_due() == due.at) SendFrame(client, due.client, now);
  }
}

void FarmLoop::SendFrame(Client& client, std::uint64_t key, MonoTime now) {
  if (now - client.next_due() > kStalled) return Close(key, SessionEnd::kFarmStalled);
  if (now - client.next_due() > kLate) ++counts_.frames_late;
  Settle(key, client, client.SendDue());
}

void FarmLoop::Settle(std::uint64_t key, Client& client, Client::Verdict verdict) {
  if (client.waiting_bytes() > options_.backlog_max_bytes) verdict = SessionEnd::kClientSlow;
  if (verdict) return Close(key, *verdict);
  const bool wants_writable = client.waiting_bytes() > 0;
  if (wants_writable != client.watched_for_writing) {
    events_.AlsoWritable(client.fd(), key, wants_writable);
    client.watched_for_writing = wants_writable;
  }
  if (client.playing() && client.next_due() != client.scheduled) {
    due_.push({client.next_due(), key});
    client.scheduled = client.next_due();
  }
}

void FarmLoop::KeepHouse() {
  if (woke_ < next_housekeeping_) return;
  // Held up ourselves, we don't know what clients would have said meanwhile.
  const MonoTime::duration held_up = woke_ - next_housekeeping_;
  next_housekeeping_ = woke_ + kHousekeepingInterval;
  if (log_) log_->FlushIfDue();
  std::vector<std::uint64_t> quiet;
  for (const auto& [key, client] : clients_) {
    if (held_up > kLate) client->Forgive(held_up);
    if (woke_ - client->last_heard() > client->timeout()) quiet.push_back(key);
  }
  for (const std::uint64_t key : quiet) Close(key, SessionEnd::kSessionTimeout);
}

void FarmLoop::Close(std::uint64_t key, SessionEnd reason) {
  const auto found = clients_.find(key);
  if (IsDrop(reason)) {
    ++counts_.clients_dropped;
    log::Warning("client dropped",
                 {{"camera", std::int64_t{found->second->camera()}}, {"reason", Name(reason)}});
  }
  found->second->End(reason);
  clients_.erase(found);
}

void FarmLoop::CloseClientsOf(std::uint32_t camera, SessionEnd reason) {
  std::vector<std::uint64_t> keys;
  for (const auto& [key, client] : clients_) {
    if (client->camera() == camera) keys.push_back(key);
  }
  for (const std::uint64_t key : keys) Close(key, reason);
}

FarmCounts FarmLoop::Counts() const {
  const std::scoped_lock lock(mutex_);
  FarmCounts counts = counts_;
  counts.sessions_playing = static_cast<std::uint32_t>(
      std::ranges::count_if(clients_, [](const auto& entry) { return entry.second->playing(); }));
  return counts;
}

Result<void> FarmLoop::FlushLog() {
  const std::scoped_lock lock(mutex_);
  return log_ ? log_->Flush() : Result<void>();
}

void FarmLoop::StopCamera(std::uint32_t number) {
  const std::scoped_lock lock(mutex_);
  if (Camera* camera = cameras_.Find(number)) camera->Stop();
  CloseClientsOf(number, SessionEnd::kScripted);
}

void FarmLoop::StartCamera(std::uint32_t number) {
  const std::scoped_lock lock(mutex_);
  Camera* camera = cameras_.Find(number);
  if (camera != nullptr && !camera->running()) Power(*camera);
}

void FarmLoop::SilenceCamera(std::uint32_t number, bool silent) {
  const std::scoped_lock lock(mutex_);
  if (Camera* camera = cameras_.Find(number)) camera->Silence(silent);
}

void FarmLoop::DropSessions(std::uint32_t number) {
  const std::scoped_lock lock(mutex_);
  CloseClientsOf(number, SessionEnd::kScripted);
}

}  // namespace yagura::simulate
