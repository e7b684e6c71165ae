#include "base/redact.h"

#include <gtest/gtest.h>

namespace dbosc {
namespace {

TEST(Redact, HidesWhatAConnectionStringKeepsSecret) {
  struct Case {
    const char* text;
    const char* shown;
  };
  for (const auto& [text, shown] :
       {Case{"postgresql://me:s3cret@host/db", "postgresql://***@host/db"},
        {"postgresql://me:s3@c@ret@host/db", "postgresql://***@host/db"},
        {"postgresql://me:s3/cret@host/db", "postgresql://***@host/db"},
        {"postgresql://host/db?password=s3cret&sslmode=require",
         "postgresql://host/db?password=***&sslmode=require"},
        {"host=h password=s3cret user=u", "host=h password=*** user=u"},
        {"host=h password = s3cret user=u", "host=h password = *** user=u"},
        {"host=h PASSWORD=s3cret", "host=h PASSWORD=***"},
        {"password='s3 cr\\'et' user=u", "password=*** user=u"},
        {"password='s3cret", "password=***"},
        {"password=s3\\ cret user=u", "password=*** user=u"},
        {"sslpassword=s3cret dbname=d", "sslpassword=*** dbname=d"},
        {"of a://u:s3cret@h and b://v:s3cret@i.", "of a://***@h and b://***@i."},
        {"{\"url\":\"postgresql://u:s3cret@h/d\",\"x\":\"@\"}",
         "{\"url\":\"postgresql://***@h/d\",\"x\":\"@\"}"}}) {
    EXPECT_EQ(redacted(text), shown) << text;
    EXPECT_EQ(redacted(text).find("cret"), std::string::npos) << text;
  }
}

TEST(Redact, LeavesOtherTextAlone) {
  for (const std::string text :
       {"", "postgresql://host:5432/db", "sqlite:////a/b.db", "mail me@host", "a = b",
        "the password was refused", "password authentication failed for user \"u\"", "password",
        "://", "http://host/path me@host"}) {
    EXPECT_EQ(redacted(text), text);
  }
}

TEST(Redact, TellsNothingOfASecretsLength) {
  EXPECT_EQ(redacted("password=a x"), redacted("password=abcdefghijkl x"));
  EXPECT_EQ(redacted("x://u:a@h"), redacted("x://user:abcdefghijkl@h"));
}

}  // namespace
}  // namespace dbosc
