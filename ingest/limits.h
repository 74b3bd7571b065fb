#pragma once

#include <chrono>
#include <cstddef>

namespace yagura::ingest {

// What one camera may make us hold or do. Over a limit that camera's session fails with
// GapReason::kProtocolError; no other camera notices.

inline constexpr std::size_t kMaxHeaderBytes =
    16 * 1024;  // start line and headers of one RTSP message
inline constexpr std::size_t kMaxHeaderLines = 100;
inline constexpr std::size_t kMaxBodyBytes = 64 * 1024;
inline constexpr std::size_t kMaxMessageBytes = kMaxHeaderBytes + kMaxBodyBytes;

inline constexpr std::size_t kMaxSdpLines = 500;
inline constexpr std::size_t kMaxSdpMedia = 16;

inline constexpr std::size_t kMaxParameterSetBytes = 4 * 1024;  // one SPS or PPS
inline constexpr std::size_t kMaxNalBytes = 4 * 1024 * 1024;
inline constexpr std::size_t kMaxAccessUnitBytes = 8 * 1024 * 1024;
inline constexpr std::size_t kMaxNalsPerAccessUnit = 2'000;

/// New runs: by another format, another timeline, or a keyframe after an interruption. An honest
/// stream that loses a packet of every GOP begins two a second.
inline constexpr int kRunsAtOnce = 40;
inline constexpr std::chrono::milliseconds kRunEach{250};

inline constexpr std::size_t kMaxOutboxBytes =
    64 * 1024;  // requests that the camera doesn't take off the wire
inline constexpr std::size_t kMaxSessionIdBytes = 256;
inline constexpr std::size_t kMaxChallengeBytes = 4 * 1024;
inline constexpr int kMaxRedirects = 3;
inline constexpr int kMaxUnaskedReplies = 1'000;  // of one session

inline constexpr std::chrono::seconds kConnectTimeout{2};
inline constexpr std::chrono::seconds kReplyTimeout{5};
/// Silence of the media, not of the connection: no frame, and in that time not so many bytes either
/// that one may be on its way.
inline constexpr std::chrono::seconds kSilenceTimeout{5};
/// In a session with a camera that is known to be silent: it is let go on for longer, so that it
/// isn't asked more than six times a minute (session_budget.h).
inline constexpr std::chrono::seconds kSilenceGoesOnTimeout{10};
inline constexpr std::size_t kLeastMediaBytes = 64 * 1024;
/// Whatever comes meanwhile: no picture has ended, not even one that can't be delivered.
inline constexpr std::chrono::seconds kPictureTimeout{30};

}  // namespace yagura::ingest
