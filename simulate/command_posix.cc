#include <pthread.h>
#include <signal.h>

#include <cstdio>
#include <string>

#include "core/descriptor_limit_posix.h"
#include "core/log.h"
#include "simulate/command.h"

namespace yagura::simulate {
namespace {

/// Blocks the signals that end us; threads started later inherit it.
sigset_t BlockEndSignals() {
  sigset_t signals;
  ::sigemptyset(&signals);
  ::sigaddset(&signals, SIGINT);
  ::sigaddset(&signals, SIGTERM);
  ::pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  return signals;
}

Result<FarmOptions> ToFarmOptions(const SimulateOptions& options) {
  FarmOptions farm;
  farm.address = options.address;
  farm.port = options.port;
  farm.groups = {options.cameras};
  farm.auth_scheme = options.auth_scheme;
  farm.sent_log = options.sent_log;
  farm.faults = options.faults;
  if (!options.credentials.empty()) {
    ASSIGN_OR_RETURN(farm.credentials, ReadCredentials(options.credentials));
  }
  return farm;
}

Result<void> Run(const SimulateOptions& options) {
  const sigset_t signals = BlockEndSignals();
  RaiseDescriptorLimit();
  const SystemClock clock;
  ASSIGN_OR_RETURN(const FarmOptions farm_options, ToFarmOptions(options));
  ASSIGN_OR_RETURN(const auto farm, CameraFarm::Start(farm_options, clock));
  const std::string first = farm->Url(1);
  const std::string last = farm->Url(farm->camera_count());
  std::printf("simulate: cameras 1 to %u at %s%s%s\n", farm->camera_count(), first.c_str(),
              first == last ? "" : " to ", first == last ? "" : last.c_str());
  std::fflush(stdout);
  int signal = 0;
  ::sigwait(&signals, &signal);
  const FarmCounts counts = farm->counts();
  log::Info("simulated cameras end",
            {{"frames_sent", static_cast<std::int64_t>(counts.frames_sent)},
             {"frames_late", static_cast<std::int64_t>(counts.frames_late)},
             {"clients_dropped", static_cast<std::int64_t>(counts.clients_dropped)}});
  return farm->FlushLog();
}

}  // namespace

int RunSimulate(const SimulateOptions& options) {
  const auto done = Run(options);
  if (done) return 0;
  log::Error("simulated cameras can't go on", {{"error", done.error()}});
  return 1;
}

}  // namespace yagura::simulate
