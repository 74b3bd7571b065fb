#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/pg/pool_pg.h"
#include "core/result.h"
#include "core/time.h"

namespace yagura::app {

/// Where a listener of ours waits; always an address of this machine alone: nginx stands in front.
struct ListenAddress {
  std::string host;  // "127.0.0.1" or "::1"
  std::uint16_t port = 0;
  friend bool operator==(const ListenAddress&, const ListenAddress&) = default;
};

struct VolumeConfiguration {
  std::filesystem::path path;
  std::optional<std::uint64_t> limit_bytes;  // nothing: as large as its file system
  std::uint32_t weight = 1;                  // of the recorder's streams; 0: drained
  friend bool operator==(const VolumeConfiguration&, const VolumeConfiguration&) = default;
};

/// A bucket of an object store, to which finished clips are copied.
struct ObjectStoreConfiguration {
  std::string endpoint;  // "https://store.example"
  std::string bucket;
  std::string region;
  std::filesystem::path keys;       // the file of the access key and the secret key, a line each
  std::filesystem::path authority;  // PEM of who signed the store's certificate; or empty
  microseconds copy_after{};        // once a clip is so old
  std::optional<microseconds> keep_files_for;  // nothing: as long as the footage
  std::uint64_t bytes_per_s_max = 0;           // of copying; 0: as fast as it goes
  friend bool operator==(const ObjectStoreConfiguration&,
                         const ObjectStoreConfiguration&) = default;
};

/// The one configuration file of all processes; deploy/yagura.toml.example explains each line.
struct Configuration {
  std::string time_zone;                  // [office] a zone that the tz database has
  pg::ConnectOptions database;            // [database] without a role: see DatabaseAs
  std::filesystem::path state_directory;  // [record] the recorder's journal, key, last cameras
  std::filesystem::path live_socket;      // [record] where media asks for live pictures
  int reader_threads = 0;                 // [record]
  std::optional<ListenAddress> record_metrics;  // [record] where the recorder answers GET /metrics
  std::vector<VolumeConfiguration> volumes;     // [[volume]] one at least, none inside another
  std::optional<ObjectStoreConfiguration> object_store;  // [object_store] or none
  ListenAddress api;                                     // [api]
  ListenAddress media;                                   // [media]
  int transcodes_max = 0;  // [media] streams that are transcoded at once, for those who look
  std::string public_url;  // [web] "https://host" or "https://host:port", nothing behind it
  std::filesystem::path proxy_key;  // [web] the file of what nginx proves itself by; or empty

  /// How to connect as one of the product's roles ("yagura_record").
  [[nodiscard]] pg::ConnectOptions DatabaseAs(std::string role) const;
};

/// kNotFound, kPermissionDenied: no file that can be read; kInvalidArgument: the first thing wrong
/// in it, with its line, what was expected, and what came.
[[nodiscard]] Result<Configuration> LoadConfiguration(const std::filesystem::path& path);
/// The same for a text; `name` stands for the path in errors.
[[nodiscard]] Result<Configuration> ParseConfiguration(std::string_view text,
                                                       std::string_view name);

}  // namespace yagura::app
