package io.callsync.validator.repair;

import static io.callsync.validator.sql.Sql.instantOrNull;
import static io.callsync.validator.sql.Sql.longs;
import static io.callsync.validator.sql.Sql.utc;

import io.callsync.validator.ValidatorProperties;
import io.callsync.validator.ValidatorProperties.SelfRepair;
import io.callsync.validator.chain.ChainKey;
import io.callsync.validator.repair.Attempt.Broken;
import io.callsync.validator.rule.Rule;
import io.callsync.validator.violation.Violations;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * The attempts to repair. Each is written, and told with its violation, in the caller's transaction
 * before anything is asked for, and again at its end.
 */
@Repository
public class Repairs {

  /** What a backfill can mend: a link, a row or a customer that is missing, and other ids. */
  static final Set<Rule> REPAIRABLE =
      Set.of(
          Rule.CALL_WITHOUT_COMPANY,
          Rule.CALL_WITHOUT_CUSTOMER,
          Rule.CONFIRMED_WITHOUT_APPOINTMENT,
          Rule.APPOINTMENT_WITHOUT_CALL,
          Rule.CALCOM_ID_MISSING,
          Rule.CALCOM_DRIFT);

  /** The rows and the validation follow the remedies within seconds. */
  static final Duration UNTIL_MENDED = Duration.ofSeconds(30);

  /** Longer than all time limits of an attempt: whoever made it is gone. */
  static final Duration LOST = Duration.ofMinutes(5);

  private static final int LOOKED_AT = 1000;
  private static final Duration HOUR = Duration.ofHours(1);

  private final JdbcClient jdbc;
  private final Violations violations;
  private final SelfRepair settings;

  public Repairs(JdbcClient jdbc, Violations violations, ValidatorProperties properties) {
    this.jdbc = jdbc;
    this.violations = violations;
    this.settings = properties.validator().selfRepair();
  }

  /**
   * What self-repair did in the last hour.
   *
   * @param companies whose chains mend themselves: ids or "all"
   * @param running chains in repair now
   * @param heldBack companies that had as many as they may have in an hour
   */
  public record Figures(
      Set<String> companies, int running, int mended, int notMended, Set<Long> heldBack) {}

  public Figures figures(Instant now) {
    var counts = new HashMap<String, Integer>();
    jdbc.sql(
            """
            select coalesce(outcome, 'running') as state, count(distinct chain_key) as n from repair
            where started_at > ? or ended_at is null group by 1
            """)
        .param(utc(now.minus(HOUR)))
        .query(
            row -> {
              counts.put(row.getString("state"), row.getInt("n"));
            });
    Set<Long> heldBack = new TreeSet<>();
    startedLately(now)
        .forEach(
            (company, started) -> {
              if (started >= settings.mostPerHour()) {
                heldBack.add(company);
              }
            });
    return new Figures(
        new TreeSet<>(settings.companies()),
        counts.getOrDefault("running", 0),
        counts.getOrDefault("mended", 0),
        counts.getOrDefault("not mended", 0),
        heldBack);
  }

  /**
   * Begins attempts on chains that are broken long enough.
   *
   * @param heldBack gets the companies that wait for the hour to be over
   */
  List<Attempt> begin(Instant now, Set<Long> heldBack) {
    int free = settings.atOnce() - running();
    if (free <= 0) {
      return List.of();
    }
    Map<String, List<Broken>> chains = new LinkedHashMap<>();
    for (Broken broken : waiting(now.minus(settings.delay()))) {
      chains.computeIfAbsent(broken.chainKey(), key -> new ArrayList<>()).add(broken);
    }
    Map<Long, Integer> started = chains.isEmpty() ? Map.of() : startedLately(now);
    List<Attempt> attempts = new ArrayList<>();
    for (List<Broken> broken : chains.values()) {
      long company = broken.getFirst().companyId();
      if (started.getOrDefault(company, 0) >= settings.mostPerHour()) {
        heldBack.add(company);
      } else if (attempts.size() < free) {
        started.merge(company, 1, Integer::sum);
        attempts.add(new Attempt(ChainKey.parse(broken.getFirst().chainKey()), broken));
      }
    }
    attempts.forEach(attempt -> attempt.broken().forEach(broken -> begin(broken, now)));
    return attempts;
  }

  private void begin(Broken broken, Instant now) {
    jdbc.sql(
            """
            insert into repair (violation_id, episode, chain_key, company_id, started_at) values (?, ?, ?, ?, ?)
            """)
        .params(
            broken.violationId(), broken.episode(), broken.chainKey(), broken.companyId(), utc(now))
        .update();
    violations.tellRepair(broken.violationId(), broken.episode(), "started " + now);
  }

  /** The remedies are through; whether they helped is seen later. */
  void asked(Attempt attempt, Instant now, @Nullable String trouble) {
    for (Broken broken : attempt.broken()) {
      jdbc.sql("update repair set asked_at = ?, trouble = ? where violation_id = ? and episode = ?")
          .param(utc(now))
          .param(trouble)
          .param(broken.violationId())
          .param(broken.episode())
          .update();
    }
  }

  private record Running(
      String violationId,
      int episode,
      Instant startedAt,
      @Nullable Instant askedAt,
      @Nullable String trouble,
      boolean mended) {}

  /** Ends attempts whose violation is gone, or has stayed too long. */
  void end(Instant now) {
    List<Running> all =
        jdbc.sql(
                """
                select r.violation_id, r.episode, r.started_at, r.asked_at, r.trouble,
                       v.state = 'RESOLVED' or v.episode > r.episode as mended
                from repair r join violation v using (violation_id)
                where r.ended_at is null order by r.violation_id for update of r skip locked
                """)
            .query(
                (row, n) ->
                    new Running(
                        row.getString("violation_id"),
                        row.getInt("episode"),
                        Objects.requireNonNull(instantOrNull(row, "started_at")),
                        instantOrNull(row, "asked_at"),
                        row.getString("trouble"),
                        row.getBoolean("mended")))
            .list();
    for (Running running : all) {
      Instant asked = running.askedAt();
      boolean over =
          asked == null
              ? running.startedAt().plus(LOST).isBefore(now)
              : running.mended() || asked.plus(UNTIL_MENDED).isBefore(now);
      if (over) {
        end(running, now, asked == null ? "nobody knows how it ended" : running.trouble());
      }
    }
  }

  private void end(Running running, Instant now, @Nullable String trouble) {
    String outcome = running.mended() ? "mended" : "not mended";
    jdbc.sql("update repair set ended_at = ?, outcome = ? where violation_id = ? and episode = ?")
        .params(utc(now), outcome, running.violationId(), running.episode())
        .update();
    violations.tellRepair(
        running.violationId(),
        running.episode(),
        "started %s, ended %s, %s%s"
            .formatted(
                running.startedAt(),
                now,
                outcome,
                running.mended() || trouble == null ? "" : ": " + trouble));
  }

  private int running() {
    return jdbc.sql("select count(distinct chain_key) from repair where ended_at is null")
        .query(Integer.class)
        .single();
  }

  /** Open violations that no attempt was made on, the oldest first. */
  private List<Broken> waiting(Instant seenBefore) {
    return jdbc.sql(
            """
            select v.violation_id, v.episode, v.chain_key, v.company_id from violation v
            where v.state = 'OPEN' and v.rule = any(:rules) and v.first_seen <= :before
              and (v.company_id = any(:companies) or (:all and v.company_id is not null))
              and not exists (select from repair r where r.violation_id = v.violation_id and r.episode = v.episode)
              and not exists (select from repair r where r.chain_key = v.chain_key and r.ended_at is null)
              and (v.chain_key like 'call:%' or v.chain_key like 'booking:%')
            order by v.first_seen, v.violation_id limit :limit
            """)
        .param("rules", REPAIRABLE.stream().map(Rule::name).toArray(String[]::new))
        .param("before", utc(seenBefore))
        .param("companies", longs(settings.companyIds()))
        .param("all", settings.ofAll())
        .param("limit", LOOKED_AT)
        .query(
            (row, n) ->
                new Broken(
                    row.getString("violation_id"),
                    row.getInt("episode"),
                    row.getString("chain_key"),
                    row.getLong("company_id")))
        .list();
  }

  private Map<Long, Integer> startedLately(Instant now) {
    var started = new HashMap<Long, Integer>();
    jdbc.sql(
            """
            select company_id, count(distinct chain_key) as n from repair where started_at > ? group by company_id
            """)
        .param(utc(now.minus(HOUR)))
        .query(
            row -> {
              started.put(row.getLong("company_id"), row.getInt("n"));
            });
    return started;
  }
}
