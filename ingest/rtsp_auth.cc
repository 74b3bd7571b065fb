#include "ingest/rtsp_auth.h"

#include <array>
#include <cstdio>

#include "ingest/digest_ssl.h"
#include "ingest/limits.h"
#include "ingest/text.h"

namespace yagura::ingest {
namespace {

/// Cuts one `name=value` or `name="value"` (with \-escapes) off the front of `rest`; false at the
/// end or when malformed.
bool CutParameter(std::string_view& rest, std::string& name, std::string& value) {
  while (!rest.empty() && (rest.front() == ',' || rest.front() == ' ' || rest.front() == '\t')) {
    rest.remove_prefix(1);
  }
  const auto equals = rest.find('=');
  if (equals == std::string_view::npos) return false;
  const std::string_view front = rest.substr(0, equals);
  name = std::string(Trimmed(front.substr(front.rfind(',') + 1)));  // of qop=auth,auth-int, nonce=
  rest = rest.substr(equals + 1);
  while (!rest.empty() && rest.front() == ' ') rest.remove_prefix(1);
  value.clear();
  if (rest.empty() || rest.front() != '"') {
    value = std::string(Trimmed(CutAt(rest, ',')));
    return true;
  }
  for (std::size_t i = 1; i < rest.size(); ++i) {
    if (rest[i] == '"') {
      rest = rest.substr(i + 1);
      return true;
    }
    if (rest[i] == '\\' && i + 1 < rest.size()) ++i;
    value += rest[i];
  }
  return false;  // the quote never ends
}

bool OffersAuth(std::string_view qop) {
  while (!qop.empty()) {
    if (EqualsIgnoringCase(Trimmed(CutAt(qop, ',')), "auth")) return true;
  }
  return false;
}

/// False: a parameter that we can't do.
bool Apply(const std::string& name, const std::string& value, Challenge& challenge) {
  if (EqualsIgnoringCase(name, "realm")) challenge.realm = value;
  if (EqualsIgnoringCase(name, "nonce")) challenge.nonce = value;
  if (EqualsIgnoringCase(name, "stale")) challenge.stale = EqualsIgnoringCase(value, "true");
  if (EqualsIgnoringCase(name, "opaque")) {
    challenge.opaque = value;
    challenge.has_opaque = true;
  }
  if (EqualsIgnoringCase(name, "qop")) return challenge.qop_auth = OffersAuth(value);
  if (EqualsIgnoringCase(name, "algorithm")) {
    challenge.names_algorithm = true;
    const bool sha256 = EqualsIgnoringCase(value, "SHA-256");
    challenge.scheme = sha256 ? Challenge::Scheme::kDigestSha256 : Challenge::Scheme::kDigestMd5;
    return sha256 || EqualsIgnoringCase(value, "MD5");
  }
  return true;
}

/// Whether this piece between commas is a scheme with its first parameter ("Digest realm=...").
bool BeginsChallenge(std::string_view piece) {
  const std::size_t equals = piece.find('=');
  const std::string_view name = Trimmed(piece.substr(0, equals));
  return equals != std::string_view::npos && name.find_first_of(" \t") != std::string_view::npos;
}

/// Calls `take` with each challenge of one header value: commas stand between challenges as well as
/// between their parameters.
template <class Take>
void ForEachChallenge(std::string_view value, const Take& take) {
  std::size_t challenge = 0;
  std::size_t piece = 0;
  bool quoted = false;
  for (std::size_t i = 0; i <= value.size(); ++i) {
    const bool end = i == value.size();
    if (!end && quoted && value[i] == '\\') {
      ++i;
    } else if (!end && value[i] == '"') {
      quoted = !quoted;
    } else if (end || (!quoted && value[i] == ',')) {
      if (piece > 0 && BeginsChallenge(value.substr(piece, i - piece))) {
        take(value.substr(challenge, piece - 1 - challenge));
        challenge = piece;
      }
      piece = i + 1;
    }
  }
  take(value.substr(challenge));
}

std::string QuotedString(std::string_view text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + '"';
}

}  // namespace

std::optional<Challenge> ParseChallenge(std::string_view text) {
  if (text.size() > kMaxChallengeBytes) return std::nullopt;
  std::string_view rest = Trimmed(text);
  const std::string_view scheme = CutAt(rest, ' ');
  Challenge challenge;
  const bool digest = EqualsIgnoringCase(scheme, "Digest");
  if (!digest && !EqualsIgnoringCase(scheme, "Basic")) return std::nullopt;
  if (digest) challenge.scheme = Challenge::Scheme::kDigestMd5;
  std::string name;
  std::string value;
  while (CutParameter(rest, name, value)) {
    if (!digest && !EqualsIgnoringCase(name, "realm")) continue;
    if (!Apply(name, value, challenge)) return std::nullopt;
  }
  if (digest && challenge.nonce.empty()) return std::nullopt;
  return challenge;
}

std::optional<Challenge> StrongestChallenge(const RtspMessage& reply) {
  std::optional<Challenge> best;
  for (const RtspHeader& header : reply.headers) {
    if (!EqualsIgnoringCase(header.name, "WWW-Authenticate")) continue;
    ForEachChallenge(header.value, [&best](std::string_view text) {
      const auto challenge = ParseChallenge(text);
      if (challenge && (!best || challenge->scheme > best->scheme)) best = challenge;
    });
  }
  return best;
}

bool Authenticator::Accept(const Challenge& challenge) {
  if (!has_credentials()) return false;
  const bool first = !challenge_.has_value();
  const bool new_nonce = !first && challenge.scheme != Challenge::Scheme::kBasic &&
                         challenge.nonce != challenge_->nonce;
  const bool expired = new_nonce && (challenge.stale || proved_);
  if (!first && !expired) return false;
  challenge_ = challenge;
  nonce_count_ = 0;
  proved_ = false;
  return true;
}

void Authenticator::Forget() {
  challenge_.reset();
  credentials_ = {};
  proved_ = false;
}

std::optional<std::string> Authenticator::Authorization(std::string_view method,
                                                        std::string_view uri) {
  if (!challenge_) return std::nullopt;
  if (challenge_->scheme != Challenge::Scheme::kBasic) return Digest(method, uri);
  return "Basic " + EncodeBase64(credentials_.user + ":" + credentials_.password);
}

/// RFC 7616 section 3.4.1; RFC 2069 section 2.1.2 without qop.
std::string Authenticator::Digest(std::string_view method, std::string_view uri) {
  const bool sha256 = challenge_->scheme == Challenge::Scheme::kDigestSha256;
  const auto hash = [sha256](const std::string& text) {
    return sha256 ? Sha256Hex(text) : Md5Hex(text);
  };
  const std::string a1 =
      hash(credentials_.user + ":" + challenge_->realm + ":" + credentials_.password);
  const std::string a2 = hash(std::string(method) + ":" + std::string(uri));
  std::array<char, 9> count{};
  std::snprintf(count.data(), count.size(), "%08x", ++nonce_count_);
  const std::string middle =
      challenge_->qop_auth ? challenge_->nonce + ":" + count.data() + ":" + client_nonce_ + ":auth"
                           : challenge_->nonce;
  std::string value = "Digest username=" + QuotedString(credentials_.user) +
                      ", realm=" + QuotedString(challenge_->realm) +
                      ", nonce=" + QuotedString(challenge_->nonce) + ", uri=" + QuotedString(uri) +
                      ", response=\"" + hash(a1 + ":" + middle + ":" + a2) + '"';
  if (challenge_->names_algorithm) value += sha256 ? ", algorithm=SHA-256" : ", algorithm=MD5";
  if (challenge_->qop_auth)
    value += ", qop=auth, nc=" + std::string(count.data()) + ", cnonce=\"" + client_nonce_ + '"';
  if (challenge_->has_opaque) value += ", opaque=" + QuotedString(challenge_->opaque);
  return value;
}

}  // namespace yagura::ingest
