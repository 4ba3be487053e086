package io.callsync.gateway.booking;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import org.junit.jupiter.api.Test;

class ContactRulesTest {

  private final ContactRules rules = new ContactRules("termin@salon-a.example");

  @Test
  void an_address_that_somebody_made_up_belongs_to_nobody() {
    assertThat(rules.realEmail(ContactRules.placeholder(UUID.randomUUID()))).isNull();
    assertThat(rules.realEmail("491713920001@sms.cal.com")).isNull();
    assertThat(rules.realEmail("Termin@salon-a.example")).isNull();
    assertThat(rules.realEmail(null)).isNull();
  }

  @Test
  void a_persons_own_address_stays() {
    assertThat(rules.realEmail("erika@example.org")).isEqualTo("erika@example.org");
  }
}
