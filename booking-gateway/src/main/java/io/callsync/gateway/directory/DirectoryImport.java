package io.callsync.gateway.directory;

import io.callsync.events.Branch;
import io.callsync.events.Company;
import io.callsync.events.DirectoryEvent;
import io.callsync.events.Meta;
import io.callsync.events.PhoneNumber;
import io.callsync.events.Service;
import io.callsync.events.Staff;
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
import java.util.UUID;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.json.JsonMapper;

/** Brings the operator's file into the directory: what differs is written, and told as an event. */
@Component
class DirectoryImport {

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

  private int write(List<Entry> entries) {
    // One import at a time: two that interleave would fight over numbers and event types.
    jdbc.execute("select pg_advisory_xact_lock(hashtext('directory-import'))");
    List<OutboxMessage> messages = new ArrayList<>();
    String command = "command:" + UUID.randomUUID();
    Instant now = clock.instant();
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
      messages.add(message(entry, revision, command, now));
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

  private static OutboxMessage message(Entry entry, long revision, String command, Instant now) {
    Meta meta =
        Meta.newBuilder()
            .setEventId(UUID.randomUUID().toString())
            .setType(EventTypes.DIRECTORY_CHANGED)
            .setRevision(revision)
            .setOccurredAt(now)
            .setReceivedAt(now)
            .setSource("operator")
            .setCause(command)
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
