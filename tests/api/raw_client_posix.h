#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace yagura::api {

/// A TCP connection on which a test says whatever it likes. Not thread-safe; closes in the end.
class RawClient {
 public:
  explicit RawClient(std::uint16_t port, int receive_buffer_bytes = 0);
  ~RawClient();
  RawClient(const RawClient&) = delete;
  RawClient& operator=(const RawClient&) = delete;

  /// False once the other side has closed.
  bool Send(std::string_view bytes);
  /// What comes until the other side closes or `within` has passed.
  std::string ReadAll(std::chrono::milliseconds within = std::chrono::seconds(30));
  /// One response whose length its head tells: head and body. `without_body`: the answer to a HEAD.
  std::string ReadResponse(bool without_body = false,
                           std::chrono::milliseconds within = std::chrono::seconds(30));
  /// What comes up to and with `text`; less, where it doesn't come in time.
  std::string ReadUntil(std::string_view text,
                        std::chrono::milliseconds within = std::chrono::seconds(30));
  /// Whether the other side closes within that time; drops what comes.
  bool IsClosedWithin(std::chrono::milliseconds within);

 private:
  bool ReadSome(std::chrono::steady_clock::time_point until);

  int socket_ = -1;
  std::string received_;
  bool closed_ = false;
};

/// The body of an answer, and one header field's value ("" where missing).
[[nodiscard]] std::string BodyOf(std::string_view response);
[[nodiscard]] std::string FieldOf(std::string_view response, std::string_view name);
[[nodiscard]] std::string StatusLineOf(std::string_view response);

/// Resident memory of this process.
[[nodiscard]] std::int64_t ResidentBytes();

}  // namespace yagura::api
