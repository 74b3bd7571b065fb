#pragma once

#include <string>

namespace yagura::app {

enum class DisagreementKind {
  kFileMissing,   // a row without its file
  kFileDiffers,   // a file of another size, place or identity than its row says
  kFileUnknown,   // a clip that neither catalogue nor journal knows
  kFileForeign,   // below clips/, and no clip of ours
  kNotAsWritten,  // bytes that changed since they were written
  kUnexplained,   // time that is due, and neither recorded nor in a gap
  kToldTwice,     // time that is accounted for more than once, or though it is not due
  kFrames,        // of simulated cameras: lost, altered or stored twice
};

/// One thing that should not be, in words, ids only.
struct Disagreement {
  DisagreementKind kind;
  std::string text;
};

}  // namespace yagura::app
