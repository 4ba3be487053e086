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

  @Test
  void Calcom_is_given_the_own_address_else_the_number_else_the_companys_address() {
    ContactRules rules = new ContactRules("termin@salon.example");
    assertThat(rules.addressAtCalcom("erika@example.org", null, 1)).isEqualTo("erika@example.org");
    assertThat(rules.addressAtCalcom("TERMIN@salon.example", "+491713920001", 1)).isNull();
    assertThat(rules.addressAtCalcom(null, null, 1)).isEqualTo("termin@salon.example");
    assertThat(new ContactRules(null).addressAtCalcom(null, null, 1))
        .isEqualTo(ContactRules.placeholder(1));
  }
}
