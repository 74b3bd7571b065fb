#include "tests/support/postgres_posix.h"

#include <pwd.h>
#include <sys/shm.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <sstream>
#include <thread>

#include "core/check.h"

namespace yagura::testing {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;

constexpr milliseconds kStartTimeout{60'000};  // a loaded machine; usually 100 ms
constexpr milliseconds kStopTimeout{30'000};
constexpr milliseconds kPollInterval{5};
constexpr char kServerUser[] = "postgres";  // made by Debian's package postgresql-common

std::string Program(const std::string& name) {
  return std::string(YAGURA_POSTGRES_BIN) + "/" + name;
}

bool IsRoot() { return ::geteuid() == 0; }

std::string ReadText(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

std::string RolesFile() { return std::string(YAGURA_SOURCE_DIR) + "/storage/schema/roles.sql"; }

/// Another text of roles.sql is another template.
fs::path TemplateFolder() {
  const std::size_t version = std::hash<std::string>()(ReadText(RolesFile()));
  std::ostringstream name;
  name << "postgres-template-" << std::hex << version << (IsRoot() ? "-root" : "-user");
  return fs::path(YAGURA_TEMPLATE_PARENT) / name.str();
}

/// Gives `path` and all in it to the server's user, where that is another one.
void GiveToServer(const fs::path& path) {
  if (!IsRoot()) return;
  const passwd* user = ::getpwnam(kServerUser);
  if (user == nullptr) return;  // starting a process as that user says what to do
  const auto give = [user](const fs::path& entry) {
    CHECK(::lchown(entry.c_str(), user->pw_uid, user->pw_gid) == 0);
  };
  give(path);
  for (const auto& entry : fs::recursive_directory_iterator(path)) give(entry.path());
}

/// Keeps a copy of `data` as the template; of several tests that do so at once the first one wins.
void KeepTemplate(const fs::path& data) {
  const fs::path unfinished = TemplateFolder().string() + "." + std::to_string(::getpid());
  std::error_code error;
  fs::copy(data, unfinished, fs::copy_options::recursive, error);
  if (!error) fs::rename(unfinished, TemplateFolder(), error);
  if (error) fs::remove_all(unfinished, error);
}

/// A line of postmaster.pid, from 1; empty where there is none (yet).
std::string PidFileLine(const fs::path& data, int number) {
  std::ifstream in(data / "postmaster.pid");
  std::string line;
  for (int i = 0; i < number; ++i) {
    if (!std::getline(in, line)) return {};
  }
  return line;
}

}  // namespace

Result<std::unique_ptr<PostgresCluster>> PostgresCluster::Create(PostgresOptions options) {
  std::unique_ptr<PostgresCluster> cluster(new PostgresCluster(std::move(options)));
  GiveToServer(cluster->folder_.path());
  RETURN_IF_ERROR(cluster->MakeData());
  RETURN_IF_ERROR(cluster->Configure());
  RETURN_IF_ERROR(cluster->Start());
  return cluster;
}

PostgresCluster::~PostgresCluster() {
  if (!running()) return;
  server_->Signal(SIGQUIT);  // immediate: the folder goes anyway
  if (!server_->Wait(kStopTimeout).has_value()) Kill();
}

Result<void> PostgresCluster::MakeData() {
  if (!fs::exists(TemplateFolder())) return MakeDataFromNothing();
  std::error_code error;
  fs::copy(TemplateFolder(), data(), fs::copy_options::recursive, error);
  if (error)
    return Failure(ErrorCode::kInternal, "can't copy the cluster's template: " + error.message());
  GiveToServer(data());
  return {};
}

Result<void> PostgresCluster::MakeDataFromNothing() {
  RETURN_IF_ERROR(
      RunToEnd(AsServer({Program("initdb"), "-D", data().string(), "-U", "postgres",
                         "--auth-local=trust", "--auth-host=reject", "--encoding=UTF8",
                         "--locale=C.UTF-8", "--no-sync", "--no-instructions", "--wal-segsize=1"}),
               kStartTimeout));
  const std::string pristine = ReadText(data() / "postgresql.conf");
  RETURN_IF_ERROR(Configure());
  RETURN_IF_ERROR(Start());
  RETURN_IF_ERROR(ExecuteIn("postgres", ReadText(RolesFile()), "postgres"));
  RETURN_IF_ERROR(ExecuteIn("postgres", "CREATE DATABASE yagura OWNER yagura_owner", "postgres"));
  RETURN_IF_ERROR(Stop());
  std::ofstream(data() / "postgresql.conf", std::ios::trunc) << pristine;
  KeepTemplate(data());
  return {};
}

Result<void> PostgresCluster::Configure() const {
  std::ofstream out(data() / "postgresql.conf", std::ios::app);
  out << "listen_addresses = ''\nport = " << port() << "\nunix_socket_directories = '" << host()
      << "'\n"
      << "timezone = 'Asia/Tokyo'\nlog_timezone = 'UTC'\nshared_buffers = 32MB\nmax_wal_size = "
         "256MB\nmin_wal_size = 5MB\n"
      << "log_min_messages = warning\n";
  if (!options_.durable) out << "fsync = off\nfull_page_writes = off\n";
  for (const std::string& line : options_.settings) out << line << "\n";
  out.close();
  if (!out) return Failure(ErrorCode::kInternal, "can't write the cluster's postgresql.conf");
  return {};
}

ChildOptions PostgresCluster::AsServer(std::vector<std::string> arguments) const {
  return {.arguments = std::move(arguments),
          .environment = {"PATH=/usr/bin:/bin", "LC_ALL=C.UTF-8", "HOME=" + host()},
          .output = log(),
          .input = {},
          .user = IsRoot() ? kServerUser : "",
          .signal_with_parent = SIGQUIT};
}

Result<void> PostgresCluster::Start() {
  if (running()) return {};
  ASSIGN_OR_RETURN(server_,
                   ChildProcess::Start(AsServer({Program("postgres"), "-D", data().string()})));
  return AwaitReady();
}

Result<void> PostgresCluster::AwaitReady() {
  const auto deadline = std::chrono::steady_clock::now() + kStartTimeout;
  const std::string pid = std::to_string(server_->pid());
  while (std::chrono::steady_clock::now() < deadline) {
    if (server_->Poll())
      return Failure(ErrorCode::kUnavailable, "PostgreSQL doesn't start: " + TailOf(log()));
    // The first line of postmaster.pid is the server's pid, the eighth its state.
    if (PidFileLine(data(), 1) == pid && PidFileLine(data(), 8).starts_with("ready")) return {};
    std::this_thread::sleep_for(kPollInterval);
  }
  return Failure(ErrorCode::kDeadlineExceeded, "PostgreSQL is not ready: " + TailOf(log()));
}

Result<void> PostgresCluster::Stop() {
  if (!running()) return {};
  server_->Signal(SIGINT);
  RETURN_IF_ERROR(server_->Wait(kStopTimeout));
  server_.reset();
  return {};
}

void PostgresCluster::Kill() {
  if (!running()) return;
  server_->Signal(SIGKILL);
  CHECK(server_->Wait(kStopTimeout).has_value());
  server_.reset();
  AwaitBackendsGone();
}

/// Backends notice the end of their server and go by themselves; until then they hold its shared
/// memory, whose id is the second number of the seventh line of postmaster.pid.
void PostgresCluster::AwaitBackendsGone() const {
  std::istringstream line(PidFileLine(data(), 7));
  unsigned long key = 0;
  int id = -1;
  if (!(line >> key >> id)) return;
  const auto deadline = std::chrono::steady_clock::now() + kStopTimeout;
  shmid_ds segment{};
  while (std::chrono::steady_clock::now() < deadline && ::shmctl(id, IPC_STAT, &segment) == 0 &&
         segment.shm_nattch > 0) {
    std::this_thread::sleep_for(kPollInterval);
  }
}

bool PostgresCluster::running() { return server_.has_value() && !server_->Poll().has_value(); }

pg::ConnectOptions PostgresCluster::ConnectAs(std::string role) const {
  pg::ConnectOptions options;
  options.host = host();
  options.port = port();
  options.database = database();
  options.role = std::move(role);
  return options;
}

std::string PostgresCluster::ConnectionString(const std::string& role) const {
  return "host=" + host() + " port=" + std::to_string(port()) + " dbname=" + database() +
         " user=" + role;
}

Result<std::string> PostgresCluster::ExecuteIn(const std::string& database_name,
                                               const std::string& sql,
                                               const std::string& role) const {
  const TemporaryFolder output;
  const fs::path answer = output.path() / "answer";
  std::ofstream(output.path() / "sql") << sql;
  RETURN_IF_ERROR(RunToEnd(
      {.arguments = {Program("psql"), "--no-psqlrc", "--quiet", "--no-align", "--tuples-only",
                     "--set=ON_ERROR_STOP=1", "--host=" + host(), "--username=" + role,
                     "--file=" + (output.path() / "sql").string(), database_name},
       .environment = {"PATH=/usr/bin:/bin", "LC_ALL=C.UTF-8", "HOME=" + output.path().string()},
       .output = answer,
       .input = {},
       .user = {}},
      kStartTimeout));
  return TailOf(answer, 1U << 20);
}

}  // namespace yagura::testing
