#include "api/api_server.h"

#include <algorithm>

#include "access_control/facts_pg.h"
#include "access_control/gate.h"
#include "access_control/password_queue.h"
#include "access_control/sign_in.h"
#include "api/media/clip_folder.h"
#include "api/media/media_routes.h"
#include "api/media/server_beast.h"
#include "api/media/viewings.h"
#include "api/router.h"
#include "api/routes.h"
#include "api/server_rest.h"

namespace yagura::api {
namespace {

/// Requests wait for workers, workers for connections: as many of these as of those, one for who
/// asks whether all is well, and one for those who look after what is open.
int ConnectionsFor(const ServerOptions& server) { return server.worker_threads + 2; }

/// While PostgreSQL hangs, callers are told so within two seconds: at most half a one in the queue
/// (ServerOptions::queue_wait_max), and a transaction. Who comes right after is told at once.
pg::ConnectOptions InTime(pg::ConnectOptions options) {
  options.connect_timeout = std::min(options.connect_timeout, milliseconds(1000));
  options.statement_timeout = std::min(options.statement_timeout, milliseconds(1500));
  options.transaction_timeout = std::min(options.transaction_timeout, milliseconds(1500));
  options.silence_pause = milliseconds(1000);
  return options;
}

/// From a token to a permit, over one pool.
struct Door {
  Door(const pg::ConnectOptions& database, const ServerOptions& server,
       const std::string& public_url, const Clock& clock)
      : pool(InTime(database), ConnectionsFor(server)),
        facts(pool),
        gate(pool, facts, clock),
        sessions(public_url) {}
  pg::Pool pool;
  access_control::FactsSource facts;
  access_control::Gate gate;
  SessionTransport sessions;
};

}  // namespace

// Members end from below: the listener first, then what its handlers use.
struct RestApi::Parts {
  Parts(const RestApiOptions& options, const Clock& clock)
      : door(options.database, options.server, options.public_url, clock),
        sign_in(door.pool, passwords),
        router(RestRoutes({door.gate, sign_in, door.sessions, clock}), door.gate, door.sessions) {}
  Door door;
  access_control::PasswordQueue passwords;
  access_control::SignIn sign_in;
  Router router;
  std::unique_ptr<RestServer> server;
};

RestApi::RestApi(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
RestApi::~RestApi() = default;
std::uint16_t RestApi::port() const { return parts_->server->port(); }

Result<std::unique_ptr<RestApi>> RestApi::Start(const RestApiOptions& options, const Clock& clock) {
  auto parts = std::make_unique<Parts>(options, clock);
  const Router& router = parts->router;
  ASSIGN_OR_RETURN(parts->server,
                   RestServer::Start(options.server, [&router](const Request& request) {
                     return router.Handle(request);
                   }));
  return std::unique_ptr<RestApi>(new RestApi(std::move(parts)));
}

namespace {

/// One answer opens some 70 clips, on disks that may be cold: some of the server's ten workers may
/// do that. A person sees two hours of the clock at once.
constexpr Turns::Limits kActivityLimits{.at_once = 3, .of_one = 2};

pictures::PictureDecoder::Options MakerOfThumbnails(pictures::PictureDecoder::Options options) {
  options.arguments = {"decode", "--thumbnails"};
  return options;
}

}  // namespace

struct MediaApi::Parts {
  Parts(const MediaApiOptions& options, OfficeCalendar calendar, const Clock& clock)
      : door(options.database, options.server, options.public_url, clock),
        store(options.store),
        folder(std::move(calendar), store.get()),
        viewings(door.gate, clock),
        transcoders(options.transcoders, clock),
        live({.socket_path = options.live_socket}, {door.gate, viewings, transcoders, clock}),
        decoder(options.decoder),
        stored_picture_turns(clock),
        activity_turns(clock, kActivityLimits),
        thumbnail_decoder(MakerOfThumbnails(options.decoder)),
        thumbnails(clock),
        router(MediaRoutes({door.gate, viewings, folder, live, decoder, stored_picture_turns,
                            activity_turns, thumbnail_decoder, thumbnails, transcoders, clock}),
               door.gate, door.sessions) {}
  Door door;
  std::shared_ptr<storage::ObjectStore> store;
  ClipFolder folder;
  Viewings viewings;
  Transcoders transcoders;
  LiveHub live;
  pictures::PictureDecoder decoder;
  Turns stored_picture_turns;
  Turns activity_turns;
  pictures::PictureDecoder thumbnail_decoder;
  ThumbnailCache thumbnails;
  Router router;
  std::unique_ptr<MediaServer> server;
};

MediaApi::MediaApi(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
MediaApi::~MediaApi() = default;
std::uint16_t MediaApi::port() const { return parts_->server->port(); }

Result<std::unique_ptr<MediaApi>> MediaApi::Start(const MediaApiOptions& options,
                                                  OfficeCalendar calendar, const Clock& clock) {
  auto parts = std::make_unique<Parts>(options, std::move(calendar), clock);
  const Router& router = parts->router;
  ASSIGN_OR_RETURN(parts->server,
                   MediaServer::Start(options.server, [&router](const Request& request) {
                     return router.Handle(request);
                   }));
  return std::unique_ptr<MediaApi>(new MediaApi(std::move(parts)));
}

}  // namespace yagura::api
