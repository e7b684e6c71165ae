#pragma once

#include <string_view>

/// What Java's own classes take as their text, and Jackson's reader takes at all: a workflow fails
/// on anything else.
namespace dbosc::wire::jackson {

inline constexpr int kMaxNesting = 500;
inline constexpr std::size_t kMaxDigits = 1000;

/// Whether a number of any size becomes a BigDecimal.
bool is_big_decimal(std::string_view digits);
/// By UTF-16 code units.
bool is_too_long_for_a_key(std::string_view text);
bool is_too_long(std::string_view text);

/// The class of java.time for a text; empty where there is none.
std::string_view class_of_datetime(std::string_view iso);
std::string_view class_of_time(std::string_view iso);
bool is_date(std::string_view iso);
bool is_duration(std::string_view iso);
bool is_uri(std::string_view text);

/// Whether objects of this class may be given: one of the application's, or (as a text) one of
/// Java's own of which a text says all. So no request makes a worker build what it should not.
bool is_applications_class(std::string_view type);
bool is_text_class(std::string_view type);

}  // namespace dbosc::wire::jackson
