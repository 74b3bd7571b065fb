#include "api/media/sent_parts.h"

#include "api/error_to_http.h"

namespace yagura::api {

namespace {

/// The body of an answer to a HEAD: a size.
class SizeOnly final : public ByteSource {
 public:
  explicit SizeOnly(std::uint64_t size_bytes) : size_bytes_(size_bytes) {}
  [[nodiscard]] std::uint64_t size_bytes() const override { return size_bytes_; }
  [[nodiscard]] Result<std::optional<Piece>> Next() override {
    return Failure(ErrorCode::kInternal, "the body of a HEAD was asked for");
  }

 private:
  std::uint64_t size_bytes_;
};

}  // namespace

Response NoFootage() { return ToResponse(Problem{404, "no_footage", "", Json::Object()}); }

PartAnswer AnswerPart(const Call& call, std::uint64_t size_bytes, const std::string& etag,
                      const std::string& content_type) {
  const Headers& request = call.request.headers;
  PartAnswer answer;
  Headers& headers = answer.response.headers;
  if (MatchesNoneMatch(request, etag)) {
    answer.response.status = 304;
    headers.Set("ETag", etag);
    return answer;
  }
  const RangeAnswer selected = SelectRange(request, size_bytes, etag);
  if (selected.kind == RangeAnswer::Kind::kUnsatisfiable) {
    answer.response = ToResponse(Problem{416, "out_of_range", "", Json::Object()});
    headers.Set("Content-Range", "bytes */" + std::to_string(size_bytes));
    return answer;
  }
  headers.Set("Content-Type", content_type);
  headers.Set("Accept-Ranges", "bytes");
  headers.Set("ETag", etag);
  answer.has_body = size_bytes > 0;
  answer.range = {0, size_bytes > 0 ? size_bytes - 1 : 0};
  if (selected.kind == RangeAnswer::Kind::kPart) {
    answer.range = selected.range;
    answer.response.status = 206;
    headers.Set("Content-Range", "bytes " + std::to_string(answer.range.first) + "-" +
                                     std::to_string(answer.range.last) + "/" +
                                     std::to_string(size_bytes));
  }
  if (answer.has_body && call.is_head) {
    answer.response.body = std::make_unique<SizeOnly>(answer.range.size_bytes());
    answer.has_body = false;
  }
  return answer;
}

}  // namespace yagura::api
