#pragma once

#include <string>
#include <vector>

#include "app/fact_change.h"
#include "fleet/phase_board_pg.h"

namespace yagura::app {

/// A phase's cameras for people, floor by floor: how many are ready, and a line for each that lacks
/// something, or is in service and not recorded, that says why. `board` is as ReadPhaseBoard gives
/// it.
[[nodiscard]] std::vector<std::string> TellBoard(const std::vector<fleet::BoardCamera>& board,
                                                 const FactChange& facts);
/// The same for programs: every camera.
[[nodiscard]] Json JsonOf(const std::vector<fleet::BoardCamera>& board);

}  // namespace yagura::app
