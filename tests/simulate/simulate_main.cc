// The simulate command as a program of its own, for its tests: LOOP SENT_LOG, credentials on
// standard input, three cameras.

#include "simulate/command.h"

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  yagura::simulate::SimulateOptions options;
  options.cameras.count = 3;
  options.cameras.loops = {argv[1]};
  options.credentials = "-";
  options.sent_log = argv[2];
  return yagura::simulate::RunSimulate(options);
}
