#include "storage/sha256_lanes_x86.h"

#include "core/check.h"

#if defined(__x86_64__)
#include <immintrin.h>

#define YAGURA_LANES __attribute__((target("avx512f,avx512bw")))
#define YAGURA_IN_LANES YAGURA_LANES __attribute__((always_inline)) inline

namespace yagura::storage::sha256_lanes {
namespace {

using Vector = __m512i;  // one 32-bit word of each message

/// FIPS 180-4, section 4.2.2.
constexpr std::uint32_t kRoundConstants[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

/// Truth tables of three inputs, for one instruction each (FIPS 180-4, section 4.1.2).
constexpr int kXor3 = 0x96;
constexpr int kChoose = 0xca;
constexpr int kMajority = 0xe8;

YAGURA_IN_LANES Vector BigSigma0(Vector x) {
  return _mm512_ternarylogic_epi32(_mm512_ror_epi32(x, 2), _mm512_ror_epi32(x, 13),
                                   _mm512_ror_epi32(x, 22), kXor3);
}
YAGURA_IN_LANES Vector BigSigma1(Vector x) {
  return _mm512_ternarylogic_epi32(_mm512_ror_epi32(x, 6), _mm512_ror_epi32(x, 11),
                                   _mm512_ror_epi32(x, 25), kXor3);
}
YAGURA_IN_LANES Vector SmallSigma0(Vector x) {
  return _mm512_ternarylogic_epi32(_mm512_ror_epi32(x, 7), _mm512_ror_epi32(x, 18),
                                   _mm512_srli_epi32(x, 3), kXor3);
}
YAGURA_IN_LANES Vector SmallSigma1(Vector x) {
  return _mm512_ternarylogic_epi32(_mm512_ror_epi32(x, 17), _mm512_ror_epi32(x, 19),
                                   _mm512_srli_epi32(x, 10), kXor3);
}

/// Round `t` with word `w`; the working variables a to h are v[(-t) mod 8] and on, so that none
/// moves.
YAGURA_IN_LANES void Round(Vector (&v)[8], std::size_t t, Vector w) {
  const auto at = [&v, t](std::size_t name) -> Vector& { return v[(name + 64 - t) % 8]; };
  const Vector key = _mm512_set1_epi32(static_cast<int>(kRoundConstants[t]));
  const Vector choice = _mm512_ternarylogic_epi32(at(4), at(5), at(6), kChoose);
  const Vector first = _mm512_add_epi32(_mm512_add_epi32(at(7), _mm512_add_epi32(w, key)),
                                        _mm512_add_epi32(choice, BigSigma1(at(4))));
  const Vector majority = _mm512_ternarylogic_epi32(at(0), at(1), at(2), kMajority);
  at(3) = _mm512_add_epi32(at(3), first);
  at(7) = _mm512_add_epi32(first, _mm512_add_epi32(majority, BigSigma0(at(0))));
}

/// Rows of 16 words to columns: afterwards w[i] holds word i of every message.
YAGURA_IN_LANES void Transpose(Vector (&w)[16]) {
  Vector s[16];
#pragma GCC unroll 8
  for (std::size_t i = 0; i < 8; ++i) {
    s[2 * i] = _mm512_unpacklo_epi32(w[2 * i], w[2 * i + 1]);
    s[2 * i + 1] = _mm512_unpackhi_epi32(w[2 * i], w[2 * i + 1]);
  }
#pragma GCC unroll 4
  for (std::size_t i = 0; i < 16; i += 4) {
    w[i] = _mm512_unpacklo_epi64(s[i], s[i + 2]);
    w[i + 1] = _mm512_unpackhi_epi64(s[i], s[i + 2]);
    w[i + 2] = _mm512_unpacklo_epi64(s[i + 1], s[i + 3]);
    w[i + 3] = _mm512_unpackhi_epi64(s[i + 1], s[i + 3]);
  }
#pragma GCC unroll 4
  for (std::size_t i = 0; i < 4; ++i) {
    s[i] = _mm512_shuffle_i32x4(w[i], w[i + 4], 0x88);
    s[i + 4] = _mm512_shuffle_i32x4(w[i], w[i + 4], 0xdd);
    s[i + 8] = _mm512_shuffle_i32x4(w[i + 8], w[i + 12], 0x88);
    s[i + 12] = _mm512_shuffle_i32x4(w[i + 8], w[i + 12], 0xdd);
  }
#pragma GCC unroll 4
  for (std::size_t i = 0; i < 4; ++i) {
    w[i] = _mm512_shuffle_i32x4(s[i], s[i + 8], 0x88);
    w[i + 8] = _mm512_shuffle_i32x4(s[i], s[i + 8], 0xdd);
    w[i + 4] = _mm512_shuffle_i32x4(s[i + 4], s[i + 12], 0x88);
    w[i + 12] = _mm512_shuffle_i32x4(s[i + 4], s[i + 12], 0xdd);
  }
}

/// How far ahead of its reading a message is asked for: what was recorded a second ago lies in
/// memory, and sixteen places at once are more than the processor foresees by itself.
constexpr std::size_t kFetchAheadBytes = 16 * kBlockBytes;

/// The next block of every message, word by word.
YAGURA_IN_LANES void LoadBlock(Vector (&w)[16], std::array<const std::uint8_t*, kLanes>& data) {
  const Vector big_endian =
      _mm512_broadcast_i32x4(_mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203));
#pragma GCC unroll 16
  for (std::size_t lane = 0; lane < kLanes; ++lane) {
    _mm_prefetch(data[lane] + kFetchAheadBytes, _MM_HINT_T0);
    w[lane] = _mm512_shuffle_epi8(_mm512_loadu_si512(data[lane]), big_endian);
    data[lane] += kBlockBytes;
  }
  Transpose(w);
}

YAGURA_IN_LANES void CompressBlock(Vector (&state)[8], Vector (&w)[16]) {
  Vector v[8];
#pragma GCC unroll 8
  for (std::size_t i = 0; i < 8; ++i) v[i] = state[i];
#pragma GCC unroll 16
  for (std::size_t t = 0; t < 16; ++t) Round(v, t, w[t]);
#pragma GCC unroll 3
  for (std::size_t sixteen = 16; sixteen < 64; sixteen += 16) {
#pragma GCC unroll 16
    for (std::size_t i = 0; i < 16; ++i) {
      const Vector recent = _mm512_add_epi32(w[(i + 9) % 16], SmallSigma1(w[(i + 14) % 16]));
      w[i] = _mm512_add_epi32(_mm512_add_epi32(w[i], SmallSigma0(w[(i + 1) % 16])), recent);
      Round(v, sixteen + i, w[i]);
    }
  }
#pragma GCC unroll 8
  for (std::size_t i = 0; i < 8; ++i) state[i] = _mm512_add_epi32(state[i], v[i]);
}

}  // namespace

bool Supported() {
  static const bool supported =
      __builtin_cpu_supports("avx512f") != 0 && __builtin_cpu_supports("avx512bw") != 0;
  return supported;
}

YAGURA_LANES void Compress(const std::array<State*, kLanes>& states,
                           std::array<const std::uint8_t*, kLanes> data, std::size_t blocks) {
  alignas(64) std::uint32_t words[8][kLanes];
  for (std::size_t lane = 0; lane < kLanes; ++lane) {
    for (std::size_t i = 0; i < 8; ++i) words[i][lane] = (*states[lane])[i];
  }
  Vector state[8];
  for (std::size_t i = 0; i < 8; ++i) state[i] = _mm512_load_si512(words[i]);
  for (; blocks > 0; --blocks) {
    Vector w[16];
    LoadBlock(w, data);
    CompressBlock(state, w);
  }
  for (std::size_t i = 0; i < 8; ++i) _mm512_store_si512(words[i], state[i]);
  for (std::size_t lane = 0; lane < kLanes; ++lane) {
    for (std::size_t i = 0; i < 8; ++i) (*states[lane])[i] = words[i][lane];
  }
}

}  // namespace yagura::storage::sha256_lanes

#else

namespace yagura::storage::sha256_lanes {

bool Supported() { return false; }
void Compress(const std::array<State*, kLanes>&, std::array<const std::uint8_t*, kLanes>,
              std::size_t) {
  CHECK(Supported());
}

}  // namespace yagura::storage::sha256_lanes

#endif
