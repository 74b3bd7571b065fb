#include "core/camera_stream.h"

namespace yagura {

std::string_view ToString(Stream stream) { return stream == Stream::kSub ? "sub" : "main"; }

}  // namespace yagura
