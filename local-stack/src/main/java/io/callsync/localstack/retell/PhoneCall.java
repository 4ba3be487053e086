package io.callsync.localstack.retell;

import io.callsync.localstack.http.LoopbackServer;
import java.util.concurrent.TimeUnit;

/** One call from its first ring to its analysis. */
final class PhoneCall {

  private static final int WEBHOOK_ATTEMPTS = 4;
  private static final String WEBHOOK = "/retell/webhook";
  private static final String FUNCTIONS = "/retell/functions";

  private final CallPlan plan;
  private final SignedSender sender;

  PhoneCall(CallPlan plan, SignedSender sender) {
    this.plan = plan;
    this.sender = sender;
  }

  CallResult make() throws InterruptedException {
    long startedMs = System.currentTimeMillis();
    CallBodies bodies = new CallBodies(plan, startedMs);
    int started = webhook(bodies.started());
    TimeUnit.MILLISECONDS.sleep(plan.pauseMs());
    SignedSender.Answer answer = SignedSender.Answer.NONE;
    long sent = 0;
    long took = 0;
    if (!plan.function().isEmpty()) {
      byte[] body = bodies.function();
      sent = LoopbackServer.nowMicros();
      answer = function(body);
      took = LoopbackServer.nowMicros() - sent;
      TimeUnit.MILLISECONDS.sleep(plan.pauseMs());
    }
    long endedMs = System.currentTimeMillis();
    int ended = webhook(bodies.ended(answer.body(), endedMs));
    TimeUnit.MILLISECONDS.sleep(plan.pauseMs());
    int analyzed = webhook(bodies.analyzed(answer.body(), endedMs));
    return new CallResult(
        plan.callId(),
        plan.fromNumber(),
        plan.toNumber(),
        plan.args(),
        started,
        answer.status(),
        sent,
        took,
        answer.body(),
        ended,
        analyzed,
        answer.failure());
  }

  /** Repeated up to three times until some 2xx comes. */
  private int webhook(byte[] body) throws InterruptedException {
    int status = 0;
    for (int attempt = 1; attempt <= WEBHOOK_ATTEMPTS; attempt++) {
      status = sender.send(WEBHOOK, body, SignedSender.WEBHOOK_TIMEOUT).status();
      if (status / 100 == 2) {
        break;
      }
      TimeUnit.SECONDS.sleep(attempt);
    }
    return status;
  }

  private SignedSender.Answer function(byte[] body) throws InterruptedException {
    SignedSender.Answer answer = SignedSender.Answer.NONE;
    for (int attempt = 0; attempt <= plan.maxRetry(); attempt++) {
      answer = sender.send(FUNCTIONS, body, SignedSender.FUNCTION_TIMEOUT);
      if (answer.status() / 100 == 2) {
        break;
      }
      TimeUnit.MILLISECONDS.sleep(500L << attempt);
    }
    return answer;
  }
}
