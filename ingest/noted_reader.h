#pragma once

#include <optional>

#include "ingest/camera_reader.h"
#include "ingest/parsing_note.h"

namespace yagura::ingest {

/// A camera's reader, to be had under its parsing note alone: what `->` reaches, and the rest of
/// that whole expression, runs with the stream noted, whether bytes arrived or time passed. So no
/// way to a camera's bytes can forget the note. One thread.
class NotedReader {
 public:
  /// `->` for as long as the expression lasts.
  template <class Reader>
  class Access {
   public:
    Access(ParsingNote& note, const CameraStream& of, Reader& reader)
        : scope_(note, of), reader_(reader) {}
    Reader* operator->() const { return &reader_; }

   private:
    const ParsingNote::Scope scope_;
    Reader& reader_;
  };

  /// The note and the sink outlive it.
  NotedReader(ParsingNote& note, const CameraStream& of, AccessUnitSink& sink, WallTime due_since)
      : note_(note), of_(of) {
    Renew(sink, due_since);
  }
  ~NotedReader() {
    const ParsingNote::Scope scope(note_, of_);
    reader_.reset();
  }
  NotedReader(const NotedReader&) = delete;
  NotedReader& operator=(const NotedReader&) = delete;

  /// As if constructed anew, for another sink.
  void Renew(AccessUnitSink& sink, WallTime due_since) {
    const ParsingNote::Scope scope(note_, of_);
    reader_.emplace(sink, due_since);
  }
  Access<CameraReader> operator->() { return {note_, of_, *reader_}; }
  Access<const CameraReader> operator->() const { return {note_, of_, *reader_}; }

 private:
  ParsingNote& note_;
  const CameraStream of_;
  std::optional<CameraReader> reader_;
};

}  // namespace yagura::ingest
