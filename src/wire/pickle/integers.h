#pragma once

#include <string>
#include <string_view>

#include "wire/pickle/pool.h"

/// Integers of any size, between decimal digits and two's complement bytes, lowest first. Both ways
/// take the square of the length, which is spent from the budget.
namespace dbosc::wire::pickle {

std::string digits_of_signed(std::string_view bytes, Budget& budget);
/// The shortest bytes; none for 0, as Python has it.
std::string signed_of_digits(std::string_view digits, Budget& budget);

}  // namespace dbosc::wire::pickle
