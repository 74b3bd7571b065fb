#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "app/configuration.h"
#include "app/metrics.h"
#include "core/result.h"

namespace yagura::app {

/// Answers GET /metrics on an address of this machine, for a Prometheus or an agent of one. Never
/// behind nginx: whoever reaches it learns which cameras there are. From Start() until Stop(),
/// `collect` is called on threads of its own, once a request.
class MetricsListener {
 public:
  using Collect = std::function<std::vector<Metric>()>;
  explicit MetricsListener(Collect collect);
  ~MetricsListener();
  MetricsListener(const MetricsListener&) = delete;
  MetricsListener& operator=(const MetricsListener&) = delete;

  /// kUnavailable: nobody can listen there.
  [[nodiscard]] Result<void> Start(const ListenAddress& address);
  /// When it returns, `collect` is called no more.
  void Stop();

 private:
  class Collector;
  class Server;
  std::shared_ptr<Collector> collector_;
  std::unique_ptr<Server> server_;
};

}  // namespace yagura::app
