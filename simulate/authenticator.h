#pragma once

#include <string>
#include <string_view>

#include "simulate/rtsp_request.h"

namespace yagura::simulate {

struct Credentials {
  std::string user;
  std::string password;
};

/// How cameras ask for credentials: Basic (RFC 7617), Digest with MD5 and no qop as most cameras do
/// (RFC 2069's form, RFC 2617), Digest with SHA-256 and qop=auth (RFC 7616), or mixtures.
enum class AuthScheme { kBasic, kDigestMd5, kDigestMd5Qop, kDigestSha256, kDigestSha256NoQop };

/// Judges the requests of one connection.
class Authenticator {
 public:
  /// Asks as "camera", with a nonce of its own.
  Authenticator(Credentials credentials, AuthScheme scheme);
  Authenticator(Credentials credentials, AuthScheme scheme, std::string realm, std::string nonce);

  /// The value of WWW-Authenticate.
  [[nodiscard]] std::string Challenge() const;
  /// From now on it asks so.
  void AskBy(AuthScheme scheme) { scheme_ = scheme; }
  /// Answers to the nonce so far are refused, with or without `says_stale` in the next challenge.
  void Renew(bool says_stale);
  /// Whether the request's Authorization proves the credentials.
  [[nodiscard]] bool Accepts(const RtspRequest& request) const;

 private:
  [[nodiscard]] bool AcceptsDigest(const RtspRequest& request, std::string_view fields) const;
  [[nodiscard]] std::string Hash(const std::string& text) const;
  [[nodiscard]] bool qop() const;

  Credentials credentials_;
  AuthScheme scheme_;
  std::string realm_;
  std::string nonce_;
  bool stale_ = false;
};

}  // namespace yagura::simulate
