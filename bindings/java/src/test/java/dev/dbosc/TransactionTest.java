package dev.dbosc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.dbosc.types.EnqueueRequest;
import dev.dbosc.types.Json;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TransactionTest {
  private static String fresh() {
    return UUID.randomUUID().toString();
  }

  @ParameterizedTest
  @EnumSource
  void whatIsCommittedCountsAndTheRestDoesNot(Backend backend) {
    try (Client client = backend.open()) {
      String committed;
      String rolledBack;
      String left;
      try (Transaction transaction = client.begin()) {
        committed = transaction.enqueue("work", fresh()).workflowId();
        transaction.commit();
      }
      try (Transaction transaction = client.begin()) {
        rolledBack = transaction.enqueue("work", fresh()).workflowId();
        assertNotNull(transaction.getWorkflow(rolledBack).workflow());
        transaction.rollback();
      }
      try (Transaction transaction = client.begin()) {
        left = transaction.enqueue("work", fresh()).workflowId();
      }
      assertNotNull(client.getWorkflow(committed).workflow());
      assertNull(client.getWorkflow(rolledBack).workflow());
      assertNull(client.getWorkflow(left).workflow());
    }
  }

  @ParameterizedTest
  @EnumSource
  void statementsOfOnesOwnJoinIn(Backend backend) {
    try (Client client = backend.open();
        Transaction transaction = client.begin()) {
      transaction.execute("CREATE TEMPORARY TABLE notes (id INTEGER, note TEXT)");
      String placeholders = backend == Backend.SQLITE ? "?, ?" : "$1, $2";
      Transaction.Rows written =
          transaction.execute("INSERT INTO notes VALUES (" + placeholders + ")", 5, "\uD83D\uDE00");
      assertEquals(1, written.rowCount());
      Transaction.Rows read = transaction.execute("SELECT id, note FROM notes");
      assertEquals(List.of("id", "note"), read.columns());
      assertEquals(List.of(Json.of(5), Json.of("\uD83D\uDE00")), read.rows().get(0));
      transaction.rollback();
    }
  }

  @ParameterizedTest
  @EnumSource
  void aRefusedOperationLeavesTheTransactionUsable(Backend backend) {
    try (Client client = backend.open();
        Transaction transaction = client.begin()) {
      EnqueueRequest request = EnqueueRequest.builder("work", fresh()).deduplicationId("d").build();
      transaction.enqueue(request);
      assertThrows(DboscException.Conflict.class, () -> transaction.enqueue(request));
      String id = transaction.enqueue("work", fresh()).workflowId();
      transaction.commit();
      assertNotNull(client.getWorkflow(id).workflow());
    }
  }

  @ParameterizedTest
  @EnumSource
  void aClosedTransactionRefusesCalls(Backend backend) {
    try (Client client = backend.open()) {
      Transaction transaction = client.begin();
      transaction.close();
      transaction.close();
      DboscException refused =
          assertThrows(
              DboscException.InvalidState.class, () -> transaction.enqueue("work", fresh()));
      assertEquals("closed", refused.kind());
    }
  }

  @ParameterizedTest
  @EnumSource
  void aCancelledTransactionRefusesCalls(Backend backend) {
    try (Client client = backend.open();
        Transaction transaction = client.begin()) {
      transaction.cancel();
      assertThrows(DboscException.Cancelled.class, () -> transaction.enqueue("work", fresh()));
    }
  }
}
