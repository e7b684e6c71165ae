#include "base/trace_grammar.h"

#include <gtest/gtest.h>

namespace dbosc {
namespace {

const std::string kTrace = "4bf92f3577b34da6a3ce929d0e0e4736", kParent = "00f067aa0ba902b7";

TEST(TraceGrammar, TakesEveryTraceparentOfTheGrammar) {
  for (const auto& good :
       {"00-" + kTrace + "-" + kParent + "-01", "00-" + kTrace + "-" + kParent + "-00",
        "01-" + kTrace + "-" + kParent + "-01", "01-" + kTrace + "-" + kParent + "-01-more",
        "fe-" + kTrace + "-" + kParent + "-ff"}) {
    EXPECT_EQ(traceparent_problem(good), "") << good;
  }
}

TEST(TraceGrammar, SaysWhatIsWrongWithATraceparent) {
  struct Case {
    std::string text;
    const char* problem;
  };
  const std::string zeros(32, '0');
  for (const auto& [text, problem] :
       {Case{"", "must be version"},
        {"00-" + kTrace + "-" + kParent, "must be version"},
        {"00-" + kTrace + "-" + kParent + "-0G", "must be version"},
        {"00-" + kTrace + "-" + kParent + "-01-more", "must be version"},
        {"01-" + kTrace + "-" + kParent + "-01more", "must be version"},
        {"00-4BF92F3577B34DA6A3CE929D0E0E4736-" + kParent + "-01", "must be version"},
        {"00_" + kTrace + "-" + kParent + "-01", "must be version"},
        {"ff-" + kTrace + "-" + kParent + "-01", "version ff"},
        {"00-" + zeros + "-" + kParent + "-01", "trace id of zeros"},
        {"00-" + kTrace + "-" + zeros.substr(0, 16) + "-01", "parent id of zeros"}}) {
    EXPECT_NE(traceparent_problem(text).find(problem), std::string::npos)
        << text << ": " << traceparent_problem(text);
  }
}

std::string members(int count) {
  std::string state;
  for (int i = 0; i < count; ++i) state += (i ? ",k" : "k") + std::to_string(i) + "=v";
  return state;
}

TEST(TraceGrammar, TakesEveryTracestateOfTheGrammar) {
  for (const auto& good :
       {std::string(), std::string("vendor=value"), std::string("a=1 , b=2\t,,c=3"),
        std::string("t1@v=x y!~"), std::string("0tenant@v=x"), std::string("a_-*/9=1"),
        "k=" + std::string(256, 'x'), std::string(256, 'k') + "=v",
        std::string(241, 't') + "@" + std::string(14, 'v') + "=1", members(32)}) {
    EXPECT_EQ(tracestate_problem(good), "") << good;
  }
}

TEST(TraceGrammar, SaysWhatIsWrongWithATracestate) {
  struct Case {
    std::string text;
    const char* problem;
  };
  for (const auto& [text, problem] : {Case{"a", "not key=value"},
                                      {"a=1,b", "not key=value"},
                                      {"=1", "a key"},
                                      {"A=1", "a key"},
                                      {"1a=1", "a key"},
                                      {"a b=1", "a key"},
                                      {std::string(257, 'k') + "=v", "a key"},
                                      {"t@=1", "a key"},
                                      {"t@" + std::string(15, 'v') + "=1", "a key"},
                                      {"a=", "a value"},
                                      {"a=b=c", "a value"},
                                      {"a=\x7f", "a value"},
                                      {"a=\xc3\xa4", "a value"},
                                      {"k=" + std::string(257, 'x'), "a value"},
                                      {"a=1,b=2,a=3", "twice"},
                                      {members(33), "more than 32"},
                                      {"k=" + std::string(511, 'x'), "longer than 512"}}) {
    EXPECT_NE(tracestate_problem(text).find(problem), std::string::npos)
        << text << ": " << tracestate_problem(text);
  }
}

}  // namespace
}  // namespace dbosc
