package io.callsync.systemtests;

import static org.awaitility.Awaitility.await;

import io.callsync.localstack.LocalStack;
import io.callsync.systemtests.Rows.Appointment;
import io.callsync.systemtests.Rows.Call;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.assertj.core.api.Assertions;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterEach;

/** The words in which the tests of the whole system are written. */
abstract class SystemTest {

  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Duration POLL = Duration.ofMillis(60);

  private static final Set<String> EXPECTED_TO_STAY_BROKEN = ConcurrentHashMap.newKeySet();

  private static final Set<String> EXPECTED_TO_STAY_UNRESOLVED = ConcurrentHashMap.newKeySet();

  private final RunningSystem system = RunningSystem.get();

  final LocalStack stack = system.stack();
  final Gateway gateway = system.gateway();
  final Gateway secondGateway = system.secondGateway();
  final Calcom calcom = system.calcom();
  final Rows rows = system.rows();
  final Topics topics = system.topics();
  final Validator validator = system.validator();

  @AfterEach
  void calcom_behaves_again() {
    calcom.behaves();
  }

  static void eventually(ThrowingRunnable assertion) {
    eventually(PATIENCE, assertion);
  }

  static void eventually(Duration patience, ThrowingRunnable assertion) {
    await().atMost(patience).pollInterval(POLL).pollDelay(Duration.ZERO).untilAsserted(assertion);
  }

  /** This violation is what the test wanted and does not mend. */
  static void staysBroken(String rule, String subjectType, Object subjectId) {
    EXPECTED_TO_STAY_BROKEN.add(rule + ":" + subjectType + ":" + subjectId);
  }

  static Set<String> expectedToStayBroken() {
    return Set.copyOf(EXPECTED_TO_STAY_BROKEN);
  }

  /** Deliveries about this uid are of a booking that nobody knows. */
  static void staysUnresolved(String uid) {
    EXPECTED_TO_STAY_UNRESOLVED.add(uid);
  }

  static Set<String> expectedToStayUnresolved() {
    return Set.copyOf(EXPECTED_TO_STAY_UNRESOLVED);
  }

  Caller aCallerOf(Company company) {
    return Caller.of(gateway, company);
  }

  static ZonedDateTime aFreeStart() {
    return Slots.free();
  }

  /** A company of this test alone, known to the directory and to Cal.com. */
  Company aCompany() {
    return set(Company.unknown());
  }

  /** One whose only service takes that many minutes. */
  Company aCompany(int minutes) {
    return set(Company.unknown().lasting(minutes));
  }

  Company set(Company company) {
    calcom.offers(company.eventTypeId(), company.service(), company.minutes(), false);
    gateway.importDirectory(company.yaml());
    return company;
  }

  /** One call that books, seen by people as one linked appointment. */
  Booked aBookedCall(Company company) {
    Caller caller = aCallerOf(company);
    ZonedDateTime start = aFreeStart();
    caller.starts();
    Caller.Reply reply = caller.books(company, start);
    Assertions.assertThat(reply.status()).as(reply.answer().text()).isEqualTo("booked");
    return booked(caller, reply, start);
  }

  /** Waits until people see what the agent was told. */
  Booked booked(Caller caller, Caller.Reply reply, ZonedDateTime start) {
    eventually(
        () -> {
          Assertions.assertThat(rows.appointments(caller)).hasSize(1);
          Assertions.assertThat(rows.call(caller).orElseThrow().bookingConfirmed()).isTrue();
        });
    return new Booked(
        caller,
        reply,
        start,
        rows.call(caller).orElseThrow(),
        rows.appointments(caller).getFirst());
  }

  /** A booking that stands, and its rows as they were seen first. */
  record Booked(
      Caller caller, Caller.Reply reply, ZonedDateTime start, Call call, Appointment appointment) {

    String uid() {
      return appointment.uid();
    }
  }
}
