#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <queue>
#include <thread>
#include <unordered_map>
#include <vector>

#include "core/sent_log_writer.h"
#include "simulate/camera_farm.h"
#include "simulate/camera_set.h"
#include "simulate/client.h"
#include "simulate/event_loop.h"
#include "simulate/fault_plan.h"

namespace yagura::simulate {

/// The farm's thread: accepts clients, hands them what they ask, sends each frame when it is due.
/// One lock holds everything; the thread sleeps without it.
class FarmLoop {
 public:
  [[nodiscard]] static Result<std::unique_ptr<FarmLoop>> Create(const FarmOptions& options,
                                                                const Clock& clock);
  ~FarmLoop();
  FarmLoop(const FarmLoop&) = delete;
  FarmLoop& operator=(const FarmLoop&) = delete;

  void Start();

  [[nodiscard]] std::uint16_t port() const { return PortOf(listener_); }
  [[nodiscard]] std::uint32_t camera_count() const { return cameras_.size(); }
  [[nodiscard]] FarmCounts Counts() const;
  [[nodiscard]] Result<void> FlushLog();
  void StopCamera(std::uint32_t number);
  void StartCamera(std::uint32_t number);
  void SilenceCamera(std::uint32_t number, bool silent);
  void DropSessions(std::uint32_t number);

 private:
  struct Due {
    MonoTime at;
    std::uint64_t client = 0;
    friend bool operator>(const Due& a, const Due& b) { return a.at > b.at; }
  };

  FarmLoop(const FarmOptions& options, const Clock& clock, CameraSet cameras, FaultPlan faults,
           EventLoop events, UniqueFd listener);
  void Run();
  [[nodiscard]] MonoTime NextDeadline() const;
  void Handle(const FdEvent& event);
  void AcceptClients();
  void SendDueFrames();
  void SendFrame(Client& client, std::uint64_t key, MonoTime now);
  void KeepHouse();
  /// After anything that happened to a client: close it, or watch and schedule what it needs next.
  void Settle(std::uint64_t key, Client& client, Client::Verdict verdict);
  void Close(std::uint64_t key, SessionEnd reason);
  void CloseClientsOf(std::uint32_t camera, SessionEnd reason);
  void Power(Camera& camera);

  // What goes wrong by script.
  [[nodiscard]] MonoTime NextFault() const;
  void PlayFaults();
  void Begin(const Fault& fault, Camera& camera);
  void End(const Fault& fault, Camera& camera);
  void ResetClientsOf(std::uint32_t camera);
  void BreakPacketsOf(std::uint32_t camera, const Fault& fault);

  const FarmOptions options_;
  const Clock& clock_;
  mutable std::mutex mutex_;
  CameraSet cameras_;
  FaultPlan faults_;
  EventLoop events_;
  UniqueFd listener_;
  std::unique_ptr<SentLogWriter> log_;
  std::unordered_map<std::uint64_t, std::unique_ptr<Client>> clients_;
  std::uint64_t next_key_;
  std::priority_queue<Due, std::vector<Due>, std::greater<>> due_;
  MonoTime started_{};
  MonoTime woke_{};
  MonoTime next_housekeeping_{};
  FarmCounts counts_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace yagura::simulate
