package io.callsync.localstack.calcom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.callsync.localstack.http.LoopbackServer;
import io.callsync.localstack.http.Reply;
import io.callsync.localstack.http.Request;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class CalcomStandInTest {

  private static final String KEY = "cal_test";
  private static final String SECRET = "whsec_test";
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final String DAY = LocalDate.now().plusDays(30).toString();

  @TempDir Path data;
  private final List<Request> webhooks = new CopyOnWriteArrayList<>();
  private final HttpClient http = HttpClient.newHttpClient();
  private LoopbackServer receiver;
  private CalcomStandIn calcom;

  @BeforeEach
  void start() throws IOException {
    receiver =
        new LoopbackServer(
            0,
            request -> {
              webhooks.add(request);
              return Reply.ok(Map.of());
            });
    calcom = standIn();
  }

  private CalcomStandIn standIn() throws IOException {
    return new CalcomStandIn(
        0, data, KEY, "http://127.0.0.1:" + receiver.port() + "/calcom/webhook", SECRET);
  }

  @AfterEach
  void stop() throws IOException {
    calcom.close();
    receiver.close();
  }

  private HttpResponse<String> send(String method, String path, String body, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + calcom.port() + path))
            .header("Content-Type", "application/json")
            .method(method, HttpRequest.BodyPublishers.ofString(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    try {
      return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private HttpResponse<String> api(String method, String path, String body) {
    return send(
        method, path, body, "Authorization", "Bearer " + KEY, "cal-api-version", "2024-08-13");
  }

  private HttpResponse<String> book(String startUtc, String email) {
    return api(
        "POST",
        "/v2/bookings",
        """
        {"start":"%s","eventTypeId":1003,"metadata":{"callsync_request_id":"r-1"},
         "attendee":{"name":"Erika Beispiel","email":"%s","timeZone":"Europe/Berlin","language":"de"}}
        """
            .formatted(startUtc, email));
  }

  private static String at(String time) {
    return DAY + "T" + time + ":00Z";
  }

  private static JsonNode data(HttpResponse<String> response) {
    return JSON.readTree(response.body()).path("data");
  }

  private List<JsonNode> payloads() {
    return webhooks.stream().map(w -> w.json().path("payload")).toList();
  }

  private void deliver(String settings) {
    assertThat(send("PUT", "/admin/delivery", settings).statusCode()).isEqualTo(200);
  }

  @Test
  void a_booking_is_answered_with_its_metadata_and_announced_with_a_signature() {
    deliver("{\"when\":\"before\"}");
    HttpResponse<String> response = book(at("12:00"), "erika@example.org");
    assertThat(response.statusCode()).isEqualTo(201);
    assertThat(data(response).path("status").asString()).isEqualTo("accepted");
    assertThat(data(response).path("metadata").path("callsync_request_id").asString())
        .isEqualTo("r-1");
    assertThat(webhooks).hasSize(1);
    Request webhook = webhooks.getFirst();
    assertThat(webhook.header(CalcomSignature.HEADER))
        .contains(CalcomSignature.of(webhook.body(), SECRET));
    assertThat(webhook.json().path("triggerEvent").asString()).isEqualTo("BOOKING_CREATED");
    assertThat(payloads().getFirst().path("uid")).isEqualTo(data(response).path("uid"));
    assertThat(payloads().getFirst().path("startTime").asString()).isEqualTo(at("12:00"));
    assertThat(payloads().getFirst().path("metadata").has("callsync_request_id")).isTrue();
  }

  @Test
  void an_overlapping_booking_of_the_same_host_is_refused_with_cal_coms_words() {
    book(at("12:00"), "erika@example.org");
    HttpResponse<String> second = book(at("12:15"), "max@example.org");
    assertThat(second.statusCode()).isEqualTo(400);
    JsonNode error = JSON.readTree(second.body()).path("error");
    assertThat(error.path("code").asString()).isEqualTo("BadRequestException");
    assertThat(error.path("message").asString())
        .isEqualTo("User either already has booking at this time or is not available");
    assertThat(book(at("12:30"), "max@example.org").statusCode()).isEqualTo(201);
  }

  @Test
  void a_reschedule_makes_a_new_booking_and_the_old_one_names_it() {
    deliver("{\"when\":\"before\"}");
    String first = data(book(at("12:00"), "erika@example.org")).path("uid").asString();
    JsonNode moved =
        data(
            api(
                "POST",
                "/v2/bookings/" + first + "/reschedule",
                "{\"start\":\"" + at("13:00") + "\"}"));
    assertThat(moved.path("uid").asString()).isNotEqualTo(first);
    assertThat(moved.path("rescheduledFromUid").asString()).isEqualTo(first);
    JsonNode old = data(api("GET", "/v2/bookings/" + first, ""));
    assertThat(old.path("status").asString()).isEqualTo("cancelled");
    assertThat(old.path("rescheduledToUid")).isEqualTo(moved.path("uid"));
    JsonNode payload = payloads().getLast();
    assertThat(payload.path("rescheduleUid").asString()).isEqualTo(first);
    assertThat(payload.path("metadata").path("callsync_request_id").asString()).isEqualTo("r-1");
    assertThat(
            api(
                    "POST",
                    "/v2/bookings/" + first + "/reschedule",
                    "{\"start\":\"" + at("14:00") + "\"}")
                .body())
        .contains(moved.path("uid").asString());
  }

  @Test
  void a_cancellation_is_announced_without_metadata_and_with_an_offset() {
    deliver("{\"when\":\"before\"}");
    String uid = data(book(at("12:00"), "erika@example.org")).path("uid").asString();
    assertThat(api("POST", "/v2/bookings/" + uid + "/cancel", "{}").statusCode()).isEqualTo(200);
    JsonNode payload = payloads().getLast();
    assertThat(payload.has("metadata")).isFalse();
    assertThat(payload.path("startTime").asString()).isEqualTo(DAY + "T12:00:00+00:00");
    assertThat(api("POST", "/v2/bookings/" + uid + "/cancel", "{}").statusCode()).isEqualTo(400);
    assertThat(book(at("12:00"), "max@example.org").statusCode()).isEqualTo(201);
  }

  @Test
  void a_reschedule_on_the_page_is_announced_without_our_metadata() {
    deliver("{\"when\":\"before\"}");
    String uid = data(book(at("12:00"), "erika@example.org")).path("uid").asString();
    send("POST", "/admin/bookings/" + uid + "/reschedule", "{\"start\":\"" + at("13:00") + "\"}");
    JsonNode metadata = payloads().getLast().path("metadata");
    assertThat(metadata.has("callsync_request_id")).isFalse();
    assertThat(metadata.has("videoCallUrl")).isTrue();
  }

  @Test
  void what_needs_a_confirmation_is_requested_and_created_once_confirmed() {
    deliver("{\"when\":\"before\"}");
    send("PUT", "/admin/event-types/1003", "{\"requiresConfirmation\":true}");
    JsonNode booking = data(book(at("12:00"), "erika@example.org"));
    assertThat(booking.path("status").asString()).isEqualTo("pending");
    assertThat(data(book(at("12:00"), "erika@example.org")).path("uid"))
        .isEqualTo(booking.path("uid"));
    send("POST", "/admin/bookings/" + booking.path("uid").asString() + "/confirm", "");
    assertThat(webhooks.stream().map(w -> w.json().path("triggerEvent").asString()))
        .containsExactly("BOOKING_REQUESTED", "BOOKING_CREATED");
    assertThat(payloads().getLast().path("metadata").has("callsync_request_id")).isFalse();
  }

  @Test
  void a_connection_cut_after_the_booking_leaves_the_booking() {
    send("POST", "/admin/faults", "{\"operation\":\"create\",\"when\":\"after\",\"cut\":true}");
    assertThatThrownBy(() -> book(at("12:00"), "erika@example.org"))
        .hasCauseInstanceOf(IOException.class);
    HttpResponse<String> found =
        api("GET", "/v2/bookings?attendeeEmail=erika@example.org&eventTypeId=1003", "");
    assertThat(data(found)).hasSize(1);
  }

  @Test
  void a_500_before_the_booking_books_nothing() {
    send("POST", "/admin/faults", "{\"operation\":\"create\",\"status\":500}");
    assertThat(book(at("12:00"), "erika@example.org").statusCode()).isEqualTo(500);
    assertThat(data(api("GET", "/v2/bookings", ""))).isEmpty();
    assertThat(book(at("12:00"), "erika@example.org").statusCode()).isEqualTo(201);
  }

  @Test
  void copies_of_a_webhook_go_out_after_the_answer_and_all_is_timed() {
    deliver("{\"when\":\"after\",\"minMs\":50,\"copies\":3,\"atOnce\":true}");
    String uid = data(book(at("12:00"), "erika@example.org")).path("uid").asString();
    await().atMost(Duration.ofSeconds(5)).until(() -> webhooks.size() == 3);
    JsonNode entry =
        JSON.readTree(send("GET", "/admin/log?uid=" + uid, "").body()).path("entries").path(0);
    assertThat(entry.path("answeredMicros").asLong())
        .isGreaterThan(entry.path("receivedMicros").asLong());
    assertThat(webhooks.getFirst().receivedMicros())
        .isGreaterThan(entry.path("answeredMicros").asLong() + 50_000);
  }

  @Test
  void bookings_survive_a_restart() throws IOException {
    String uid = data(book(at("12:00"), "erika@example.org")).path("uid").asString();
    calcom.close();
    calcom = standIn();
    assertThat(data(api("GET", "/v2/bookings/" + uid, "")).path("status").asString())
        .isEqualTo("accepted");
    assertThat(book(at("12:00"), "max@example.org").statusCode()).isEqualTo(400);
  }

  @Test
  void slots_leave_out_what_is_booked() {
    book(DAY + "T10:00:00Z", "erika@example.org");
    JsonNode day =
        data(api("GET", "/v2/slots?eventTypeId=1003&start=%s&end=%s".formatted(DAY, DAY), ""))
            .path(DAY);
    assertThat(day.findValuesAsString("start"))
        .contains(DAY + "T09:30:00.000Z", DAY + "T10:30:00.000Z")
        .doesNotContain(DAY + "T09:45:00.000Z", DAY + "T10:00:00.000Z", DAY + "T10:15:00.000Z");
  }

  @Test
  void pages_and_update_times_narrow_the_list() {
    book(at("08:00"), "a@example.org");
    JsonNode last = data(book(at("09:00"), "b@example.org"));
    JsonNode page = JSON.readTree(api("GET", "/v2/bookings?take=1&sortStart=desc", "").body());
    assertThat(page.path("data").path(0).path("uid")).isEqualTo(last.path("uid"));
    assertThat(page.path("pagination").path("hasNextPage").asBoolean()).isTrue();
    assertThat(data(api("GET", "/v2/bookings?afterUpdatedAt=2100-01-01T00:00:00Z", ""))).isEmpty();
  }

  @Test
  void a_wrong_key_and_too_many_requests_are_refused() {
    assertThat(send("GET", "/v2/bookings", "", "Authorization", "Bearer cal_wrong").statusCode())
        .isEqualTo(401);
    send("PUT", "/admin/settings", "{\"rateLimit\":1}");
    assertThat(api("GET", "/v2/bookings", "").headers().firstValue("X-RateLimit-Remaining-Default"))
        .contains("0");
    HttpResponse<String> second = api("GET", "/v2/bookings", "");
    assertThat(second.statusCode()).isEqualTo(429);
    assertThat(second.body()).contains("ThrottlerException");
  }

  private String onPage(String body) {
    return JSON.readTree(send("POST", "/admin/bookings", body).body()).path("uid").asString();
  }

  private static String order(int eventType, String email) {
    return """
        {"start":"%s","eventTypeId":%d,"metadata":{"callsync_request_id":"%s"},
         "attendee":{"name":"Erika","email":"%s","timeZone":"Europe/Berlin"}}
        """
        .formatted(at("12:00"), eventType, email, email);
  }

  private JsonNode lastBody() {
    return webhooks.getLast().json();
  }

  @Test
  void what_has_a_price_waits_for_its_payment_and_says_accepted_meanwhile() {
    deliver("{\"when\":\"before\"}");
    send("PUT", "/admin/event-types/1003", "{\"price\":1500}");
    JsonNode booking = data(book(at("12:00"), "erika@example.org"));
    assertThat(booking.path("status").asString()).isEqualTo("pending");
    assertThat(lastBody().path("triggerEvent").asString()).isEqualTo("BOOKING_PAYMENT_INITIATED");
    assertThat(payloads().getLast().path("status").asString()).isEqualTo("ACCEPTED");
    send("POST", "/admin/bookings/" + booking.path("uid").asString() + "/paid", "");
    assertThat(webhooks.stream().map(w -> w.json().path("triggerEvent").asString()))
        .containsExactly("BOOKING_PAYMENT_INITIATED", "BOOKING_CREATED", "BOOKING_PAID");
    assertThat(payloads().getLast().path("metadata").has("callsync_request_id")).isFalse();
    assertThat(payloads().getLast().at("/metadata/bookerEmail").asString())
        .isEqualTo("erika@example.org");
  }

  @Test
  void a_second_attendee_shares_the_booking_and_leaves_it_alone() {
    deliver("{\"when\":\"before\"}");
    send("PUT", "/admin/event-types/1003", "{\"seats\":2}");
    String uid = onPage(order(1003, "a@example.org"));
    assertThat(payloads().getLast().has("attendeeSeatId")).isFalse();
    JsonNode second = data(api("POST", "/v2/bookings", order(1003, "b@example.org")));
    assertThat(second.path("uid").asString()).isEqualTo(uid);
    assertThat(second.has("metadata")).isFalse();
    assertThat(payloads().getLast().path("attendeeSeatId")).isEqualTo(second.path("seatUid"));
    assertThat(payloads().getLast().path("attendees")).hasSize(2);
    assertThat(payloads().getLast().at("/metadata/callsync_request_id").asString())
        .isEqualTo("b@example.org");
    assertThat(api("POST", "/v2/bookings", order(1003, "c@example.org")).statusCode())
        .isEqualTo(409);
    api(
        "POST",
        "/v2/bookings/" + uid + "/cancel",
        "{\"seatUid\":\"" + second.path("seatUid").asString() + "\"}");
    assertThat(lastBody().path("triggerEvent").asString()).isEqualTo("BOOKING_CANCELLED");
    assertThat(payloads().getLast().path("attendees")).hasSize(1);
    assertThat(payloads().getLast().at("/attendees/0/email").asString()).isEqualTo("b@example.org");
    assertThat(data(api("GET", "/v2/bookings/" + uid, "")).path("status").asString())
        .isEqualTo("accepted");
  }

  @Test
  void a_series_is_announced_one_by_one_and_cancelled_by_one_webhook_without_its_name() {
    send(
        "POST",
        "/admin/bookings",
        order(1003, "a@example.org").replace("{\"start\"", "{\"recurrenceCount\":3,\"start\""));
    assertThat(payloads()).hasSize(3).allSatisfy(p -> assertThat(p.has("recurringEvent")).isTrue());
    String uid = payloads().getFirst().path("uid").asString();
    deliver("{\"when\":\"before\"}");
    send("POST", "/admin/bookings/" + uid + "/cancel", "{\"subsequent\":true}");
    assertThat(payloads()).hasSize(4);
    assertThat(payloads().getLast().has("recurringEvent")).isFalse();
    assertThat(data(api("GET", "/v2/bookings", "")))
        .hasSize(3)
        .allSatisfy(b -> assertThat(b.path("status").asString()).isEqualTo("cancelled"));
  }

  @Test
  void a_meeting_is_told_flat_as_it_was_booked() {
    String uid = onPage(order(1003, "a@example.org"));
    send("POST", "/admin/bookings/" + uid + "/webhook", "{\"trigger\":\"meeting_ended\"}");
    assertThat(lastBody().has("payload")).isFalse();
    assertThat(lastBody().path("uid").asString()).isEqualTo(uid);
    assertThat(lastBody().has("oneTimePassword")).isTrue();
    send(
        "POST", "/admin/bookings/" + uid + "/webhook", "{\"trigger\":\"meeting_ended_enveloped\"}");
    assertThat(lastBody().at("/payload/uid").asString()).isEqualTo(uid);
  }

  @Test
  void starts_and_ends_are_told_once_when_their_time_has_passed() throws IOException {
    try (Bookings bookings =
            new Bookings(
                data.resolve("other.jsonl"),
                java.time.Clock.systemUTC(),
                () -> Settings.of("http://127.0.0.1:" + receiver.port() + "/", SECRET));
        Webhooks sender =
            new Webhooks(
                () -> Settings.of("http://127.0.0.1:" + receiver.port() + "/", SECRET),
                new Timings());
        Meetings meetings =
            new Meetings(bookings, new Announcer(bookings, sender), java.time.Clock.systemUTC())) {
      Booking booking =
          bookings
              .create(new OrderParser(JSON.readTree(order(1003, "a@example.org"))).order(), true)
              .booking();
      meetings.tell(booking.start().minusSeconds(1));
      assertThat(webhooks).isEmpty();
      meetings.tell(booking.start());
      meetings.tell(booking.start().plusSeconds(60));
      meetings.tell(booking.end().plusSeconds(5));
      meetings.tell(booking.end().plusSeconds(65));
      assertThat(webhooks.stream().map(w -> w.json().path("triggerEvent").asString()))
          .containsExactly("MEETING_STARTED", "MEETING_ENDED");
    }
  }
}
