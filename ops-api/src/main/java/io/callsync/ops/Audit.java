package io.callsync.ops;

import io.callsync.events.OperatorAction;
import io.callsync.outbox.Outbox;
import io.callsync.outbox.OutboxMessage;
import io.callsync.schemas.Topic;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Who did what, when, why and with which outcome: a row before anything is done, and its end with
 * an event in one transaction. What cannot be written down is not done.
 */
public final class Audit {

  /** How an action ended. */
  public enum Outcome {
    OK,
    /** Nothing was changed, since it was wrong or not possible. */
    REFUSED,
    /** It broke off; what it had done before may stand. */
    FAILED
  }

  /**
   * An action.
   *
   * @param id the service's name and a number
   * @param outcome null while it goes on
   */
  public record Action(
      String id,
      String service,
      Instant startedAt,
      String operator,
      String command,
      String subject,
      String reason,
      @Nullable String outcome,
      String detail,
      @Nullable Instant endedAt) {}

  /** Nobody waits that long for an answer: its process has ended before it. */
  private static final String BROKEN_OFF =
      "select id from operator_action where outcome is null and not goes_on and started_at < now() - interval '1 hour'";

  private final JdbcClient jdbc;
  private final TransactionTemplate transaction;
  private final Outbox outbox;
  private final String service;

  /**
   * @param service the name that its actions carry
   */
  public Audit(DataSource database, Outbox outbox, String service) {
    this.jdbc = JdbcClient.create(database);
    this.transaction = new TransactionTemplate(new JdbcTransactionManager(database));
    this.outbox = outbox;
    this.service = service;
  }

  OperatorRequest begin(String operator, String command, String reason) {
    jdbc.sql(BROKEN_OFF)
        .query(Long.class)
        .list()
        .forEach(id -> end(id, Outcome.FAILED, "the service ended before it"));
    long id =
        jdbc.sql(
                "insert into operator_action (operator, command, reason) values (?, ?, ?) returning id")
            .params(operator, command, reason)
            .query(Long.class)
            .single();
    return new OperatorRequest(id, operator, command, reason);
  }

  /** Writes down what is known when the request is answered. */
  void answered(OperatorRequest request, Outcome outcome, String detail) {
    if (request.doesOnlyShow()) {
      jdbc.sql("delete from operator_action where id = ?").param(request.actionId()).update();
      return;
    }
    transaction.executeWithoutResult(
        status -> {
          jdbc.sql(
                  "update operator_action set command = ?, subject = ?, reason = ?, goes_on = ? where id = ?")
              .params(
                  request.command(),
                  request.subject(),
                  request.reason(),
                  request.doesGoOn(),
                  request.actionId())
              .update();
          if (!request.doesGoOn()) {
            end(request.actionId(), outcome, detail);
          }
        });
  }

  /** Ends an action, once: whoever comes later changes nothing. */
  public void end(long id, Outcome outcome, String detail) {
    transaction.executeWithoutResult(
        status ->
            jdbc.sql(
                    """
                    update operator_action set outcome = ?, detail = ?, ended_at = now()
                    where id = ? and outcome is null returning *""")
                .params(
                    outcome.name().toLowerCase(Locale.ROOT), OperatorRequest.bounded(detail), id)
                .query(this::action)
                .optional()
                .ifPresent(this::say));
  }

  /**
   * Actions, the newest first.
   *
   * @param before only those with a lower number
   * @param command only of this command; null for all
   */
  List<Action> page(@Nullable Instant since, @Nullable String command, long before, int most) {
    return jdbc.sql(
            """
            select * from operator_action
            where started_at >= coalesce(:since::timestamptz, '-infinity') and command = coalesce(:command, command)
              and id < :before order by id desc limit :most""")
        .param("since", since == null ? null : OffsetDateTime.ofInstant(since, ZoneOffset.UTC))
        .param("command", command)
        .param("before", before)
        .param("most", most)
        .query(this::action)
        .list();
  }

  private void say(Action action) {
    Instant ended = action.endedAt();
    outbox.append(
        List.of(
            new OutboxMessage(
                Topic.OPERATOR_ACTIONS,
                action.id(),
                OperatorAction.newBuilder()
                    .setActionId(action.id())
                    .setService(service)
                    .setOperator(action.operator())
                    .setCommand(action.command())
                    .setSubject(action.subject())
                    .setReason(action.reason())
                    .setStartedAt(action.startedAt())
                    .setEndedAt(ended == null ? action.startedAt() : ended)
                    .setOutcome(action.outcome())
                    .setDetail(action.detail())
                    .build())));
  }

  private Action action(ResultSet row, int n) throws SQLException {
    OffsetDateTime ended = row.getObject("ended_at", OffsetDateTime.class);
    return new Action(
        service + ':' + row.getLong("id"),
        service,
        row.getObject("started_at", OffsetDateTime.class).toInstant(),
        row.getString("operator"),
        row.getString("command"),
        row.getString("subject"),
        row.getString("reason"),
        row.getString("outcome"),
        row.getString("detail"),
        ended == null ? null : ended.toInstant());
  }
}
