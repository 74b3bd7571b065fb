#include "app/configuration.h"

#include <algorithm>
#include <charconv>
#include <thread>

#include "core/calendar.h"
#include "core/configuration.h"

namespace yagura::app {
namespace {

constexpr int kPortMax = 65'535;
constexpr int kReaderThreadsMax = 64;
constexpr int kVolumeWeightMax = 1000;
constexpr int kReaderThreadsStandard = 2;
constexpr int kTranscodesMax = 24;  // each with threads and database connections of its own

/// Each takes a fifth of a processor (1080p at 15 frames a second): recording keeps more than half
/// of the machine.
int TranscodesStandard() {
  const int processors = static_cast<int>(std::thread::hardware_concurrency());
  return std::clamp(2 * processors, 2, kTranscodesMax);
}

std::filesystem::path AbsolutePath(ConfigurationTable& table, const ConfigurationKey& key) {
  const std::filesystem::path path = table.Text(key);
  if (!path.empty() && !path.is_absolute()) table.Refuse(key, "a path that begins with \"/\"");
  return path.lexically_normal();
}

/// Beside the state unless it stands elsewhere: then only the recorder's own user can connect.
std::filesystem::path LiveSocket(ConfigurationTable& table, const std::filesystem::path& state) {
  const ConfigurationKey key{"live_socket", "\"/run/yagura/live.socket\""};
  const std::filesystem::path path = table.Text(key, (state / "live.socket").string());
  if (!path.is_absolute() && !state.empty()) table.Refuse(key, "a path that begins with \"/\"");
  return path.lexically_normal();
}

std::filesystem::path ProxyKey(ConfigurationTable& table) {
  const ConfigurationKey key{"proxy_key", "\"/var/lib/yagura-nginx/proxy.key\""};
  const std::filesystem::path path = table.Text(key, "");
  if (!path.empty() && !path.is_absolute()) table.Refuse(key, "a path that begins with \"/\"");
  return path.lexically_normal();
}

bool IsLoopback(std::string_view host) { return host.starts_with("127.") || host == "[::1]"; }

ListenAddress AddressOf(const std::string& text, ConfigurationTable& table,
                        const ConfigurationKey& key) {
  const std::size_t colon = text.rfind(':');
  ListenAddress address;
  if (text.empty()) return address;
  const std::string_view port =
      colon == std::string::npos ? std::string_view() : std::string_view(text).substr(colon + 1);
  const auto [end, failure] = std::from_chars(port.data(), port.data() + port.size(), address.port);
  const bool whole = failure == std::errc() && end == port.data() + port.size();
  if (!whole || address.port == 0 || !IsLoopback(text.substr(0, colon))) {
    table.Refuse(key, "an address of this machine alone and a port");
    return address;
  }
  address.host = text.substr(0, colon);
  if (address.host == "[::1]") address.host = "::1";
  return address;
}

ListenAddress Listen(ConfigurationTable& table, const ConfigurationKey& key) {
  return AddressOf(table.Text(key), table, key);
}

std::optional<ListenAddress> Metrics(ConfigurationTable& table) {
  const ConfigurationKey key{"metrics", "\"127.0.0.1:9464\""};
  const std::string text = table.Text(key, "");
  if (text.empty()) return std::nullopt;
  return AddressOf(text, table, key);
}

std::string PublicUrl(ConfigurationTable& table) {
  const ConfigurationKey key{"public_url", "\"https://cameras.example\""};
  constexpr std::string_view kScheme = "https://";
  const std::string url = table.Text(key);
  const bool origin = url.starts_with(kScheme) && url.size() > kScheme.size() &&
                      url.find_first_of("/?#@ ", kScheme.size()) == std::string::npos;
  if (!url.empty() && !origin) table.Refuse(key, "https://, a host and no path");
  return url;
}

std::string TimeZone(ConfigurationTable& table) {
  const ConfigurationKey key{"time_zone", "\"Asia/Tokyo\""};
  const std::string zone = table.Text(key);
  if (!zone.empty() && !OfficeCalendar::Load(zone).has_value()) {
    table.Refuse(key, "a name of the tz database");
  }
  return zone;
}

bool IsWithin(const std::filesystem::path& path, const std::filesystem::path& folder) {
  const auto relative = path.lexically_relative(folder);
  return !relative.empty() && *relative.begin() != "..";
}

/// Two volumes over the same files would count and delete them twice.
std::vector<VolumeConfiguration> Volumes(ConfigurationFile& file) {
  const ConfigurationKey path{"path", "\"/srv/yagura/volume-1\""};
  const ConfigurationKey weight{"weight", "1"};
  std::vector<ConfigurationTable> tables = file.Tables("volume");
  std::vector<VolumeConfiguration> volumes;
  bool any_weight = false;
  for (ConfigurationTable& table : tables) {
    VolumeConfiguration volume{
        AbsolutePath(table, path), table.Bytes({"limit", "\"4000G\""}),
        static_cast<std::uint32_t>(table.Integer(weight, 0, kVolumeWeightMax, 1))};
    for (const VolumeConfiguration& other : volumes) {
      if (IsWithin(volume.path, other.path) || IsWithin(other.path, volume.path)) {
        table.Refuse(path, "a folder outside the other volumes");
      }
    }
    any_weight = any_weight || volume.weight > 0;
    volumes.push_back(std::move(volume));
  }
  if (!any_weight && !tables.empty()) tables.front().Refuse(weight, "1 or more of one volume");
  return volumes;
}

/// Footage leaves the machine only where nobody can read it on its way.
std::string StoreEndpoint(ConfigurationTable& table) {
  const ConfigurationKey key{"endpoint", "\"https://store.example\""};
  const std::string url = table.Text(key);
  constexpr std::string_view kPlain = "http://";
  constexpr std::string_view kSealed = "https://";
  const std::size_t host = url.starts_with(kSealed) ? kSealed.size() : kPlain.size();
  const bool local = url.starts_with(kPlain) && IsLoopback(std::string_view(url).substr(host));
  const bool origin = (url.starts_with(kSealed) || local) && url.size() > host &&
                      url.find_first_of("/?#@ ", host) == std::string::npos;
  if (!url.empty() && !origin) table.Refuse(key, "https://, a host and no path");
  return url;
}

/// A name that needs no quoting anywhere.
std::string StoreName(ConfigurationTable& table, const ConfigurationKey& key, std::string name) {
  constexpr std::string_view kPlain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_";
  if (name.find_first_not_of(kPlain) != std::string::npos) {
    table.Refuse(key, "letters, digits, \".\", \"-\" and \"_\"");
  }
  return name;
}

std::optional<ObjectStoreConfiguration> ObjectStore(ConfigurationFile& file) {
  auto table = file.FindTable("object_store");
  if (!table) return std::nullopt;
  ObjectStoreConfiguration store;
  store.endpoint = StoreEndpoint(*table);
  const ConfigurationKey bucket{"bucket", "\"yagura\""};
  store.bucket = StoreName(*table, bucket, table->Text(bucket));
  const ConfigurationKey region{"region", "\"us-east-1\""};
  store.region = StoreName(*table, region, table->Text(region, "us-east-1"));
  store.keys = AbsolutePath(*table, {"keys", "\"/etc/yagura/object-store.keys\""});
  const ConfigurationKey authority{"authority", "\"/etc/yagura/store-authority.pem\""};
  store.authority = std::filesystem::path(table->Text(authority, "")).lexically_normal();
  if (!store.authority.empty() && !store.authority.is_absolute()) {
    table->Refuse(authority, "a path that begins with \"/\"");
  }
  store.copy_after = table->Duration({"copy_after", "\"0s\""}).value_or(microseconds(0));
  const ConfigurationKey keep_files{"keep_files_for", "\"7d\""};
  store.keep_files_for = table->Duration(keep_files);
  if (store.keep_files_for && *store.keep_files_for < store.copy_after) {
    table->Refuse(keep_files, "no less than copy_after");
  }
  store.bytes_per_s_max = table->Bytes({"bytes_per_second", "\"20M\""}).value_or(0);
  return store;
}

Result<Configuration> Read(ConfigurationFile file) {
  Configuration read;
  ConfigurationTable office = file.Table("office");
  read.time_zone = TimeZone(office);
  ConfigurationTable database = file.Table("database");
  read.database.host = database.Text({"host", "\"/run/postgresql\""});
  read.database.port = static_cast<int>(database.Integer({"port", "5432"}, 1, kPortMax, 5432));
  read.database.database = database.Text({"name", "\"yagura\""}, "yagura");
  ConfigurationTable record = file.Table("record");
  read.state_directory = AbsolutePath(record, {"state_directory", "\"/var/lib/yagura\""});
  read.live_socket = LiveSocket(record, read.state_directory);
  read.reader_threads = static_cast<int>(
      record.Integer({"threads", "2"}, 1, kReaderThreadsMax, kReaderThreadsStandard));
  read.record_metrics = Metrics(record);
  read.volumes = Volumes(file);
  read.object_store = ObjectStore(file);
  ConfigurationTable api = file.Table("api");
  read.api = Listen(api, {"listen", "\"127.0.0.1:8081\""});
  ConfigurationTable media = file.Table("media");
  read.media = Listen(media, {"listen", "\"127.0.0.1:8082\""});
  read.transcodes_max = static_cast<int>(
      media.Integer({"transcodes_max", "2"}, 0, kTranscodesMax, TranscodesStandard()));
  ConfigurationTable web = file.Table("web");
  read.public_url = PublicUrl(web);
  read.proxy_key = ProxyKey(web);
  RETURN_IF_ERROR(file.Finish());
  return read;
}

}  // namespace

pg::ConnectOptions Configuration::DatabaseAs(std::string role) const {
  pg::ConnectOptions options = database;
  options.role = std::move(role);
  return options;
}

Result<Configuration> LoadConfiguration(const std::filesystem::path& path) {
  ASSIGN_OR_RETURN(auto file, ConfigurationFile::Load(path));
  return Read(std::move(file));
}

Result<Configuration> ParseConfiguration(std::string_view text, std::string_view name) {
  ASSIGN_OR_RETURN(auto file, ConfigurationFile::Parse(text, name));
  return Read(std::move(file));
}

}  // namespace yagura::app
