package dev.dbosc;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.dbosc.types.EnqueueRequest;
import dev.dbosc.types.Json;
import dev.dbosc.types.ListMessagesRequest;
import dev.dbosc.types.SendRequest;
import dev.dbosc.types.Workflow;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Any payload comes back as it went: values made at random, by a seed that a failure names. */
class PayloadTest {
  private static final int CASES = 60;
  private static final String[] TEXTS = {
    "",
    "a",
    "\"",
    "\\",
    "/",
    "\n\r\t",
    "\u0001",
    "é",
    "ß",
    "\u2028",
    "日本語",
    "\uD83D\uDE00",
    "👩‍👩‍👧",
    "e\u0301",
    "null",
    "0",
    "{}",
    "\uFFFD",
    "\uDBFF\uDFFF",
    " "
  };
  private static final String[] NUMBERS = {
    "0",
    "-1",
    "1.10",
    "0.1000",
    "12345678901234567890123",
    "-9223372036854775809",
    "1e400",
    "1E-7",
    "123.456789012345678901234567890",
    "9007199254740993",
    "2.0"
  };

  private final Random random;

  PayloadTest() {
    random = new Random();
  }

  private String text() {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(4); i >= 0; i--) text.append(TEXTS[random.nextInt(TEXTS.length)]);
    return Json.of(text.toString()).text();
  }

  private String value(int depth) {
    return switch (random.nextInt(depth > 3 ? 4 : 6)) {
      case 0 -> random.nextBoolean() ? "null" : Boolean.toString(random.nextBoolean());
      case 1 -> NUMBERS[random.nextInt(NUMBERS.length)];
      case 2, 3 -> text();
      case 4 -> "[" + String.join(",", values(depth)) + "]";
      default -> object(depth);
    };
  }

  private List<String> values(int depth) {
    List<String> values = new ArrayList<>();
    for (int i = random.nextInt(4); i > 0; i--) values.add(value(depth + 1));
    return values;
  }

  private String object(int depth) {
    List<String> members = new ArrayList<>();
    for (String value : values(depth)) members.add("\"k" + members.size() + "é\":" + value);
    return "{" + String.join(",", members) + "}";
  }

  @ParameterizedTest
  @EnumSource
  void argumentsAndMessagesComeBackAsTheyWent(Backend backend) {
    long seed = System.nanoTime();
    random.setSeed(seed);
    try (Client client = backend.open()) {
      String queue = UUID.randomUUID().toString();
      for (int i = 0; i < CASES; i++) {
        Json value = Json.parse(value(0));
        String id =
            client.enqueue(EnqueueRequest.builder("work", queue).args(value).build()).workflowId();
        client.send(SendRequest.of(id, value));
        Workflow found = client.getWorkflow(id).workflow();
        String why = "seed " + seed + ", case " + i;
        assertSame(value, found.input().members().get("args").items().get(0), why);
        assertSame(
            value,
            client.listMessages(ListMessagesRequest.of(id)).messages().get(0).message(),
            why);
      }
    }
  }

  /** The same text, but for how JSON writes a character: numbers have the same digits. */
  private static void assertSame(Json wanted, Json found, String why) {
    assertEquals(canonical(wanted), canonical(found), why);
  }

  private static String canonical(Json value) {
    return switch (value.text().charAt(0)) {
      case '"' -> Json.of(value.as(String.class)).text();
      case '[' -> value.items().stream().map(PayloadTest::canonical).toList().toString();
      case '{' -> {
        StringBuilder text = new StringBuilder("{");
        value.members().forEach((key, item) -> text.append(key).append(canonical(item)));
        yield text.append('}').toString();
      }
      default -> value.text();
    };
  }

  @ParameterizedTest
  @EnumSource
  void namesComeBackAsTheyWent(Backend backend) {
    try (Client client = backend.open()) {
      for (String text : TEXTS) {
        String id = UUID.randomUUID() + text;
        String queue = "q" + text;
        client.enqueue(EnqueueRequest.builder("work", queue).workflowId(id).build());
        Workflow found = client.getWorkflow(id).workflow();
        assertEquals(id, found.workflowId());
        assertEquals(queue, found.queueName());
      }
    }
  }
}
