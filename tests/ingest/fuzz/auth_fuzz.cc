#include <string>
#include <string_view>

#include "core/check.h"
#include "ingest/rtsp_auth.h"
#include "ingest/rtsp_session.h"
#include "ingest/rtsp_url.h"
#include "tests/fuzz/fuzz_target.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  namespace ingest = yagura::ingest;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto challenge = ingest::ParseChallenge(text)) {
    ingest::Authenticator authenticator({"viewer", "password-in-clear"}, "cnonce");
    CHECK(authenticator.Accept(*challenge));
    const auto answer = authenticator.Authorization("DESCRIBE", "rtsp://camera/");
    CHECK(answer.has_value());
    const bool basic = challenge->scheme == ingest::Challenge::Scheme::kBasic;
    CHECK(basic || text.find("password") != std::string_view::npos ||
          answer->find("password-in-clear") == std::string::npos);
    CHECK(!authenticator.Accept(*challenge));  // the same challenge again is a refusal
  }
  ingest::RtspMessage reply;
  reply.headers = {{"WWW-Authenticate", std::string(text)}};
  if (const auto strongest = ingest::StrongestChallenge(reply)) {
    const bool digest = strongest->scheme != ingest::Challenge::Scheme::kBasic;
    CHECK(!digest || !strongest->nonce.empty());
  }
  if (const auto transport = ingest::ParseTransport(text); transport.has_value()) {
    CHECK(transport->rtp_channel != transport->rtcp_channel);
  }
  if (const auto session = ingest::ParseSessionHeader(text); session.has_value()) {
    CHECK(session->timeout.count() > 0 && session->timeout <= std::chrono::hours(24));
    CHECK(session->id.find_first_of("\r\n ") == std::string::npos);
  }
  if (const auto url = ingest::ParseRtspUrl(text); url.has_value()) {
    CHECK(!url->host.empty() && url->port != 0);
    CHECK(url->text.find_first_of("\r\n ") == std::string::npos);
  }
  (void)ingest::ResolveControl("rtsp://camera/live", text);
  const ingest::RtspUrl asked = ingest::ParseRtspUrl("rtsp://camera/live").value();
  CHECK(ingest::ParseRtspUrl(ingest::BaseUrl(asked, text, "")).has_value());
  return 0;
}
