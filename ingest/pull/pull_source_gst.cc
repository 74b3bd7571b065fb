#include <gst/gst.h>
#include <gst/net/gstnetaddressmeta.h>
#include <gst/rtsp/gstrtspmessage.h>
#include <gst/rtsp/gstrtsptransport.h>
#include <gst/sdp/gstsdpmessage.h>

#include <atomic>
#include <condition_variable>
#include <cstdlib>
#include <mutex>
#include <string>
#include <utility>

#include "ingest/limits.h"
#include "ingest/pull/pull_bounds.h"
#include "ingest/pull/pull_sandbox.h"
#include "ingest/pull/pull_source.h"
#include "ingest/pull/route_posix.h"
#include "ingest/sdp.h"

namespace yagura::ingest {
namespace {

constexpr int kUdpBufferBytes = 2 * 1024 * 1024;
/// Of a session whose connection is gone: without a packet for so long it is over.
constexpr guint kGoesOnWithinSeconds = 2;

/// rtspsrc takes the transport from the scheme and from this.
GstRTSPLowerTrans LowerTransport(CameraTransport transport) {
  switch (transport) {
    case CameraTransport::kMulticast:
      return GST_RTSP_LOWER_TRANS_UDP_MCAST;
    case CameraTransport::kTls:
    case CameraTransport::kHttp:
      return GST_RTSP_LOWER_TRANS_TCP;
    default:
      return GST_RTSP_LOWER_TRANS_UDP;
  }
}

PullFailure FailureOf(GstMessage* message, bool setting_up) {
  GError* error = nullptr;
  const GstStructure* details = nullptr;
  guint status = 0;
  gst_message_parse_error(message, &error, nullptr);
  gst_message_parse_error_details(message, &details);
  if (details != nullptr) gst_structure_get_uint(details, "rtsp-status-code", &status);
  PullFailure failure{PullFailure::Kind::kUnreachable, error->message};
  const bool resource = error->domain == GST_RESOURCE_ERROR;
  const auto is = [&](GstResourceError code) { return resource && error->code == code; };
  if (is(GST_RESOURCE_ERROR_NOT_AUTHORIZED) || status == 401 || status == 403) {
    failure.kind = PullFailure::Kind::kUnauthorised;
  } else if (status != 0) {
    failure.kind = PullFailure::Kind::kRefused;
    failure.text = "the camera answered with status " + std::to_string(status);
  } else if (setting_up) {  // what it says of SETUP carries no status
    failure = {PullFailure::Kind::kOtherTransport,
               "the camera doesn't send over the transport asked for"};
  }
  g_clear_error(&error);
  return failure;
}

}  // namespace

/// Owns what GStreamer calls back into.
class PullSource::Session {
 public:
  Session(const PullOrder& order, PullPipe& pipe)
      : order_(order),
        bounds_(order),
        by_datagrams_(LowerTransport(order.transport) != GST_RTSP_LOWER_TRANS_TCP),
        pipe_(pipe),
        loop_(g_main_loop_new(nullptr, FALSE)),
        pipeline_(gst_pipeline_new("pull")),
        source_(gst_element_factory_make("rtspsrc", "source")) {
    Configure();
    gst_bin_add(GST_BIN(pipeline_), source_);
    GstBus* bus = gst_element_get_bus(pipeline_);
    gst_bus_set_sync_handler(bus, OnMessageAtOnce, this, nullptr);
    gst_bus_add_watch(bus, OnMessage, this);
    gst_object_unref(bus);
  }
  ~Session() {
    gst_object_unref(pipeline_);
    g_main_loop_unref(loop_);
  }
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  void Run() {
    gst_element_set_state(pipeline_, GST_STATE_PLAYING);
    g_main_loop_run(loop_);
    gst_element_set_state(pipeline_, GST_STATE_NULL);
  }
  void Stop() {
    {
      const std::scoped_lock lock(mutex_);
      leaving_ = true;
    }
    leaving_changed_.notify_all();
    g_main_loop_quit(loop_);
  }

 private:
  void Configure() {
    const bool signs_in = !order_.user.empty();
    g_object_set(source_, "location", OrderedLocation(order_).c_str(), "protocols",
                 LowerTransport(order_.transport), "user-agent", "Yagura", "latency", 0,
                 "do-retransmission", FALSE, "udp-buffer-size", kUdpBufferBytes, "udp-reconnect",
                 FALSE,  // it couldn't (MakeNoMoreConnections)
                 "timeout", std::uint64_t{0}, "tcp-timeout",
                 static_cast<std::uint64_t>(microseconds(kReplyTimeout).count()),
                 // Half of an HTTP tunnel, with the credentials, would go where the camera says.
                 "ignore-x-server-reply", TRUE, "user-id", signs_in ? order_.user.c_str() : nullptr,
                 "user-pw", signs_in ? order_.password.c_str() : nullptr, nullptr);
    if (order_.transport == CameraTransport::kMulticast) {
      if (const auto interface = InterfaceTowards(bounds_.host()))
        g_object_set(source_, "multicast-iface", interface->c_str(), nullptr);
    }
    g_signal_connect(source_, "accept-certificate", G_CALLBACK(OnCertificate), this);
    g_signal_connect(source_, "on-sdp", G_CALLBACK(OnSdp), this);
    g_signal_connect(source_, "select-stream", G_CALLBACK(OnSelectStream), this);
    g_signal_connect(source_, "new-manager", G_CALLBACK(OnNewManager), this);
    g_signal_connect(source_, "before-send", G_CALLBACK(OnBeforeSend), this);
  }

  /// Asked of every certificate: without files there is no authority that would vouch for one.
  static gboolean OnCertificate(GstElement*, GTlsConnection*, GTlsCertificate* shown,
                                GTlsCertificateFlags, Session* self) {
    GByteArray* der = nullptr;
    g_object_get(shown, "certificate", &der, nullptr);
    if (der == nullptr) return FALSE;
    gchar* digits = g_compute_checksum_for_data(G_CHECKSUM_SHA256, der->data, der->len);
    const std::string fingerprint(digits);
    g_free(digits);
    g_byte_array_unref(der);
    return self->AcceptCertificate(fingerprint) ? TRUE : FALSE;
  }

  bool AcceptCertificate(const std::string& fingerprint) {
    if (!bounds_.certificate_seen()) pipe_.Write(PullKind::kCertificate, fingerprint);
    return IsFine(bounds_.WhyNotTrust(fingerprint));
  }

  bool IsFine(const std::optional<PullFailure>& failure) {
    if (failure) pipe_.Fail(*failure);
    return !failure;
  }

  static void OnSdp(GstElement*, GstSDPMessage* sdp, Session* self) {
    gchar* text = gst_sdp_message_as_text(sdp);
    self->pipe_.Write(PullKind::kDescription, std::string_view(text));
    if (const auto parsed = ParseSdp(text); parsed.has_value()) {
      if (const auto track = FindRecordedTrack(*parsed); track.has_value())
        self->recorded_media_ = track->media;
    }
    g_free(text);
  }

  static gboolean OnSelectStream(GstElement*, guint number, GstCaps*, Session* self) {
    return number == self->recorded_media_ ? TRUE : FALSE;
  }

  /// Where rtspsrc is about to connect or to ask. What it asks for may bear another name, as
  /// cameras give themselves any, and goes over the same connection.
  [[nodiscard]] std::string Location() const {
    gchar* location = nullptr;
    g_object_get(source_, "location", &location, nullptr);
    std::string copy = location == nullptr ? "" : location;
    g_free(location);
    return copy;
  }

  static gboolean OnBeforeSend(GstElement*, GstRTSPMessage* message, Session* self) {
    GstRTSPMethod method = GST_RTSP_INVALID;
    if (gst_rtsp_message_parse_request(message, &method, nullptr, nullptr) != GST_RTSP_OK)
      return TRUE;
    if (method == GST_RTSP_SETUP) self->setting_up_ = true;
    if (method == GST_RTSP_PLAY) self->setting_up_ = false;
    return self->IsFine(self->bounds_.WhyNotAsk(self->Location())) ? TRUE : FALSE;
  }

  /// On the thread that posts it.
  static GstBusSyncReply OnMessageAtOnce(GstBus*, GstMessage* message, gpointer data) {
    auto* self = static_cast<Session*>(data);
    if (GST_MESSAGE_TYPE(message) == GST_MESSAGE_PROGRESS) self->OnProgressAtOnce(message);
    if (GST_MESSAGE_TYPE(message) == GST_MESSAGE_WARNING) self->OnWarningAtOnce(message);
    return GST_BUS_PASS;
  }

  /// "connect" comes before a connection is made. An HTTP tunnel shows credentials while it is
  /// made, so that one to elsewhere never is: the worker ends.
  void OnProgressAtOnce(GstMessage* message) {
    GstProgressType type = GST_PROGRESS_TYPE_START;
    gchar* text = nullptr;
    gst_message_parse_progress(message, &type, &text, nullptr);
    const std::string code(text);
    g_free(text);
    if (type == GST_PROGRESS_TYPE_CONTINUE && code == "connect" &&
        !IsFine(bounds_.WhyNotConnect(Location())))
      std::_Exit(0);
    if (type == GST_PROGRESS_TYPE_COMPLETE && code == "request") played_ = true;
  }

  /// By datagrams a session outlives its connection (RFC 2326 section 1.1),
  /// and some cameras hang up after PLAY. rtspsrc says so before it ends the stream: held here, its
  /// thread doesn't, while packets and reports go on by threads of their own.
  void OnWarningAtOnce(GstMessage* message) {
    GError* error = nullptr;
    gst_message_parse_warning(message, &error, nullptr);
    const bool hung_up = GST_MESSAGE_SRC(message) == GST_OBJECT(source_) &&
                         g_error_matches(error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_READ);
    g_clear_error(&error);
    if (!hung_up || !by_datagrams_ || !played_) return;
    std::unique_lock lock(mutex_);
    if (!leaving_) g_timeout_add_seconds(kGoesOnWithinSeconds, OnWithoutConnection, this);
    leaving_changed_.wait(lock, [this] { return leaving_; });
  }

  static gboolean OnWithoutConnection(gpointer data) {
    auto* self = static_cast<Session*>(data);
    const std::uint64_t packets = self->packets_;
    if (std::exchange(self->packets_before_, packets) != packets) return G_SOURCE_CONTINUE;
    self->pipe_.Fail(
        {PullFailure::Kind::kUnreachable, "the camera closed the connection and sends no more"});
    return G_SOURCE_REMOVE;
  }

  static void OnNewManager(GstElement*, GstElement* manager, Session* self) {
    g_signal_connect(manager, "pad-added", G_CALLBACK(OnManagerPad), self);
    g_signal_connect(manager, "new-jitterbuffer", G_CALLBACK(OnNewJitterBuffer), self);
  }

  static void OnManagerPad(GstElement*, GstPad* pad, Session* self) {
    const std::string_view name(GST_PAD_NAME(pad));
    const auto types =
        static_cast<GstPadProbeType>(GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_BUFFER_LIST);
    if (name.starts_with("recv_rtp_sink"))
      gst_pad_add_probe(pad, types, OnPackets<PullKind::kRtp>, self, nullptr);
    if (name.starts_with("recv_rtcp_sink"))
      gst_pad_add_probe(pad, types, OnPackets<PullKind::kRtcp>, self, nullptr);
  }

  /// Packets are counted for the reports to the camera, and go no further.
  static void OnNewJitterBuffer(GstElement*, GstElement* buffer, guint, guint, Session*) {
    GstPad* pad = gst_element_get_static_pad(buffer, "sink");
    const auto types =
        static_cast<GstPadProbeType>(GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_BUFFER_LIST);
    gst_pad_add_probe(
        pad, types, [](GstPad*, GstPadProbeInfo*, gpointer) { return GST_PAD_PROBE_DROP; }, nullptr,
        nullptr);
    gst_object_unref(pad);
  }

  template <PullKind kind>
  static GstPadProbeReturn OnPackets(GstPad*, GstPadProbeInfo* info, gpointer self) {
    auto* session = static_cast<Session*>(self);
    if ((GST_PAD_PROBE_INFO_TYPE(info) & GST_PAD_PROBE_TYPE_BUFFER_LIST) == 0) {
      return session->OnPacket(kind, GST_PAD_PROBE_INFO_BUFFER(info));
    }
    GstBufferList* list = GST_PAD_PROBE_INFO_BUFFER_LIST(info);
    for (guint i = 0; i < gst_buffer_list_length(list); ++i)
      (void)session->OnPacket(kind, gst_buffer_list_get(list, i));
    return GST_PAD_PROBE_OK;
  }

  GstPadProbeReturn OnPacket(PullKind kind, GstBuffer* buffer) {
    if (!IsOfCamera(buffer)) return GST_PAD_PROBE_DROP;
    ++packets_;
    GstMapInfo map{};
    if (gst_buffer_map(buffer, &map, GST_MAP_READ) == 0) return GST_PAD_PROBE_OK;
    pipe_.Write(kind, std::span<const std::uint8_t>(map.data, map.size));
    gst_buffer_unmap(buffer, &map);
    return GST_PAD_PROBE_OK;
  }

  /// Anybody can send to our ports.
  bool IsOfCamera(GstBuffer* buffer) const {
    const GstNetAddressMeta* meta = gst_buffer_get_net_address_meta(buffer);
    if (meta == nullptr) return !by_datagrams_;  // came within the connection
    GInetAddress* sender = g_inet_socket_address_get_address(G_INET_SOCKET_ADDRESS(meta->addr));
    gchar* text = g_inet_address_to_string(sender);
    const bool same = bounds_.host() == text;
    g_free(text);
    return same;
  }

  static gboolean OnMessage(GstBus*, GstMessage* message, gpointer data) {
    auto* self = static_cast<Session*>(data);
    switch (GST_MESSAGE_TYPE(message)) {
      case GST_MESSAGE_ERROR:
        self->pipe_.Fail(FailureOf(message, self->setting_up_));
        break;
      case GST_MESSAGE_EOS:
        self->pipe_.Fail({PullFailure::Kind::kUnreachable, "the camera ended the session"});
        break;
      case GST_MESSAGE_PROGRESS:
        self->OnProgress(message);
        break;
      default:
        break;
    }
    return TRUE;
  }

  void OnProgress(GstMessage* message) {
    GstProgressType type = GST_PROGRESS_TYPE_START;
    gchar* code = nullptr;
    gst_message_parse_progress(message, &type, &code, nullptr);
    const bool played = type == GST_PROGRESS_TYPE_COMPLETE && std::string_view(code) == "request";
    g_free(code);
    if (played && !std::exchange(playing_, true)) BeginPlaying();
  }

  /// All that is needed of sockets is there: from now on, whoever takes this process over by what
  /// the camera sends makes no other.
  void BeginPlaying() {
    if (const auto closed = MakeNoMoreConnections(); !closed.has_value())
      return pipe_.Fail({PullFailure::Kind::kWorker, closed.error().message()});
    pipe_.Write(PullKind::kPlaying, "");
  }

  const PullOrder order_;
  PullBounds bounds_;  // rtspsrc's own thread, but for the host
  const bool by_datagrams_;
  PullPipe& pipe_;
  GMainLoop* const loop_;
  GstElement* const pipeline_;
  GstElement* const source_;
  std::size_t recorded_media_ = SIZE_MAX;  // rtspsrc's own thread
  std::atomic<bool> setting_up_ = false;
  std::atomic<bool> played_ = false;
  bool playing_ = false;  // the main loop's
  std::atomic<std::uint64_t> packets_ = 0;
  std::uint64_t packets_before_ = 0;  // the main loop's
  std::mutex mutex_;                  // guards the next
  bool leaving_ = false;
  std::condition_variable leaving_changed_;
};

PullSource::PullSource(const PullOrder& order, PullPipe& pipe)
    : session_(std::make_unique<Session>(order, pipe)) {}
PullSource::~PullSource() = default;
void PullSource::Run() { session_->Run(); }
void PullSource::Stop() { session_->Stop(); }

}  // namespace yagura::ingest
