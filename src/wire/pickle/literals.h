#pragma once

#include <string_view>

#include "wire/pickle/pool.h"

/// What old pickles hold as text. Each throws Refused for what is not of its form.
namespace dbosc::wire::pickle {

Index integer_literal(std::string_view line, Pool& pool);
Index long_literal(std::string_view line, Pool& pool);
Index float_literal(std::string_view line, Pool& pool);
Index unicode_literal(std::string_view line, Pool& pool);
Index string_literal(std::string_view line, Pool& pool);
std::size_t number_literal(std::string_view line);

/// UTF-8 in which surrogates may stand alone.
void require_characters(std::string_view text);
void require_ascii(std::string_view text);

/// Protocols before 3 write some names as they were in Python 2.
Name name_of_today(std::string_view module, std::string_view name);

}  // namespace dbosc::wire::pickle
