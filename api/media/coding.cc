#include "api/media/coding.h"

#include "api/error_to_http.h"
#include "api/parameters.h"

namespace yagura::api {

Result<Coding> CodingOf(const Call& call) {
  const auto given = call.Query("codec");
  if (!given) return Coding::kAsSent;
  if (*given == "h264") return Coding::kH264;
  return InvalidArgument("\"codec\" must be h264, or left out");
}

std::string CodingSuffix(Coding coding) { return coding == Coding::kH264 ? "&codec=h264" : ""; }

bool IsH264(std::string_view codec) { return codec.starts_with("avc"); }

Response TranscodesBusy() {
  return ToResponse(Problem{503, "transcodes_busy",
                            "as many streams are transcoded as may be at once: try again later",
                            Json::Object()});
}

}  // namespace yagura::api
