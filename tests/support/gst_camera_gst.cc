#include "tests/support/gst_camera_gst.h"

#include <glib-unix.h>
#include <gst/rtsp-server/rtsp-server.h>

#include <csignal>

#include "tests/support/frame_pusher_gst.h"

namespace yagura::testing {
namespace {

constexpr const char* kPath = "/camera/1";
constexpr const char* kPusherName = "yagura-frame-pusher";

FramePusher* PusherOf(GstRTSPMedia* media) {
  return static_cast<FramePusher*>(g_object_get_data(G_OBJECT(media), kPusherName));
}

void OnUnprepared(GstRTSPMedia* media, gpointer) {
  if (FramePusher* pusher = PusherOf(media)) pusher->Stop();
}

/// A client has asked for the stream: its pipeline stands and wants footage.
void OnMediaConfigure(GstRTSPMediaFactory*, GstRTSPMedia* media, gpointer footage) {
  GstElement* bin = gst_rtsp_media_get_element(media);
  GstElement* source = gst_bin_get_by_name(GST_BIN(bin), "source");
  auto* pusher = new FramePusher(*static_cast<const PushedFootage*>(footage), source);
  g_object_set_data_full(G_OBJECT(media), kPusherName, pusher,
                         [](gpointer data) { delete static_cast<FramePusher*>(data); });
  g_signal_connect(media, "unprepared", G_CALLBACK(OnUnprepared), nullptr);
  gst_object_unref(source);
  gst_object_unref(bin);
}

void OnPlay(GstRTSPClient*, GstRTSPContext* context, gpointer) {
  FramePusher* pusher = context->media == nullptr ? nullptr : PusherOf(context->media);
  if (pusher != nullptr) pusher->Play();
}

void OnClient(GstRTSPServer*, GstRTSPClient* client, gpointer) {
  g_signal_connect(client, "play-request", G_CALLBACK(OnPlay), nullptr);
}

GstRTSPMediaFactory* NewFactory(const PushedFootage& footage) {
  const std::string codec = footage.loop->codec == Codec::kH265 ? "h265" : "h264";
  const std::string pipeline =
      "( appsrc name=source is-live=true format=time max-bytes=0 caps=video/x-" + codec +
      ",stream-format=byte-stream,alignment=au ! " + codec + "parse config-interval=-1 ! rtp" +
      codec +
      "pay name=pay0 pt=96 mtu=1400 timestamp-offset=" + std::to_string(kGstTimestampOffset) + " )";
  GstRTSPMediaFactory* factory = gst_rtsp_media_factory_new();
  gst_rtsp_media_factory_set_launch(factory, pipeline.c_str());
  g_signal_connect(factory, "media-configure", G_CALLBACK(OnMediaConfigure),
                   const_cast<PushedFootage*>(&footage));
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
         const Clock& clock)
      : loop_(std::move(loop)), log_(std::move(log)), footage_{&loop_, rate, &log_, &clock} {
    log_.With([](SentLogWriter& writer) { writer.Camera({1, kPath}); });
  }
  ~Server() {
    if (source_ != 0) g_source_remove(source_);
    if (server_ != nullptr) g_object_unref(server_);
    if (main_loop_ != nullptr) g_main_loop_unref(main_loop_);
  }
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  Result<void> Listen(std::uint16_t port) {
    gst_init(nullptr, nullptr);
    main_loop_ = g_main_loop_new(nullptr, FALSE);
    server_ = gst_rtsp_server_new();
    gst_rtsp_server_set_address(server_, "127.0.0.1");
    gst_rtsp_server_set_service(server_, std::to_string(port).c_str());
    GstRTSPMountPoints* mounts = gst_rtsp_server_get_mount_points(server_);
    gst_rtsp_mount_points_add_factory(mounts, kPath, NewFactory(footage_));
    g_object_unref(mounts);
    g_signal_connect(server_, "client-connected", G_CALLBACK(OnClient), nullptr);
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
    return "rtsp://127.0.0.1:" + std::to_string(gst_rtsp_server_get_bound_port(server_)) + kPath;
  }

 private:
  simulate::LoopFile loop_;
  SharedSentLog log_;
  PushedFootage footage_;
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
  auto server = std::make_unique<Server>(std::move(loop), *rate, std::move(log), clock);
  RETURN_IF_ERROR(server->Listen(options.port));
  return std::unique_ptr<GstCamera>(new GstCamera(std::move(server)));
}

GstCamera::GstCamera(std::unique_ptr<Server> server) : server_(std::move(server)) {}
GstCamera::~GstCamera() = default;
std::string GstCamera::Url() const { return server_->Url(); }
void GstCamera::Run() { server_->Run(); }

}  // namespace yagura::testing
