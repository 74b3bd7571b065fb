#include "tests/storage/play_gst.h"

#include <gst/gst.h>

#include <atomic>

// GLib keeps what it allocates once until the process ends.
#if defined(__SANITIZE_ADDRESS__)
extern "C" const char* __lsan_default_suppressions() { return "leak:g_malloc\n"; }
#endif

namespace yagura::testing {
namespace {

void OnHandoff(GstElement*, GstBuffer*, GstPad*, gpointer count) {
  ++*static_cast<std::atomic<std::size_t>*>(count);
}

constexpr GstClockTime kPatience = 60 * GST_SECOND;

}  // namespace

std::size_t CountSamplesOfQtdemux(const std::string& path) {
  gst_init(nullptr, nullptr);
  const std::string text = "filesrc location=" + path +
                           " ! qtdemux ! fakesink name=sink sync=false signal-handoffs=true";
  GstElement* pipeline = gst_parse_launch(text.c_str(), nullptr);
  if (pipeline == nullptr) return 0;
  std::atomic<std::size_t> count = 0;
  GstElement* sink = gst_bin_get_by_name(GST_BIN(pipeline), "sink");
  g_signal_connect(sink, "handoff", G_CALLBACK(OnHandoff), &count);
  gst_object_unref(sink);
  gst_element_set_state(pipeline, GST_STATE_PLAYING);
  GstBus* bus = gst_element_get_bus(pipeline);
  GstMessage* message = gst_bus_timed_pop_filtered(
      bus, kPatience, static_cast<GstMessageType>(GST_MESSAGE_EOS | GST_MESSAGE_ERROR));
  const bool played = message != nullptr && GST_MESSAGE_TYPE(message) == GST_MESSAGE_EOS;
  if (message != nullptr) gst_message_unref(message);
  gst_object_unref(bus);
  gst_element_set_state(pipeline, GST_STATE_NULL);
  gst_object_unref(pipeline);
  return played ? count.load() : 0;
}

}  // namespace yagura::testing
