package io.callsync.gateway.retell;

import io.callsync.gateway.delivery.Chain;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Repository;
import tools.jackson.databind.json.JsonMapper;

/**
 * The same tool call always gets its first answer. Where the transcript does not hold the
 * invocation's id, nothing is known and nothing is kept.
 */
@Repository
class FirstAnswers {

  /** What is known of a tool call that was seen before. */
  sealed interface Known {
    record Told(FunctionAnswer answer) implements Known {}

    /** Its wish has no answer yet. */
    record Wished(UUID requestId) implements Known {}
  }

  private final JdbcTemplate jdbc;
  private final JsonMapper json;

  FirstAnswers(JdbcTemplate jdbc, JsonMapper json) {
    this.jdbc = jdbc;
    this.json = json;
  }

  Optional<Known> known(FunctionCall call) {
    return call.toolCallId() == null
        ? Optional.empty()
        : jdbc
            .query(
                "select request_id, answer::text from tool_call where retell_call_id = ? and tool_call_id = ?",
                (row, n) -> known(row.getObject(1, UUID.class), row.getString(2)),
                call.retellCallId(),
                call.toolCallId())
            .stream()
            .findFirst();
  }

  private Known known(@Nullable UUID requestId, @Nullable String answer) {
    return answer == null
        ? new Known.Wished(Objects.requireNonNull(requestId))
        : new Known.Told(new FunctionAnswer(json.readValue(answer, FunctionAnswer.FIELDS)));
  }

  /** There is nothing to wait for. */
  void told(Chain chain, FunctionCall call, FunctionAnswer answer) {
    if (call.toolCallId() != null) {
      insert(chain, call, null, json.writeValueAsString(answer.fields()));
    }
  }

  /** Its wish will have the answer. */
  void wished(Chain chain, FunctionCall call, UUID requestId) {
    if (call.toolCallId() != null) {
      insert(chain, call, requestId, null);
    }
  }

  private static void insert(
      Chain chain, FunctionCall call, @Nullable UUID requestId, @Nullable String answer) {
    chain.later(
        """
        insert into tool_call (retell_call_id, tool_call_id, request_id, answer)
        values (?, ?, ?, ?::json)
        on conflict (retell_call_id, tool_call_id) do nothing
        """,
        call.retellCallId(),
        call.toolCallId(),
        requestId,
        answer);
  }

  /** The wish has its answer; an earlier one stays. */
  FunctionAnswer answered(Chain chain, FunctionCall call, FunctionAnswer answer) {
    if (call.toolCallId() != null) {
      chain.later(
          """
          update tool_call set answer = ?::json
          where retell_call_id = ? and tool_call_id = ? and answer is null
          """,
          json.writeValueAsString(answer.fields()),
          call.retellCallId(),
          call.toolCallId());
    }
    return answer;
  }
}
