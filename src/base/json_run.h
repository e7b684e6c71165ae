#pragma once

#include <bit>
#include <cstdint>
#include <cstring>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace dbosc {

/// Whether a byte in a JSON string is a whole character that means itself.
inline bool is_ordinary(char c) {
  return static_cast<signed char>(c) >= 0x20 && c != '"' && c != '\\';
}

#if defined(__SSE2__)

/// The first byte from `at` on that is not ordinary: most of what strings hold is, so sixteen are
/// looked at together.
inline const char* end_of_ordinary(const char* at, const char* end) {
  const auto all = [](char c) { return _mm_set1_epi8(c); };
  for (; end - at >= 16; at += 16) {
    const auto bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
    // Compared as signed numbers, what is beyond ASCII is also below the space.
    const auto quoting =
        _mm_or_si128(_mm_cmpeq_epi8(bytes, all('"')), _mm_cmpeq_epi8(bytes, all('\\')));
    const auto special = _mm_or_si128(_mm_cmplt_epi8(bytes, all(' ')), quoting);
    const auto bits = static_cast<unsigned>(_mm_movemask_epi8(special));
    if (bits != 0) return at + std::countr_zero(bits);
  }
  while (at != end && is_ordinary(*at)) ++at;
  return at;
}

#else

/// Whether eight bytes are ordinary, by the carries out of zero bytes.
inline bool are_ordinary(const char* bytes) {
  constexpr std::uint64_t kOnes = 0x0101010101010101, kHighs = 0x8080808080808080;
  const auto zero = [](std::uint64_t word) { return (word - kOnes) & ~word; };
  std::uint64_t word = 0;
  std::memcpy(&word, bytes, sizeof word);
  const auto below_space = (word - kOnes * 0x20) & ~word;
  const auto quoting = zero(word ^ (kOnes * '"')) | zero(word ^ (kOnes * '\\'));
  return ((word | below_space | quoting) & kHighs) == 0;
}

/// The first byte from `at` on that is not ordinary: most of what strings hold is, so eight are
/// looked at together.
inline const char* end_of_ordinary(const char* at, const char* end) {
  while (end - at >= 8 && are_ordinary(at)) at += 8;
  while (at != end && is_ordinary(*at)) ++at;
  return at;
}

#endif

}  // namespace dbosc
