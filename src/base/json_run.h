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

/// Whether eight bytes are ordinary, by the carries out of zero bytes.
inline bool are_ordinary(std::uint64_t bytes) {
  constexpr std::uint64_t kOnes = 0x0101010101010101, kHighs = 0x8080808080808080;
  const auto zero = [](std::uint64_t word) { return (word - kOnes) & ~word; };
  const auto below_space = (bytes - kOnes * 0x20) & ~bytes;
  const auto quoting = zero(bytes ^ (kOnes * '"')) | zero(bytes ^ (kOnes * '\\'));
  return ((bytes | below_space | quoting) & kHighs) == 0;
}

template <class Word>
std::uint64_t load_word(const char* bytes) {
  Word word;
  std::memcpy(&word, bytes, sizeof word);
  return word;
}

/// Whether all of at most sixteen bytes are ordinary, by looks that overlap.
inline bool is_ordinary_run(const char* at, const char* end) {
  constexpr auto kHalf = sizeof(std::uint32_t), kWord = sizeof(std::uint64_t);
  const auto size = static_cast<std::size_t>(end - at);
  if (size >= kWord) {
    return are_ordinary(load_word<std::uint64_t>(at)) &&
           are_ordinary(load_word<std::uint64_t>(end - kWord));
  }
  if (size >= kHalf) {
    return are_ordinary(load_word<std::uint32_t>(at) | load_word<std::uint32_t>(end - kHalf) << 32);
  }
  while (at != end && is_ordinary(*at)) ++at;
  return at == end;
}

/// The first byte from `at` on that is not ordinary: most of what strings hold is, so many are
/// looked at together.
inline const char* end_of_ordinary(const char* at, const char* end) {
#if defined(__SSE2__)
  const auto all = [](char c) { return _mm_set1_epi8(c); };
  for (; end - at > 16; at += 16) {
    const auto bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
    // Compared as signed numbers, what is beyond ASCII is also below the space.
    const auto quoting =
        _mm_or_si128(_mm_cmpeq_epi8(bytes, all('"')), _mm_cmpeq_epi8(bytes, all('\\')));
    const auto special = _mm_or_si128(_mm_cmplt_epi8(bytes, all(' ')), quoting);
    const auto bits = static_cast<unsigned>(_mm_movemask_epi8(special));
    if (bits != 0) return at + std::countr_zero(bits);
  }
#else
  while (end - at > 16 && are_ordinary(load_word<std::uint64_t>(at))) at += 8;
#endif
  if (end - at <= 16 && is_ordinary_run(at, end)) return end;
  while (at != end && is_ordinary(*at)) ++at;
  return at;
}

}  // namespace dbosc
