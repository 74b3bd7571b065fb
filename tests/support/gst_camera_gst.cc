#include "tests/support/gst_camera_gst.h"

#include <glib-unix.h>
#include <gst/rtsp-server/rtsp-server.h>

#include <csignal>
#include <utility>

#include "core/jpeg_picture.h"
#include "tests/support/frame_pusher_gst.h"

namespace yagura::testing {
namespace {

constexpr const char* kPath = "/camera/1";
constexpr const char* kPusherName = "yagura-frame-pusher";
constexpr const char* kNetworkName = "yagura-faulty-network";

FramePusher* PusherOf(GstRTSPMedia* media) {
  return static_cast<FramePusher*>(g_object_get_data(G_OBJECT(media), kPusherName));
}

void OnUnprepared(GstRTSPMedia* media, gpointer) {
  if (FramePusher* pusher = PusherOf(media)) pusher->Stop();
}

/// For a first frame to be under way.
constexpr guint kHangsUpAfterSeconds = 1;

gboolean HangUp(gpointer client) {
  gst_rtsp_client_close(static_cast<GstRTSPClient*>(client));
  g_object_unref(client);
  return G_SOURCE_REMOVE;
}

void OnPlay(GstRTSPClient* client, GstRTSPContext* context, gpointer options) {
  FramePusher* pusher = context->media == nullptr ? nullptr : PusherOf(context->media);
  if (pusher != nullptr) pusher->Play();
  if (static_cast<const GstCameraOptions*>(options)->hangs_up)
    g_timeout_add_seconds(kHangsUpAfterSeconds, HangUp, g_object_ref(client));
}

void OnClient(GstRTSPServer*, GstRTSPClient* client, gpointer options) {
  g_signal_connect(client, "play-request", G_CALLBACK(OnPlay), options);
}

struct ServedFootage {
  PushedFootage footage;
  PacketFaults faults;
  bool faulty = false;
};

/// One stream's packets and what becomes of them.
class FaultyNetwork {
 public:
  FaultyNetwork(const PacketFaults& faults, GstElement* payloader)
      : faults_(faults), pad_(gst_element_get_static_pad(payloader, "src")) {
    const auto types =
        static_cast<GstPadProbeType>(GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_BUFFER_LIST);
    gst_pad_add_probe(
        pad_, types,
        [](GstPad*, GstPadProbeInfo* info, gpointer self) {
          return static_cast<FaultyNetwork*>(self)->OnPackets(info);
        },
        this, nullptr);
  }
  ~FaultyNetwork() { gst_object_unref(pad_); }
  FaultyNetwork(const FaultyNetwork&) = delete;
  FaultyNetwork& operator=(const FaultyNetwork&) = delete;

 private:
  /// Takes what comes out of the way and sends what is to be sent, on the same thread.
  GstPadProbeReturn OnPackets(GstPadProbeInfo* info) {
    if (std::exchange(sending_, true)) return GST_PAD_PROBE_OK;
    if ((GST_PAD_PROBE_INFO_TYPE(info) & GST_PAD_PROBE_TYPE_BUFFER_LIST) == 0) {
      OnPacket(GST_PAD_PROBE_INFO_BUFFER(info));
    } else {
      GstBufferList* list = GST_PAD_PROBE_INFO_BUFFER_LIST(info);
      for (guint i = 0; i < gst_buffer_list_length(list); ++i)
        OnPacket(gst_buffer_list_get(list, i));
    }
    sending_ = false;
    return GST_PAD_PROBE_DROP;
  }
  void OnPacket(GstBuffer* packet) {
    const std::uint64_t number = next_++;
    if (faults_.lost.contains(number)) return;
    if (faults_.overtaken.contains(number)) {
      overtaken_ = gst_buffer_ref(packet);
      return;
    }
    Send(gst_buffer_ref(packet));
    if (faults_.doubled.contains(number)) Send(gst_buffer_ref(packet));
    if (overtaken_ != nullptr) Send(std::exchange(overtaken_, nullptr));
  }
  /// A stream that is being taken down refuses.
  void Send(GstBuffer* packet) { (void)gst_pad_push(pad_, packet); }

  const PacketFaults faults_;
  GstPad* const pad_;
  std::uint64_t next_ = 0;
  GstBuffer* overtaken_ = nullptr;
  bool sending_ = false;
};

/// A client has asked for the stream: its pipeline stands and wants footage.
void OnMediaConfigure(GstRTSPMediaFactory*, GstRTSPMedia* media, gpointer footage) {
  GstElement* bin = gst_rtsp_media_get_element(media);
  GstElement* source = gst_bin_get_by_name(GST_BIN(bin), "source");
  const auto* served = static_cast<const ServedFootage*>(footage);
  auto* pusher = new FramePusher(served->footage, source);
  g_object_set_data_full(G_OBJECT(media), kPusherName, pusher,
                         [](gpointer data) { delete static_cast<FramePusher*>(data); });
  g_signal_connect(media, "unprepared", G_CALLBACK(OnUnprepared), nullptr);
  if (served->faulty) {
    GstElement* payloader = gst_bin_get_by_name(GST_BIN(bin), "pay0");
    auto* network = new FaultyNetwork(served->faults, payloader);
    g_object_set_data_full(G_OBJECT(media), kNetworkName, network,
                           [](gpointer data) { delete static_cast<FaultyNetwork*>(data); });
    gst_object_unref(payloader);
  }
  gst_object_unref(source);
  gst_object_unref(bin);
}

GstRTSPLowerTrans LowerTransports(const std::string& name) {
  if (name == "tcp") return GST_RTSP_LOWER_TRANS_TCP;
  if (name == "udp") return GST_RTSP_LOWER_TRANS_UDP;
  if (name == "multicast") return GST_RTSP_LOWER_TRANS_UDP_MCAST;
  return static_cast<GstRTSPLowerTrans>(GST_RTSP_LOWER_TRANS_TCP | GST_RTSP_LOWER_TRANS_UDP |
                                        GST_RTSP_LOWER_TRANS_UDP_MCAST);
}

/// Groups of a network of its own.
void AllowMulticast(GstRTSPMediaFactory* factory, const std::string& interface) {
  GstRTSPAddressPool* pool = gst_rtsp_address_pool_new();
  gst_rtsp_address_pool_add_range(pool, "239.255.42.1", "239.255.42.9", 20'000, 29'999, 1);
  gst_rtsp_media_factory_set_address_pool(factory, pool);
  gst_rtsp_media_factory_set_multicast_iface(factory, interface.c_str());
  g_object_unref(pool);
}

constexpr const char* kRole = "client";

/// Nothing: the server lets everybody in, over plain connections.
GstRTSPAuth* NewAuth(const GstCameraOptions& options, GstRTSPMediaFactory* factory) {
  if (options.certificate.empty() && options.user.empty()) return nullptr;
  GstRTSPAuth* auth = gst_rtsp_auth_new();
  GstRTSPToken* token =
      gst_rtsp_token_new(GST_RTSP_TOKEN_MEDIA_FACTORY_ROLE, G_TYPE_STRING, kRole, nullptr);
  if (options.user.empty()) {
    gst_rtsp_auth_set_default_token(auth, token);
  } else {
    gst_rtsp_auth_set_supported_methods(auth, GST_RTSP_AUTH_DIGEST);
    gst_rtsp_auth_add_digest(auth, options.user.c_str(), options.password.c_str(), token);
  }
  gst_rtsp_token_unref(token);
  gst_rtsp_media_factory_add_role(factory, kRole, GST_RTSP_PERM_MEDIA_FACTORY_ACCESS,
                                  G_TYPE_BOOLEAN, TRUE, GST_RTSP_PERM_MEDIA_FACTORY_CONSTRUCT,
                                  G_TYPE_BOOLEAN, TRUE, nullptr);
  if (!options.certificate.empty()) {
    GTlsCertificate* certificate =
        g_tls_certificate_new_from_file(options.certificate.c_str(), nullptr);
    gst_rtsp_auth_set_tls_certificate(auth, certificate);
    g_object_unref(certificate);
  }
  return auth;
}

/// What the footage is, and the way from there to its payloader.
std::string CapsToPayloader(const simulate::LoopFile& loop) {
  if (loop.codec == Codec::kJpeg) {
    const JpegPicture picture = ParseJpegPicture(loop.frames.front().nals.front()).value();
    return "image/jpeg,width=" + std::to_string(picture.width_px) +
           ",height=" + std::to_string(picture.height_px) + " ! rtpjpegpay pt=26";
  }
  const std::string name = loop.codec == Codec::kH265 ? "h265" : "h264";
  return "video/x-" + name + ",stream-format=byte-stream,alignment=au ! " + name +
         "parse config-interval=-1 ! rtp" + name + "pay pt=96";
}

GstRTSPMediaFactory* NewFactory(const ServedFootage& served) {
  const std::string pipeline =
      "( appsrc name=source is-live=true format=time max-bytes=0 caps=" +
      CapsToPayloader(*served.footage.loop) +
      " name=pay0 mtu=1400 timestamp-offset=" + std::to_string(kGstTimestampOffset) + " )";
  GstRTSPMediaFactory* factory = gst_rtsp_media_factory_new();
  gst_rtsp_media_factory_set_launch(factory, pipeline.c_str());
  g_signal_connect(factory, "media-configure", G_CALLBACK(OnMediaConfigure),
                   const_cast<ServedFootage*>(&served));
  return factory;
}

gboolean OnEndSignal(gpointer loop) {
  g_main_loop_quit(static_cast<GMainLoop*>(loop));
  return G_SOURCE_CONTINUE;
}

}  // namespace

/// Owns what GStreamer calls back into.
class GstCamera::Server {
 public:
  Server(simulate::LoopFile loop, simulate::FrameRate rate, std::unique_ptr<SentLogWriter> log,
         const GstCameraOptions& options, const Clock& clock)
      : loop_(std::move(loop)),
        log_(std::move(log)),
        options_(options),
        served_{{&loop_, rate, &log_, &clock}, options.faults, options.HasFaults()} {
    log_.With([](SentLogWriter& writer) { writer.Camera({1, kPath}); });
  }
  ~Server() {
    if (source_ != 0) g_source_remove(source_);
    if (server_ != nullptr) g_object_unref(server_);
    if (main_loop_ != nullptr) g_main_loop_unref(main_loop_);
  }
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  Result<void> Listen() {
    gst_init(nullptr, nullptr);
    main_loop_ = g_main_loop_new(nullptr, FALSE);
    server_ = gst_rtsp_server_new();
    gst_rtsp_server_set_address(server_, options_.address.c_str());
    gst_rtsp_server_set_service(server_, std::to_string(options_.port).c_str());
    GstRTSPMountPoints* mounts = gst_rtsp_server_get_mount_points(server_);
    GstRTSPMediaFactory* factory = NewFactory(served_);
    gst_rtsp_media_factory_set_protocols(factory, LowerTransports(options_.transports));
    gst_rtsp_media_factory_set_stop_on_disconnect(factory, options_.hangs_up ? FALSE : TRUE);
    AllowMulticast(factory, options_.interface);
    if (GstRTSPAuth* auth = NewAuth(options_, factory)) {
      gst_rtsp_server_set_auth(server_, auth);
      g_object_unref(auth);
    }
    gst_rtsp_mount_points_add_factory(mounts, kPath, factory);
    g_object_unref(mounts);
    g_signal_connect(server_, "client-connected", G_CALLBACK(OnClient),
                     const_cast<GstCameraOptions*>(&options_));
    source_ = gst_rtsp_server_attach(server_, nullptr);
    if (source_ == 0) return Failure(ErrorCode::kUnavailable, "the port can't be listened at");
    return {};
  }

  void Run() {
    g_unix_signal_add(SIGINT, OnEndSignal, main_loop_);
    g_unix_signal_add(SIGTERM, OnEndSignal, main_loop_);
    g_main_loop_run(main_loop_);
    gst_rtsp_server_client_filter(
        server_, [](GstRTSPServer*, GstRTSPClient*, gpointer) { return GST_RTSP_FILTER_REMOVE; },
        nullptr);
  }

  [[nodiscard]] std::string Url() const {
    return "rtsp://" + options_.address + ":" +
           std::to_string(gst_rtsp_server_get_bound_port(server_)) + kPath;
  }

 private:
  simulate::LoopFile loop_;
  SharedSentLog log_;
  const GstCameraOptions options_;
  ServedFootage served_;
  GMainLoop* main_loop_ = nullptr;
  GstRTSPServer* server_ = nullptr;
  guint source_ = 0;
};

Result<std::unique_ptr<GstCamera>> GstCamera::Create(const GstCameraOptions& options,
                                                     const Clock& clock) {
  ASSIGN_OR_RETURN(simulate::LoopFile loop, simulate::ReadLoopFile(options.file));
  const auto rate = options.rate ? options.rate : loop.rate;
  if (!rate) return Failure(ErrorCode::kInvalidArgument, "the loop names no frame rate");
  std::unique_ptr<SentLogWriter> log;
  if (!options.sent_log.empty()) {
    ASSIGN_OR_RETURN(log, SentLogWriter::Open(options.sent_log, clock));
  }
  auto server = std::make_unique<Server>(std::move(loop), *rate, std::move(log), options, clock);
  RETURN_IF_ERROR(server->Listen());
  return std::unique_ptr<GstCamera>(new GstCamera(std::move(server)));
}

GstCamera::GstCamera(std::unique_ptr<Server> server) : server_(std::move(server)) {}
GstCamera::~GstCamera() = default;
std::string GstCamera::Url() const { return server_->Url(); }
void GstCamera::Run() { server_->Run(); }

}  // namespace yagura::testing
