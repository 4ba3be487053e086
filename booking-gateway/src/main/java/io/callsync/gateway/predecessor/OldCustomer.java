package io.callsync.gateway.predecessor;

import java.time.Instant;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A customer, verified; placeholders are null.
 *
 * @param companyId null in half of the old rows
 * @param phone E.164
 * @param email in lower case
 */
record OldCustomer(
    long id,
    @Nullable Long companyId,
    @Nullable String name,
    @Nullable String phone,
    @Nullable String email,
    @Nullable Instant since) {

  /** Null where the row is left out, which is told. */
  static @Nullable OldCustomer of(OldRow row, Consumer<Finding> findings) {
    Long id = OldTables.id(row, findings);
    if (id == null) {
      return null;
    }
    String name = row.text("name");
    if (name == null) {
      String first = row.text("first_name");
      String last = row.text("last_name");
      name = first == null ? last : last == null ? first : first + " " + last;
    }
    return new OldCustomer(
        id,
        row.number("company_id"),
        OldContact.name(name),
        OldContact.phone(row.text("phone")),
        OldContact.email(row.text("email")),
        WallClock.timestamp(row.text("created_at")));
  }

  OldCustomer in(long company) {
    return new OldCustomer(id, company, name, phone, email, since);
  }

  OldCustomer withoutPhone() {
    return new OldCustomer(id, companyId, name, null, email, since);
  }

  OldCustomer withoutEmail() {
    return new OldCustomer(id, companyId, name, phone, null, since);
  }
}
