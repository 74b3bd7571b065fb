#include "api/media/thumbnail.h"

#include "api/media/instant.h"
#include "api/media/sent_parts.h"
#include "api/media/stored_picture.h"

namespace yagura::api {
namespace {

Result<ThumbnailCache::Jpeg> Make(const FootagePlan& plan, const StoredKeyframe& keyframe,
                                  PersonId person, const ThumbnailDependencies& needs) {
  ASSIGN_OR_RETURN(const auto turn, needs.turns.Enter(person));
  ASSIGN_OR_RETURN(const auto order, ReadKeyframe(plan, keyframe, needs.folder));
  ASSIGN_OR_RETURN(const auto made, needs.decoder.MakePicture(order));
  return needs.cache.Keep({keyframe.clip->id, keyframe.media},
                          std::string(made.begin(), made.end()));
}

}  // namespace

Result<Response> ShowThumbnail(const Entrance& entrance, const ThumbnailDependencies& needs) {
  const Call& call = entrance.call();
  ASSIGN_OR_RETURN(const EnteredInstant entered,
                   EnterInstant(entrance, needs.viewings, needs.folder));
  if (!entered.has_footage()) return NoFootage();
  const auto keyframe = KeyframeFor(entered.plan, entered.at);
  if (!keyframe) return NoFootage();
  if (call.is_head) return PictureHeadOnly();
  ASSIGN_OR_RETURN(const auto open, OpenFor(call, entered, needs.viewings));
  ThumbnailCache::Jpeg jpeg = needs.cache.Find({keyframe->clip->id, keyframe->media});
  if (jpeg == nullptr) {
    ASSIGN_OR_RETURN(jpeg, Make(entered.plan, *keyframe, open->viewing().person(), needs));
  }
  return AnswerPicture(*open, keyframe->shown, *jpeg, needs.viewings);
}

}  // namespace yagura::api
