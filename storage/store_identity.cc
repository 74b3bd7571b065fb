#include "storage/store_identity.h"

#include <algorithm>
#include <string>
#include <string_view>

namespace yagura::storage {
namespace {

constexpr char kName[] = "store";
constexpr std::string_view kTitle = "yagura object store 1\n";
constexpr std::uint64_t kBytes = kTitle.size() + 36 + 1;  // with an id and a line's end

}  // namespace

Result<std::optional<StoreId>> ReadStoreId(ObjectStore& store) {
  const auto size_bytes = store.SizeOf(kName);
  if (!size_bytes.has_value() && size_bytes.error().code() == ErrorCode::kNotFound) {
    return std::optional<StoreId>();
  }
  if (!size_bytes.has_value()) return Failure(size_bytes.error());
  std::string text(kBytes, '\0');
  if (*size_bytes == kBytes) {
    RETURN_IF_ERROR(
        store.Get(kName, 0, {reinterpret_cast<std::uint8_t*>(text.data()), text.size()}));
  }
  std::string_view rest(text);
  if (rest.starts_with(kTitle) && rest.ends_with('\n')) {
    rest.remove_prefix(kTitle.size());
    rest.remove_suffix(1);
    if (const auto id = ParseId<StoreId>(rest)) return id;
  }
  return Failure(ErrorCode::kDataLoss, "the object store's identity is damaged");
}

Result<StoreId> FormatStore(ObjectStore& store) {
  ASSIGN_OR_RETURN(const ObjectPage page, store.List("", ""));
  if (!page.objects.empty()) {
    return Failure(ErrorCode::kFailedPrecondition,
                   "the object store's bucket is not empty and not Yagura's");
  }
  const auto id = NewId<StoreId>();
  const std::string text = std::string(kTitle) + ToString(id) + "\n";
  const ByteView bytes(reinterpret_cast<const std::uint8_t*>(text.data()), text.size());
  RETURN_IF_ERROR(store.Put({.name = kName,
                             .size_bytes = bytes.size(),
                             .sha256 = Sha256Of(bytes),
                             .read = [bytes](std::uint64_t offset, std::span<std::uint8_t> buffer) {
                               const auto rest = bytes.subspan(static_cast<std::size_t>(offset));
                               const std::size_t count = std::min(rest.size(), buffer.size());
                               std::copy_n(rest.begin(), count, buffer.begin());
                               return Result<std::size_t>(count);
                             }}));
  ASSIGN_OR_RETURN(const auto found, ReadStoreId(store));
  if (found != id) return Failure(ErrorCode::kUnavailable, "the object store lost its identity");
  return id;
}

}  // namespace yagura::storage
