package io.callsync.gateway.customer;

import io.callsync.events.Customer;
import io.callsync.gateway.delivery.Pseudonyms;
import io.callsync.schemas.Personal;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A customer of one company. The name is the one of the first attendee and is not overwritten:
 * whoever books for somebody else keeps his own name, the appointment has the attendee's.
 */
public record CustomerState(
    long customerId,
    long companyId,
    String identifiedBy,
    @Nullable String name,
    @Nullable String phone,
    @Nullable String email) {

  /** Learns what was missing; what is known stays. */
  public CustomerState learn(@Nullable String newName, @Nullable String newEmail) {
    return new CustomerState(
        customerId,
        companyId,
        identifiedBy,
        name == null ? newName : name,
        phone,
        email == null ? newEmail : email);
  }

  public Customer snapshot(Pseudonyms pseudonyms) {
    Map<String, @Nullable Object> personal = new HashMap<>();
    personal.put("name", name);
    personal.put("phone", phone);
    personal.put("email", email);
    return Customer.newBuilder()
        .setCustomerId(customerId)
        .setCompanyId(companyId)
        .setIdentifiedBy(identifiedBy)
        .setPhoneHash(pseudonyms.of(phone))
        .setEmailHash(pseudonyms.of(email))
        .setPersonal(Personal.seal(personal))
        .build();
  }
}
