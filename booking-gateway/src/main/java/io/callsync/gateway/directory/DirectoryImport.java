package io.callsync.gateway.directory;

import io.callsync.events.Branch;
import io.callsync.events.Company;
import io.callsync.events.DirectoryEvent;
import io.callsync.events.Meta;
import io.callsync.events.PhoneNumber;
import io.callsync.events.Service;
import io.callsync.events.Staff;
import io.callsync.gateway.delivery.Cause;
import io.callsync.gateway.directory.DirectoryFile.BranchEntry;
import io.callsync.gateway.directory.DirectoryFile.Entry;
import io.callsync.gateway.directory.DirectoryFile.PhoneNumberEntry;
import io.callsync.gateway.directory.DirectoryFile.StaffEntry;
import io.callsync.outbox.Outbox;
import io.callsync.outbox.OutboxMessage;
import io.callsync.schemas.EventTypes;
import io.callsync.schemas.Personal;
import io.callsync.schemas.Topic;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.UUID;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.json.JsonMapper;

/** Brings the operator's file into the directory: what differs is written, and told as an event. */
@Component
public class DirectoryImport {

  /**
   * What became of a file that only adds.
   *
   * @param added how many entries of each type are new
   * @param unchanged how many were known as they are
   * @param kept those that are known otherwise and stay so, as type:id
   */
  public record Added(Map<String, Long> added, Map<String, Long> unchanged, List<String> kept) {}

  private record Stored(long revision, Object content) {}

  private final JdbcTemplate jdbc;
  private final TransactionTemplate transactions;
  private final Outbox outbox;
  private final Directory directory;
  private final JsonMapper json;
  private final Clock clock;

  DirectoryImport(
      JdbcTemplate jdbc,
      TransactionTemplate transactions,
      Outbox outbox,
      Directory directory,
      JsonMapper json,
      Clock clock) {
    this.jdbc = jdbc;
    this.transactions = transactions;
    this.outbox = outbox;
    this.directory = directory;
    this.json = json;
    this.clock = clock;
  }

  /** The number of entries that changed. */
  int apply(DirectoryFile file) {
    List<Entry> entries = file.entries();
    Integer changed = transactions.execute(status -> write(entries));
    directory.refresh();
    return changed == null ? 0 : changed;
  }

  /**
   * Takes what the directory does not know; what it knows otherwise stays as the operator has it.
   *
   * @param file as {@code directory import} takes it
   */
  public Added add(byte[] file, Cause cause, boolean dryRun) {
    List<Entry> entries = DirectoryFile.parse(file).entries();
    Added added =
        Objects.requireNonNull(
            transactions.execute(
                status -> {
                  if (dryRun) {
                    status.setRollbackOnly();
                  }
                  return add(entries, cause);
                }));
    directory.refresh();
    return added;
  }

  private Added add(List<Entry> entries, Cause cause) {
    lock();
    Map<String, Long> added = new TreeMap<>();
    Map<String, Long> unchanged = new TreeMap<>();
    List<String> kept = new ArrayList<>();
    List<Entry> fresh = new ArrayList<>();
    for (Entry entry : entries) {
      Stored stored = stored(entry);
      if (stored != null && stored.content.equals(entry.content())) {
        unchanged.merge(entry.type(), 1L, Long::sum);
      } else if (stored != null || isTaken(entry)) {
        kept.add(entry.type() + ":" + entry.id());
      } else {
        added.merge(entry.type(), 1L, Long::sum);
        fresh.add(entry);
      }
    }
    write(fresh, cause);
    return new Added(added, unchanged, kept);
  }

  /** Whether another service books that event type. */
  private boolean isTaken(Entry entry) {
    return entry.content() instanceof ServiceEntry service
        && !jdbc.queryForList(
                """
                select 1 from directory_entry where entity_type = 'service' and not deleted
                and entry ->> 'calcomAccount' = ? and (entry ->> 'eventTypeId')::bigint = ? and entity_id <> ?
                """,
                service.calcomAccount(),
                service.eventTypeId(),
                entry.id())
            .isEmpty();
  }

  /** One import at a time: two that interleave would fight over numbers and event types. */
  private void lock() {
    jdbc.execute("select pg_advisory_xact_lock(hashtext('directory-import'))");
  }

  private int write(List<Entry> entries) {
    lock();
    Instant now = clock.instant();
    return write(entries, new Cause(Cause.OPERATOR, "command:" + UUID.randomUUID(), now, now));
  }

  private int write(List<Entry> entries, Cause cause) {
    List<OutboxMessage> messages = new ArrayList<>();
    for (Entry entry : entries) {
      Stored stored = stored(entry);
      if (stored != null && stored.content.equals(entry.content())) {
        continue;
      }
      long revision = stored == null ? 1 : stored.revision + 1;
      jdbc.update(
          """
          insert into directory_entry (entity_type, entity_id, company_id, revision, deleted, entry)
          values (?, ?, ?, ?, false, ?::jsonb)
          on conflict (entity_type, entity_id)
          do update set company_id = excluded.company_id, revision = excluded.revision,
                        deleted = false, entry = excluded.entry
          """,
          entry.type(),
          entry.id(),
          entry.companyId(),
          revision,
          json.writeValueAsString(entry.content()));
      messages.add(message(entry, revision, cause));
    }
    outbox.append(messages);
    return messages.size();
  }

  private @Nullable Stored stored(Entry entry) {
    return jdbc
        .query(
            "select revision, entry from directory_entry where entity_type = ? and entity_id = ? and not deleted",
            (row, n) ->
                new Stored(
                    row.getLong(1), json.readValue(row.getString(2), entry.content().getClass())),
            entry.type(),
            entry.id())
        .stream()
        .findFirst()
        .orElse(null);
  }

  private static OutboxMessage message(Entry entry, long revision, Cause cause) {
    Meta meta =
        Meta.newBuilder()
            .setEventId(UUID.randomUUID().toString())
            .setType(EventTypes.DIRECTORY_CHANGED)
            .setRevision(revision)
            .setOccurredAt(cause.occurredAt())
            .setReceivedAt(cause.receivedAt())
            .setSource(cause.source())
            .setCause(cause.reference())
            .setCompanyId(entry.companyId())
            .build();
    return new OutboxMessage(
        Topic.DIRECTORY_EVENTS,
        entry.type() + ":" + key(entry),
        DirectoryEvent.newBuilder()
            .setMeta(meta)
            .setEntityType(entry.type())
            .setEntityId(entry.id())
            .setEntry(record(entry.content()))
            .build());
  }

  /** A company's own line is business data, yet a topic key carries no number at all. */
  private static String key(Entry entry) {
    return entry.type().equals("phone_number")
        ? UUID.nameUUIDFromBytes(entry.id().getBytes(java.nio.charset.StandardCharsets.UTF_8))
            .toString()
        : entry.id();
  }

  private static SpecificRecord record(Object content) {
    return switch (content) {
      case CompanyEntry c ->
          Company.newBuilder()
              .setId(c.id())
              .setName(c.name())
              .setTimezone(c.timezone())
              .setLanguage(c.language())
              .setFallbackEmail(c.fallbackEmail())
              .build();
      case BranchEntry b ->
          Branch.newBuilder().setId(b.id()).setCompanyId(b.companyId()).setName(b.name()).build();
      case PhoneNumberEntry p ->
          PhoneNumber.newBuilder()
              .setId(p.id())
              .setCompanyId(p.companyId())
              .setBranchId(p.branchId())
              .setNumber(p.number())
              .build();
      case ServiceEntry s ->
          Service.newBuilder()
              .setId(s.id())
              .setCompanyId(s.companyId())
              .setBranchId(s.branchId())
              .setName(s.name())
              .setSynonyms(s.synonyms())
              .setDurationMinutes(s.durationMinutes())
              .setEventTypeId(s.eventTypeId())
              .setCalcomAccount(s.calcomAccount())
              .setActive(s.active())
              .build();
      case StaffEntry s -> {
        Map<String, @Nullable Object> personal = new HashMap<>();
        personal.put("name", s.name());
        personal.put("email", s.email());
        yield Staff.newBuilder()
            .setId(s.id())
            .setCompanyId(s.companyId())
            .setBranchId(s.branchId())
            .setCalcomUserId(s.calcomUserId())
            .setActive(s.active())
            .setPersonal(Personal.seal(personal))
            .build();
      }
      default -> throw new IllegalStateException("not a directory entry: " + content.getClass());
    };
  }
}
