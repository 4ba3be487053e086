package io.callsync.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.callsync.systemtests.Calcom.Held;
import io.callsync.systemtests.Caller.Reply;
import io.callsync.systemtests.Rows.Appointment;
import io.callsync.systemtests.Rows.Call;
import org.junit.jupiter.api.Test;

/** What the directory does not know is said, and mended when it learns it. */
class CompanyUnknownTest extends SystemTest {

  @Test
  void TEN_06_a_call_to_an_unknown_number_is_kept_reported_and_mended_by_the_directory() {
    Company company = Company.unknown();
    Caller caller = aCallerOf(company);
    caller.starts();
    Reply refused = caller.books(company, aFreeStart());
    assertThat(refused.status()).isEqualTo("company_unknown");
    assertThat(refused.say()).isNotBlank().doesNotContain("company_unknown");
    assertThat(calcom.bookingsOf(caller)).isEmpty();
    caller.ends();

    eventually(() -> assertThat(rows.call(caller)).isPresent());
    Call call = rows.call(caller).orElseThrow();
    assertThat(call.companyId()).isNull();
    eventually(
        () ->
            assertThat(topics.violation("CALL_WITHOUT_COMPANY", "call", call.id()))
                .isEqualTo("OPEN"));

    assertThat(gateway.importDirectory(company.yaml()).path("repairedCalls").asInt()).isPositive();
    eventually(() -> assertThat(rows.call(caller).map(Call::companyId)).hasValue(company.id()));
    eventually(
        () ->
            assertThat(topics.violation("CALL_WITHOUT_COMPANY", "call", call.id()))
                .isEqualTo("RESOLVED"));
    assertThat(topics.call(caller).getLast().getMeta().getSource()).isEqualTo("operator");
  }

  @Test
  void a_booking_of_an_unknown_event_type_gets_company_and_customer_by_the_directory() {
    Company company = Company.unknown();
    calcom.offers(company.eventTypeId(), company.service(), company.minutes(), false);
    Held held = calcom.isBookedOnItsPage(company, aFreeStart(), "Max Muster", Caller.freshNumber());
    eventually(
        () ->
            assertThat(rows.appointmentsWithUid(held.uid()))
                .singleElement()
                .extracting(Appointment::companyId)
                .isNull());

    gateway.importDirectory(company.yaml());
    eventually(
        () ->
            assertThat(rows.appointmentsWithUid(held.uid()))
                .singleElement()
                .satisfies(
                    a -> {
                      assertThat(a.companyId()).isEqualTo(company.id());
                      assertThat(a.serviceId()).isEqualTo(company.serviceId());
                      assertThat(a.customerId()).isNotNull();
                    }));
  }

  @Test
  void the_same_file_again_changes_nothing() {
    assertThat(gateway.importDirectory(Company.FIXTURE).path("changed").asInt()).isZero();
  }
}
