package io.callsync.projector;

import static io.callsync.projector.Column.bigint;
import static io.callsync.projector.Column.bool;
import static io.callsync.projector.Column.integer;
import static io.callsync.projector.Column.jsonb;
import static io.callsync.projector.Column.text;

import io.callsync.events.Branch;
import io.callsync.events.Company;
import io.callsync.events.PhoneNumber;
import io.callsync.events.Service;
import io.callsync.events.Staff;
import io.callsync.projector.Change.DirectoryRow;
import io.callsync.schemas.Personal;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** The tables of the directory, one for each kind of entry. */
enum DirectoryTable {
  COMPANIES(
      "companies",
      "company",
      Company.class,
      Company::getId,
      List.of(
          bigint("id", Company::getId),
          text("name", Company::getName),
          text("timezone", Company::getTimezone),
          text("language", Company::getLanguage),
          text("fallback_email", Company::getFallbackEmail),
          bool("self_repair", Company::getSelfRepair))),
  BRANCHES(
      "branches",
      "branch",
      Branch.class,
      Branch::getId,
      List.of(
          text("id", Branch::getId),
          bigint("company_id", Branch::getCompanyId),
          text("name", Branch::getName))),
  PHONE_NUMBERS(
      "phone_numbers",
      "phone_number",
      PhoneNumber.class,
      PhoneNumber::getId,
      List.of(
          text("id", PhoneNumber::getId),
          bigint("company_id", PhoneNumber::getCompanyId),
          text("branch_id", PhoneNumber::getBranchId),
          text("number", PhoneNumber::getNumber))),
  SERVICES(
      "services",
      "service",
      Service.class,
      Service::getId,
      List.of(
          bigint("id", Service::getId),
          bigint("company_id", Service::getCompanyId),
          text("branch_id", Service::getBranchId),
          text("name", Service::getName),
          jsonb("synonyms", s -> JsonMapper.shared().writeValueAsString(s.getSynonyms())),
          integer("duration_minutes", Service::getDurationMinutes),
          bigint("calcom_event_type_id", Service::getEventTypeId),
          text("calcom_account", Service::getCalcomAccount),
          bool("active", Service::getActive))),
  STAFF(
      "staff",
      "staff",
      Staff.class,
      Staff::getId,
      List.of(
          text("id", Staff::getId),
          bigint("company_id", Staff::getCompanyId),
          text("branch_id", Staff::getBranchId),
          text("name", s -> Personal.text(s.getPersonal(), "name")),
          text("email", s -> Personal.text(s.getPersonal(), "email")),
          bigint("calcom_user_id", Staff::getCalcomUserId),
          bool("active", Staff::getActive)));

  private final String entityType;
  private final Class<? extends SpecificRecord> kind;
  private final Function<SpecificRecord, Object> id;
  private final Table<DirectoryRow> table;

  <E extends SpecificRecord> DirectoryTable(
      String name,
      String entityType,
      Class<E> kind,
      Function<E, Object> id,
      List<Column<E>> columns) {
    this.entityType = entityType;
    this.kind = kind;
    this.id = entry -> id.apply(kind.cast(entry));
    var ofRow = new ArrayList<Column<DirectoryRow>>();
    for (Column<E> column : columns) {
      Function<E, @Nullable Object> value = column.value();
      ofRow.add(
          new Column<>(column.name(), column.type(), row -> value.apply(kind.cast(row.entry()))));
    }
    ofRow.add(bigint("revision", DirectoryRow::revision));
    this.table = new Table<>(name, 1, List.copyOf(ofRow));
  }

  static DirectoryTable of(SpecificRecord entry) {
    for (DirectoryTable table : values()) {
      if (table.kind.isInstance(entry)) {
        return table;
      }
    }
    throw new IllegalArgumentException(
        entry.getSchema().getFullName() + " is no entry of the directory");
  }

  String idOf(SpecificRecord entry) {
    return id.apply(entry).toString();
  }

  /** What events call its entries. */
  String entityType() {
    return entityType;
  }

  Table<DirectoryRow> table() {
    return table;
  }
}
