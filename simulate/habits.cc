#include "simulate/habits.h"

#include <algorithm>
#include <array>

namespace yagura::simulate {
namespace {

using std::chrono::seconds;
using Life = Habits::Life;

/// Short, so that tests see some of them; reports come each 5 s.
constexpr seconds kShort{4};
constexpr seconds kLongerThanReports{7};

constexpr std::string_view kBasicAndMd5 =
    "Basic realm=\"camera\"\r\nWWW-Authenticate: Digest realm=\"camera\", nonce=\"weak\"";
constexpr std::string_view kWithoutGetParameter = "OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN";

constexpr std::array kKnown{
    // Signing in.
    Habits{.name = "basic", .scheme = AuthScheme::kBasic},
    Habits{.name = "digest-md5", .scheme = AuthScheme::kDigestMd5},
    Habits{.name = "digest-md5-qop", .scheme = AuthScheme::kDigestMd5Qop},
    Habits{.name = "digest-sha256", .scheme = AuthScheme::kDigestSha256},
    Habits{.name = "digest-sha256-no-qop", .scheme = AuthScheme::kDigestSha256NoQop},
    Habits{
        .name = "several-challenges", .scheme = AuthScheme::kDigestSha256, .weaker = kBasicAndMd5},
    Habits{.name = "challenges-in-one-header",
           .scheme = AuthScheme::kDigestMd5Qop,
           .weaker_before = "Basic realm=\"camera, or not\", "},
    Habits{.name = "stale-nonce",
           .scheme = AuthScheme::kDigestMd5Qop,
           .nonce_uses = 3,
           .timeout = kShort},
    Habits{.name = "nonce-for-one-request",
           .scheme = AuthScheme::kDigestMd5,
           .nonce_uses = 1,
           .says_stale = false,
           .timeout = kShort},

    // Where things are.
    Habits{.name = "redirect", .redirects = 1},
    Habits{.name = "redirect-thrice", .redirects = 3},
    Habits{.name = "no-content-base", .content_base = "", .setup_at = "{URI}/trackID=0"},
    Habits{.name = "content-base-without-scheme",
           .content_base = "{HOST}{PATH}/",
           .setup_at = "{URI}/trackID=0"},
    Habits{.name = "content-base-doubled-scheme",
           .content_base = "rtsp://{URI}/",
           .setup_at = "{URI}/trackID=0"},
    Habits{.name = "content-base-path",
           .content_base = "{PATH}/main/",
           .setup_at = "{URI}/main/trackID=0",
           .play_at = "{URI}/main/"},
    Habits{.name = "content-base-query",
           .content_base = "{URI}?channel=1&subtype=0",
           .setup_at = "{URI}?channel=1&subtype=0/trackID=0",
           .play_at = "{URI}?channel=1&subtype=0"},
    Habits{.name = "content-base-no-slash",
           .content_base = "{URI}",
           .setup_at = "{URI}/trackID=0",
           .play_at = "{URI}"},
    Habits{.name = "content-location",
           .content_base = "",
           .content_location = "{URI}/here/",
           .setup_at = "{URI}/here/trackID=0"},
    Habits{.name = "control-absolute",
           .track_control = "{URI}/stream=1?videopsenabled=1",
           .setup_at = "{URI}/stream=1?videopsenabled=1"},
    Habits{.name = "control-query",
           .content_base = "{URI}",
           .track_control = "?ctype=video",
           .setup_at = "{URI}?ctype=video"},
    Habits{.name = "control-star", .track_control = "*", .setup_at = "{URI}/"},
    Habits{.name = "control-absent", .track_control = "", .setup_at = "{URI}/"},
    Habits{.name = "session-control-absent",
           .session_control = "",
           .setup_at = "{URI}/trackID=0",
           .play_at = "{URI}/"},
    Habits{.name = "session-control-absolute",
           .content_base = "",
           .session_control = "{URI}/all",
           .setup_at = "{URI}/all/trackID=0",
           .play_at = "{URI}/all"},

    // What SETUP and PLAY are answered.
    Habits{.name = "own-channels", .rtp_channel = 10},
    Habits{.name = "no-channels-named", .transport = "RTP/AVP/TCP;unicast", .rtp_channel = 0},
    Habits{
        .name = "no-rtcp", .transport = "RTP/AVP/TCP;unicast;interleaved={RTP}", .reports = false},
    Habits{.name = "transport-without-tcp",
           .transport = "RTP/AVP;unicast;interleaved={RTP}-{RTCP}"},
    Habits{.name = "transport-without-unicast",
           .transport = "RTP/AVP/TCP;ssrc=22345684;interleaved={RTP}-{RTCP}"},
    Habits{.name = "ssrc-with-space",
           .transport = "RTP/AVP/TCP;unicast;interleaved={RTP}-{RTCP};ssrc= d6d6627"},
    Habits{.name = "cseq-with-space", .cseq = "Cseq: {CSEQ} "},
    Habits{.name = "options-unknown", .public_methods = ""},
    Habits{.name = "media-before-play-reply", .media_before_play_reply = true},
    Habits{.name = "stray-channels", .stray_channels = true},
    Habits{.name = "packet-by-packet", .packet_by_packet = true},
    Habits{.name = "asks-client", .asks_client = true},
    Habits{.name = "foreign-reports", .foreign_reports = true},

    // What keeps a session alive.
    Habits{.name = "short-timeout", .timeout = kShort},
    Habits{.name = "get-parameter-only", .timeout = kShort, .life = Life::kGetParameter},
    Habits{.name = "options-only",
           .public_methods = kWithoutGetParameter,
           .timeout = kShort,
           .life = Life::kOptions,
           .cuts_at_get_parameter = true},
    Habits{.name = "get-parameter-unannounced",
           .public_methods = kWithoutGetParameter,
           .timeout = kShort,
           .life = Life::kGetParameter},
    Habits{.name = "keep-alive-unanswered", .timeout = kShort, .answers_keep_alive = false},
    Habits{.name = "reports-only", .timeout = kLongerThanReports, .life = Life::kReports},
};

}  // namespace

const Habits& OrdinaryHabits() {
  static constexpr Habits kOrdinary{};
  return kOrdinary;
}

std::span<const Habits> KnownHabits() { return kKnown; }

const Habits* FindHabits(std::string_view name) {
  const auto found = std::ranges::find(kKnown, name, &Habits::name);
  return found == kKnown.end() ? nullptr : &*found;
}

}  // namespace yagura::simulate
