#pragma once

#include <cstdint>

namespace yagura::simulate {

/// What a picture says of its place in presentation order.
struct OrderFields {
  std::uint32_t bits = 4;  // of `lsb`
  std::uint32_t lsb = 0;   // of the picture order count
  bool restarts = false;
  bool reference = false;  // counts of later ones go on from this one
};

/// Picture order counts from their low bits (ISO/IEC 14496-10 8.2.1.1, 23008-2 8.3.1), anew from
/// each picture that restarts them.
class PictureOrder {
 public:
  std::int64_t Next(const OrderFields& fields) {
    if (fields.restarts) msb_ = lsb_ = 0;
    const std::int64_t modulus = std::int64_t{1} << fields.bits;
    const std::int64_t lsb = fields.lsb;
    std::int64_t msb = msb_;
    if (lsb < lsb_ && lsb_ - lsb >= modulus / 2) msb += modulus;
    if (lsb > lsb_ && lsb - lsb_ > modulus / 2) msb -= modulus;
    if (fields.reference) {
      msb_ = msb;
      lsb_ = lsb;
    }
    return msb + lsb;
  }

 private:
  std::int64_t msb_ = 0;  // of the previous reference picture
  std::int64_t lsb_ = 0;
};

}  // namespace yagura::simulate
