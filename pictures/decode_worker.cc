#include "pictures/decode_worker.h"

#include <utility>

#include "pictures/picture_coder.h"
#include "pictures/sandbox.h"
#include "pictures/serve_orders.h"

namespace yagura::pictures {
namespace {

OrderAnswer AnswerTo(const OrderView& order, PictureCoder& coder, WorkerAnswer kind) {
  if (kind == WorkerAnswer::kSigns) {
    const ComparedPictures compared = coder.Compare(order);
    return {compared.status, EncodeSigns(compared.signs)};
  }
  CodedPicture picture =
      kind == WorkerAnswer::kThumbnail ? coder.MakeSmall(order) : coder.Make(order);
  return {picture.status, std::move(picture.jpeg)};
}

}  // namespace

Result<void> RunDecodeWorker(WorkerAnswer kind) {
  PictureCoder coder;
  RETURN_IF_ERROR(EnterSandbox());
  const auto answer = [&](std::span<const std::uint8_t> body) -> Result<OrderAnswer> {
    ASSIGN_OR_RETURN(const OrderView order, ParseOrderBody(body));
    return AnswerTo(order, coder, kind);
  };
  return ServeOrders({ParseOrderHead, answer});
}

}  // namespace yagura::pictures
