#include "app/second_tier.h"

#include <string>

#include "fleet/private_file_posix.h"

namespace yagura::app {
namespace {

constexpr std::uint64_t kUploadsAtOnce = 4;
/// For who copies, and for who deletes.
constexpr int kConnectionsMax = 2;

/// The two lines of a file; empty where it has not exactly these.
storage::StoreKeys KeysOf(std::string text) {
  if (!text.ends_with('\n')) text += '\n';
  const std::size_t end = text.find('\n');
  const std::string access = text.substr(0, end);
  const std::string rest = text.substr(end + 1);
  const std::size_t second_end = rest.find('\n');
  if (second_end == std::string::npos || second_end + 1 != rest.size()) return {};
  const std::string secret = rest.substr(0, second_end);
  constexpr std::string_view kBlank = " \t\r";
  const bool plain = access.find_first_of(kBlank) == std::string::npos &&
                     secret.find_first_of(kBlank) == std::string::npos;
  if (!plain || access.empty() || secret.empty()) return {};
  return {.access_key = access, .secret_key = secret};
}

}  // namespace

Result<storage::S3Options> StoreOptions(const VerbContext& context,
                                        const ObjectStoreConfiguration& store) {
  const auto bytes = fleet::ReadPrivateFile(store.keys);
  storage::S3Options options;
  if (bytes.has_value()) options.keys = KeysOf(std::string(bytes->begin(), bytes->end()));
  if (options.keys.access_key.empty()) {
    return Failure(Refusal(ErrorCode::kFailedPrecondition,
                           context.say("store_keys.wrong", {{"file", store.keys.string()}}),
                           context.say("store_keys.next")));
  }
  options.endpoint = store.endpoint;
  options.bucket = store.bucket;
  options.region = store.region;
  options.authority_file = store.authority.string();
  return options;
}

Result<std::unique_ptr<SecondTier>> SecondTier::Open(const VerbContext& context,
                                                     const Configuration& configuration,
                                                     const OfficeCalendar& calendar,
                                                     storage::Files& files) {
  if (!configuration.object_store) return std::unique_ptr<SecondTier>();
  ASSIGN_OR_RETURN(storage::S3Options options, StoreOptions(context, *configuration.object_store));
  return std::unique_ptr<SecondTier>(
      new SecondTier(context, configuration, calendar, files, std::move(options)));
}

SecondTier::SecondTier(const VerbContext& context, const Configuration& configuration,
                       const OfficeCalendar& calendar, storage::Files& files,
                       storage::S3Options options)
    : pool_(configuration.DatabaseAs("yagura_keep"), kConnectionsMax) {
  const ObjectStoreConfiguration& store = *configuration.object_store;
  options.is_stopping = [this] { return stopping_.load(); };
  options.bytes_per_s_max = (store.bytes_per_s_max + kUploadsAtOnce - 1) / kUploadsAtOnce;
  store_ = storage::OpenS3(std::move(options));
  known_store_ = std::make_unique<storage::KnownStore>(*store_, pool_, context.clock);
  mover_ = std::make_unique<storage::ClipMover>(
      pool_, files, *store_, under_way_, context.clock,
      storage::ClipMover::Options{.calendar = calendar,
                                  .address = store.endpoint + "/" + store.bucket,
                                  .copy_after = store.copy_after,
                                  .keep_files_for = store.keep_files_for,
                                  .uploads_at_once = static_cast<int>(kUploadsAtOnce)});
}

void SecondTier::Stop() {
  stopping_ = true;
  mover_->Stop();
}

}  // namespace yagura::app
