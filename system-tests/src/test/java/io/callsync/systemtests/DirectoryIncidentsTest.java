package io.callsync.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.callsync.systemtests.Caller.Reply;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Which service and whose hands: what the directory and Cal.com say, and nothing else. */
class DirectoryIncidentsTest extends SystemTest {

  private static Map<String, Object> with(Map<String, Object> args, String name, Object value) {
    args.put(name, value);
    return args;
  }

  // --- services

  @ParameterizedTest
  @CsvSource({
    "Herrenhaarschnitt,Herrenhaarschnitt,11",
    "herrenhaarschnitt,Herrenhaarschnitt,11",
    "Männerschnitt,Herrenhaarschnitt,11",
    "MAENNERSCHNITT,Herrenhaarschnitt,11",
    "damen-haarschnitt,,",
    "Damenhaarschnitt,Damenhaarschnitt,12"
  })
  void SVC_01_the_same_words_mean_the_same_service_when_checking_and_when_booking(
      String said, String meant, Long serviceId) {
    Caller caller = aCallerOf(Company.A);
    ZonedDateTime start = aFreeStart();
    Reply checked = caller.asks("check_availability", with(caller.when(start), "service", said));
    Reply booked = caller.books(caller.wish(said, start, "Erika Beispiel"));
    if (meant == null) {
      assertThat(checked.status()).isEqualTo("service_unknown");
      assertThat(booked.status()).isEqualTo("service_unknown");
      return;
    }
    assertThat(checked.json().path("service").asString("")).isEqualTo(meant);
    assertThat(booked.status()).as(booked.answer().text()).isEqualTo("booked");
    assertThat(booked(caller, booked, start).appointment().serviceId()).isEqualTo(serviceId);
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(strings = {"schnitt", "Dauerwelle", "haarschnitt"})
  void SVC_01_what_fits_several_or_none_is_asked_with_the_list_and_never_replaced(String said) {
    Caller caller = aCallerOf(Company.A);
    ZonedDateTime start = aFreeStart();
    Map<String, Object> wish = caller.wish("", start, "Erika Beispiel");
    wish.remove("service");
    if (said != null) {
      wish.put("service", said);
    }
    String status = said == null ? "service_required" : "service_unknown";
    for (Reply reply : List.of(caller.books(wish), caller.asks("check_availability", wish))) {
      assertThat(reply.status()).isEqualTo(status);
      assertThat(reply.json().path("services"))
          .extracting(JsonNode::asString)
          .containsExactlyInAnyOrder("Herrenhaarschnitt", "Damenhaarschnitt", "Beratung");
      assertThat(reply.say()).contains("Herrenhaarschnitt");
    }
    assertThat(calcom.bookingsOf(caller)).isEmpty();
  }

  @Test
  void SVC_01_a_companys_only_service_need_not_be_said() {
    Company company = aCompany();
    Caller caller = aCallerOf(company);
    ZonedDateTime start = aFreeStart();
    Map<String, Object> wish = with(caller.when(start), "name", "Erika Beispiel");
    assertThat(booked(caller, caller.books(wish), start).appointment().serviceId())
        .isEqualTo(company.serviceId());
  }

  @Test
  void CAL_05_a_service_whose_event_type_is_gone_is_listed_and_books_nothing_else() {
    Company company = Company.unknown();
    JsonNode imported = gateway.importDirectory(company.yaml());
    assertThat(imported.path("uncheckedEventTypes").asInt()).isZero();
    assertThat(imported.path("unknownEventTypes"))
        .singleElement()
        .satisfies(
            listed -> {
              assertThat(listed.path("service").asLong()).isEqualTo(company.serviceId());
              assertThat(listed.path("eventTypeId").asLong()).isEqualTo(company.eventTypeId());
            });
    Caller caller = aCallerOf(company);
    ZonedDateTime start = aFreeStart();
    assertThat(caller.asks("check_availability", caller.when(start)).status())
        .isEqualTo("try_later");
    Reply reply = caller.books(company, start);
    assertThat(reply.status()).as(reply.answer().text()).isEqualTo("service_unknown");
    assertThat(calcom.bookingsOf(caller)).isEmpty();
    eventually(
        () -> {
          assertThat(topics.typesOfBooking(reply.bookingId()))
              .containsExactly("BookingRequested", "BookingFailed");
          assertThat(topics.booking(reply.bookingId()).getLast().getBooking().getFailureReason())
              .isEqualTo("event_type_invalid");
        });
    calcom.offers(company.eventTypeId(), company.service(), company.minutes(), false);
    assertThat(gateway.importDirectory(company.yaml()).path("unknownEventTypes")).isEmpty();
  }

  @Test
  void CAL_05_checking_and_booking_ask_for_the_same_event_type() {
    Booked booked = aBookedCall(aCompany());
    long eventType = calcom.booking(booked.uid()).json().path("eventTypeId").asLong();
    Caller later = booked.caller().callingAgain();
    later.asks("check_availability", later.when(booked.start()));
    assertThat(
            rows.queryIn(
                "gateway",
                "select event_type_id from wish where retell_call_id = ?",
                booked.caller().callId()))
        .extracting(row -> row.get("event_type_id"))
        .containsExactly(eventType);
  }

  // --- staff

  @Test
  void STAFF_01_the_host_is_found_by_his_id_else_by_his_address_else_is_kept_raw() {
    ZonedDateTime start = aFreeStart();
    Caller caller = aCallerOf(Company.A);
    Booked byId = booked(caller, caller.books(Company.A, start), start);
    assertThat(byId.appointment().columns()).containsEntry("staff_id", "a-mara");
    assertThat(byId.appointment().metadata().path("calcom_host_id").asString("")).isEqualTo("501");

    Company company = aCompany();
    Booked unknown = aBookedCall(company);
    assertThat(unknown.appointment().columns()).containsEntry("staff_id", null);
    assertThat(unknown.appointment().metadata().path("calcom_host_id").asString(""))
        .isEqualTo(String.valueOf(company.eventTypeId()));

    String id = "host-" + company.id();
    gateway.importDirectory(
        company.yaml()
            + "    staff:\n      - {id: %s, name: Kim Holt, email: HOST%d@example.org}\n"
                .formatted(id, company.eventTypeId()));
    assertThat(aBookedCall(company).appointment().columns()).containsEntry("staff_id", id);
  }

  @Test
  void STAFF_01_a_wish_for_somebody_unknown_or_for_one_of_two_is_asked_back_before_booking() {
    Company company = aCompany();
    gateway.importDirectory(
        company.yaml()
            + """
                staff:
                  - {id: one-%1$d, name: Max Muster, calcomUserId: 81%1$d}
                  - {id: two-%1$d, name: Max Muster, calcomUserId: 82%1$d}
                  - {id: kim-%1$d, name: Kim Holt}
            """
                .formatted(company.id()));
    Caller caller = aCallerOf(company);
    ZonedDateTime start = aFreeStart();
    Map<String, Object> wish = caller.wish(company.service(), start, "Erika Beispiel");
    for (String said : List.of("Max Muster", "Mara Lind", "Max")) {
      Reply reply = caller.books(with(wish, "staff", said));
      assertThat(reply.status()).as(said + reply.answer().text()).isEqualTo("staff_unknown");
      assertThat(reply.json().path("staff"))
          .extracting(JsonNode::asString)
          .containsExactlyInAnyOrder("Max Muster", "Max Muster", "Kim Holt");
    }
    assertThat(calcom.requestsAbout(company))
        .noneMatch(request -> request.path("operation").asString().equals("create"));
    assertThat(rows.query("select id from staff where company_id = ?", company.id()).size())
        .isLessThanOrEqualTo(3);
    Reply reply = caller.books(with(wish, "staff", "two-" + company.id()));
    assertThat(reply.status()).as(reply.answer().text()).isEqualTo("booked");
    booked(caller, reply, start);
    eventually(
        () ->
            assertThat(
                    rows.query(
                        "select id from staff where company_id = ? order by id", company.id()))
                .extracting(row -> row.get("id"))
                .as("two of one name are two")
                .containsExactly(
                    "kim-" + company.id(), "one-" + company.id(), "two-" + company.id()));
  }
}
