package io.callsync.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.callsync.systemtests.Operator.Typed;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** What an operator asks of the validator, and what a verification of all rows tells it. */
@Execution(ExecutionMode.SAME_THREAD)
class ValidateChainTest extends SystemTest {

  private final Operator operator = new Operator(stack);

  @Test
  void a_rule_is_tried_over_history_and_a_time_and_a_company_are_asked_about() {
    Company company = aCompany();
    Booked whole = aBookedCall(company);
    Booked broken = aBookedCall(company);
    String id = String.valueOf(company.id());
    rows.update("update calls set customer_id = null where id = ?", broken.call().id());
    Typed tried =
        operator.types(
            "validate-chain", "--rule", "CALL_WITHOUT_CUSTOMER", "--try", "--company", id);
    assertThat(tried.status()).as(tried.output()).isEqualTo(1);
    assertThat(tried.output())
        .contains("1 chain would break CALL_WITHOUT_CUSTOMER", "2 chains looked at")
        .contains(String.valueOf(broken.call().id()))
        .doesNotContain("\n" + whole.call().id() + " ");
    Typed later =
        operator.types(
            "validate-chain",
            "--rule",
            "CALL_WITHOUT_CUSTOMER",
            "--company",
            id,
            "--since",
            "2099-01-01");
    assertThat(later.status()).as(later.output()).isZero();
    assertThat(later.output()).contains("no chain breaks CALL_WITHOUT_CUSTOMER");
    Typed recent = operator.types("validate-chain", "--company", id, "--since", "1h");
    assertThat(recent.output()).contains("2 booking calls");
    rows.update(
        "update calls set customer_id = ? where id = ?",
        broken.call().customerId(),
        broken.call().id());
    Typed mended = operator.types("validate-chain", "--company", id);
    assertThat(mended.output()).contains("2 booking calls: 2 linked");
  }

  @Test
  void a_rule_that_does_not_exist_is_refused_with_those_that_do() {
    Typed typed = operator.types("validate-chain", "--rule", "NO_SUCH_RULE");
    assertThat(typed.status()).isEqualTo(2);
    assertThat(typed.output()).contains("CALL_WITHOUT_COMPANY", "PROJECTION_DRIFT");
  }

  @Test
  void what_a_verification_finds_is_a_violation_until_it_is_mended() {
    Booked booked = aBookedCall(Company.A);
    rows.update(
        "update appointments set attendee_name = 'Somebody' where id = ?",
        booked.appointment().id());
    new Projector(stack).orders(Map.of("kind", "rebuild", "dryRun", true));
    eventually(
        () ->
            assertThat(topics.violation("PROJECTION_DRIFT", "table", "appointments"))
                .isEqualTo("OPEN"));
    Typed rebuilt = operator.types("rebuild", "--yes");
    assertThat(rebuilt.status()).as(rebuilt.output()).isZero();
    eventually(
        () ->
            assertThat(topics.violation("PROJECTION_DRIFT", "table", "appointments"))
                .isEqualTo("RESOLVED"));
    assertThat(rows.appointment(booked.appointment().id())).hasValue(booked.appointment());
  }
}
