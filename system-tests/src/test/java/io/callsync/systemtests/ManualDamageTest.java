package io.callsync.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Somebody edits the rows by hand: the validator sees it within seconds, and sees it undone. */
class ManualDamageTest extends SystemTest {

  /** The grace of five seconds, and five more to be seen. */
  private static final Duration SOON = Duration.ofSeconds(10);

  @Test
  void a_customer_taken_from_a_call_is_found_and_its_return_is_seen() {
    Booked booked = aBookedCall(Company.A);
    long id = booked.call().id();
    rows.update("update calls set customer_id = null where id = ?", id);
    opensSoon("CALL_WITHOUT_CUSTOMER", "call", id);
    rows.update(
        "update calls set customer_id = ? where id = ?", booked.appointment().customerId(), id);
    resolves("CALL_WITHOUT_CUSTOMER", "call", id);
  }

  @Test
  void GHOST_02_an_appointment_deleted_by_hand_is_found_and_its_return_is_seen() {
    Booked booked = aBookedCall(Company.A);
    long id = booked.call().id();
    String row = take("appointments", booked.appointment().id());
    opensSoon("CONFIRMED_WITHOUT_APPOINTMENT", "call", id);
    putBack("appointments", row);
    resolves("CONFIRMED_WITHOUT_APPOINTMENT", "call", id);
  }

  @Test
  void an_appointment_cut_from_its_call_is_found_and_its_return_is_seen() {
    Booked booked = aBookedCall(Company.A);
    long id = booked.appointment().id();
    rows.update("update appointments set call_id = null where id = ?", id);
    opensSoon("APPOINTMENT_WITHOUT_CALL", "appointment", id);
    rows.update("update appointments set call_id = ? where id = ?", booked.call().id(), id);
    resolves("APPOINTMENT_WITHOUT_CALL", "appointment", id);
  }

  @Test
  void a_customer_deleted_by_hand_is_found_and_his_return_is_seen() {
    Booked booked = aBookedCall(Company.A);
    long id = booked.call().id();
    String row = take("customers", booked.appointment().customerId());
    opensSoon("CUSTOMER_NOT_FOUND", "call", id);
    putBack("customers", row);
    resolves("CUSTOMER_NOT_FOUND", "call", id);
  }

  @Test
  void an_appointment_given_to_another_customer_is_found_and_its_return_is_seen() {
    Booked booked = aBookedCall(Company.A);
    Booked other = aBookedCall(Company.A);
    long id = booked.appointment().id();
    rows.update(
        "update appointments set customer_id = ? where id = ?",
        other.appointment().customerId(),
        id);
    opensSoon("CUSTOMER_MISMATCH", "appointment", id);
    rows.update(
        "update appointments set customer_id = ? where id = ?",
        booked.appointment().customerId(),
        id);
    resolves("CUSTOMER_MISMATCH", "appointment", id);
  }

  @Test
  void TEN_02_an_appointment_moved_to_another_company_is_found_and_its_return_is_seen() {
    Booked booked = aBookedCall(Company.A);
    long id = booked.appointment().id();
    rows.update("update appointments set company_id = ? where id = ?", Company.B.id(), id);
    opensSoon("COMPANY_MISMATCH", "appointment", id);
    rows.update("update appointments set company_id = ? where id = ?", Company.A.id(), id);
    resolves("COMPANY_MISMATCH", "appointment", id);
  }

  @Test
  void GHOST_03_an_appointment_that_Calcom_does_not_vouch_for_is_found() {
    Booked booked = aBookedCall(Company.A);
    long id = booked.appointment().id();
    rows.update("update appointments set calcom_v2_booking_id = null where id = ?", id);
    opensSoon("CALCOM_ID_MISSING", "appointment", id);
    rows.update(
        "update appointments set calcom_v2_booking_id = ? where id = ?",
        booked.appointment().calcomId(),
        id);
    resolves("CALCOM_ID_MISSING", "appointment", id);
  }

  @Test
  void a_status_that_no_event_explains_is_found_and_its_correction_is_seen() {
    Booked booked = aBookedCall(Company.A);
    long id = booked.appointment().id();
    rows.update("update appointments set status = 'cancelled' where id = ?", id);
    opensSoon("STATUS_UNEXPECTED", "appointment", id);
    rows.update("update appointments set status = 'confirmed' where id = ?", id);
    resolves("STATUS_UNEXPECTED", "appointment", id);
  }

  @Test
  void an_appointment_copied_by_hand_is_found_and_its_end_is_seen() {
    Booked booked = aBookedCall(Company.A);
    long copy = 9_000_000_000L + booked.appointment().id();
    rows.update(
        """
        insert into appointments
        select (jsonb_populate_record(a, jsonb_build_object(
                  'id', ?::bigint, 'booking_id', gen_random_uuid(), 'calcom_v2_booking_id', ?::bigint))).*
        from appointments a where id = ?
        """,
        copy,
        copy,
        booked.appointment().id());
    opensSoon("DUPLICATE_APPOINTMENT", "appointment", copy);
    rows.update("delete from appointments where id = ?", copy);
    resolves("DUPLICATE_APPOINTMENT", "appointment", copy);
  }

  @Test
  void BOOK_04_a_booking_that_a_second_call_claims_is_found_and_its_correction_is_seen() {
    Booked booked = aBookedCall(Company.A);
    Booked other = aBookedCall(Company.A);
    long id = other.call().id();
    rows.update(
        "update calls set booking_details = (select booking_details from calls where id = ?) where id = ?",
        booked.call().id(),
        id);
    opensSoon("BOOKING_CLAIMED_TWICE", "call", id);
    rows.update(
        "update calls set booking_details = ?::jsonb where id = ?",
        other.call().columns().get("booking_details"),
        id);
    resolves("BOOKING_CLAIMED_TWICE", "call", id);
    assertThat(topics.violation("BOOKING_CLAIMED_TWICE", "call", booked.call().id()))
        .isEqualTo("none");
  }

  @Test
  void an_appointment_shown_as_another_booking_of_Calcom_is_found_and_its_correction_is_seen() {
    Booked booked = aBookedCall(Company.A);
    long id = booked.appointment().id();
    rows.update("update appointments set external_id = 'another' where id = ?", id);
    opensSoon("CALCOM_DRIFT", "appointment", id);
    rows.update("update appointments set external_id = ? where id = ?", booked.uid(), id);
    resolves("CALCOM_DRIFT", "appointment", id);
  }

  @Test
  void a_second_damage_of_the_same_row_is_a_second_episode() {
    Booked booked = aBookedCall(Company.A);
    long id = booked.call().id();
    for (int episode = 1; episode <= 2; episode++) {
      rows.update("update calls set company_id = null where id = ?", id);
      opensSoon("CALL_WITHOUT_COMPANY", "call", id);
      rows.update("update calls set company_id = ? where id = ?", Company.A.id(), id);
      resolves("CALL_WITHOUT_COMPANY", "call", id);
    }
    assertThat(
            topics.violations().stream()
                .filter(v -> v.getViolationId().equals("CALL_WITHOUT_COMPANY:call:" + id))
                .map(v -> v.getEpisode() + " " + v.getState()))
        .containsExactly("1 OPEN", "1 RESOLVED", "2 OPEN", "2 RESOLVED");
  }

  @Test
  void a_damage_that_is_undone_within_the_grace_is_no_violation() {
    Booked undone = aBookedCall(Company.A);
    Booked damaged = aBookedCall(Company.A);
    rows.update("update calls set customer_id = null where id = ?", undone.call().id());
    rows.update("update calls set customer_id = null where id = ?", damaged.call().id());
    rows.update(
        "update calls set customer_id = ? where id = ?",
        undone.appointment().customerId(),
        undone.call().id());
    opensSoon("CALL_WITHOUT_CUSTOMER", "call", damaged.call().id());
    rows.update(
        "update calls set customer_id = ? where id = ?",
        damaged.appointment().customerId(),
        damaged.call().id());
    resolves("CALL_WITHOUT_CUSTOMER", "call", damaged.call().id());
    assertThat(topics.violation("CALL_WITHOUT_CUSTOMER", "call", undone.call().id()))
        .isEqualTo("none");
  }

  private void opensSoon(String rule, String subjectType, long id) {
    eventually(SOON, () -> assertThat(topics.violation(rule, subjectType, id)).isEqualTo("OPEN"));
  }

  private void resolves(String rule, String subjectType, long id) {
    eventually(() -> assertThat(topics.violation(rule, subjectType, id)).isEqualTo("RESOLVED"));
  }

  /** Deletes a row and keeps it. */
  private String take(String table, long id) {
    String row =
        (String)
            rows.query("select to_jsonb(t) as row from " + table + " t where id = ?", id)
                .getFirst()
                .get("row");
    assertThat(rows.update("delete from " + table + " where id = ?", id)).isEqualTo(1);
    return row;
  }

  private void putBack(String table, String row) {
    rows.update(
        "insert into %1$s select * from jsonb_populate_record(null::%1$s, ?::jsonb)"
            .formatted(table),
        row);
  }
}
