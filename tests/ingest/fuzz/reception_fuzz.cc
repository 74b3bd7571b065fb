#include <algorithm>
#include <span>

#include "core/check.h"
#include "ingest/rtcp.h"
#include "ingest/rtcp_reception.h"
#include "tests/fuzz/fuzz_target.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  namespace ingest = yagura::ingest;
  using namespace std::chrono_literals;
  yagura::MonoTime now(1'000s);
  ingest::ReceptionReports reports(7, now);
  std::span<const std::uint8_t> rest(data, size);
  while (rest.size() >= 2) {
    const bool rtcp = rest[0] >> 7 != 0;
    const std::size_t length =
        std::min<std::size_t>((rest[0] & 127u) << 8 | rest[1], rest.size() - 2);
    const auto packet = rest.subspan(2, length);
    if (rtcp) {
      const auto report = ingest::ParseRtcp(packet, reports.source()).report;
      if (report) reports.NoteSenderReport(report->ntp, now);
    } else {
      reports.NoteRtp(packet, now);
    }
    if (reports.due(now)) {
      const bool heard = reports.source().has_value();
      CHECK(reports.Take(now).size() == (heard ? 52u : 28u));
    }
    rest = rest.subspan(2 + length);
    now += 900ms;
  }
  return 0;
}
