package dev.dbosc;

import dev.dbosc.types.CancelWorkflowsRequest;
import dev.dbosc.types.GetResultReply;
import dev.dbosc.types.GetResultRequest;
import dev.dbosc.types.Json;
import dev.dbosc.types.ResumeWorkflowsRequest;
import dev.dbosc.types.Workflow;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * One workflow of a client, which must outlive it. For any number of threads at once.
 *
 * @param <T> what the workflow returns
 */
public final class WorkflowHandle<T> {
  private final Client client;
  private final String workflowId;
  private final Function<Json, T> reader;

  WorkflowHandle(Client client, String workflowId, Function<Json, T> reader) {
    this.client = client;
    this.workflowId = workflowId;
    this.reader = reader;
  }

  /**
   * Its id.
   *
   * @return the id
   */
  public String workflowId() {
    return workflowId;
  }

  /**
   * Waits until the workflow is over, without end.
   *
   * @return what it returned; null for null
   * @throws DboscException.WorkflowFailed where it failed
   * @throws DboscException.WorkflowCancelled where it was cancelled
   */
  public T getResult() {
    return value(client.getResult(workflowId));
  }

  /**
   * Waits until the workflow is over.
   *
   * @param timeout how long at most
   * @return what it returned; null for null
   * @throws DboscException.Timeout where it is not over by then
   * @throws DboscException.WorkflowFailed where it failed
   * @throws DboscException.WorkflowCancelled where it was cancelled
   */
  public T getResult(Duration timeout) {
    return value(client.getResult(request(timeout)));
  }

  /**
   * The same without waiting.
   *
   * @return the result to come; its cancel ends the wait
   */
  public CompletableFuture<T> getResultAsync() {
    return client.submit("get_result", GetResultRequest.of(workflowId), this::valueOfReply);
  }

  /**
   * The same with an end.
   *
   * @param timeout how long at most
   * @return the result to come; its cancel ends the wait
   */
  public CompletableFuture<T> getResultAsync(Duration timeout) {
    return client.submit("get_result", request(timeout), this::valueOfReply);
  }

  private GetResultRequest request(Duration timeout) {
    return GetResultRequest.builder(workflowId).timeoutMs(timeout).build();
  }

  private T valueOfReply(Json reply) {
    return value(GetResultReply.fromJson(reply));
  }

  private T value(GetResultReply reply) {
    try {
      return reader.apply(reply.result());
    } catch (IllegalArgumentException misfit) {
      throw DboscException.misfit(misfit);
    }
  }

  /**
   * How it stands.
   *
   * @return the workflow; null where there is none of its id
   * @throws DboscException as its status says
   */
  public Workflow getStatus() {
    return client.getWorkflow(workflowId).workflow();
  }

  /**
   * Cancels it, where it is not over; it stops at its next step.
   *
   * @throws DboscException as its status says
   */
  public void cancel() {
    client.cancelWorkflows(CancelWorkflowsRequest.builder().workflowIds(workflowId).build());
  }

  /**
   * Puts it back on a queue, where it is not over.
   *
   * @throws DboscException as its status says
   */
  public void resume() {
    client.resumeWorkflows(ResumeWorkflowsRequest.builder().workflowIds(workflowId).build());
  }

  @Override
  public String toString() {
    return "WorkflowHandle[" + workflowId + "]";
  }
}
