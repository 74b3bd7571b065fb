#include "ingest/parsing_note.h"

#include <gtest/gtest.h>

namespace yagura::ingest {
namespace {

TEST(ParsingNoteTest, NamesTheStreamOnlyWhileItsBytesAreParsed) {
  ParsingNote note;
  EXPECT_EQ(note.Read(), std::nullopt);
  const auto camera = NewId<CameraId>();
  note.Set({camera});
  EXPECT_EQ(note.Read(), (CameraStream{camera, Stream::kMain}));
  note.Set({camera, Stream::kSub});
  EXPECT_EQ(note.Read(), (CameraStream{camera, Stream::kSub}));
  note.Clear();
  EXPECT_EQ(note.Read(), std::nullopt);
}

}  // namespace
}  // namespace yagura::ingest
