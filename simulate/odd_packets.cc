#include "simulate/odd_packets.h"

#include <string_view>

namespace yagura::simulate {

std::string StrayPacket() {
  constexpr std::string_view kPacket(
      "$\x4d\0\x10"
      "\x80\x60\x12\x34 whatever...",
      20);
  return std::string(kPacket);
}

std::vector<std::uint8_t> ForeignReports(SenderReport report) {
  constexpr std::chrono::hours kElsewhere{24 * 365};
  report.ssrc = ~report.ssrc;
  report.camera_time += kElsewhere;
  std::vector<std::uint8_t> bytes = EncodeSenderReport(report);
  const std::vector<std::uint8_t> bye = {'$', report.channel, 0, 8, 0x81, 203, 0, 1};
  bytes.insert(bytes.end(), bye.begin(), bye.end());
  for (const int shift : {24, 16, 8, 0})
    bytes.push_back(static_cast<std::uint8_t>(report.ssrc >> shift & 0xff));
  return bytes;
}

std::string RequestsToClient(const std::string& url, std::uint64_t number) {
  const auto head = [&url, &number](const std::string& method) {
    return method + " " + url + " RTSP/1.0\r\nCSeq: " + std::to_string(number++) + "\r\n";
  };
  const std::string sdp = "v=0\r\ns=news\r\n";
  return head("OPTIONS") + "\r\n" + head("GET_PARAMETER") + "\r\n" + head("ANNOUNCE") +
         "Content-Type: application/sdp\r\nContent-Length: " + std::to_string(sdp.size()) +
         "\r\n\r\n" + sdp;
}

}  // namespace yagura::simulate
