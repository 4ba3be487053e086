package io.callsync.gateway.retell;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FunctionNamesTest {

  @ParameterizedTest
  @CsvSource({
    "book_appointment_v17,book_appointment",
    "book-appointment-v4,book_appointment",
    "check_availability_v17,check_availability",
    "get_alternatives,check_availability",
    "start_booking,book_appointment",
    "confirm_booking,confirm_booking",
    "get_customer_appointments,find_appointments",
    "get_available_services,list_services",
    "initialize_call,current_context",
    "collect-appointment,collect_appointment_data",
    "finalize_ticket,finalize_ticket"
  })
  void FN_02_versions_and_old_names_are_the_same_function(String said, String canonical) {
    assertThat(FunctionNames.canonical(said)).isEqualTo(canonical);
  }
}
