#include <prometheus/client_metric.h>
#include <prometheus/collectable.h>
#include <prometheus/exposer.h>
#include <prometheus/metric_family.h>

#include <exception>
#include <utility>

#include "app/metrics_listener.h"

namespace yagura::app {
namespace {

/// A request at a time, and one that waits.
constexpr std::size_t kThreads = 2;

prometheus::ClientMetric ToClientMetric(const Metric::Sample& sample, Metric::Kind kind) {
  prometheus::ClientMetric metric;
  for (const auto& [name, value] : sample.labels) metric.label.push_back({name, value});
  (kind == Metric::Kind::kCounter ? metric.counter.value : metric.gauge.value) = sample.value;
  return metric;
}

prometheus::MetricFamily ToFamily(const Metric& metric) {
  prometheus::MetricFamily family;
  family.name = metric.name;
  family.help = metric.help;
  family.type = metric.kind == Metric::Kind::kCounter ? prometheus::MetricType::Counter
                                                      : prometheus::MetricType::Gauge;
  for (const auto& sample : metric.samples)
    family.metric.push_back(ToClientMetric(sample, metric.kind));
  return family;
}

/// "127.0.0.1:9464", "[::1]:9464".
std::string ToText(const ListenAddress& address) {
  const std::string host = address.host == "::1" ? "[::1]" : address.host;
  return host + ":" + std::to_string(address.port);
}

}  // namespace

class MetricsListener::Collector final : public prometheus::Collectable {
 public:
  explicit Collector(MetricsListener::Collect collect) : collect_(std::move(collect)) {}
  [[nodiscard]] std::vector<prometheus::MetricFamily> Collect() const override {
    std::vector<prometheus::MetricFamily> families;
    for (const Metric& metric : collect_()) families.push_back(ToFamily(metric));
    return families;
  }

 private:
  MetricsListener::Collect collect_;
};

class MetricsListener::Server {
 public:
  Server(const std::string& address, const std::shared_ptr<Collector>& collector)
      : exposer_(address, kThreads) {
    exposer_.RegisterCollectable(collector);
  }

 private:
  prometheus::Exposer exposer_;
};

MetricsListener::MetricsListener(Collect collect)
    : collector_(std::make_shared<Collector>(std::move(collect))) {}
MetricsListener::~MetricsListener() = default;

Result<void> MetricsListener::Start(const ListenAddress& address) {
  try {
    server_ = std::make_unique<Server>(ToText(address), collector_);
  } catch (const std::exception& exception) {
    return Failure(ErrorCode::kUnavailable,
                   "metrics on " + ToText(address) + ": " + exception.what());
  }
  return {};
}

void MetricsListener::Stop() { server_.reset(); }

}  // namespace yagura::app
