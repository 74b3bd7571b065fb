// What of GStreamer a pull worker loads.
#include <gst/gst.h>
#include <gst/rtsp/gstrtspconnection.h>  // and GIO

#include <array>
#include <string>

#include "ingest/pull/pull_source.h"

namespace yagura::ingest {
namespace {

/// rtspsrc and what it is made of. `rtp` has its depayloaders beside the storage that is part of
/// every session; none is ever made an element of.
constexpr std::array kPlugins{"coreelements", "app", "rtsp", "rtpmanager", "rtp", "udp"};
/// A program of its own would look through all plug-ins there are.
constexpr const char* kNowhere = "/nonexistent/yagura";

}  // namespace

Result<void> LoadPullSource() {
  for (const char* name : {"GST_REGISTRY_1_0", "GST_PLUGIN_SYSTEM_PATH_1_0", "GST_PLUGIN_PATH_1_0"})
    g_setenv(name, kNowhere, TRUE);
  // Whatever this machine's environment or desktop says of proxies: cameras are reached directly.
  g_setenv("GIO_USE_PROXY_RESOLVER", "dummy", TRUE);
  gst_registry_fork_set_enabled(FALSE);
  // Else a crash while plug-ins are loaded becomes an exit, which nobody counts as one.
  gst_segtrap_set_enabled(FALSE);
  GError* error = nullptr;
  if (gst_init_check(nullptr, nullptr, &error) == 0)
    return Failure(ErrorCode::kUnavailable, std::string("GStreamer: ") + error->message);
  for (const char* name : kPlugins) {
    const std::string file = std::string(YAGURA_GST_PLUGINS) + "/libgst" + name + ".so";
    GstPlugin* plugin = gst_plugin_load_file(file.c_str(), &error);
    if (plugin == nullptr)
      return Failure(ErrorCode::kUnavailable, std::string("GStreamer: ") + error->message);
    gst_object_unref(plugin);
  }
  // Modules of GIO's, which are loaded when they are asked for first.
  (void)g_tls_backend_supports_tls(g_tls_backend_get_default());
  (void)g_proxy_resolver_is_supported(g_proxy_resolver_get_default());
  return {};
}

}  // namespace yagura::ingest
