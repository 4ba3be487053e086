package io.callsync.validator.violation;

import static io.callsync.validator.sql.Sql.instantOrNull;
import static io.callsync.validator.sql.Sql.longOrNull;
import static io.callsync.validator.sql.Sql.texts;
import static io.callsync.validator.sql.Sql.utc;

import io.callsync.events.ChainViolation;
import io.callsync.outbox.Outbox;
import io.callsync.outbox.OutboxMessage;
import io.callsync.schemas.Topic;
import io.callsync.validator.ValidatorProperties;
import io.callsync.validator.rule.Severity;
import io.callsync.validator.rule.Violation;
import io.callsync.validator.sql.Sql;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * The episodes of all violations. A transition and its message are written in the caller's
 * transaction.
 */
@Repository
public class Violations {

  private static final String SAVE =
      """
      insert into violation (violation_id, chain_key, revision, state, rule, severity, subject_type, subject_id, company_id,
        call_id, episode, first_seen, last_seen, resolved_at, message, evidence, remedy, repair, tombstone_at)
      values (:id, :chain, :revision, :state, :rule, :severity, :subjectType, :subjectId, :company,
        :call, :episode, :firstSeen, :lastSeen, :resolvedAt, :message, :evidence::jsonb, :remedy, :repair, :tombstoneAt)
      on conflict (violation_id) do update set
        chain_key = excluded.chain_key, revision = excluded.revision, state = excluded.state, severity = excluded.severity,
        company_id = excluded.company_id, call_id = excluded.call_id, episode = excluded.episode,
        first_seen = excluded.first_seen, last_seen = excluded.last_seen, resolved_at = excluded.resolved_at,
        message = excluded.message, evidence = excluded.evidence, remedy = excluded.remedy,
        repair = excluded.repair, tombstone_at = excluded.tombstone_at
      """;

  private final JdbcClient jdbc;
  private final Outbox outbox;
  private final Duration tombstoneAfter;

  public Violations(JdbcClient jdbc, Outbox outbox, ValidatorProperties properties) {
    this.jdbc = jdbc;
    this.outbox = outbox;
    this.tombstoneAfter = properties.validator().tombstoneAfter();
  }

  /** What was found on one chain. */
  public record Findings(
      String chainKey, @Nullable Long companyId, @Nullable Long callId, List<Violation> found) {}

  /**
   * What the looks at some chains came to.
   *
   * @param open violations that are active now, by chain
   * @param suspected findings within their grace, by chain
   * @param lookAgain when to look at a chain again, by chain
   */
  public record Outcome(
      Map<String, List<StoredViolation>> open,
      Map<String, List<Violation>> suspected,
      Map<String, Instant> lookAgain) {}

  /** Carries findings into episodes: one look at each chain. */
  public Outcome record(Collection<Findings> looks, Instant now, Duration grace, Instant readUpTo) {
    var foundIds = new TreeSet<String>();
    var chains = new TreeSet<String>();
    for (Findings look : looks) {
      chains.add(look.chainKey());
      look.found().forEach(v -> foundIds.add(v.id()));
    }
    Map<String, StoredViolation> stored = lockedForUpdate(chains, foundIds);
    Map<String, Suspicion> suspicions = suspicions(chains, foundIds);
    var foundOn = new HashMap<String, String>();
    looks.forEach(look -> look.found().forEach(v -> foundOn.putIfAbsent(v.id(), look.chainKey())));
    var work = new Work(now, grace, readUpTo, stored, suspicions, foundOn);
    for (Findings look : looks) {
      work.look(look);
    }
    work.write();
    return new Outcome(work.open, work.suspected, work.lookAgain);
  }

  /**
   * What is stored of a finding.
   *
   * @param state of a violation, or SUSPECTED
   * @param repair what self-repair did about it
   */
  public record Known(String state, @Nullable String repair) {}

  /** Active violations and suspicions of these chains by violation id, for reading. */
  public Map<String, Known> statesOf(Collection<String> chainKeys) {
    var states = new HashMap<String, Known>();
    jdbc.sql(
            """
            select violation_id, 'SUSPECTED' as state, null as repair from suspicion where chain_key = any(:chains)
            union all
            select violation_id, state, repair from violation where chain_key = any(:chains) and state <> 'RESOLVED'
            """)
        .param("chains", texts(chainKeys))
        .query(
            row -> {
              states.put(
                  row.getString("violation_id"),
                  new Known(row.getString("state"), row.getString("repair")));
            });
    return states;
  }

  /** Stored violations in the order of their ids; of every state, company and rule not given. */
  public List<StoredViolation> list(
      StoredViolation.@Nullable State state,
      @Nullable Long companyId,
      @Nullable String rule,
      String after,
      int limit) {
    return jdbc.sql(
            """
            select * from violation
            where (:state::text is null or state = :state) and (:company::bigint is null or company_id = :company)
              and (:rule::text is null or rule = :rule) and violation_id > :after
            order by violation_id limit :limit
            """)
        .param("state", state == null ? null : state.name())
        .param("company", companyId)
        .param("rule", rule == null ? null : rule.toUpperCase(Locale.ROOT))
        .param("after", after)
        .param("limit", limit)
        .query((row, n) -> read(row))
        .list();
  }

  /** Tells with a violation what self-repair did in this episode. */
  public void tellRepair(String violationId, int episode, String text) {
    jdbc
        .sql("select * from violation where violation_id = ? and episode = ? for update")
        .params(violationId, episode)
        .query((row, n) -> read(row))
        .list()
        .stream()
        .map(v -> v.withRepair(text))
        .forEach(
            told -> {
              save(told);
              outbox.append(
                  List.of(
                      new OutboxMessage(
                          Topic.CHAIN_VIOLATIONS, told.violation().id(), message(told))));
            });
  }

  public int openCount() {
    return jdbc.sql("select count(*) from violation where state <> 'RESOLVED'")
        .query(Integer.class)
        .single();
  }

  /** Chains with an active violation. */
  public Set<String> brokenChains() {
    return jdbc.sql("select distinct chain_key from violation where state <> 'RESOLVED'")
        .query(Sql.TEXT)
        .set();
  }

  /** Lets the topic forget what has long been resolved; how many were forgotten. */
  public int forgetResolved(Instant now, int limit) {
    List<String> forgotten =
        jdbc.sql(
                """
                update violation set tombstone_at = null where violation_id in
                  (select violation_id from violation where tombstone_at <= ? and state = 'RESOLVED'
                   order by violation_id limit ? for update skip locked)
                returning violation_id
                """)
            .params(utc(now), limit)
            .query(Sql.TEXT)
            .list();
    outbox.append(
        forgotten.stream().map(id -> OutboxMessage.tombstone(Topic.CHAIN_VIOLATIONS, id)).toList());
    return forgotten.size();
  }

  private Map<String, StoredViolation> lockedForUpdate(Set<String> chains, Set<String> ids) {
    var stored = new TreeMap<String, StoredViolation>();
    jdbc.sql(
            """
            select * from violation where violation_id in (
              select violation_id from violation where chain_key = any(:chains) and state <> 'RESOLVED'
              union select violation_id from violation where violation_id = any(:ids))
            order by violation_id for update
            """)
        .param("chains", texts(chains))
        .param("ids", texts(ids))
        .query(
            row -> {
              StoredViolation violation = read(row);
              stored.put(violation.violation().id(), violation);
            });
    return stored;
  }

  private record Suspicion(String chainKey, Instant firstSeen) {}

  private Map<String, Suspicion> suspicions(Set<String> chains, Set<String> ids) {
    var suspicions = new TreeMap<String, Suspicion>();
    jdbc.sql(
            """
            select violation_id, chain_key, first_seen from suspicion where chain_key = any(:chains)
            union select violation_id, chain_key, first_seen from suspicion where violation_id = any(:ids)
            """)
        .param("chains", texts(chains))
        .param("ids", texts(ids))
        .query(
            row -> {
              suspicions.put(
                  row.getString("violation_id"),
                  new Suspicion(
                      row.getString("chain_key"),
                      Objects.requireNonNull(instantOrNull(row, "first_seen"))));
            });
    return suspicions;
  }

  /** One recording: collects what is to be written. */
  private final class Work {
    private final Instant now;
    private final Duration grace;
    private final Instant readUpTo;
    private final Map<String, StoredViolation> stored;
    private final Map<String, Suspicion> suspicions;

    /** A subject may move from one chain to another: the one that has it now decides. */
    private final Map<String, String> foundOn;

    private final List<StoredViolation> saved = new ArrayList<>();
    private final Map<String, Suspicion> suspect = new TreeMap<>();
    private final Set<String> forget = new TreeSet<>();
    final Map<String, List<StoredViolation>> open = new HashMap<>();
    final Map<String, List<Violation>> suspected = new HashMap<>();
    final Map<String, Instant> lookAgain = new HashMap<>();

    Work(
        Instant now,
        Duration grace,
        Instant readUpTo,
        Map<String, StoredViolation> stored,
        Map<String, Suspicion> suspicions,
        Map<String, String> foundOn) {
      this.now = now;
      this.grace = grace;
      this.readUpTo = readUpTo;
      this.stored = stored;
      this.suspicions = suspicions;
      this.foundOn = foundOn;
    }

    void look(Findings look) {
      var found = new TreeMap<String, Violation>();
      look.found().forEach(v -> found.put(v.id(), v));
      var concerned = new TreeSet<>(found.keySet());
      stored.forEach((id, v) -> addIf(concerned, id, v.chainKey().equals(look.chainKey())));
      suspicions.forEach((id, s) -> addIf(concerned, id, s.chainKey().equals(look.chainKey())));
      concerned.removeIf(id -> !foundOn.getOrDefault(id, look.chainKey()).equals(look.chainKey()));
      for (String id : concerned) {
        Violation violation = found.get(id);
        StoredViolation before = stored.get(id);
        Suspicion suspicion = suspicions.get(id);
        Step step =
            Step.of(
                violation,
                look.chainKey(),
                suspicion == null ? null : suspicion.firstSeen(),
                before,
                now,
                grace,
                readUpTo);
        take(look, id, violation, before, suspicion, step);
      }
    }

    private void take(
        Findings look,
        String id,
        @Nullable Violation violation,
        @Nullable StoredViolation before,
        @Nullable Suspicion suspicion,
        Step step) {
      switch (step) {
        case Step.Nothing() -> {
          if (before != null && before.active()) {
            keep(look, before);
          }
        }
        case Step.Suspect(Instant since, Instant again) when violation != null -> {
          if (suspicion == null || !suspicion.chainKey().equals(look.chainKey())) {
            suspect.put(id, new Suspicion(look.chainKey(), since));
          }
          suspected.computeIfAbsent(look.chainKey(), k -> new ArrayList<>()).add(violation);
          lookAgain.merge(look.chainKey(), again, (a, b) -> a.isBefore(b) ? a : b);
        }
        case Step.Forget() -> forget.add(id);
        case Step.Open(Instant since) when violation != null -> {
          forget.add(id);
          save(
              look,
              new StoredViolation(
                  violation,
                  look.chainKey(),
                  before == null ? 1 : before.revision() + 1,
                  StoredViolation.State.OPEN,
                  look.companyId(),
                  look.callId(),
                  before == null ? 1 : before.episode() + 1,
                  since,
                  now,
                  null,
                  null));
        }
        case Step.Update() when violation != null && before != null ->
            save(
                look,
                new StoredViolation(
                    violation,
                    look.chainKey(),
                    before.revision() + 1,
                    before.state(),
                    look.companyId(),
                    look.callId(),
                    before.episode(),
                    before.firstSeen(),
                    now,
                    null,
                    before.repair()));
        case Step.Resolve() when before != null ->
            saved.add(
                new StoredViolation(
                    before.violation(),
                    before.chainKey(),
                    before.revision() + 1,
                    StoredViolation.State.RESOLVED,
                    before.companyId(),
                    before.callId(),
                    before.episode(),
                    before.firstSeen(),
                    before.lastSeen(),
                    now,
                    before.repair()));
        default -> throw new IllegalStateException(step + " for " + id);
      }
    }

    private void save(Findings look, StoredViolation violation) {
      saved.add(violation);
      keep(look, violation);
    }

    private void keep(Findings look, StoredViolation violation) {
      open.computeIfAbsent(look.chainKey(), k -> new ArrayList<>()).add(violation);
    }

    void write() {
      suspect.forEach(
          (id, s) ->
              jdbc.sql(
                      """
                      insert into suspicion (violation_id, chain_key, first_seen) values (?, ?, ?)
                      on conflict (violation_id) do update set chain_key = excluded.chain_key
                      """)
                  .params(id, s.chainKey(), utc(s.firstSeen()))
                  .update());
      if (!forget.isEmpty()) {
        jdbc.sql("delete from suspicion where violation_id = any(?)").param(texts(forget)).update();
      }
      saved.forEach(Violations.this::save);
      outbox.append(
          saved.stream()
              .map(v -> new OutboxMessage(Topic.CHAIN_VIOLATIONS, v.violation().id(), message(v)))
              .toList());
    }
  }

  private static void addIf(Set<String> ids, String id, boolean condition) {
    if (condition) {
      ids.add(id);
    }
  }

  private void save(StoredViolation v) {
    Violation violation = v.violation();
    Instant resolvedAt = v.resolvedAt();
    jdbc.sql(SAVE)
        .param("id", violation.id())
        .param("chain", v.chainKey())
        .param("revision", v.revision())
        .param("state", v.state().name())
        .param("rule", violation.rule())
        .param("severity", violation.severity().word())
        .param("subjectType", violation.subjectType())
        .param("subjectId", violation.subjectId())
        .param("company", v.companyId())
        .param("call", v.callId())
        .param("episode", v.episode())
        .param("firstSeen", utc(v.firstSeen()))
        .param("lastSeen", utc(v.lastSeen()))
        .param("resolvedAt", resolvedAt == null ? null : utc(resolvedAt))
        .param("message", violation.message())
        .param("evidence", JsonMapper.shared().writeValueAsString(violation.evidence()))
        .param("remedy", violation.remedy())
        .param("repair", v.repair())
        .param("tombstoneAt", resolvedAt == null ? null : utc(resolvedAt.plus(tombstoneAfter)))
        .update();
  }

  private static ChainViolation message(StoredViolation v) {
    Violation violation = v.violation();
    return ChainViolation.newBuilder()
        .setViolationId(violation.id())
        .setRevision(v.revision())
        .setState(v.state().name())
        .setRule(violation.rule())
        .setSeverity(violation.severity().word())
        .setSubjectType(violation.subjectType())
        .setSubjectId(violation.subjectId())
        .setCompanyId(v.companyId())
        .setCallId(v.callId())
        .setEpisode(v.episode())
        .setFirstSeen(v.firstSeen())
        .setLastSeen(v.lastSeen())
        .setResolvedAt(v.resolvedAt())
        .setMessage(violation.message())
        .setEvidence(v.evidence())
        .setRemedy(violation.remedy())
        .build();
  }

  private static StoredViolation read(ResultSet row) throws SQLException {
    SortedMap<String, String> evidence =
        JsonMapper.shared()
            .readValue(row.getString("evidence"), new TypeReference<TreeMap<String, String>>() {});
    return new StoredViolation(
        new Violation(
            row.getString("rule"),
            Severity.valueOf(row.getString("severity").toUpperCase(Locale.ROOT)),
            row.getString("subject_type"),
            row.getString("subject_id"),
            evidence,
            row.getString("message"),
            row.getString("remedy")),
        row.getString("chain_key"),
        row.getLong("revision"),
        StoredViolation.State.valueOf(row.getString("state")),
        longOrNull(row, "company_id"),
        longOrNull(row, "call_id"),
        row.getInt("episode"),
        Objects.requireNonNull(instantOrNull(row, "first_seen")),
        Objects.requireNonNull(instantOrNull(row, "last_seen")),
        instantOrNull(row, "resolved_at"),
        row.getString("repair"));
  }
}
