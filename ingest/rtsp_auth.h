#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "ingest/rtsp_message.h"

namespace yagura::ingest {

struct Credentials {
  std::string user;
  std::string password;
};

/// One way in which a camera lets us prove who we are.
struct Challenge {
  enum class Scheme : std::uint8_t { kBasic, kDigestMd5, kDigestSha256 };  // weakest first
  Scheme scheme = Scheme::kBasic;
  std::string realm;
  std::string nonce;
  std::string opaque;
  bool has_opaque = false;
  bool names_algorithm = false;  // then the answer names it too
  bool qop_auth = false;         // RFC 7616; without it the older form of RFC 2069
  bool stale = false;            // only the nonce has expired, the credentials are right
};

/// Reads one challenge (RFC 7616, RFC 7617). Nothing: malformed, or a scheme, algorithm or qop that
/// we don't do.
[[nodiscard]] std::optional<Challenge> ParseChallenge(std::string_view text);

/// The strongest of the challenges of a 401 reply, so that a password goes over the wire in clear
/// only where a camera knows nothing better. They may stand in WWW-Authenticate headers of their
/// own, or several in one (RFC 9110 section 11.6.1).
[[nodiscard]] std::optional<Challenge> StrongestChallenge(const RtspMessage& reply);

/// Answers a camera's challenges. One per RTSP session; pure but for the digest's arithmetic.
class Authenticator {
 public:
  /// `client_nonce`: random text of this session's own (cnonce).
  Authenticator(Credentials credentials, std::string client_nonce)
      : credentials_(std::move(credentials)), client_nonce_(std::move(client_nonce)) {}

  /// Whether a request that the camera has just answered with `challenge` is worth repeating: it
  /// carried no answer, or one to a nonce that has expired since. False: the credentials are wrong
  /// (or there are none).
  [[nodiscard]] bool Accept(const Challenge& challenge);

  /// The Authorization value for a request; nothing before the first challenge.
  [[nodiscard]] std::optional<std::string> Authorization(std::string_view method,
                                                         std::string_view uri);

  /// The camera took the last answer: from now on a 401 with another nonce means that ours has
  /// expired.
  void Proved() { proved_ = challenge_.has_value(); }

  /// Shows the credentials no more: refused again and again, they would lock the account.
  void Forget();

  /// The scheme of the answer that the camera took; nothing before.
  [[nodiscard]] std::optional<Challenge::Scheme> proved_scheme() const {
    return proved_ ? std::optional(challenge_->scheme) : std::nullopt;
  }

  [[nodiscard]] bool has_credentials() const { return !credentials_.user.empty(); }

 private:
  [[nodiscard]] std::string Digest(std::string_view method, std::string_view uri);

  Credentials credentials_;
  std::string client_nonce_;
  std::optional<Challenge> challenge_;
  std::uint32_t nonce_count_ = 0;
  bool proved_ = false;
};

}  // namespace yagura::ingest
