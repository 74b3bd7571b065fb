#include "api/api_server.h"
#include "api/server_rest.h"
#include "app/database_check.h"
#include "app/proxy_key.h"
#include "app/second_tier.h"
#include "app/signals_posix.h"
#include "app/verbs.h"
#include "core/descriptor_limit_posix.h"
#include "core/log.h"

namespace yagura::app {
namespace {

/// Of cpprestsdk, for its sockets: no handler of ours runs on them.
constexpr int kRestThreads = 2;
/// Of media: up to six may wait for decode workers, and playlists and clips go on beside them.
constexpr int kMediaWorkers = 10;

/// Beside them, for those who wait for the object store.
constexpr int kStoreWorkers = 10;

/// Somebody waits for it.
storage::S3Options ForViewers(storage::S3Options options) {
  options.connect_timeout = milliseconds(1'500);
  options.stall_timeout = std::chrono::seconds(6);
  options.tries_max = 2;
  options.rest_after_failure = milliseconds(3'000);
  return options;
}

Result<api::ServerOptions> At(const ListenAddress& listen, const VerbContext& context,
                              const Configuration& configuration) {
  api::ServerOptions options;
  options.address = listen.host;
  options.port = listen.port;
  ASSIGN_OR_RETURN(options.proxy_key, ReadProxyKey(context, configuration));
  return options;
}

/// Until the process is asked to stop, or the database turns out to be another program's: it may
/// begin to answer after we do.
Result<void> AwaitStop(StopSignals& signals, pg::Pool& pool, const Configuration& configuration,
                       const VerbContext& context, bool fits) {
  while (!signals.Await(fits ? milliseconds(60'000) : kAskAgain)) {
    if (fits) continue;
    ASSIGN_OR_RETURN(fits, DatabaseFits(pool, configuration, context));
  }
  return {};
}

Result<int> RunApi(VerbContext& context) {
  StopSignals signals;
  api::PrepareRestThreads(kRestThreads);
  log::Configure("api", log::Level::kInfo);
  ASSIGN_OR_RETURN(const Configuration configuration, context.LoadConfiguration());
  ASSIGN_OR_RETURN(const auto server_options, At(configuration.api, context, configuration));
  pg::Pool pool(configuration.DatabaseAs("yagura_api"), 1);
  ASSIGN_OR_RETURN(const bool fits, DatabaseFits(pool, configuration, context));
  ASSIGN_OR_RETURN(const auto server,
                   api::RestApi::Start({.server = server_options,
                                        .database = configuration.DatabaseAs("yagura_api"),
                                        .public_url = configuration.public_url},
                                       context.clock));
  log::Info("listening", {{"port", std::int64_t{server->port()}}});
  RETURN_IF_ERROR(AwaitStop(signals, pool, configuration, context, fits));
  return 0;
}

/// Workers of media are this program.
constexpr const char* kOurselves = "/proc/self/exe";

api::Transcoders::Options TranscodersOf(const Configuration& configuration) {
  return {.worker = {.program = kOurselves},
          .at_once_max = static_cast<std::size_t>(configuration.transcodes_max)};
}

Result<int> RunMedia(VerbContext& context) {
  StopSignals signals;
  log::Configure("media", log::Level::kInfo);
  RaiseDescriptorLimit();
  ASSIGN_OR_RETURN(const Configuration configuration, context.LoadConfiguration());
  ASSIGN_OR_RETURN(OfficeCalendar calendar, OfficeCalendar::Load(configuration.time_zone));
  ASSIGN_OR_RETURN(auto server_options, At(configuration.media, context, configuration));
  pg::Pool pool(configuration.DatabaseAs("yagura_media"), 1);
  ASSIGN_OR_RETURN(const bool fits, DatabaseFits(pool, configuration, context));
  std::shared_ptr<storage::ObjectStore> store;
  if (configuration.object_store) {
    ASSIGN_OR_RETURN(auto options, StoreOptions(context, *configuration.object_store));
    store = storage::OpenS3(ForViewers(std::move(options)));
  }
  server_options.worker_threads =
      kMediaWorkers + (store ? kStoreWorkers : 0) +
      configuration.transcodes_max * api::Transcoders::Player::kRequestsMax;
  ASSIGN_OR_RETURN(const auto server,
                   api::MediaApi::Start({.server = server_options,
                                         .database = configuration.DatabaseAs("yagura_media"),
                                         .public_url = configuration.public_url,
                                         .live_socket = configuration.live_socket.string(),
                                         .decoder = {.program = kOurselves},
                                         .transcoders = TranscodersOf(configuration),
                                         .store = std::move(store)},
                                        std::move(calendar), context.clock));
  log::Info("listening", {{"port", std::int64_t{server->port()}}});
  RETURN_IF_ERROR(AwaitStop(signals, pool, configuration, context, fits));
  return 0;
}

}  // namespace

Verb ApiVerb(const Messages& say) {
  return {.command = {.words = {"api"},
                      .summary = say("api"),
                      .description = say("api.about"),
                      .examples = {"yagura api --config /etc/yagura/yagura.toml"}},
          .run = RunApi};
}

Verb MediaVerb(const Messages& say) {
  return {.command = {.words = {"media"},
                      .summary = say("media"),
                      .description = say("media.about"),
                      .examples = {"yagura media --config /etc/yagura/yagura.toml"}},
          .run = RunMedia};
}

}  // namespace yagura::app
