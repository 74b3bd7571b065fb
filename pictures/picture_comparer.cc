#include "pictures/picture_comparer.h"

#include <utility>

namespace yagura::pictures {
namespace {

PictureDecoder::Options OneWorker(std::string program) {
  PictureDecoder::Options options;
  options.program = std::move(program);
  options.arguments = {"decode", "--signs"};
  options.workers = 1;
  return options;
}

}  // namespace

PictureComparer::PictureComparer(std::string program) : decoder_(OneWorker(std::move(program))) {}

Result<PictureSigns> PictureComparer::Compare(const PictureOrder& order) {
  ASSIGN_OR_RETURN(const auto signs, decoder_.MakePicture(order));
  return ParseSigns(signs);
}

}  // namespace yagura::pictures
