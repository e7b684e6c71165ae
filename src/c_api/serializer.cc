#include <new>
#include <string>

#include "base/utf8.h"
#include "c_api/boundary.h"
#include "wire/foreign.h"

/// The answer of one call of a serializer.
struct dbosc_buffer {
  std::string& text;
  bool out_of_memory = false;
};

namespace dbosc::c_api {
namespace {

int kind_number(wire::Foreign::Kind kind) {
  switch (kind) {
    case wire::Foreign::Kind::kArguments:
      return DBOSC_ARGUMENTS;
    case wire::Foreign::Kind::kValue:
      return DBOSC_VALUE;
    case wire::Foreign::Kind::kError:
      break;
  }
  return DBOSC_FAILURE;
}

wire::Foreign::Transcode transcode(dbosc_serializer function, void* user) {
  return [=](wire::Foreign::Kind kind, const std::string& text, std::string& out) {
    dbosc_buffer buffer{out};
    const int failed = function(user, kind_number(kind), text.c_str(), &buffer);
    if (buffer.out_of_memory) throw std::bad_alloc();
    return failed == 0;
  };
}

std::string checked_name(const char* name) {
  if (!name) throw null_argument("name");
  if (!*name || !is_database_text(name)) {
    throw invalid_argument("invalid_value", "name", "'name' must be UTF-8 text and not empty");
  }
  return name;
}

}  // namespace
}  // namespace dbosc::c_api

int dbosc_client_register_serializer(dbosc_client* client, const char* name,
                                     dbosc_serializer encode, dbosc_serializer decode, void* user,
                                     dbosc_error** error) noexcept {
  using namespace dbosc;
  return c_api::guarded(error, [&] {
    if (!client) throw c_api::null_argument("client");
    auto text = c_api::checked_name(name);
    if (!encode) throw c_api::null_argument("encode");
    if (!decode) throw c_api::null_argument("decode");
    const c_api::Entered entered(*client->services);
    client->services->codecs().add(std::make_unique<wire::Foreign>(
        std::move(text), c_api::transcode(encode, user), c_api::transcode(decode, user)));
  });
}

void dbosc_buffer_write(dbosc_buffer* buffer, const char* bytes, int64_t length) noexcept {
  if (!buffer || !bytes || length <= 0) return;
  try {
    buffer->text.append(bytes, static_cast<std::size_t>(length));
  } catch (...) {
    buffer->out_of_memory = true;
  }
}
