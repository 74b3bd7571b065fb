#include "simulate/sender_report.h"

#include <chrono>
#include <string_view>

namespace yagura::simulate {
namespace {

class BigEndianWriter {
 public:
  BigEndianWriter& U8(std::uint8_t value) {
    bytes_.push_back(value);
    return *this;
  }
  BigEndianWriter& U16(std::uint32_t value) {
    return U8(static_cast<std::uint8_t>(value >> 8)).U8(static_cast<std::uint8_t>(value));
  }
  BigEndianWriter& U32(std::uint32_t value) { return U16(value >> 16).U16(value & 0xffff); }
  BigEndianWriter& Text(std::string_view text) {
    bytes_.insert(bytes_.end(), text.begin(), text.end());
    return *this;
  }
  std::vector<std::uint8_t> Take() { return std::move(bytes_); }

 private:
  std::vector<std::uint8_t> bytes_;
};

struct NtpTime {
  std::uint32_t seconds = 0;  // since 1900
  std::uint32_t fraction = 0;
};

NtpTime ToNtp(WallTime time) {
  constexpr std::int64_t kFrom1900To1970 = 2'208'988'800;
  const auto whole = std::chrono::floor<std::chrono::seconds>(time);
  const std::int64_t micros = (time - whole).count();
  return {static_cast<std::uint32_t>(whole.time_since_epoch().count() + kFrom1900To1970),
          static_cast<std::uint32_t>((micros << 32) / 1'000'000)};
}

}  // namespace

std::vector<std::uint8_t> EncodeSenderReport(const SenderReport& report) {
  constexpr std::string_view kCname = "camera";
  constexpr std::uint32_t kReportSize = 28;
  constexpr std::uint32_t kDescriptionSize = 20;  // header, SSRC, CNAME item, padding to a word
  const NtpTime ntp = ToNtp(report.camera_time);
  BigEndianWriter out;
  out.U8('$').U8(report.channel).U16(kReportSize + kDescriptionSize);
  out.U8(0x80).U8(200).U16(kReportSize / 4 - 1).U32(report.ssrc).U32(ntp.seconds).U32(ntp.fraction);
  out.U32(report.rtp_time).U32(report.packets).U32(report.octets);
  out.U8(0x81).U8(202).U16(kDescriptionSize / 4 - 1).U32(report.ssrc);
  out.U8(1).U8(static_cast<std::uint8_t>(kCname.size())).Text(kCname).U32(0);  // ends the chunk
  return out.Take();
}

}  // namespace yagura::simulate
