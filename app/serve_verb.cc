#include "app/serve_posix.h"
#include "app/verbs.h"

namespace yagura::app {
namespace {

Result<int> RunServe(VerbContext& context) {
  ASSIGN_OR_RETURN([[maybe_unused]] const Configuration checked, context.LoadConfiguration());
  const std::string file = context.given.Get("config");
  ServeOptions options;
  options.program = "/proc/self/exe";
  for (const char* name : {"record", "api", "media", "keep"}) {
    const bool reloads = std::string(name) == "record";
    options.processes.push_back({name, {name, "--config", file}, reloads});
  }
  RETURN_IF_ERROR(Serve(options));
  return 0;
}

}  // namespace

Verb ServeVerb(const Messages& say) {
  return {.command = {.words = {"serve"},
                      .summary = say("serve"),
                      .description = say("serve.about"),
                      .examples = {"yagura serve --config /etc/yagura/yagura.toml"}},
          .run = RunServe};
}

}  // namespace yagura::app
