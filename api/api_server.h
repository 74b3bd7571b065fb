#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "api/media/transcoders.h"
#include "api/server.h"
#include "core/calendar.h"
#include "core/pg/pool_pg.h"
#include "core/result.h"
#include "core/time.h"
#include "pictures/picture_decoder.h"
#include "storage/object_store.h"

namespace yagura::api {

/// What `yagura api` runs with.
struct RestApiOptions {
  ServerOptions server;
  pg::ConnectOptions database;  // role yagura_api
  std::string public_url;  // by what browsers reach us: the only source of origin and cookie name
};

/// The JSON API, from its listener to its pool. PostgreSQL need not be there when it starts: until
/// it is, requests get 503. PrepareRestThreads (server_rest.h) comes before, once in the process.
class RestApi {
 public:
  /// `clock` outlives it. kUnavailable: the address can't be listened on.
  [[nodiscard]] static Result<std::unique_ptr<RestApi>> Start(const RestApiOptions& options,
                                                              const Clock& clock);
  ~RestApi();
  RestApi(const RestApi&) = delete;
  RestApi& operator=(const RestApi&) = delete;
  [[nodiscard]] std::uint16_t port() const;

 private:
  struct Parts;
  explicit RestApi(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

/// What `yagura media` runs with. Clip files are read where the catalogue says that their volumes
/// are.
struct MediaApiOptions {
  ServerOptions server;
  pg::ConnectOptions database;  // role yagura_media
  std::string public_url;
  std::string live_socket;  // of the recorder's live relay
  pictures::PictureDecoder::Options decoder{};
  Transcoders::Options transcoders{};
  std::shared_ptr<storage::ObjectStore> store{};  // where older footage is; none: all on volumes
};

/// The footage API. As RestApi; when it ends, viewers are cut and their viewings' ends recorded.
class MediaApi {
 public:
  /// `calendar`: the office's, as the recorder's. Errors as RestApi::Start.
  [[nodiscard]] static Result<std::unique_ptr<MediaApi>> Start(const MediaApiOptions& options,
                                                               OfficeCalendar calendar,
                                                               const Clock& clock);
  ~MediaApi();
  MediaApi(const MediaApi&) = delete;
  MediaApi& operator=(const MediaApi&) = delete;
  [[nodiscard]] std::uint16_t port() const;

 private:
  struct Parts;
  explicit MediaApi(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace yagura::api
