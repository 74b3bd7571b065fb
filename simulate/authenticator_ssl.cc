#include <openssl/evp.h>

#include <array>
#include <map>
#include <random>

#include "simulate/authenticator.h"
#include "simulate/base64.h"

namespace yagura::simulate {
namespace {

std::string HexOf(std::span<const std::uint8_t> bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  for (const std::uint8_t byte : bytes) {
    text += kDigits[byte >> 4];
    text += kDigits[byte & 0xf];
  }
  return text;
}

std::string NewNonce() {
  std::random_device device;
  std::array<std::uint8_t, 16> bytes{};
  for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(device());
  return HexOf(bytes);
}

/// `name="value", name=value`: the parameters of a challenge's answer (RFC 7616, 3.4).
std::map<std::string, std::string> Parameters(std::string_view text) {
  std::map<std::string, std::string> parameters;
  while (true) {
    const std::size_t begin = text.find_first_not_of(" ,");
    const std::size_t equals = text.find('=');
    if (begin == std::string_view::npos || equals == std::string_view::npos || equals < begin) {
      return parameters;
    }
    const std::string name(text.substr(begin, equals - begin));
    text.remove_prefix(equals + 1);
    const bool quoted = !text.empty() && text.front() == '"';
    if (quoted) text.remove_prefix(1);
    const std::size_t end = std::min(text.find(quoted ? '"' : ','), text.size());
    parameters[name] = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

}  // namespace

Authenticator::Authenticator(Credentials credentials, AuthScheme scheme)
    : Authenticator(std::move(credentials), scheme, "camera", NewNonce()) {}

Authenticator::Authenticator(Credentials credentials, AuthScheme scheme, std::string realm,
                             std::string nonce)
    : credentials_(std::move(credentials)),
      scheme_(scheme),
      realm_(std::move(realm)),
      nonce_(std::move(nonce)) {}

std::string Authenticator::Challenge() const {
  const std::string realm = "realm=\"" + realm_ + "\"";
  const std::string digest = "Digest " + realm + ", nonce=\"" + nonce_ + "\"";
  const std::string stale = stale_ ? ", stale=true" : "";
  switch (scheme_) {
    case AuthScheme::kBasic:
      return "Basic " + realm;
    case AuthScheme::kDigestMd5:
      return digest + stale;
    case AuthScheme::kDigestMd5Qop:
      return digest + ", qop=\"auth\", algorithm=MD5" + stale;
    case AuthScheme::kDigestSha256:
      return digest + ", qop=\"auth\", algorithm=SHA-256" + stale;
    case AuthScheme::kDigestSha256NoQop:
      break;
  }
  return digest + ", algorithm=\"SHA-256\", stale=\"" + (stale_ ? "TRUE\"" : "FALSE\"");
}

void Authenticator::Renew(bool says_stale) {
  nonce_ = NewNonce();
  stale_ = says_stale;
}

bool Authenticator::qop() const {
  return scheme_ == AuthScheme::kDigestMd5Qop || scheme_ == AuthScheme::kDigestSha256;
}

bool Authenticator::Accepts(const RtspRequest& request) const {
  const std::string_view answer = request.Header("Authorization");
  const std::size_t space = answer.find(' ');
  if (space == std::string_view::npos) return false;
  const std::string_view scheme = answer.substr(0, space);
  const std::string_view fields = answer.substr(space + 1);
  if (scheme_ != AuthScheme::kBasic) return scheme == "Digest" && AcceptsDigest(request, fields);
  const std::string plain = credentials_.user + ":" + credentials_.password;
  const std::span bytes(reinterpret_cast<const std::uint8_t*>(plain.data()), plain.size());
  return scheme == "Basic" && fields == Base64(bytes);
}

bool Authenticator::AcceptsDigest(const RtspRequest& request, std::string_view fields) const {
  auto got = Parameters(fields);
  if (got["username"] != credentials_.user || got["nonce"] != nonce_) return false;
  // The uri is the client's own spelling; that it names what is asked for is not this camera's
  // concern.
  const std::string who = Hash(credentials_.user + ":" + realm_ + ":" + credentials_.password);
  const std::string what = Hash(request.method + ":" + got["uri"]);
  const std::string middle =
      qop() ? nonce_ + ":" + got["nc"] + ":" + got["cnonce"] + ":" + got["qop"] : nonce_;
  return got["response"] == Hash(who + ":" + middle + ":" + what);
}

std::string Authenticator::Hash(const std::string& text) const {
  const bool sha256 =
      scheme_ == AuthScheme::kDigestSha256 || scheme_ == AuthScheme::kDigestSha256NoQop;
  const EVP_MD* digest = sha256 ? EVP_sha256() : EVP_md5();
  std::array<std::uint8_t, EVP_MAX_MD_SIZE> out{};
  unsigned int size = 0;
  if (EVP_Digest(text.data(), text.size(), out.data(), &size, digest, nullptr) != 1) return {};
  return HexOf(std::span(out).first(size));
}

}  // namespace yagura::simulate
