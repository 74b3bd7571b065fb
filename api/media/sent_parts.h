#pragma once

#include <memory>
#include <string>

#include "api/http.h"
#include "api/media/byte_range.h"
#include "api/route.h"

namespace yagura::api {

/// What a request for a representation of `size_bytes` gets: status 200, 206, 304 or 416 and the
/// fields that go with it, and which bytes.
struct PartAnswer {
  Response response;  // without its body
  ByteRange range;    // where has_body
  bool has_body = false;
};
/// `has_body` is false for a HEAD too: then the response has a body of the right size that is never
/// asked for.
[[nodiscard]] PartAnswer AnswerPart(const Call& call, std::uint64_t size_bytes,
                                    const std::string& etag, const std::string& content_type);

/// 404 `no_footage`: the camera may be seen, and nothing of it in this range; whether it was never
/// recorded, has expired or may not be seen is not told.
[[nodiscard]] Response NoFootage();

}  // namespace yagura::api
