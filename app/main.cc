// `yagura COMMAND …`: one program, one process each. verbs.cc has the table of commands; each is a
// file of its own in this folder, which builds the objects of the rooms, starts them and stops
// them.
#include <iostream>
#include <string>
#include <vector>

#include "app/verbs.h"
#include "core/time.h"

int main(int count, char** words) {
  const std::vector<std::string> arguments(words + 1, words + count);
  return yagura::app::RunYagura(arguments, {std::cin, std::cout, std::cerr}, yagura::SystemClock());
}
