#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "core/result.h"
#include "core/shared_bytes.h"

namespace yagura::api {

/// Header fields in the order in which they came; names compare without regard to case (RFC
/// 9110, 5.1).
class Headers {
 public:
  struct Field {
    std::string name;
    std::string value;
  };

  /// Nothing where there is none or more than one of that name: no caller can be made to read only
  /// one of two.
  [[nodiscard]] std::optional<std::string_view> Find(std::string_view name) const;
  [[nodiscard]] std::vector<std::string_view> All(std::string_view name) const;
  void Add(std::string_view name, std::string_view value);
  /// Replaces all fields of that name.
  void Set(std::string_view name, std::string_view value);
  void Remove(std::string_view name);

  [[nodiscard]] auto begin() const { return fields_.begin(); }
  [[nodiscard]] auto end() const { return fields_.end(); }

 private:
  std::vector<Field> fields_;
};

/// A request as it came over the wire; nothing in it has been judged yet.
struct Request {
  std::string method;  // "GET"
  std::string target;  // "/v1/cameras?floor=…", still encoded
  Headers headers;
  std::string body;
  std::string terminal;  // address of the caller (terminal.h)
};

/// A file kept open while pieces of it are on their way. Immutable; closes it in the end.
class OpenFile {
 public:
  explicit OpenFile(int descriptor) : descriptor_(descriptor) {}
  ~OpenFile();
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;
  /// kNotFound: no such file; kUnavailable: any other refusal of the system.
  [[nodiscard]] static Result<std::shared_ptr<const OpenFile>> Open(const std::string& path);
  [[nodiscard]] int descriptor() const { return descriptor_; }

 private:
  int descriptor_;
};

/// [offset, offset + size_bytes) of a file, for sendfile(2).
struct FilePiece {
  std::shared_ptr<const OpenFile> file;
  std::uint64_t offset = 0;
  std::uint64_t size_bytes = 0;
};
using Piece = std::variant<SharedBytes, FilePiece>;
[[nodiscard]] std::uint64_t SizeOf(const Piece& piece);

/// A body handed out piece by piece, so that no viewer costs more memory than one of them.
class ByteSource {
 public:
  virtual ~ByteSource() = default;
  [[nodiscard]] virtual std::uint64_t size_bytes() const = 0;
  /// The next piece; nothing at the end. May wait for disk or database: never called on an I/O
  /// thread, one call at a time, and only when all pieces before have been sent. After an Error the
  /// response is cut off.
  [[nodiscard]] virtual Result<std::optional<Piece>> Next() = 0;
  /// False where not one byte more may be sent. Asked on an I/O thread before each send; must not
  /// block.
  [[nodiscard]] virtual bool may_go_on() const { return true; }
  /// `bytes` more have been handed to the connection. Called on an I/O thread, never beside Next;
  /// must not block.
  virtual void OnSent(std::uint64_t bytes) { (void)bytes; }
};

/// A body without an end that is known: pieces that come as something happens. All but the call of
/// what was given to OnReady happens on an I/O thread, and must not block.
class LiveSource {
 public:
  enum class State { kPiece, kWait, kEnd };
  struct Taken {
    State state = State::kWait;
    std::string head;  // of the piece, and
    SharedBytes bytes;
  };
  virtual ~LiveSource() = default;
  /// The next piece; or that there is none yet, or that no more follows: it ends, or the right to
  /// it has ended.
  [[nodiscard]] virtual Taken Take() = 0;
  /// `wake` is called, on any thread, when Take() may have something new to say; it must not block.
  /// Once this has returned, what was given before is called no more.
  virtual void OnReady(std::function<void()> wake) = 0;
  /// Not one byte more, not even of a piece that was taken.
  [[nodiscard]] virtual bool is_cut() const = 0;
};

struct Response {
  int status = 200;
  Headers headers;
  std::variant<std::string, std::unique_ptr<ByteSource>, std::shared_ptr<LiveSource>> body;
};
/// Of a LiveSource: nothing.
[[nodiscard]] std::optional<std::uint64_t> BodySize(const Response& response);

}  // namespace yagura::api
