package io.callsync.validator.check;

import static io.callsync.validator.sql.Sql.utc;

import io.callsync.validator.chain.ChainKey;
import io.callsync.validator.sql.Sql;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import tools.jackson.databind.json.JsonMapper;

/** The chains to look at, durable. */
@Repository
public class Due {

  private final JdbcClient jdbc;

  public Due(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /** Something about these chains changed; the first of several marks sets the time. */
  public void mark(Collection<ChainKey> chains, Instant changed, Instant at) {
    if (chains.isEmpty()) {
      return;
    }
    jdbc.sql(
            """
            insert into due (chain_key, due_at, marked_at)
            select distinct key, :at::timestamptz, :changed::timestamptz from unnest(:keys) key order by key
            on conflict (chain_key) do update set
              due_at = least(due.due_at, excluded.due_at), marked_at = least(due.marked_at, excluded.marked_at)
            """)
        .param("keys", Sql.texts(chains.stream().map(ChainKey::text).toList()))
        .param("at", utc(at))
        .param("changed", utc(changed))
        .update();
  }

  /** Time alone may change the verdict on these chains. */
  public void arm(Map<ChainKey, Instant> timers) {
    if (timers.isEmpty()) {
      return;
    }
    jdbc.sql(
            """
            insert into due (chain_key, due_at)
            select key, at::timestamptz from jsonb_each_text(:timers::jsonb) t (key, at) order by key
            on conflict (chain_key) do update set due_at = least(due.due_at, excluded.due_at)
            """)
        .param(
            "timers",
            JsonMapper.shared()
                .writeValueAsString(
                    timers.entrySet().stream()
                        .collect(
                            Collectors.toMap(
                                e -> e.getKey().text(), e -> e.getValue().toString()))))
        .update();
  }

  public boolean any(Instant now) {
    return jdbc.sql("select exists (select from due where due_at <= ?)")
        .param(utc(now))
        .query(Boolean.class)
        .single();
  }

  /**
   * Takes the chains whose time has come, to be looked at in this transaction; other instances pass
   * over them, and get them where this one fails.
   */
  public List<ChainKey> claim(Instant now, int limit) {
    return jdbc
        .sql(
            """
            delete from due where chain_key in
              (select chain_key from due where due_at <= ? order by due_at limit ? for update skip locked)
            returning chain_key
            """)
        .params(utc(now), limit)
        .query(Sql.TEXT)
        .list()
        .stream()
        .map(ChainKey::parse)
        .toList();
  }

  /** How many chains wait for a check by that time or have changed since their last one. */
  public int pending(Instant until) {
    return jdbc.sql("select count(*) from due where marked_at is not null or due_at <= ?")
        .param(utc(until))
        .query(Integer.class)
        .single();
  }

  /** The oldest change that was not looked at. */
  public Optional<Instant> oldestMark() {
    return jdbc.sql("select min(marked_at) as oldest from due")
        .query((row, n) -> Optional.ofNullable(Sql.instantOrNull(row, "oldest")))
        .single();
  }
}
