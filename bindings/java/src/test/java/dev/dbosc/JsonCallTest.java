package dev.dbosc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.dbosc.types.Json;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Operations by their names, as JSON. */
class JsonCallTest {
  private static final String DIGITS = "[12345678901234567890123,1.10]";

  private static String fresh() {
    return UUID.randomUUID().toString();
  }

  private static Json enqueue(String id) {
    return Json.parse(
        "{\"workflow_name\": \"work\", \"queue_name\": \"%s\", \"workflow_id\": \"%s\", \"args\": %s}"
            .formatted(fresh(), id, DIGITS));
  }

  private static Json workflow(String id) {
    return Json.of(Map.of("workflow_id", id));
  }

  @ParameterizedTest
  @EnumSource
  void anOperationThatIsCalledByItsNameKeepsEveryDigit(Backend backend) {
    try (Client client = backend.open()) {
      String id = fresh();
      Json enqueued = client.call("enqueue", enqueue(id));
      assertEquals(Json.of(id), enqueued.members().get("workflow_id"));
      Json called = client.call("get_workflow", workflow(id));
      assertEquals(called, client.callAsync("get_workflow", workflow(id)).join());
      Json input = called.members().get("workflow").members().get("input");
      assertEquals(DIGITS, input.members().get("args").text());
      assertEquals(input, client.getWorkflow(id).workflow().input());
    }
  }

  @ParameterizedTest
  @EnumSource
  void anOperationThatNobodyKnowsIsRefused(Backend backend) {
    try (Client client = backend.open()) {
      Json none = Json.parse("{}");
      DboscException refused =
          assertThrows(DboscException.InvalidArgument.class, () -> client.call("enqueu", none));
      assertEquals("unknown_operation", refused.kind());
      CompletableFuture<Json> future = client.callAsync("enqueu", none);
      Throwable cause = assertThrows(CompletionException.class, future::join).getCause();
      assertEquals("unknown_operation", assertInstanceOf(DboscException.class, cause).kind());
    }
  }

  @ParameterizedTest
  @EnumSource
  void aTransactionTakesThemToo(Backend backend) {
    try (Client client = backend.open()) {
      String id = fresh();
      try (Transaction transaction = client.begin()) {
        transaction.call("enqueue", enqueue(id));
        DboscException refused =
            assertThrows(DboscException.class, () -> transaction.call("get_result", workflow(id)));
        assertEquals("not_in_transaction", refused.kind());
        transaction.commit();
      }
      assertNotNull(client.getWorkflow(id).workflow());
    }
  }
}
