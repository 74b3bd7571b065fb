#pragma once

namespace yagura {

/// Lets this process have as many descriptors as it may: its soft limit becomes the hard one. The
/// usual soft limit of 1,024 is for programs that use select(), which nothing here does; a few
/// hundred cameras or viewers need more. A failure is logged. Before other threads start.
void RaiseDescriptorLimit();

}  // namespace yagura
