package io.callsync.validator.check;

import static io.callsync.validator.sql.Sql.utc;

import java.time.Duration;
import java.time.Instant;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** What is to be done every so often, by one of the instances. */
@Repository
public class Schedule {

  private final JdbcClient jdbc;

  public Schedule(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /** True for the one caller who is to do it now; at once where it was never done. */
  public boolean claim(String name, Instant now, Duration every) {
    return jdbc.sql(
                """
                insert into schedule as s (name, next_at) values (:name, :next)
                on conflict (name) do update set next_at = excluded.next_at where s.next_at <= :now
                """)
            .param("name", name)
            .param("next", utc(now.plus(every)))
            .param("now", utc(now))
            .update()
        == 1;
  }
}
