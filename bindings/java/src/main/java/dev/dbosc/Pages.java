package dev.dbosc;

import dev.dbosc.types.Json;
import dev.dbosc.types.ListWorkflowsReply;
import dev.dbosc.types.ListWorkflowsRequest;
import dev.dbosc.types.ReadStreamRequest;
import dev.dbosc.types.Workflow;
import java.util.Objects;
import java.util.stream.Stream;

/** What comes in pages, as lazy streams. */
final class Pages {
  private Pages() {}

  static Stream<Workflow> workflows(Client client, ListWorkflowsRequest request) {
    return Stream.iterate(
            client.listWorkflows(request),
            Objects::nonNull,
            page -> page.nextCursor() == null ? null : next(client, request, page))
        .flatMap(page -> page.workflows().stream());
  }

  private static ListWorkflowsReply next(
      Client client, ListWorkflowsRequest request, ListWorkflowsReply page) {
    return client.listWorkflows(request.toBuilder().cursor(page.nextCursor()).build());
  }

  static ReadStreamRequest from(String workflowId, String key, long offset) {
    return ReadStreamRequest.builder(workflowId, key).offset(offset).build();
  }

  static Stream<Json> values(Client client, String workflowId, String key) {
    return Stream.iterate(
            client.readStream(from(workflowId, key, 0)),
            Objects::nonNull,
            page ->
                page.closed() ? null : client.readStream(from(workflowId, key, page.nextOffset())))
        .flatMap(page -> page.values().stream());
  }
}
