package dev.dbosc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.type.TypeReference;
import dev.dbosc.types.Config;
import dev.dbosc.types.EnqueueRequest;
import dev.dbosc.types.Json;
import dev.dbosc.types.ListWorkflowsRequest;
import dev.dbosc.types.UpdateQueueRequest;
import dev.dbosc.types.Workflow;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "12345678901234567890123",
        "1.10",
        "1e400",
        "-0",
        "\"\"",
        "null",
        "[]",
        "{}",
        "{\"b\":1,\"a\":[1.000,{\"c\":\"]}\\\"\\\\\"}]}",
        "\"\uD83D\uDE00\\u0000\""
      })
  void aTextIsKeptAsItIs(String text) {
    assertEquals(text, Json.parse(text).text());
    assertEquals(text, Json.parse("[" + text + " ]").items().get(0).text());
    assertEquals(text, Json.parse("{\"k\" : " + text + "}").members().get("k").text());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "[1", "1 2", "{\"a\"}", "tru", "[1]]"})
  void whatIsNoJsonIsRefused(String text) {
    assertThrows(IllegalArgumentException.class, () -> Json.parse(text));
  }

  @Test
  void aHundredThousandBracketsAreNoTrouble() {
    String deep = "[".repeat(100_000) + "]".repeat(100_000);
    assertEquals(1, Json.parse(deep).items().size());
  }

  record Holder(Json json, Json none) {}

  @Test
  void valuesGoBothWays() {
    assertEquals(
        new BigInteger("12345678901234567890123"),
        Json.parse("12345678901234567890123").as(Object.class));
    assertEquals(new BigDecimal("1.10"), Json.parse("1.10").as(Object.class));
    assertEquals("1.10", Json.of(new BigDecimal("1.10")).text());
    assertEquals(
        Map.of("a", List.of(1)),
        Json.of(Map.of("a", List.of(1))).as(new TypeReference<Map<String, List<Integer>>>() {}));
    assertNull(Json.NULL.as(String.class));
    assertTrue(Json.of(null).isNull());
    assertEquals("\uD83D\uDE00", Json.of("\uD83D\uDE00").as(String.class));
    assertEquals(5, Json.parse("{\"a\":5}").node().get("a").intValue());
    assertThrows(IllegalArgumentException.class, () -> Json.parse("\"x\"").as(Integer.class));
    Json within = Json.parse("{\"json\":[1.10],\"none\":null}");
    assertEquals(within, Json.of(within.as(Holder.class)));
  }

  @Test
  void whatIsNotSetIsAbsentAndWhatIsClearedIsNull() {
    assertEquals("{\"name\":\"q\"}", UpdateQueueRequest.of("q").toJson().text());
    assertEquals(
        "{\"name\":\"q\",\"worker_concurrency\":3,\"rate_limit\":null}",
        UpdateQueueRequest.builder("q")
            .workerConcurrency(3)
            .clearRateLimit()
            .build()
            .toJson()
            .text());
    assertEquals("{}", ListWorkflowsRequest.builder().cursor(null).build().toJson().text());
  }

  @Test
  void durationsAndInstantsAreMilliseconds() {
    EnqueueRequest request =
        EnqueueRequest.builder("w", "q")
            .delayMs(Duration.ofNanos(1))
            .deadline(Instant.ofEpochMilli(1_700_000_000_123L))
            .args("a", null, Json.parse("1.0"))
            .build();
    assertEquals(
        "{\"workflow_name\":\"w\",\"queue_name\":\"q\",\"delay_ms\":1,\"deadline\":1700000000123,"
            + "\"args\":[\"a\",null,1.0]}",
        request.toJson().text());
    assertEquals(request, request.toBuilder().build());
  }

  @Test
  void aReplyIsReadWithWhatItLacksAndWhatItHasMore() {
    Workflow workflow =
        Workflow.fromJson(
            Json.parse(
                "{\"workflow_id\":\"a\\\"b\",\"created_at_ms\":5,\"workflow_timeout_ms\":7,"
                    + "\"output\":null,\"new_key\":[1]}"));
    assertEquals("a\"b", workflow.workflowId());
    assertEquals(Instant.ofEpochMilli(5), workflow.createdAtMs());
    assertEquals(Duration.ofMillis(7), workflow.workflowTimeoutMs());
    assertTrue(workflow.output().isNull());
    assertNull(workflow.input());
    assertNull(workflow.queueName());
  }

  @Test
  void settingsDoNotShowTheirSecrets() {
    Config config = Config.builder().systemDatabaseUrl("postgresql://u:secret@h/d").build();
    assertFalse(config.toString().contains("secret"));
  }
}
