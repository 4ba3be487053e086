package io.callsync.validator.repair;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.callsync.ops.OperatorProperties;
import io.callsync.validator.ValidatorProperties;
import io.callsync.validator.ValidatorProperties.ReadModelAccess;
import io.callsync.validator.ValidatorProperties.Times;
import io.callsync.validator.chain.ChainKey;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is asked of projector and gateway, and what is said where they do not answer as hoped. */
class OperatorsRemediesTest {

  private static final String TOKEN = "0123456789abcdef";
  private static final Attempt CALL =
      new Attempt(
          new ChainKey.OfCall(559),
          List.of(new Attempt.Broken("CALL_WITHOUT_CUSTOMER:call:559", 1, "call:559", 1)));

  private final Map<String, String> answers = new ConcurrentHashMap<>();
  private final List<String> asked = new ArrayList<>();
  private HttpServer server;
  private Remedies remedies;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
    URI base = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    remedies =
        new OperatorsRemedies(
            new ValidatorProperties(
                "127.0.0.1:1",
                base,
                new ReadModelAccess("jdbc:", "", ""),
                base,
                base,
                Times.defaults()),
            new OperatorProperties(TOKEN, Map.of()));
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @Test
  void a_call_is_folded_again_and_then_asked_of_the_gateway() throws Exception {
    answers.put("/ops/jobs", "200 {\"id\":3,\"state\":\"waiting\"}");
    answers.put("/ops/jobs/3", "200 {\"state\":\"done\"}");
    answers.put("/ops/backfill/559?tellAgain=false", "200 {\"events\":[]}");
    remedies.apply(CALL);
    assertThat(asked).hasSize(3);
    assertThat(asked.getFirst())
        .contains("\"call\":\"559\"", "\"dryRun\":false", "CALL_WITHOUT_CUSTOMER:call:559");
  }

  @Test
  void what_the_log_lost_is_told_again() throws Exception {
    answers.put("/ops/jobs", "404 {\"code\":\"never_shown\"}");
    answers.put("/ops/backfill/559?tellAgain=true", "200 {\"events\":[]}");
    remedies.apply(CALL);
    assertThat(asked).hasSize(2);
  }

  @Test
  void what_keeps_a_remedy_from_being_applied_is_said() {
    answers.put("/ops/jobs", "200 {\"id\":3,\"state\":\"waiting\"}");
    answers.put("/ops/jobs/3", "200 {\"state\":\"cancelled\"}");
    assertThatThrownBy(() -> remedies.apply(CALL)).hasMessage("the replay is cancelled");
    answers.put("/ops/jobs/3", "200 {\"state\":\"done\"}");
    answers.put("/ops/backfill/559?tellAgain=false", "503 {\"code\":\"calcom_away\"}");
    assertThatThrownBy(() -> remedies.apply(CALL))
        .hasMessage("the gateway answered 503 calcom_away");
    answers.put("/ops/jobs", "502 <html>");
    assertThatThrownBy(() -> remedies.apply(CALL)).hasMessage("the projector answered 502");
    server.stop(0);
    assertThatThrownBy(() -> remedies.apply(CALL)).hasMessage("the projector does not answer");
  }

  @Test
  void a_booking_without_a_call_is_folded_again_and_no_more() throws Exception {
    UUID booking = new UUID(0, 7);
    answers.put("/ops/jobs", "200 {\"id\":3,\"state\":\"waiting\"}");
    answers.put("/ops/jobs/3", "200 {\"state\":\"done\"}");
    remedies.apply(new Attempt(new ChainKey.OfBooking(booking), List.of()));
    assertThat(asked).hasSize(2);
    assertThat(asked.getFirst()).contains(booking.toString());
  }

  private void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().toString();
    asked.add(path + ' ' + new String(exchange.getRequestBody().readAllBytes(), UTF_8));
    boolean known =
        ("Bearer " + TOKEN).equals(exchange.getRequestHeaders().getFirst("Authorization"));
    String answer = known ? answers.getOrDefault(path, "500 {}") : "401 {}";
    byte[] body = answer.substring(4).getBytes(UTF_8);
    exchange.sendResponseHeaders(Integer.parseInt(answer.substring(0, 3)), body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }
}
