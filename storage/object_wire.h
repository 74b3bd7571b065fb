#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/result.h"
#include "storage/object_store.h"

/// What a store's clients and a store say to each other, as text: pure. S3's REST API (API version
/// 2006-03-01), as much of it as s3_store.h needs.
namespace yagura::storage {

/// As a signature wants it: all but letters, digits and "-._~" as %XX; "/" stays in a path.
[[nodiscard]] std::string EncodePath(std::string_view name);
/// "a=1&b=x%2Fy": by key, which the signature wants too.
[[nodiscard]] std::string EncodeQuery(std::vector<std::pair<std::string, std::string>> query);

/// An answer that is no success. `body`: its start.
struct RefusedAnswer {
  int status = 0;
  std::string body;
};
/// The store's own word: what lies between <Code> and </Code>; empty where there is none.
[[nodiscard]] std::string RefusalCode(std::string_view body);
/// What it means (ObjectStore says which code for what). `what`: "put of clips/…".
[[nodiscard]] Error ErrorOf(const RefusedAnswer& answer, std::string_view what);
/// Whether the same request may succeed a little later.
[[nodiscard]] bool IsWorthAnotherTry(const RefusedAnswer& answer);

/// "bytes 0-99/1234": which bytes came, [from, to), and of how many.
struct ContentRange {
  std::uint64_t from = 0;
  std::uint64_t to = 0;
  std::uint64_t object_bytes = 0;
  friend bool operator==(const ContentRange&, const ContentRange&) = default;
};
[[nodiscard]] std::optional<ContentRange> ParseContentRange(std::string_view text);

/// The answer to ListObjectsV2 with encoding-type=url. kDataLoss: it is none.
[[nodiscard]] Result<ObjectPage> ParseList(std::string_view xml);

/// Whether a page is what was asked for: names that begin with `prefix`, in order, behind `after`.
/// From any other who lists would be sent in circles. kDataLoss: it isn't.
[[nodiscard]] Result<void> CheckPage(const ObjectPage& page, std::string_view prefix,
                                     std::string_view after);

/// How long to wait before the try that follows `tries`: doubled each time, at most `most`;
/// `chance` in [0, 1) takes up to half of it away, so that many clients don't come back at once.
[[nodiscard]] std::chrono::milliseconds BackOff(int tries, std::chrono::milliseconds first,
                                                std::chrono::milliseconds most, double chance);

}  // namespace yagura::storage
